// SPDX-License-Identifier: BSD-2-Clause
// SEMANTICS.md 6.3: null ports.
#include <poll.h>

#include "abi.hpp"

namespace abi {

namespace {

Ask null_port(uint16_t rings, uint32_t slots) {
  return {.name = "anything at all",
          .mode = NR_REG_NULL,
          .mem_id = 1,
          .tx_slots = slots,
          .rx_slots = slots,
          .tx_rings = rings,
          .rx_rings = rings};
}

std::string described(uint16_t rings, uint32_t slots) {
  return Port(null_port(rings, slots)).describe();
}

std::string twice() {
  const Port first(null_port(1, 16)), second(null_port(2, 32));
  return first.describe() + ", " + second.describe();
}

std::string in_a_port_s_region() {
  const Port port({.name = "vale0:n"});
  Ask ask = null_port(1, 64);
  ask.mem_id = port.reg.nr_mem_id;
  ask.extra_bufs = 8;
  const Port null(ask);
  if (null.err != 0) return error_name(null.err);
  return text("same=%d extra=%u head=%d", null.reg.nr_mem_id == port.reg.nr_mem_id,
              null.reg.nr_extra_bufs, null.nifp().ni_bufs_head != 0);
}

std::string shown_rings(const Port& port) {
  const netmap_ring &tx = port.tx(), &rx = port.rx();
  return text("tx=%u,%u,%u rx=%u,%u,%u", tx.head, tx.cur, tx.tail, rx.head, rx.cur, rx.tail);
}

// What is submitted stays where it is.
std::string sync() {
  const Port port(null_port(1, 16));
  if (port.err != 0) return error_name(port.err);
  const std::string before = shown_rings(port);
  port.tx().head = port.tx().cur = 5;
  const int tx = ioctl(port.fd(), NIOCTXSYNC), rx = ioctl(port.fd(), NIOCRXSYNC);
  return before + text(" %d %d ", tx, rx) + shown_rings(port);
}

std::string poll_both() {
  const Port port(null_port(1, 16));
  return text("%#x", static_cast<unsigned>(port.poll_now(POLLIN | POLLOUT)));
}

std::string poll_full() {
  const Port port(null_port(1, 16));
  port.tx().head = port.tx().cur = port.tx().tail;
  return text("%#x", static_cast<unsigned>(port.poll_now(POLLIN | POLLOUT)));
}

std::string no_region(uint16_t mem_id) {
  Ask ask = null_port(1, 16);
  ask.mem_id = mem_id;
  return try_register(ask);
}

constexpr Case kCases[] = {
    {"one ring", "0 tx=1x16 rx=1x16 host=0,0 mem=1 extra=0", [] { return described(1, 16); }},
    {"as many as asked for", "0 tx=20x100 rx=20x100 host=0,0 mem=1 extra=0",
     [] { return described(20, 100); }},
    {"no rings", "0 tx=0x0 rx=0x0 host=0,0 mem=1 extra=0", [] { return described(0, 0); }},
    {"no rings of 64 slots", "0 tx=0x64 rx=0x64 host=0,0 mem=1 extra=0",
     [] { return described(0, 64); }},
    {"rings without slots", "EINVAL", [] { return described(1, 0); }},
    {"too many rings", "EINVAL", [] { return described(257, 16); }},
    {"too many slots", "EINVAL", [] { return described(1, 65537); }},
    {"slots beyond a ring object", "ENOMEM", [] { return described(1, 65536); }},
    {"each is its own",
     "0 tx=1x16 rx=1x16 host=0,0 mem=1 extra=0, 0 tx=2x32 rx=2x32 host=0,0 mem=1 extra=0", twice},
    {"in a VALE port's region", "same=1 extra=8 head=1", in_a_port_s_region},
    {"without a region", "EINVAL", [] { return no_region(0); }},
    {"in no such region", "EINVAL", [] { return no_region(60000); }},
    {"syncs do nothing", "tx=0,0,15 rx=0,0,0 0 0 tx=5,5,15 rx=0,0,0", sync},
    {"poll finds room to send only", "0x4", poll_both},
    {"poll finds none once it is used", "0", poll_full},
};

}  // namespace

Table null_table() {
  return kCases;
}

}  // namespace abi
