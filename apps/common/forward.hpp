// SPDX-License-Identifier: BSD-2-Clause
// Packets from one ring to another, whole ones only: a switch takes the last slot it sees for the
// last of its packet.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lib/netmap_port.hpp"

namespace apps {

/// Slots of the packet that begins at the @p from th slot in our hands; 0 if it is not all there.
std::uint32_t packet_slots(const vale::netmap::Ring& ring, std::uint32_t from = 0);

/// The bytes of the packet in these slots, in place of what @p bytes held.
void gather_packet(const vale::netmap::Ring& ring, std::uint32_t from, std::uint32_t slots,
                   std::vector<std::uint8_t>& bytes);

struct Moved {
  std::uint32_t slots = 0;    // given back to the receive ring
  std::uint32_t packets = 0;  // in the transmit ring now
  std::uint32_t dropped = 0;  // packets too long for its buffers
};

/// How packets get from slot to slot.
enum class Transfer { kCopy, kSwap };

/// Puts the packet of @p n slots at rx's head at tx's head, and moves both on. There must be room
/// for it in slots; false if it does not fit into buffers, and is only taken from rx.
bool move_packet(const vale::netmap::Ring& rx, const vale::netmap::Ring& tx, std::uint32_t n,
                 Transfer how);

/// As many packets as there are and as there is room for, at most @p limit slots but at least one
/// packet.
Moved forward(const vale::netmap::Ring& rx, const vale::netmap::Ring& tx, std::uint32_t limit,
              Transfer how);

/// From all rings of a port to all rings of another.
Moved forward(const vale::netmap::Port& from, const vale::netmap::Port& to, std::uint32_t limit,
              Transfer how);

/// Is there anything to read?
bool readable(const vale::netmap::Port& port);

}  // namespace apps
