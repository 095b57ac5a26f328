// SPDX-License-Identifier: BSD-2-Clause
// SEMANTICS.md 6.1: pipes. What they are called, what they share, who gets which slot when.
#include <poll.h>

#include <deque>
#include <optional>

#include "abi.hpp"

namespace abi {

namespace {

Ask pipe_end(const char* name, uint32_t slots = 16) {
  return {.name = name, .tx_slots = slots, .rx_slots = slots};
}

std::string describe(const Ask& ask) {
  return Port(ask).describe();
}

// Both ends of one pipe, 16 slots each way.
struct Pipe {
  Port master{pipe_end("vale0:p{1")};
  Port slave{pipe_end("vale0:p}1")};
};

std::string there_and_back() {
  const Pipe p;
  send(p.master, 3);
  send(p.slave, 2);
  return receive(p.slave) + "/ " + receive(p.master);
}

std::string shared_memory() {
  const Port parent({.name = "vale0:p"});
  const Pipe p;
  return text("%d %d", p.master.reg.nr_mem_id == parent.reg.nr_mem_id,
              p.slave.reg.nr_mem_id == parent.reg.nr_mem_id);
}

std::string no_copy() {
  const Pipe p;
  const uint32_t index = p.master.tx().slot[0].buf_idx;
  p.master.tx().slot[0].ptr = 0x1234;
  send(p.master, 1, 1, NS_REPORT | 0x4200);
  ioctl(p.slave.fd(), NIOCRXSYNC);
  const netmap_slot& slot = p.slave.rx().slot[0];
  return text("same=%d len=%u flags=%#x ptr=%#llx", slot.buf_idx == index, slot.len, slot.flags,
              static_cast<unsigned long long>(slot.ptr));
}

// With nobody to take them, n - 1 frames wait, and none is lost.
std::string full() {
  const Pipe p;
  send(p.master, 15);
  const uint32_t space = nm_ring_space(&p.master.tx());
  const int events = p.master.poll_now(POLLOUT);
  const std::string got = receive(p.slave, 4);
  ioctl(p.master.fd(), NIOCTXSYNC);
  return text("%u %d %s%u", space, events, got.c_str(), nm_ring_space(&p.master.tx()));
}

std::string before_the_peer() {
  const Port master(pipe_end("vale0:p{1"));
  send(master, 2);
  return receive(Port(pipe_end("vale0:p}1")));
}

std::string reopened() {
  const Port master(pipe_end("vale0:p{1"));
  std::optional<Port> slave(pipe_end("vale0:p}1"));
  send(master, 4);
  const std::string first = receive(*slave, 2);
  slave.reset();
  send(master, 1);
  slave.emplace(pipe_end("vale0:p}1"));
  const uint32_t head = slave->rx().head;
  return first + text("head=%u ", head) + receive(*slave);
}

// The other way round: who sent is gone, what it sent is not.
std::string sender_gone() {
  std::optional<Port> master(pipe_end("vale0:p{1"));
  const Port slave(pipe_end("vale0:p}1"));
  send(*master, 3);
  master.reset();
  return receive(slave);
}

std::string both_gone() {
  {
    const Pipe p;
    send(p.master, 3);
  }
  const Pipe again;
  return receive(again.slave) + "nothing";
}

std::string multi_slot() {
  const Pipe p;
  send(p.master, 1);
  send(p.master, 2, 1, NS_MOREFRAG);
  std::string got = receive(p.slave) + "/ ";
  got += p.slave.poll_now(POLLIN) != 0 ? "ready " : "";
  send(p.master, 1);
  return got + receive(p.slave);
}

// The receiver keeps the frame and gives another buffer for it.
std::string swapped() {
  const Port master(pipe_end("vale0:p{1"));
  Ask ask = pipe_end("vale0:p}1");
  ask.extra_bufs = 1;
  const Port slave(ask);
  const uint32_t sent = master.tx().slot[0].buf_idx, mine = slave.nifp().ni_bufs_head;
  send(master, 1);
  ioctl(slave.fd(), NIOCRXSYNC);
  netmap_slot& slot = slave.rx().slot[0];
  slave.nifp().ni_bufs_head = slot.buf_idx;
  *reinterpret_cast<uint32_t*>(NETMAP_BUF(&slave.rx(), slot.buf_idx)) = 0;
  slot.buf_idx = mine;
  slot.flags = NS_BUF_CHANGED;
  receive(slave);
  ioctl(master.fd(), NIOCTXSYNC);
  const netmap_slot& back = master.tx().slot[0];
  return text("sent=%d mine=%d flags=%#x", back.buf_idx == sent, back.buf_idx == mine, back.flags);
}

// Buffers in flight at the end are freed once: all are there for the next.
std::string nothing_leaks() {
  std::string before, after;
  const Port parent({.name = "vale0:p", .tx_slots = 64, .rx_slots = 64});
  const Ask all = {.name = "vale0:p", .extra_bufs = 100000};
  before = describe(all);
  for (int i = 0; i < 3; i++) {
    const Pipe p;
    send(p.master, 15);
    send(p.slave, 7);
    receive(p.slave, 5);
  }
  after = describe(all);
  return before == after ? "same" : before + " " + after;
}

std::string wakes_receiver() {
  const Pipe p;
  std::string got = text("%#x ", static_cast<unsigned>(p.slave.poll_now(POLLIN)));
  put_frame(p.master.tx(), 1);
  p.master.poll_now(POLLOUT);
  return got + text("%#x", static_cast<unsigned>(p.slave.poll_now(POLLIN)));
}

std::string crossed(const char* creator) {
  const Port first({.name = creator, .tx_slots = 32, .rx_slots = 64, .tx_rings = 2, .rx_rings = 3});
  const Port master({.name = "vale0:p{1"}), slave({.name = "vale0:p}1"});
  return master.describe() + ", " + slave.describe();
}

std::string modes(uint32_t mode, uint16_t ring = 0) {
  return try_register({.name = "vale0:p{1", .mode = mode, .ringid = ring});
}

std::string many(int count) {
  set_parameter("priv_ring_num", "1000");
  set_parameter("priv_if_num", "100");
  std::deque<Port> ends;
  int done = 0;
  for (; done < count; done++) {
    const std::string name = text("vale0:p{%d", done);
    ends.emplace_back(pipe_end(name.c_str(), 4));
    if (ends.back().err != 0) break;
  }
  set_parameter("priv_ring_num", "4");
  set_parameter("priv_if_num", "2");
  return text("%d %s", done, error_name(ends.back().err).c_str());
}

std::string until_full() {
  std::deque<Port> ends;
  while (ends.empty() || ends.back().err == 0) {
    const std::string name = text("vale0:p{%zu", ends.size());
    ends.emplace_back(Ask{.name = name.c_str()});
    if (ends.size() > 100) return "no end";
  }
  return text("%zu then %s", ends.size() - 1, error_name(ends.back().err).c_str());
}

std::string listed() {
  nmreq_vale_list body{};
  return try_request(NETMAP_REQ_VALE_LIST, "vale0:p", &body) +
         (body.nr_port_idx == 255 ? " gone" : " there");
}

std::string parent_on_demand() {
  std::optional<Port> end(pipe_end("vale0:p{1"));
  const std::string during = listed();
  end.reset();
  return during + ", " + listed();
}

std::string exists(const char* name) {
  return shell(text("ip link show %s", name).c_str()) ? "exists" : "none";
}

std::string helper_netdev() {
  std::optional<Port> end(pipe_end("hp0{1"));
  if (end->err != 0) return error_name(end->err);
  std::string got = exists("hp0");
  got += " " + try_request(NETMAP_REQ_VALE_DELIF, "hp0", nullptr);
  end.reset();
  return got + " " + exists("hp0");
}

std::string after_failure() {
  const std::string got = try_register({.name = "hp1{1", .mode = NR_REG_ONE_NIC, .ringid = 9});
  return got + " " + exists("hp1");
}

std::string helper_used_otherwise() {
  std::optional<Port> end(pipe_end("hp2{1")), port(Ask{.name = "hp2"});
  end.reset();
  const std::string during = exists("hp2");
  port.reset();
  return during + " " + exists("hp2");
}

std::string helper_deleted() {
  const Port master(pipe_end("hp3{1")), slave(pipe_end("hp3}1"));
  shell("ip link del hp3");
  send(master, 2);
  return exists("hp3") + " " + receive(slave);
}

std::string attached_parent() {
  nmreq_vale_attach attach{};
  nmreq_vale_detach detach{};
  attach.reg = body_of({});
  try_request(NETMAP_REQ_VALE_ATTACH, "vale0:ve0", &attach);
  const std::string got = try_register({.name = "ve0{1"});
  try_request(NETMAP_REQ_VALE_DETACH, "vale0:ve0", &detach);
  return got;
}

std::string attaching_a_parent() {
  const Port end({.name = "ve0{1"});
  nmreq_vale_attach attach{};
  attach.reg = body_of({});
  return error_name(end.err) + " " + try_request(NETMAP_REQ_VALE_ATTACH, "vale0:ve0", &attach);
}

std::string nic_parent() {
  const Port master({.name = "ve0{1"}), slave({.name = "ve0}1"}), nic({.name = "ve0"});
  if (master.err != 0 || slave.err != 0 || nic.err != 0) return error_name(master.err);
  send(slave, 3);
  return text("%d %d ", nic.reg.nr_mem_id, master.reg.nr_mem_id) + receive(master);
}

// A region named by the pipe becomes the idle NIC's too.
std::string nic_region() {
  const Port port({.name = "vale0:r"});
  const Port end({.name = "ve0{1", .mem_id = port.reg.nr_mem_id}), nic({.name = "ve0"});
  return text("%d %d", end.reg.nr_mem_id == port.reg.nr_mem_id,
              nic.reg.nr_mem_id == port.reg.nr_mem_id);
}

std::string of_a_pipe() {
  const Port master(pipe_end("vale0:p}1{2")), slave(pipe_end("vale0:p}1}2"));
  send(master, 2);
  return error_name(master.err) + " " + receive(slave);
}

std::string exclusive() {
  const Port end({.name = "vale0:p{1", .flags = NR_EXCLUSIVE});
  return error_name(end.err) + " " + try_register({.name = "vale0:p{1"}) + " " +
         try_register({.name = "vale0:p}1"});
}

std::string info(const char* name) {
  nmreq_port_info_get body{};
  const std::string got = try_request(NETMAP_REQ_PORT_INFO_GET, name, &body);
  if (got != "0") return got;
  return text("tx=%ux%u rx=%ux%u mem=%s size=%llu", body.nr_tx_rings, body.nr_tx_slots,
              body.nr_rx_rings, body.nr_rx_slots, memory_name(body.nr_mem_id).c_str(),
              static_cast<unsigned long long>(body.nr_memsize));
}

std::string info_leaves_nothing() {
  return info("hp4{1") + " " + exists("hp4") + " " + info("vale0:p{1").substr(0, 9) + " " +
         listed();
}

std::string info_existing() {
  const Port end({.name = "vale0:p}1", .tx_slots = 32, .rx_slots = 64, .tx_rings = 2});
  const std::string got = info("vale0:p}1");
  return got.substr(0, got.find(" mem"));
}

std::string legacy(uint32_t mode) {
  nmreq req{};
  snprintf(req.nr_name, sizeof(req.nr_name), "vale0:l");
  req.nr_version = NETMAP_API;
  req.nr_flags = mode;
  req.nr_ringid = 7;
  const Fd fd = open_device();
  if (ioctl(fd.get(), NIOCREGIF, &req) != 0) return error_name(errno);
  nmreq_port_info_get body{};
  return "0 " + try_request(NETMAP_REQ_PORT_INFO_GET, "vale0:l{7", &body);
}

constexpr Case kCases[] = {
    {"master", "0 tx=1x1024 rx=1x1024 host=0,0 mem=private extra=0",
     [] { return describe({.name = "vale0:p{1"}); }},
    {"slave", "0 tx=1x1024 rx=1x1024 host=0,0 mem=private extra=0",
     [] { return describe({.name = "vale0:p}1"}); }},
    {"an id of letters", "0", [] { return try_register({.name = "vale0:p{some thing"}); }},
    {"no id", "EINVAL", [] { return try_register({.name = "vale0:p{"}); }},
    {"no base", "EINVAL", [] { return try_register({.name = "{1"}); }},
    {"base malformed", "ENOMEM", [] { return try_register({.name = "vale0{1"}); }},
    {"base too long for a netdev", "ENXIO",
     [] { return try_register({.name = "abcdefghijklmnopq{1"}); }},
    {"old pipe modes", "EINVAL", [] { return modes(NR_REG_PIPE_MASTER); }},
    {"mode SW", "EINVAL", [] { return modes(NR_REG_SW); }},
    {"mode NIC_SW", "EINVAL", [] { return modes(NR_REG_NIC_SW); }},
    {"mode ONE_SW", "EINVAL", [] { return modes(NR_REG_ONE_SW); }},
    {"mode DEFAULT", "EINVAL", [] { return modes(NR_REG_DEFAULT); }},
    {"one ring", "0", [] { return modes(NR_REG_ONE_NIC); }},
    {"one ring that is not there", "EINVAL", [] { return modes(NR_REG_ONE_NIC, 1); }},
    {"frames both ways", "1 2 3 / 1 2 ", there_and_back},
    {"in the parent's memory", "1 1", shared_memory},
    {"descriptors go, not bytes", "same=1 len=60 flags=0x4202 ptr=0x1234", no_copy},
    {"full", "0 0 1 2 3 4 4", full},
    {"sent before the peer opened", "1 2 ", before_the_peer},
    {"the receiver closes and comes back", "1 2 head=2 3 4 1 ", reopened},
    {"the sender closes", "1 2 3 ", sender_gone},
    {"both close", "nothing", both_gone},
    {"several slots show when complete", "1 / 1+2+1 ", multi_slot},
    {"the receiver swaps a buffer", "sent=0 mine=1 flags=0x1", swapped},
    {"nothing leaks", "same", nothing_leaks},
    {"poll", "0 0x1", wakes_receiver},
    {"master's numbers",
     "0 tx=2x32 rx=3x64 host=0,0 mem=private extra=0, "
     "0 tx=3x64 rx=2x32 host=0,0 mem=private extra=0",
     [] { return crossed("vale0:p{1"); }},
    {"the slave's are the master's too",
     "0 tx=2x32 rx=3x64 host=0,0 mem=private extra=0, "
     "0 tx=3x64 rx=2x32 host=0,0 mem=private extra=0",
     [] { return crossed("vale0:p}1"); }},
    {"as many as fit", "5 then ENOMEM", until_full},
    {"64 on a parent", "64 0", [] { return many(64); }},
    {"and more", "80 0", [] { return many(80); }},
    {"a VALE parent on demand", "0 there, ENOENT there", parent_on_demand},
    {"a netdev parent on demand", "exists EINVAL none", helper_netdev},
    {"none after a failure", "EINVAL none", after_failure},
    {"one that is used otherwise", "exists none", helper_used_otherwise},
    {"one that is deleted", "none 1 2 ", helper_deleted},
    {"parent on a switch", "EBUSY", attached_parent},
    {"parent cannot be put on a switch", "0 EBUSY", attaching_a_parent},
    {"parent is a NIC", "1 1 1 2 3 ", nic_parent},
    {"a region for an idle NIC", "1 1", nic_region},
    {"parent is a pipe", "0 1 2 ", of_a_pipe},
    {"too deep", "EINVAL", [] { return try_register({.name = "vale0:p{1{2{3{4{5"}); }},
    {"exclusive", "0 EBUSY 0", exclusive},
    {"PORT_INFO_GET leaves nothing",
     "tx=1x1024 rx=1x1024 mem=private size=42369024 none tx=1x1024 ENOENT there",
     info_leaves_nothing},
    {"PORT_INFO_GET of a pipe", "tx=1x64 rx=2x32", info_existing},
    {"PORT_INFO_GET without an id", "EINVAL", [] { return info("vale0:p{"); }},
    {"PORT_HDR_GET of a pipe", "0 | EOPNOTSUPP",
     [] {
       nmreq_port_hdr body{};
       const Pipe p;
       return try_request(NETMAP_REQ_PORT_HDR_GET, "vale0:p{1", &body);
     }},
    {"legacy master", "0 0", [] { return legacy(NR_REG_PIPE_MASTER); }},
    {"legacy slave", "0 0", [] { return legacy(NR_REG_PIPE_SLAVE); }},
};

}  // namespace

Table pipe_table() {
  return kCases;
}

}  // namespace abi
