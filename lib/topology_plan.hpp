// SPDX-License-Identifier: BSD-2-Clause
// From what the kernel holds to what is wanted: the steps, in the order in which they must be done.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "lib/topology.hpp"

namespace vale {

enum class Action {
  kDetach,
  kDeletePort,
  kCreateSwitch,
  kSetSwitch,
  kCreatePort,
  kAttach,
  kSetOwner,
  kDeleteSwitch,
};

struct Step {
  Action action = Action::kDetach;
  std::string object;  // switch, device or "vale0:eth0"
  std::string device;  // of steps about ports
  bool waits = false;  // for a network device that is not there yet
  bool operator==(const Step&) const = default;
};

/// What the kernel holds.
struct Observed {
  std::vector<SwitchInfo> switches;
  std::vector<PortInfo> ports;
  std::function<bool(const std::string&)> device_exists;
};

/// @p applied is what was brought about before and is ours to take away. Ports of others stay.
std::vector<Step> plan(const Topology& applied, const Topology& wanted, const Observed& observed);

/// "attach vale0:eth0 (when eth0 appears)"
std::string describe(const Step& step);
std::string_view action_name(Action action);

}  // namespace vale
