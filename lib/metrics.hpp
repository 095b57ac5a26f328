// SPDX-License-Identifier: BSD-2-Clause
// Counters in the text format of Prometheus.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/model.hpp"

namespace vale::metrics {

/// Ports beyond these are left out, and their number is a metric of its own.
inline constexpr std::size_t kMaxPorts = 4096;

struct Label {
  std::string_view name;
  std::string_view value;
};

/// Writes metrics one after the other, each with its help and type.
class Text {
 public:
  void begin(std::string_view name, std::string_view type, std::string_view help);
  void sample(const std::vector<Label>& labels, std::uint64_t value);
  /// A metric of one value.
  void single(std::string_view name, std::string_view type, std::string_view help,
              std::uint64_t value);
  [[nodiscard]] const std::string& written() const { return out_; }

 private:
  std::string name_;
  std::string out_;
};

void put_switches(Text& text, const std::vector<SwitchInfo>& switches);
void put_ports(Text& text, const std::vector<PortInfo>& ports);

}  // namespace vale::metrics
