// SPDX-License-Identifier: BSD-2-Clause
#include "lib/model.hpp"

#include <numeric>

namespace vale {

const std::array<std::string_view, kCounterCount> kCounterNames = {
    "in_packets", "in_bytes", "out_packets", "out_bytes", "flooded", "multicast"};

const std::array<std::string_view, kDropCount> kDropNames = {
    "not_attached", "no_dst",     "same_port",  "runt",    "bad_slot",    "frags",
    "fault",        "in_full",    "in_offload", "no_link", "no_receiver", "ring_full",
    "too_long",     "bad_buffer", "no_memory",  "tx_busy", "no_ring"};

const std::array<std::string_view, kKindCount> kKindNames = {"ephemeral", "persistent", "nic",
                                                             "host"};

const std::array<std::string_view, kAdapterCount> kAdapterNames = {"emulated", "native"};

const std::array<std::string_view, kEventCount> kEventNames = {
    "switch_add", "switch_del",  "port_add",  "port_del", "link_up",
    "link_down",  "mac_learned", "mac_moved", "mac_aged"};

std::uint64_t PortInfo::dropped() const {
  return std::accumulate(drops.begin(), drops.end(), std::uint64_t{0});
}

}  // namespace vale
