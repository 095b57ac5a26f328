// SPDX-License-Identifier: BSD-2-Clause
#include "lib/topology.hpp"

namespace vale {
namespace {

template <class Spec>
void carry(const std::map<std::string, Spec>& before, const std::map<std::string, Spec>& after,
           std::map<std::string, Spec>& target) {
  for (const auto& [name, spec] : before) {
    if (!after.contains(name)) target.erase(name);
  }
  for (const auto& [name, spec] : after) {
    const auto old = before.find(name);
    if (old == before.end() || old->second != spec) target[name] = spec;
  }
}

}  // namespace

AttachRequest attach_request(const std::string& device, const PortSpec& spec) {
  AttachRequest request;
  request.name = port_name_of(device, spec);
  request.host = spec.host;
  request.prepare = spec.prepare && spec.type == PortType::kNic;
  request.rx_rings = spec.rx_rings;
  request.tx_rings = spec.tx_rings;
  return request;
}

NewPort new_port(const std::string& device, const PortSpec& spec) {
  return {device, spec.tx_slots, spec.rx_slots, spec.tx_ring_count, spec.rx_ring_count, 0};
}

std::string port_name_of(const std::string& device, const PortSpec& spec) {
  return spec.switch_name.empty() ? device : spec.switch_name + ":" + device;
}

Topology carry_over(const Topology& before, const Topology& after, Topology target) {
  carry(before.switches, after.switches, target.switches);
  carry(before.ports, after.ports, target.ports);
  return target;
}

}  // namespace vale
