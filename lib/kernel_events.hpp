// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <memory>
#include <vector>

#include "lib/control.hpp"
#include "lib/genl.hpp"

namespace vale {

/// Multicast events of the family "vale". Dies (read() fails) when the module goes, for group
/// numbers change with the next one.
class KernelEvents : public EventSource {
 public:
  static Result<std::unique_ptr<EventSource>> open();

  [[nodiscard]] int fd() const override { return genl_.fd(); }
  Result<std::vector<Event>> read() override;

 private:
  KernelEvents(Genl genl, std::uint16_t family) : genl_(std::move(genl)), family_(family) {}
  Result<void> take(const nlmsghdr* message, std::vector<Event>& events);

  Genl genl_;
  std::uint16_t family_;
};

}  // namespace vale
