// SPDX-License-Identifier: BSD-2-Clause
// One number for all packets of a conversation, both directions alike.
#pragma once

#include <cstdint>
#include <span>

namespace apps {

/// Over addresses, protocol and ports of IPv4 and IPv6, behind any number of VLAN tags; fragments
/// and other protocols over their addresses; what is not IP over the MAC addresses. @p packet
/// begins with the Ethernet header.
std::uint32_t flow_hash(std::span<const std::uint8_t> packet);

/// The same, and whether it is IP.
struct FlowHash {
  std::uint32_t value = 0;
  bool ip = false;
};
FlowHash hash_flow(std::span<const std::uint8_t> packet);

}  // namespace apps
