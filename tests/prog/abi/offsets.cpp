// SPDX-License-Identifier: BSD-2-Clause
// SEMANTICS.md 4.6: packets that do not begin where their buffers do.
#include <unistd.h>

#include <cerrno>

#include "abi.hpp"

namespace abi {

namespace {

struct Wish {
  uint64_t max = 256;
  uint64_t initial = 0;
  uint32_t bits = 16;
  uint64_t gap = 0;
};

nmreq_opt_offsets option_of(const Wish& wish) {
  nmreq_opt_offsets option{};
  option.nro_opt.nro_reqtype = NETMAP_REQ_OPT_OFFSETS;
  option.nro_max_offset = wish.max;
  option.nro_initial_offset = wish.initial;
  option.nro_offset_bits = wish.bits;
  option.nro_min_gap = wish.gap;
  return option;
}

Port open(Ask ask, const Wish& wish) {
  nmreq_opt_offsets option = option_of(wish);
  ask.option = &option.nro_opt;
  return Port(ask);
}

std::string answer(const Wish& wish, const Ask& ask = {.name = "vale0:o"}) {
  nmreq_opt_offsets option = option_of(wish);
  Ask with = ask;
  with.option = &option.nro_opt;
  const Port port(with);
  return error_name(port.err) + " " + error_name(static_cast<int>(option.nro_opt.nro_status)) +
         (port.err == 0 ? text(" max=%d bits=%u", static_cast<int>(option.nro_max_offset),
                               option.nro_offset_bits)
                        : "");
}

std::string shown() {
  const Port port = open({.name = "vale0:o"}, {.max = 256, .initial = 64});
  if (port.err != 0) return error_name(port.err);
  return text("%#x %#x ptr=%d %d", static_cast<unsigned>(port.tx().offset_mask),
              static_cast<unsigned>(port.rx().offset_mask), static_cast<int>(port.tx().slot[9].ptr),
              static_cast<int>(port.rx().slot[9].ptr));
}

std::string second(const Wish& first, const Wish& then) {
  const Port port = open({.name = "vale0:o"}, first);
  return answer(then);
}

std::string beside_one_without() {
  const Port port({.name = "vale0:o"});
  return answer({});
}

// Where in its buffer the next packet of an RX ring begins.
std::string received(const Port& port) {
  ioctl(port.fd(), NIOCRXSYNC);
  const netmap_slot& slot = port.rx().slot[port.rx().head];
  const std::string at = text("at %d: ", static_cast<int>(slot.ptr & port.rx().offset_mask));
  return at + receive(port);
}

std::string pass(const Port& from, const Port& to) {
  if (from.err != 0 || to.err != 0) return error_name(from.err) + " " + error_name(to.err);
  send(from, 3);
  return received(to);
}

std::string between(const Wish* from, const Wish* to) {
  const Ask a{.name = "vale0:a"}, b{.name = "vale0:b"};
  return pass(from != nullptr ? open(a, *from) : Port(a), to != nullptr ? open(b, *to) : Port(b));
}

constexpr Wish kNear{.initial = 33}, kFar{.initial = 255}, kTight{.initial = 20, .gap = 59};

std::string moved_by_sender() {
  const Port a = open({.name = "vale0:a"}, {}), b({.name = "vale0:b"});
  if (a.err != 0) return error_name(a.err);
  for (uint32_t i = 0; i < 3; i++) a.tx().slot[i].ptr = 0xabc0000u + i * 100;
  return pass(a, b);
}

std::string too_long_behind_offset() {
  const Port a = open({.name = "vale0:a"}, {.max = 2048, .initial = 1989}), b({.name = "vale0:b"});
  return pass(a, b);
}

std::string through_pipe() {
  const Port a = open({.name = "vale0:o{1"}, kNear), b = open({.name = "vale0:o}1"}, {});
  return pass(a, b);
}

std::string pipe_again_without() {
  const Port b({.name = "vale0:o}1"});
  if (const Port a = open({.name = "vale0:o{1"}, kNear); a.err != 0) return error_name(a.err);
  const Port a({.name = "vale0:o{1"});
  return pass(a, b) + text("mask=%d", static_cast<int>(a.tx().offset_mask));
}

// What a veth carries needs a moment.
void wait_for(const Port& rx, uint32_t slots) {
  for (int i = 0; i < 5000; i++) {
    ioctl(rx.fd(), NIOCRXSYNC);
    if (nm_ring_space(&rx.rx()) >= slots) return;
    usleep(1000);
  }
}

std::string through_netdev(const Wish* from, const Wish* to) {
  const Ask a{.name = "ve0"}, b{.name = "ve1"};
  const Port tx = from != nullptr ? open(a, *from) : Port(a);
  const Port rx = to != nullptr ? open(b, *to) : Port(b);
  if (tx.err != 0 || rx.err != 0) return error_name(tx.err) + " " + error_name(rx.err);
  send(tx, 3);
  wait_for(rx, 3);
  return received(rx);
}

// The lengths of the slots of one frame.
std::string in_pieces() {
  const Port tx({.name = "ve0"}), rx = open({.name = "ve1"}, kTight);
  if (tx.err != 0 || rx.err != 0) return error_name(tx.err) + " " + error_name(rx.err);
  send(tx, 1);
  wait_for(rx, 2);
  const netmap_ring& ring = rx.rx();
  std::string got;
  for (uint32_t i = ring.head; i != ring.tail; i = nm_ring_next(&ring, i))
    got += text("%u%s", ring.slot[i].len, ring.slot[i].flags & NS_MOREFRAG ? "+" : " ");
  return got;
}

std::string with_monitor(uint64_t flags) {
  const Port a = open({.name = "vale0:a"}, kNear), b({.name = "vale0:b"});
  const Port monitor({.name = "vale0:a", .flags = flags});
  if (monitor.err != 0) return error_name(monitor.err);
  send(a, 3);
  return received(monitor);
}

std::string on_monitor(uint64_t flags) {
  const Port a({.name = "vale0:a"}), b({.name = "vale0:b"});
  const Port monitor = open({.name = "vale0:a", .flags = flags}, kFar);
  if (monitor.err != 0) return error_name(monitor.err);
  send(a, 3);
  return received(monitor);
}

Ask null_port() {
  return {.name = "n",
          .mode = NR_REG_NULL,
          .mem_id = 1,
          .tx_slots = 16,
          .rx_slots = 16,
          .tx_rings = 1,
          .rx_rings = 1};
}

constexpr Case kCases[] = {
    {"as asked for", "0 0 max=256 bits=16", [] { return answer({}); }},
    {"all bits", "0 0 max=256 bits=64", [] { return answer({.bits = 0}); }},
    {"65 bits", "EINVAL EINVAL", [] { return answer({.bits = 65}); }},
    {"a whole buffer", "0 0 max=2048 bits=16", [] { return answer({.max = 2048}); }},
    {"beyond a buffer", "EINVAL EINVAL", [] { return answer({.max = 2049}); }},
    {"beyond the bits", "EINVAL EINVAL", [] { return answer({.max = 256, .bits = 8}); }},
    {"initial beyond max", "EINVAL EINVAL", [] { return answer({.max = 9, .initial = 10}); }},
    {"what rings and slots show", "0xffff 0xffff ptr=64 64", shown},
    {"the same again", "0 0 max=256 bits=16", [] { return second({}, {}); }},
    {"less than there is: that stays", "0 0 max=256 bits=16",
     [] { return second({}, {.max = 100, .bits = 8}); }},
    {"more bits than there are", "EBUSY EBUSY", [] { return second({}, {.bits = 17}); }},
    {"more than there is", "EBUSY EBUSY", [] { return second({}, {.max = 257}); }},
    {"beside one who has none", "EBUSY EBUSY", beside_one_without},
    {"VALE to VALE", "at 255: 1 2 3 ", [] { return between(&kNear, &kFar); }},
    {"VALE to one without", "at 0: 1 2 3 ", [] { return between(&kNear, nullptr); }},
    {"VALE from one without", "at 33: 1 2 3 ", [] { return between(nullptr, &kNear); }},
    {"another offset each, and other bits", "at 0: 1 2 3 ", moved_by_sender},
    {"what does not fit behind its offset is dropped", "at 0: ", too_long_behind_offset},
    {"what the receiver has no room for is dropped",
     "at 20: ", [] { return between(nullptr, &kTight); }},
    {"pipe: those of the sender", "at 33: 1 2 3 ", through_pipe},
    {"pipe: nothing stays", "at 0: 1 2 3 mask=0", pipe_again_without},
    {"netdev to netdev", "at 255: 1 2 3 ", [] { return through_netdev(&kNear, &kFar); }},
    {"netdev to one without", "at 0: 1 2 3 ", [] { return through_netdev(&kNear, nullptr); }},
    {"netdev from one without", "at 33: 1 2 3 ", [] { return through_netdev(nullptr, &kNear); }},
    {"netdev: a frame in several slots", "59+1 ", in_pieces},
    {"monitor of such a ring", "at 0: 1t 2t 3t ", [] { return with_monitor(NR_MONITOR_TX); }},
    {"zero-copy monitor of such a ring", "at 0: 1t 2t 3t ",
     [] { return with_monitor(NR_MONITOR_TX | NR_ZCOPY_MON); }},
    {"monitor with offsets", "at 255: 1t 2t 3t ", [] { return on_monitor(NR_MONITOR_TX); }},
    {"zero-copy monitor with offsets", "EOPNOTSUPP",
     [] { return on_monitor(NR_MONITOR_TX | NR_ZCOPY_MON); }},
    {"null port", "0 0 max=256 bits=16", [] { return answer({}, null_port()); }},
};

}  // namespace

Table offsets_table() {
  return kCases;
}

}  // namespace abi
