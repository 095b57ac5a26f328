// SPDX-License-Identifier: BSD-2-Clause
// What the kernel reports, as plain values.
#pragma once

#include <linux/vale.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/ring_set.hpp"
#include "lib/text.hpp"

namespace vale {

inline constexpr std::size_t kCounterCount = __VALE_CNT_MAX;
inline constexpr std::size_t kDropCount = __VALE_DROP_MAX;
inline constexpr std::size_t kKindCount = VALE_PORT_HOST + 1;
inline constexpr std::size_t kAdapterCount = VALE_ADAPTER_NATIVE + 1;
inline constexpr std::size_t kEventCount = VALE_EVENT_MAC_AGED + 1;

using Counters = std::array<std::uint64_t, kCounterCount>;  // by enum vale_counter
using Drops = std::array<std::uint64_t, kDropCount>;        // by enum vale_drop

/// Names as they appear in JSON, in the order of the kernel's enums.
extern const std::array<std::string_view, kCounterCount> kCounterNames;
extern const std::array<std::string_view, kDropCount> kDropNames;
extern const std::array<std::string_view, kKindCount> kKindNames;
extern const std::array<std::string_view, kAdapterCount> kAdapterNames;
extern const std::array<std::string_view, kEventCount> kEventNames;

struct SwitchInfo {
  std::string name;
  std::uint32_t ports = 0;
  std::uint32_t fdb_size = 0;
  std::uint32_t fdb_used = 0;
  std::uint32_t fdb_ageing = 0;
  std::uint64_t fdb_full = 0;
  bool exchange = false;
};

struct SwitchSettings {
  std::string name;
  bool create = false;
  std::optional<std::uint32_t> fdb_size;
  std::optional<std::uint32_t> fdb_ageing;
  std::optional<bool> exchange;
};

struct PortInfo {
  std::string switch_name;
  std::string name;
  std::uint32_t index = 0;
  std::uint32_t kind = VALE_PORT_EPHEMERAL;
  std::optional<std::uint32_t> ifindex;
  std::optional<std::uint32_t> adapter;  // of a NIC
  std::uint32_t tx_rings = 0;
  std::uint32_t rx_rings = 0;
  std::uint32_t tx_slots = 0;
  std::uint32_t rx_slots = 0;
  std::uint32_t mem_id = 0;
  std::uint32_t users = 0;
  std::string owner;  // who may open it through valed, which alone knows
  bool link = false;
  std::optional<std::uint32_t> poll_cpu;  // the first of those whose threads poll it
  std::uint32_t poll_cpus = 0;
  Counters counters{};
  Drops drops{};

  [[nodiscard]] std::uint64_t dropped() const;
};

struct FdbEntry {
  std::string switch_name;
  MacAddress mac{};
  std::uint32_t port_index = 0;
  std::string port;
  bool is_static = false;
  std::uint32_t age = 0;
};

struct Event {
  std::string type;  // one of kEventNames, or "watching", "kernel-lost", "kernel-found"
  std::string switch_name;
  std::string port;
  std::optional<std::uint32_t> index;
  std::optional<std::uint32_t> old_index;
  std::optional<std::uint32_t> kind;
  std::optional<MacAddress> mac;
  std::uint64_t lost = 0;  // events dropped before this one
};

struct AttachRequest {
  std::string name;
  bool host = false;
  std::optional<RingSet> rx_rings;  // one given and the other not: the other is "none"
  std::optional<RingSet> tx_rings;
  std::uint16_t mem_id = 0;
  bool prepare = true;  // whether valed prepares the NIC; the kernel never does
  std::uint32_t tx_slots = 0;
  std::uint32_t rx_slots = 0;
  std::uint16_t tx_ring_count = 0;
  std::uint16_t rx_ring_count = 0;
};

struct AttachResult {
  std::uint32_t index = 0;
  std::vector<std::string> prepared;  // what valed changed on the NIC
};

/// A place in the kernel's numbering of switches and ports.
struct PortPlace {
  std::string name;
  std::uint32_t bridge = 0;
  std::uint32_t index = 0;
};

struct PortGeometry {
  std::uint64_t memsize = 0;
  std::uint32_t tx_slots = 0;
  std::uint32_t rx_slots = 0;
  std::uint32_t tx_rings = 0;
  std::uint32_t rx_rings = 0;
  std::uint32_t host_tx_rings = 0;
  std::uint32_t host_rx_rings = 0;
  std::uint32_t mem_id = 0;
};

struct NewPort {
  std::string name;
  std::uint32_t tx_slots = 0;
  std::uint32_t rx_slots = 0;
  std::uint16_t tx_rings = 0;
  std::uint16_t rx_rings = 0;
  std::uint16_t mem_id = 0;
  std::string owner{};  // a user's name or number; valed keeps it, the kernel has none
};

}  // namespace vale
