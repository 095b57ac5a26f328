// SPDX-License-Identifier: BSD-2-Clause
#include "lib/topology_plan.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace vale {
namespace {

constexpr std::array<std::string_view, 8> kActionNames = {
    "detach",      "delete_port", "create_switch", "set_switch",
    "create_port", "attach",      "set_owner",     "delete_switch"};

bool same_device(const PortSpec& a, const PortSpec& b) {
  return a.type == b.type && a.tx_slots == b.tx_slots && a.rx_slots == b.rx_slots &&
         a.tx_ring_count == b.tx_ring_count && a.rx_ring_count == b.rx_ring_count;
}

/// But for the owner, whom the kernel does not know.
bool same_in_kernel(const PortSpec& a, PortSpec b) {
  b.owner = a.owner;
  return a == b;
}

class Planner {
 public:
  Planner(const Topology& applied, const Topology& wanted, const Observed& observed)
      : applied_(applied), wanted_(wanted), observed_(observed) {
    for (const auto& port : observed.ports) present_.insert(port.name);
  }

  std::vector<Step> run() {
    take_away_ports();
    set_up_switches();
    for (const auto& [device, spec] : wanted_.ports) bring_port(device, spec);
    change_owners();
    take_away_switches();
    return std::move(steps_);
  }

 private:
  void add(Action action, const std::string& object, const std::string& device = "",
           bool waits = false) {
    steps_.push_back({action, object, device, waits});
  }

  [[nodiscard]] const PortSpec* wanted_spec(const std::string& device) const {
    const auto at = wanted_.ports.find(device);
    return at == wanted_.ports.end() ? nullptr : &at->second;
  }

  void take_away_ports() {
    for (const auto& [device, spec] : applied_.ports) {
      const auto* next = wanted_spec(device);
      if (next != nullptr && same_in_kernel(*next, spec)) continue;
      const bool remake =
          spec.type == PortType::kPersistent && (next == nullptr || !same_device(*next, spec));
      // An attachment that a crash left unrecorded keeps a port from being deleted.
      const auto name = remake ? place_of(device) : port_name_of(device, spec);
      if (present_.erase(name) != 0) add(Action::kDetach, name, device);
      if (remake && observed_.device_exists(device)) {
        add(Action::kDeletePort, device, device);
        removed_.insert(device);
      }
    }
    adopt_or_replace();
  }

  /// Its name on whatever switch it is; empty: on none.
  [[nodiscard]] std::string place_of(const std::string& device) const {
    const auto at = std::find_if(present_.begin(), present_.end(), [&](const std::string& name) {
      return name.ends_with(":" + device);
    });
    return at == present_.end() ? "" : *at;
  }

  /// A port that somebody else attached is taken as ours if it could be; its host side tells.
  void adopt_or_replace() {
    for (const auto& [device, spec] : wanted_.ports) {
      const auto name = port_name_of(device, spec);
      if (applied_.ports.contains(device) || !present_.contains(name)) continue;
      if (present_.contains(name + "^") == spec.host) continue;
      present_.erase(name);
      add(Action::kDetach, name, device);
    }
  }

  void set_up_switches() {
    for (const auto& [name, spec] : wanted_.switches) {
      const auto at =
          std::find_if(observed_.switches.begin(), observed_.switches.end(),
                       [&wanted = name](const SwitchInfo& s) { return s.name == wanted; });
      const bool there = at != observed_.switches.end();
      if (!there || !applied_.switches.contains(name)) {
        add(Action::kCreateSwitch, name);
      } else if (at->fdb_size != spec.fdb_size || at->fdb_ageing != spec.ageing ||
                 at->exchange != spec.exchange) {
        add(Action::kSetSwitch, name);
      }
    }
  }

  void bring_port(const std::string& device, const PortSpec& spec) {
    const bool there = observed_.device_exists(device) && !removed_.contains(device);
    const bool persistent = spec.type == PortType::kPersistent;
    const auto name = port_name_of(device, spec);
    if (present_.contains(name)) return;
    if (persistent && !there) add(Action::kCreatePort, device, device);
    if (!spec.switch_name.empty()) add(Action::kAttach, name, device, !there && !persistent);
  }

  void change_owners() {
    for (const auto& [device, spec] : applied_.ports) {
      const auto* next = wanted_spec(device);
      if (next == nullptr || next->owner == spec.owner || !same_in_kernel(*next, spec)) continue;
      add(Action::kSetOwner, port_name_of(device, *next), device);
    }
  }

  void take_away_switches() {
    for (const auto& [name, spec] : applied_.switches) {
      const bool there =
          std::any_of(observed_.switches.begin(), observed_.switches.end(),
                      [&, &switch_name = name](const auto& s) { return s.name == switch_name; });
      if (there && !wanted_.switches.contains(name)) add(Action::kDeleteSwitch, name);
    }
  }

  const Topology& applied_;
  const Topology& wanted_;
  const Observed& observed_;
  std::set<std::string> present_;
  std::set<std::string> removed_;
  std::vector<Step> steps_;
};

}  // namespace

std::vector<Step> plan(const Topology& applied, const Topology& wanted, const Observed& observed) {
  return Planner(applied, wanted, observed).run();
}

std::string_view action_name(Action action) {
  return kActionNames[static_cast<std::size_t>(action)];
}

std::string describe(const Step& step) {
  std::string words(action_name(step.action));
  std::replace(words.begin(), words.end(), '_', ' ');
  words += " " + step.object;
  if (step.waits) words += " (when " + step.device + " appears)";
  return words;
}

}  // namespace vale
