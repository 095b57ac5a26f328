// SPDX-License-Identifier: BSD-2-Clause
#include "apps/common/forward.hpp"

#include <algorithm>

namespace apps {

using vale::netmap::Port;
using vale::netmap::Ring;

std::uint32_t packet_slots(const Ring& ring, std::uint32_t from) {
  const std::uint32_t space = ring.space();
  for (std::uint32_t i = from; i < space; i++) {
    if ((ring.at(i).flags & NS_MOREFRAG) == 0) return i - from + 1;
  }
  return 0;
}

void gather_packet(const Ring& ring, std::uint32_t from, std::uint32_t slots,
                   std::vector<std::uint8_t>& bytes) {
  bytes.clear();
  for (std::uint32_t i = from; i < from + slots; i++) {
    const auto part = ring.packet(ring.at(i));
    bytes.insert(bytes.end(), part.begin(), part.end());
  }
}

bool move_packet(const Ring& rx, const Ring& tx, std::uint32_t n, Transfer how) {
  if (how == Transfer::kCopy) {
    for (std::uint32_t i = 0; i < n; i++) {
      if (rx.at(i).len <= tx.room(tx.at(i)).size()) continue;
      rx.advance(n);
      return false;
    }
  }
  for (std::uint32_t i = 0; i < n; i++) {
    netmap_slot &from = rx.at(i), &to = tx.at(i);
    to.len = from.len;
    to.flags = from.flags & NS_MOREFRAG;
    if (how == Transfer::kSwap) {
      vale::netmap::swap_buffers(from, to);
    } else {
      nm_pkt_copy(rx.packet(from).data(), tx.room(to).data(), from.len);
    }
  }
  rx.advance(n);
  tx.advance(n);
  return true;
}

Moved forward(const Ring& rx, const Ring& tx, std::uint32_t limit, Transfer how) {
  Moved moved;
  while (moved.slots < limit) {
    const std::uint32_t n = packet_slots(rx);
    if (n == 0 || n > tx.space() || (moved.slots != 0 && moved.slots + n > limit)) break;
    ++(move_packet(rx, tx, n, how) ? moved.packets : moved.dropped);
    moved.slots += n;
  }
  return moved;
}

Moved forward(const Port& from, const Port& to, std::uint32_t limit, Transfer how) {
  Moved total;
  auto tx = to.tx().begin();
  for (const Ring& rx : from.rx()) {
    while (tx != to.tx().end() && total.slots < limit) {
      const Moved moved = forward(rx, *tx, limit - total.slots, how);
      total.slots += moved.slots;
      total.packets += moved.packets;
      total.dropped += moved.dropped;
      if (packet_slots(rx) == 0) break;
      ++tx;
    }
  }
  return total;
}

bool readable(const Port& port) {
  return std::any_of(port.rx().begin(), port.rx().end(),
                     [](const Ring& ring) { return !ring.empty(); });
}

}  // namespace apps
