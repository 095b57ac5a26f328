// SPDX-License-Identifier: BSD-2-Clause
#include <cstring>

#include "abi.hpp"

namespace abi {

void put_frame(netmap_ring& ring, uint8_t number, uint16_t flags) {
  netmap_slot& slot = ring.slot[ring.head];
  char* buf = NETMAP_BUF_OFFSET(&ring, &slot);
  memset(buf, 0xff, 6);
  memcpy(buf + 6, "\x02\x61\x62\x69\x00\x01\x88\xb5", 8);
  buf[14] = static_cast<char>(number);
  slot.len = 60;
  slot.flags = flags;
  ring.head = ring.cur = nm_ring_next(&ring, ring.head);
}

void send(const Port& from, int count, uint8_t first, uint16_t flags) {
  ioctl(from.fd(), NIOCTXSYNC);
  for (int i = 0; i < count; i++) put_frame(from.tx(), static_cast<uint8_t>(first + i), flags);
  ioctl(from.fd(), NIOCTXSYNC);
}

std::string receive(const Port& to, uint32_t most) {
  ioctl(to.fd(), NIOCRXSYNC);
  netmap_ring& ring = to.rx();
  std::string got;
  for (uint32_t i = 0; i < most && ring.head != ring.tail; i++) {
    const netmap_slot& slot = ring.slot[ring.head];
    got += text("%d%s%s", slot.len != 0 ? NETMAP_BUF_OFFSET(&ring, &slot)[14] : 0,
                slot.flags & NS_TXMON ? "t" : "", slot.flags & NS_MOREFRAG ? "+" : " ");
    ring.head = ring.cur = nm_ring_next(&ring, ring.head);
  }
  ioctl(to.fd(), NIOCRXSYNC);
  return got;
}

}  // namespace abi
