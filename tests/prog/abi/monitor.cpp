// SPDX-License-Identifier: BSD-2-Clause
// SEMANTICS.md 6.2: monitors. Who sees what of whom, and what becomes of the observed port.
#include <poll.h>

#include <cstring>
#include <optional>

#include "abi.hpp"

namespace abi {

namespace {

constexpr uint64_t kBoth = NR_MONITOR_TX | NR_MONITOR_RX;

// vale0:a and vale0:b, 16 slots; what a sends floods to b.
struct Pair {
  Port a{{.name = "vale0:a", .tx_slots = 16, .rx_slots = 16}};
  Port b{{.name = "vale0:b", .tx_slots = 16, .rx_slots = 16}};
};

Port monitor(const char* name, uint64_t flags) {
  return Port({.name = name, .flags = flags});
}

std::string described(const char* name, uint64_t flags) {
  const Pair pair;
  return monitor(name, flags).describe();
}

std::string of_rings(uint16_t tx, uint16_t rx) {
  const Port port(
      {.name = "vale0:a", .tx_slots = 16, .rx_slots = 32, .tx_rings = tx, .rx_rings = rx});
  return monitor("vale0:a", NR_MONITOR_RX).describe();
}

std::string copies(uint64_t flags) {
  const Pair pair;
  const Port m = monitor("vale0:a", flags);
  if (m.err != 0) return error_name(m.err);
  send(pair.a, 2);
  send(pair.b, 1, 7);
  const std::string seen = receive(m);
  return seen + "/ " + receive(pair.a) + "/ " + receive(pair.b);
}

// What has come is seen before the observed program looks.
std::string unasked() {
  const Pair pair;
  const Port m = monitor("vale0:a", NR_MONITOR_RX);
  send(pair.b, 3, 1);
  const int events = m.poll_now(POLLIN);
  const uint32_t shown = nm_ring_space(&pair.a.rx());
  return text("%#x %u ", static_cast<unsigned>(events), shown) + receive(m);
}

std::string flags_returned(uint64_t flags) {
  const Pair pair;
  return text("%#llx", static_cast<unsigned long long>(monitor("vale0:a", flags).reg.nr_flags));
}

// Buffers change hands: frames show once they are sent, or given back.
std::string zero_copy() {
  const Pair pair;
  const Port m = monitor("vale0:a", NR_ZCOPY_MON);
  if (m.err != 0) return error_name(m.err);
  const uint32_t sent = pair.a.tx().slot[0].buf_idx, came = pair.a.rx().slot[0].buf_idx;
  send(pair.a, 1);
  send(pair.b, 1, 9);
  ioctl(m.fd(), NIOCRXSYNC);
  const bool tx_same = m.rx().slot[0].buf_idx == sent;
  const bool changed = pair.a.tx().slot[0].flags & NS_BUF_CHANGED;
  const std::string before = receive(m);
  const std::string own = receive(pair.a);
  ioctl(m.fd(), NIOCRXSYNC);
  const bool rx_same = m.rx().slot[1].buf_idx == came;
  return text("same=%d,%d changed=%d mem=%d ", tx_same, rx_same, changed,
              m.reg.nr_mem_id == pair.a.reg.nr_mem_id) +
         before + "/ " + own + "/ " + receive(m);
}

// What is sent shows, whatever the switch does with buffers within a region.
std::string within_region() {
  const Ask of_a{.name = "vale0:a", .mem_id = 1, .tx_slots = 16, .rx_slots = 16};
  Ask of_b = of_a;
  of_b.name = "vale0:b";
  const Port a(of_a), b(of_b), m = monitor("vale0:a", NR_ZCOPY_MON);
  if (m.err != 0) return error_name(m.err);
  send(b, 1);
  std::string got = receive(a) + "/ ";
  got += receive(m) + "/ ";
  char* frame = NETMAP_BUF(&a.tx(), a.tx().slot[0].buf_idx);
  put_frame(a.tx(), 5);
  memcpy(frame, frame + 6, 6);
  frame[11] = 2;
  memset(NETMAP_BUF(&b.rx(), b.rx().slot[0].buf_idx), 0, 60);  // of an earlier run
  ioctl(a.fd(), NIOCTXSYNC);
  got += receive(m) + "/ ";
  return got + receive(b);
}

std::string chain() {
  const Pair pair;
  std::optional<Port> first(monitor("vale0:a", NR_ZCOPY_MON));
  const Port second = monitor("vale0:a", NR_ZCOPY_MON), third = monitor("vale0:a", NR_ZCOPY_MON);
  send(pair.a, 2);
  std::string got = receive(second) + "/ ";
  const Port* const all[] = {&*first, &second, &third};
  for (const Port* m : all) got += receive(*m) + "/ ";
  first.reset();
  send(pair.a, 1, 5);
  for (const Port* m : {&second, &third}) got += receive(*m) + "/ ";
  return got;
}

std::string both_kinds() {
  const Pair pair;
  const Port copy = monitor("vale0:a", NR_MONITOR_TX), zero = monitor("vale0:a", NR_ZCOPY_MON);
  const Port copy2 = monitor("vale0:a", NR_MONITOR_TX);
  send(pair.a, 2);
  std::string got;
  for (const Port* m : {&copy, &zero, &copy2}) got += receive(*m) + "/ ";
  return got;
}

// A monitor that does not keep up loses the older frames; the port loses none.
std::string full() {
  const Pair pair;
  const Port m({.name = "vale0:a", .flags = NR_MONITOR_TX, .tx_slots = 4, .rx_slots = 4});
  send(pair.a, 7);
  return receive(m) + "/ " + receive(pair.b);
}

std::string unusable_tx() {
  const Pair pair;
  const Port m = monitor("vale0:a", NR_MONITOR_RX);
  m.tx().head = m.tx().cur = 3;
  const int sync = ioctl(m.fd(), NIOCTXSYNC);
  return text("%d %u %#x", sync, m.tx().tail, static_cast<unsigned>(m.poll_now(POLLOUT)));
}

std::string orphan(uint64_t flags) {
  std::optional<Pair> pair(std::in_place);
  const Port m = monitor("vale0:a", flags);
  send(pair->a, 2);
  pair.reset();
  const Pair again;
  send(again.a, 1);
  const int events = m.poll_now(POLLIN), sync = ioctl(m.fd(), NIOCRXSYNC);
  return text("%#x %d ", static_cast<unsigned>(events), sync) + receive(m);
}

std::string on_pipe() {
  const Port master({.name = "vale0:p{1", .tx_slots = 16, .rx_slots = 16});
  const Port slave({.name = "vale0:p}1", .tx_slots = 16, .rx_slots = 16});
  const Port m = monitor("vale0:p}1", kBoth);
  if (m.err != 0) return error_name(m.err);
  send(master, 2);
  send(slave, 1, 7);
  return receive(m) + "/ " + receive(slave);
}

std::string zero_copy_on_pipe() {
  const Port master({.name = "vale0:p{1", .tx_slots = 16, .rx_slots = 16});
  const Port slave({.name = "vale0:p}1", .tx_slots = 16, .rx_slots = 16});
  const Port m = monitor("vale0:p}1", NR_ZCOPY_MON);
  if (m.err != 0) return error_name(m.err);
  std::string got;
  for (uint8_t lap = 0; lap < 3; lap++) {
    send(master, 8, static_cast<uint8_t>(lap * 8));
    got += text("%zu ", receive(slave).size());
    got += receive(m) + "/ ";
  }
  return got;
}

std::string on_nic(uint64_t flags) {
  const Port ve0({.name = "ve0"}), ve1({.name = "ve1"}), m = monitor("ve0", flags);
  if (m.err != 0) return error_name(m.err);
  send(ve0, 2);
  send(ve1, 1, 7);
  for (int i = 0; i < 1000 && nm_ring_space(&m.rx()) < 3; i++) ioctl(m.fd(), NIOCRXSYNC);
  return receive(m);
}

std::string one_ring(uint16_t ring) {
  const Port port({.name = "vale0:a", .tx_rings = 2, .rx_rings = 2});
  return try_register(
      {.name = "vale0:a", .mode = NR_REG_ONE_NIC, .flags = NR_MONITOR_RX, .ringid = ring});
}

std::string host(const char* name) {
  const Port port({.name = name});
  return Port({.name = name, .mode = NR_REG_SW, .flags = NR_MONITOR_RX}).describe();
}

std::string attached() {
  nmreq_vale_attach attach{};
  nmreq_vale_detach detach{};
  attach.reg = body_of({});
  try_request(NETMAP_REQ_VALE_ATTACH, "vale0:ve0", &attach);
  const std::string got = try_register({.name = "ve0", .flags = NR_MONITOR_RX});
  try_request(NETMAP_REQ_VALE_DETACH, "vale0:ve0", &detach);
  return got;
}

constexpr Case kCases[] = {
    {"copies", "0 tx=1x16 rx=1x16 host=0,0 mem=private extra=0",
     [] { return described("vale0:a", NR_MONITOR_RX); }},
    {"without copies", "0 tx=1x16 rx=1x16 host=0,0 mem=private extra=0",
     [] { return described("vale0:a", NR_ZCOPY_MON); }},
    {"a ring for each pair", "0 tx=1x16 rx=3x32 host=0,0 mem=private extra=0",
     [] { return of_rings(2, 3); }},
    {"and if there are more TX rings", "0 tx=1x16 rx=4x32 host=0,0 mem=private extra=0",
     [] { return of_rings(4, 1); }},
    {"flags of zero copy", "0x700", [] { return flags_returned(NR_ZCOPY_MON); }},
    {"flags of copies", "0x100", [] { return flags_returned(NR_MONITOR_TX); }},
    {"of what is sent", "1t 2t / 7 / 1 2 ", [] { return copies(NR_MONITOR_TX); }},
    {"of what is received", "7 / 7 / 1 2 ", [] { return copies(NR_MONITOR_RX); }},
    {"of both", "1t 2t 7 / 7 / 1 2 ", [] { return copies(kBoth); }},
    {"of what was not asked for yet", "0x1 0 1 2 3 ", unasked},
    {"zero copy", "same=1,1 changed=1 mem=1 1t / 9 / 9 ", zero_copy},
    {"zero copy within a region", "1 / 1 / 5t / 5 ", within_region},
    {"a chain of zero copies", "/ 1t 2t / 1t 2t / 1t 2t / 5t / 5t / ", chain},
    {"both kinds", "1t 2t / 1t 2t / 1t 2t / ", both_kinds},
    {"a full one has the newest", "5t 6t 7t / 1 2 3 4 5 6 7 ", full},
    {"its TX ring", "0 15 0xc", unusable_tx},
    {"an orphan with copies", "0x8 0 ", [] { return orphan(kBoth); }},
    {"an orphan without", "0x8 0 ", [] { return orphan(NR_ZCOPY_MON); }},
    {"of a pipe", "7t 1 2 / 1 2 ", on_pipe},
    {"of a pipe, zero copy",
     "16 0 1 2 3 4 5 6 7 / 22 8 9 10 11 12 13 14 15 / 24 16 17 18 19 20 21 22 23 / ",
     zero_copy_on_pipe},
    {"of a NIC", "1t 2t 7 ", [] { return on_nic(kBoth); }},
    {"one ring", "0", [] { return one_ring(1); }},
    {"one that is not there", "EINVAL", [] { return one_ring(2); }},
    {"of host rings", "0 tx=1x1024 rx=1x1024 host=1,1 mem=private extra=0",
     [] { return host("ve0"); }},
    {"of host rings that are none", "EINVAL", [] { return host("vale0:a"); }},
    {"of nothing", "EINVAL", [] { return try_register({.name = "vale0:z", .flags = kBoth}); }},
    {"of no netdev", "ENXIO", [] { return try_register({.name = "nosuch", .flags = kBoth}); }},
    {"of a netdev nobody has open", "EINVAL",
     [] { return try_register({.name = "ve0", .flags = kBoth}); }},
    {"of a pipe that is not", "EINVAL",
     [] { return try_register({.name = "vale0:p{1", .flags = kBoth}); }},
    {"of a malformed name", "ENOMEM",
     [] { return try_register({.name = "vale0", .flags = kBoth}); }},
    {"of a NIC on a switch", "EOPNOTSUPP", attached},
};

}  // namespace

Table monitor_table() {
  return kCases;
}

}  // namespace abi
