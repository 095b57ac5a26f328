// SPDX-License-Identifier: BSD-2-Clause
// Network devices of this namespace as they come, go and change, told by the kernel.
#pragma once

#include <libmnl/libmnl.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lib/result.hpp"

namespace vale {

struct LinkEvent {
  std::uint32_t ifindex = 0;
  std::string name;
  std::uint32_t master = 0;  // ifindex of the bridge, bond, ... it belongs to
  bool gone = false;
};

/// A message of rtnetlink; nothing if it is about no link.
std::optional<LinkEvent> read_link(const nlmsghdr* message);

class LinkSource {
 public:
  LinkSource() = default;
  LinkSource(const LinkSource&) = delete;
  LinkSource& operator=(const LinkSource&) = delete;
  virtual ~LinkSource() = default;

  [[nodiscard]] virtual int fd() const = 0;
  /// What has come, perhaps nothing. An error means that some was lost: open another.
  virtual Result<std::vector<LinkEvent>> read() = 0;

  /// The first events are the devices that are there.
  static Result<std::unique_ptr<LinkSource>> open();
};

/// The devices by what the events said.
class LinkTable {
 public:
  /// True if @p event brings a device of that name, or lets it out of a bridge or the like: worth
  /// another try.
  bool apply(const LinkEvent& event);

 private:
  std::map<std::uint32_t, LinkEvent> links_;
};

}  // namespace vale
