// SPDX-License-Identifier: BSD-2-Clause
// abi-matrix: one statically linked program that knows netmap by the numbers of the table only,
// uses what a netmap program uses, and prints what it saw. The same file must print the same on
// every kernel. Exit status 1 if something is wrong.
#include <poll.h>

#include <cstdio>
#include <string>
#include <string_view>

#include "facts.hpp"
#include "opt.h"
#include "port.hpp"
#include "traffic.hpp"

namespace matrix {

namespace {

constexpr uint32_t kSlots = 512, kFrames = 500, kExtra = 5;
constexpr uint8_t kMacA = 1, kMacB = 2;

void show_error(const char* what, int error) {
  fact("%s: %s", what, error == 0 ? "done" : strerrorname_np(error));
}

Port open_a() {
  Register ask;
  ask.set(abi::nmreq_register::nr_mode, abi::NR_REG_ALL_NIC);
  ask.set(abi::nmreq_register::nr_tx_slots, kSlots);
  ask.set(abi::nmreq_register::nr_rx_slots, 2 * kSlots);
  ask.set(abi::nmreq_register::nr_extra_bufs, kExtra);
  return Port::opened("vale0:a", ask);
}

Port open_b() {
  Legacy ask = legacy_request("vale0:b");
  ask.set(abi::nmreq::nr_flags, abi::NR_REG_ALL_NIC);
  return Port::opened_legacy("vale0:b", ask);
}

void look_at_rings(const Port& port) {
  const Ring tx = port.tx(), rx = port.rx();
  const uint32_t slots = static_cast<uint32_t>(tx.get(abi::netmap_ring::num_slots));
  must(tx.head() == 0 && tx.tail() == slots - 1, port.name() + ": a new TX ring is empty");
  must(rx.head() == 0 && rx.tail() == 0, port.name() + ": a new RX ring is empty");
  port.show_answer();
  port.show_memory();
}

void look_at_extra_buffers(const Port& port) {
  const Ring ring = port.tx();
  const char* buffers =
      static_cast<char*>(ring.base()) + static_cast<int64_t>(ring.get(abi::netmap_ring::buf_ofs));
  uint32_t count = 0, index = abi::netmap_if::ni_bufs_head.get(port.nifp());
  for (; index != 0 && count <= kExtra; count++) {
    memcpy(&index, buffers + index * ring.get(abi::netmap_ring::nr_buf_size), sizeof(index));
  }
  must(count == kExtra, "extra buffers");
}

// The region's plan, by the id that the port answers with.
void look_at_pools(const Port& port, uint16_t region) {
  PoolsInfo pools;
  pools.set(abi::nmreq_pools_info::nr_mem_id, region);
  show_error("POOLS_INFO_GET",
             control(port.fd(), abi::NETMAP_REQ_POOLS_INFO_GET, port.name(), pools.data()));
  fields("pools", "nmreq_pools_info", pools.data());
  must(port.offset_of_ring(port.tx()) + port.tx().get(abi::netmap_ring::buf_ofs) ==
           pools.get(abi::nmreq_pools_info::nr_buf_pool_offset),
       port.name() + ": buf_ofs leads to the pool of buffers");
}

void ask_about(const Port& port) {
  PortInfo info;
  show_error("PORT_INFO_GET",
             control(port.fd(), abi::NETMAP_REQ_PORT_INFO_GET, port.name(), info.data()));
  fields("port info", "nmreq_port_info_get", info.data());
  look_at_pools(port, info.get(abi::nmreq_port_info_get::nr_mem_id));
  Legacy old = legacy_request(port.name());
  show_error("NIOCGINFO", legacy(port.fd(), abi::NIOCGINFO, old));
  fields("NIOCGINFO", "nmreq", old.data());
}

void list_ports(int fd) {
  ValeList place;
  for (;;) {
    Header header;
    const int error = control(fd, header, abi::NETMAP_REQ_VALE_LIST, "", place.data());
    if (error != 0) return show_error("VALE_LIST ends", error);
    fact("listed: %s", header.text(abi::nmreq_header::nr_name));
    fields("listed", "nmreq_vale_list", place.data());
    place.set(abi::nmreq_vale_list::nr_port_idx, place.get(abi::nmreq_vale_list::nr_port_idx) + 1);
  }
}

int events(const Port& port, short wanted) {
  pollfd item = {.fd = port.fd(), .events = wanted, .revents = 0};
  return poll(&item, 1, 0) == 0 ? 0 : item.revents;
}

void talk(const Port& a, const Port& b) {
  must(events(a, POLLOUT) == POLLOUT, "poll: there is room to send");
  must(events(b, POLLIN) == 0, "poll: nothing has come");
  send(a, kEverybody, kMacA, 0, kFrames);
  must(events(b, POLLIN) == POLLIN, "poll: something has come");
  expect(b, kEverybody, kMacA, 0, kFrames);
  send(b, kMacA, kMacB, 1000, kFrames);
  expect(a, kMacA, kMacB, 1000, kFrames);
  send_fragments(a, 3);
  expect_fragments(b, 3);
}

// One end by name, the other by ring number as old programs do.
void talk_over_pipe() {
  Register ask;
  ask.set(abi::nmreq_register::nr_mode, abi::NR_REG_ALL_NIC);
  const Port master = Port::opened("vale0:p{1", ask);
  Legacy old = legacy_request("vale0:p");
  old.set(abi::nmreq::nr_flags, abi::NR_REG_PIPE_SLAVE);
  old.set(abi::nmreq::nr_ringid, 1);
  const Port slave = Port::opened_legacy("vale0:p", old);
  look_at_rings(master);
  look_at_rings(slave);
  send(master, kMacB, kMacA, 0, kFrames);
  expect(slave, kMacB, kMacA, 0, kFrames);
  send(slave, kMacA, kMacB, 2000, kFrames);
  expect(master, kMacA, kMacB, 2000, kFrames);
  sync_tx(master);
  fact("pipe: head %u, tail %u after all was taken", master.tx().head(), master.tx().tail());
}

void refused(int fd) {
  Register ask;
  show_error("REGISTER without a mode",
             control(fd, abi::NETMAP_REQ_REGISTER, "vale0:x", ask.data()));
  show_error("no such request",
             control(fd, abi::NETMAP_REQ_CSB_ENABLE + 100, "vale0:x", ask.data()));
  show_error("sync of an unbound descriptor", ioctl(fd, abi::NIOCTXSYNC, nullptr) == 0 ? 0 : errno);
  Legacy old = legacy_request("vale0:x");
  old.set(abi::nmreq::nr_version, 3);
  show_error("a version of long ago", legacy(fd, abi::NIOCREGIF, old));
}

void run() {
  const int idle = open_device();
  {
    const Port a = open_a(), b = open_b();
    look_at_rings(a);
    look_at_rings(b);
    look_at_extra_buffers(a);
    ask_about(a);
    list_ports(idle);
    talk(a, b);
    talk_over_pipe();
  }
  list_ports(idle);
  refused(idle);
}

}  // namespace

}  // namespace matrix

int main(int argc, char** argv) {
  const opt_command command = {"abi-matrix: netmap by the numbers of the table; prints what it saw",
                               nullptr, 0, 0};
  opt_list operands;
  opt_parse(&command, argc, argv, &operands);
  matrix::run();
  printf("%d wrong\n", matrix::wrong());
  return matrix::wrong() != 0;
}
