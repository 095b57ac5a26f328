// SPDX-License-Identifier: BSD-2-Clause
// What an operator wants to be there: switches with their settings and the ports on them.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "lib/model.hpp"
#include "lib/result.hpp"

namespace vale {

inline constexpr std::uint32_t kDefaultFdbSize = 8192;
inline constexpr std::uint32_t kDefaultAgeing = 300;

struct SwitchSpec {
  std::uint32_t fdb_size = kDefaultFdbSize;
  std::uint32_t ageing = kDefaultAgeing;
  bool exchange = false;
  bool operator==(const SwitchSpec&) const = default;
};

enum class PortType { kNic, kPersistent };

struct PortSpec {
  PortType type = PortType::kNic;
  std::string switch_name;  // empty: a persistent port on no switch
  // Of NICs.
  bool host = false;
  bool prepare = true;
  std::optional<RingSet> rx_rings = std::nullopt;
  std::optional<RingSet> tx_rings = std::nullopt;
  // Of persistent ports; 0: the kernel's default.
  std::uint32_t tx_slots = 0;
  std::uint32_t rx_slots = 0;
  std::uint16_t tx_ring_count = 0;
  std::uint16_t rx_ring_count = 0;
  std::string owner{};  // who may open it through valed, by name or number; empty: nobody more
  bool operator==(const PortSpec&) const = default;
};

/// Ports by their device: a device is on one switch at most.
struct Topology {
  std::map<std::string, SwitchSpec> switches;
  std::map<std::string, PortSpec> ports;
  bool operator==(const Topology&) const = default;
};

AttachRequest attach_request(const std::string& device, const PortSpec& spec);
NewPort new_port(const std::string& device, const PortSpec& spec);
/// "vale0:eth0", or the bare device of a port on no switch.
std::string port_name_of(const std::string& device, const PortSpec& spec);

/// What differs between @p before and @p after, done to @p target; the rest of it stays.
Topology carry_over(const Topology& before, const Topology& after, Topology target);

boost::json::object to_json(const SwitchSpec& spec);
boost::json::object to_json(const PortSpec& spec);
boost::json::object to_json(const Topology& topology);
/// kProtocol if it is not what to_json() made.
Result<Topology> topology_from_json(const boost::json::object& object);

}  // namespace vale
