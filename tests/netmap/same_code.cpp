// SPDX-License-Identifier: BSD-2-Clause
// The same work twice, with the wrapper and with the macros, for same_code.sh to compare what the
// compiler makes of them.
#include "lib/netmap_port.hpp"

using vale::netmap::Ring;

extern "C" std::uint64_t sum_wrapper(netmap_ring* raw) {
  const Ring ring(raw);
  std::uint64_t sum = 0;
  for (const netmap_slot& slot : ring.ready())
    sum += std::uint64_t{slot.len} + ring.packet(slot).data()[0];
  return sum;
}

extern "C" std::uint64_t sum_macros(netmap_ring* ring) {
  const std::uint32_t head = ring->head, tail = ring->tail;
  const std::uint32_t n = (tail >= head ? tail : ring->num_slots) - head;
  const netmap_slot* end = ring->slot + head + n;
  std::uint64_t sum = 0;
  for (const netmap_slot* slot = ring->slot + head; slot != end; slot++) {
    sum += std::uint64_t{slot->len} +
           reinterpret_cast<const std::uint8_t*>(NETMAP_BUF_OFFSET(ring, slot))[0];
  }
  return sum;
}

extern "C" void release_wrapper(netmap_ring* raw, std::uint32_t n) {
  Ring(raw).advance(n);
}

extern "C" void release_macros(netmap_ring* ring, std::uint32_t n) {
  const std::uint32_t head = ring->head + n;
  ring->head = ring->cur = head < ring->num_slots ? head : head - ring->num_slots;
}
