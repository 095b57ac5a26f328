// SPDX-License-Identifier: BSD-2-Clause
#include "traffic.hpp"

#include <sys/ioctl.h>

#include <algorithm>
#include <vector>

#include "facts.hpp"

namespace matrix {

namespace {

constexpr uint32_t kShortest = 60, kLongest = 1514, kFragment = 400;

using Frame = std::vector<char>;

void address(char* where, uint8_t last) {
  std::fill(where, where + 5, last == kEverybody ? '\xff' : '\0');
  if (last != kEverybody) where[0] = 2;
  where[5] = static_cast<char>(last);
}

Frame frame(uint8_t to, uint8_t from, uint32_t number, uint32_t length) {
  Frame bytes(length);
  for (uint32_t i = 0; i < length; i++) bytes[i] = static_cast<char>(number * 7 + i);
  address(bytes.data(), to);
  address(bytes.data() + 6, from);
  bytes[12] = '\x88';
  bytes[13] = '\xb5';
  return bytes;
}

uint32_t length_of(uint32_t number) {
  return kShortest + number * 37 % (kLongest - kShortest + 1);
}

uint32_t put(Ring& ring, uint32_t index, const char* bytes, uint32_t length, uint32_t flags) {
  std::copy(bytes, bytes + length, ring.buffer(index));
  abi::netmap_slot::len.set(ring.slot(index), static_cast<uint16_t>(length));
  abi::netmap_slot::flags.set(ring.slot(index), static_cast<uint16_t>(flags));
  return ring.next(index);
}

bool holds(const Ring& ring, uint32_t index, const char* bytes, uint32_t length) {
  return abi::netmap_slot::len.get(ring.slot(index)) == length &&
         std::equal(bytes, bytes + length, ring.buffer(index));
}

void sync(const Port& port, uint32_t call, const char* what) {
  if (ioctl(port.fd(), call, nullptr) != 0) give_up(what + port.name());
}

}  // namespace

void sync_tx(const Port& port) {
  sync(port, abi::NIOCTXSYNC, "NIOCTXSYNC ");
}
void sync_rx(const Port& port) {
  sync(port, abi::NIOCRXSYNC, "NIOCRXSYNC ");
}

void send(const Port& port, uint8_t to, uint8_t from, uint32_t first, uint32_t count) {
  Ring ring = port.tx();
  uint32_t index = ring.head();
  for (uint32_t number = first; number < first + count; number++) {
    if (index == ring.tail()) return must(false, port.name() + ": no room to send");
    const Frame bytes = frame(to, from, number, length_of(number));
    index = put(ring, index, bytes.data(), length_of(number), 0);
  }
  ring.release(index);
  sync_tx(port);
  fact("%s: %u frames sent, head %u, tail %u", port.name().c_str(), count, ring.head(),
       ring.tail());
}

void expect(const Port& port, uint8_t to, uint8_t from, uint32_t first, uint32_t count) {
  sync_rx(port);
  Ring ring = port.rx();
  uint32_t index = ring.head(), number = first, differ = 0;
  for (; index != ring.tail(); index = ring.next(index), number++) {
    differ +=
        !holds(ring, index, frame(to, from, number, length_of(number)).data(), length_of(number));
  }
  must(number == first + count, port.name() + ": frames are missing or too many");
  must(differ == 0, port.name() + ": frames differ");
  fact("%s: %u frames received, head %u, tail %u", port.name().c_str(), number - first, ring.head(),
       ring.tail());
  ring.release(index);
  sync_rx(port);
}

void send_fragments(const Port& port, uint32_t slots) {
  const Frame bytes = frame(kEverybody, 1, slots, slots * kFragment);
  Ring ring = port.tx();
  uint32_t index = ring.head();
  for (uint32_t i = 0; i < slots; i++) {
    index = put(ring, index, bytes.data() + i * kFragment, kFragment,
                i + 1 < slots ? abi::NS_MOREFRAG : 0);
  }
  ring.release(index);
  sync_tx(port);
}

void expect_fragments(const Port& port, uint32_t slots) {
  sync_rx(port);
  const Frame bytes = frame(kEverybody, 1, slots, slots * kFragment);
  Ring ring = port.rx();
  uint32_t index = ring.head(), seen = 0;
  for (; index != ring.tail(); index = ring.next(index), seen++) {
    const uint32_t flags = abi::netmap_slot::flags.get(ring.slot(index));
    fact("%s: fragment %u: flags %#x", port.name().c_str(), seen, flags);
    must(seen < slots && holds(ring, index, bytes.data() + seen * kFragment, kFragment),
         port.name() + ": a fragment differs");
    must(((flags & abi::NS_MOREFRAG) != 0) == (seen + 1 < slots), port.name() + ": NS_MOREFRAG");
    must((flags & abi::NS_PORT_MASK) >> abi::NS_PORT_SHIFT == slots,
         port.name() + ": count of fragments");
  }
  must(seen == slots, port.name() + ": fragments are missing or too many");
  ring.release(index);
  sync_rx(port);
}

}  // namespace matrix
