// SPDX-License-Identifier: BSD-2-Clause
// SEMANTICS.md 2.2, 3.1 to 3.7: REGISTER's answers.
#include <deque>
#include <optional>

#include "abi.hpp"

namespace abi {

namespace {

std::string describe(const Ask& ask) {
  return Port(ask).describe();
}

std::string slots(uint32_t count) {
  return describe({.name = "vale0:s", .tx_slots = count, .rx_slots = count});
}

std::string rings(uint16_t tx, uint16_t rx) {
  return describe({.name = "vale0:r", .tx_rings = tx, .rx_rings = rx});
}

std::string extra(uint32_t count) {
  return describe({.name = "vale0:e", .extra_bufs = count});
}

std::string memory_size(const Ask& ask) {
  const Port port(ask);
  return port.err != 0 ? error_name(port.err)
                       : std::to_string(static_cast<unsigned long long>(port.reg.nr_memsize));
}

std::string mode(uint32_t number) {
  return try_register({.name = "vale0:m", .mode = number});
}

// Two on the port with two rings each way; the answer of the second.
std::string second(const Ask& first, Ask next) {
  const Port port(first);
  if (port.err != 0) return "first: " + error_name(port.err);
  next.name = first.name;
  return describe(next);
}

Ask one_of_two(uint16_t ring, uint64_t flags) {
  return {.name = "vale0:x",
          .mode = NR_REG_ONE_NIC,
          .flags = flags,
          .ringid = ring,
          .tx_rings = 2,
          .rx_rings = 2};
}

std::string exclusive_then_free() {
  const Ask ask = {.name = "vale0:x", .flags = NR_EXCLUSIVE};
  std::optional<Port> port(ask);
  port.reset();
  return try_register(ask);
}

std::string until_full() {
  std::deque<Port> ports;
  while (ports.empty() || ports.back().err == 0) {
    ports.emplace_back(Ask{.name = "vale0:n"});
    if (ports.size() > 100) return "no end";
  }
  return text("%zu then %s", ports.size() - 1, error_name(ports.back().err).c_str());
}

std::string outputs_kept(uint64_t flags) {
  const Port port({.name = "vale0:f",
                   .mode = NR_REG_ONE_NIC,
                   .flags = flags,
                   .ringid = 1,
                   .tx_rings = 2,
                   .rx_rings = 2});
  if (port.err != 0) return error_name(port.err);
  return text("mode=%u ringid=%u flags=%#llx", port.reg.nr_mode, port.reg.nr_ringid,
              static_cast<unsigned long long>(port.reg.nr_flags));
}

std::string with_mtu(const char* mtu, uint64_t flags) {
  shell(text("ip link set dm0 mtu %s", mtu).c_str());
  const std::string got = try_register({.name = "dm0", .flags = flags});
  shell("ip link set dm0 mtu 1500");
  return got;
}

std::string with_admode(const char* value, const char* name) {
  if (!set_parameter("admode", value)) return "SKIP no parameter admode";
  const std::string got = try_register({.name = name});
  set_parameter("admode", "0");
  return got;
}

std::string bridged_netdev() {
  if (!shell("ip link add br0 type bridge")) return "SKIP no Linux bridge";
  shell("ip link set ve1 master br0");
  const std::string got = try_register({.name = "ve1"});
  shell("ip link del br0");
  return got;
}

std::string attached_netdev() {
  nmreq_vale_attach attach{};
  nmreq_vale_detach detach{};
  attach.reg = body_of({});
  const std::string attached = try_request(NETMAP_REQ_VALE_ATTACH, "vale0:ve0", &attach);
  const std::string direct = try_register({.name = "ve0"});
  const std::string by_port = try_register({.name = "vale0:ve0"});
  return attached + " " + direct + " " + by_port + " " +
         try_request(NETMAP_REQ_VALE_DETACH, "vale0:ve0", &detach);
}

std::string host_rings(uint16_t count) {
  return describe({.name = "ve0", .mode = NR_REG_NIC_SW, .host_rings = count});
}

constexpr Case kCases[] = {
    {"default VALE port", "0 tx=1x1024 rx=1x1024 host=0,0 mem=private extra=0",
     [] { return describe({.name = "vale0:a"}); }},
    {"1 slot", "0 tx=1x1 rx=1x1 host=0,0 mem=private extra=0", [] { return slots(1); }},
    {"2 slots", "0 tx=1x2 rx=1x2 host=0,0 mem=private extra=0", [] { return slots(2); }},
    {"63 slots", "0 tx=1x63 rx=1x63 host=0,0 mem=private extra=0", [] { return slots(63); }},
    {"4096 slots", "0 tx=1x4096 rx=1x4096 host=0,0 mem=private extra=0",
     [] { return slots(4096); }},
    {"5000 slots", "0 tx=1x4096 rx=1x4096 host=0,0 mem=private extra=0",
     [] { return slots(5000); }},
    {"2 rings", "0 tx=2x1024 rx=2x1024 host=0,0 mem=private extra=0", [] { return rings(2, 2); }},
    {"1 and 3 rings", "0 tx=1x1024 rx=3x1024 host=0,0 mem=private extra=0",
     [] { return rings(1, 3); }},
    {"16 rings", "0 tx=16x1024 rx=16x1024 host=0,0 mem=private extra=0",
     [] { return rings(16, 16); }},
    {"17 rings", "0 tx=16x1024 rx=16x1024 host=0,0 mem=private extra=0",
     [] { return rings(17, 17); }},
    {"1000 extra buffers", "0 tx=1x1024 rx=1x1024 host=0,0 mem=private extra=1000",
     [] { return extra(1000); }},
    {"600000 extra buffers", "0 tx=1x1024 rx=1x1024 host=0,0 mem=private extra=524288 | ENOMEM",
     [] { return extra(600000); }},
    {"more extra buffers than an existing region has",
     "0 tx=1x1024 rx=1x1024 host=0,0 mem=private extra=18432",
     [] {
       const AsReference placed;
       return second({.name = "vale0:e"}, {.extra_bufs = 100000});
     }},
    {"the same with one buffer in 1024 lost between pieces of memory",
     "0 tx=1x1024 rx=1x1024 host=0,0 mem=private extra=18411",
     [] { return second({.name = "vale0:e"}, {.extra_bufs = 100000}); }},

    {"memory of 64 slots", "8814592",
     [] { return memory_size({.name = "vale0:s", .tx_slots = 64, .rx_slots = 64}); }},
    {"memory of 256 slots", "10911744",
     [] { return memory_size({.name = "vale0:s", .tx_slots = 256, .rx_slots = 256}); }},
    {"memory of 1024 slots", "42369024", [] { return memory_size({.name = "vale0:s"}); }},
    {"memory of 4096 slots", "169893888",
     [] { return memory_size({.name = "vale0:s", .tx_slots = 4096, .rx_slots = 4096}); }},
    {"memory of 2 rings", "46604288",
     [] { return memory_size({.name = "vale0:s", .tx_rings = 2, .rx_rings = 2}); }},
    {"memory of 16 rings", "105897984",
     [] { return memory_size({.name = "vale0:s", .tx_rings = 16, .rx_rings = 16}); }},
    {"memory of 8 extra buffers", "42385408",
     [] { return memory_size({.name = "vale0:s", .extra_bufs = 8}); }},
    {"memory id 1", "343019520", [] { return memory_size({.name = "vale0:s", .mem_id = 1}); }},
    {"memory id 777", "EINVAL", [] { return try_register({.name = "vale0:s", .mem_id = 777}); }},

    {"mode DEFAULT", "EINVAL", [] { return mode(NR_REG_DEFAULT); }},
    {"mode ALL_NIC", "0", [] { return mode(NR_REG_ALL_NIC); }},
    {"mode SW of a VALE port", "EINVAL", [] { return mode(NR_REG_SW); }},
    {"mode NIC_SW of a VALE port", "EINVAL", [] { return mode(NR_REG_NIC_SW); }},
    {"mode ONE_NIC", "0", [] { return mode(NR_REG_ONE_NIC); }},
    {"mode PIPE_MASTER", "EINVAL", [] { return mode(NR_REG_PIPE_MASTER); }},
    {"mode PIPE_SLAVE", "EINVAL", [] { return mode(NR_REG_PIPE_SLAVE); }},
    {"mode ONE_SW of a VALE port", "EINVAL", [] { return mode(NR_REG_ONE_SW); }},
    {"mode 9", "EINVAL", [] { return mode(9); }},
    {"mode 2^32-1", "EINVAL", [] { return mode(~0u); }},
    {"mode DEFAULT while no ring is selected at all",
     "0 tx=1x1024 rx=1x1024 host=0,0 mem=private extra=0",
     [] {
       return describe({.name = "vale0:m",
                        .mode = NR_REG_DEFAULT,
                        .flags = NR_RX_RINGS_ONLY | NR_TX_RINGS_ONLY});
     }},
    {"ring 2 of 2", "EINVAL", [] { return describe(one_of_two(2, 0)); }},
    {"ring 1 of 1 and 2", "0 tx=1x1024 rx=2x1024 host=0,0 mem=private extra=0",
     [] {
       return describe(
           {.name = "vale0:m", .mode = NR_REG_ONE_NIC, .ringid = 1, .tx_rings = 1, .rx_rings = 2});
     }},
    {"flags without meaning", "mode=4 ringid=1 flags=0x10000001000",
     [] { return outputs_kept(0x10000001000u); }},
    {"flags come back as given", "mode=4 ringid=1 flags=0x32800",
     [] { return outputs_kept(NR_EXCLUSIVE | NR_RX_RINGS_ONLY | NR_DO_RX_POLL | NR_NO_TX_POLL); }},

    {"second on a port joins its rings", "0 tx=1x1024 rx=1x1024 host=0,0 mem=private extra=0",
     [] { return second({.name = "vale0:a"}, {.tx_slots = 64, .rx_slots = 64, .tx_rings = 4}); }},
    {"second with a memory id joins its memory",
     "0 tx=1x1024 rx=1x1024 host=0,0 mem=private extra=0",
     [] { return second({.name = "vale0:a"}, {.mem_id = 1}); }},
    {"exclusive after another", "EBUSY",
     [] { return second({.name = "vale0:x"}, {.flags = NR_EXCLUSIVE}); }},
    {"another after exclusive", "EBUSY",
     [] { return second({.name = "vale0:x", .flags = NR_EXCLUSIVE}, {}); }},
    {"exclusive after exclusive was closed", "0", exclusive_then_free},
    {"disjoint exclusive rings", "0 tx=2x1024 rx=2x1024 host=0,0 mem=private extra=0",
     [] { return second(one_of_two(0, NR_EXCLUSIVE), one_of_two(1, NR_EXCLUSIVE)); }},
    {"the same exclusive ring", "EBUSY",
     [] { return second(one_of_two(0, NR_EXCLUSIVE), one_of_two(0, NR_EXCLUSIVE)); }},
    {"all rings after one exclusive", "EBUSY",
     [] { return second(one_of_two(1, NR_EXCLUSIVE), {}); }},
    {"RX after exclusive TX", "0 tx=1x1024 rx=1x1024 host=0,0 mem=private extra=0",
     [] {
       return second({.name = "vale0:x", .flags = NR_EXCLUSIVE | NR_TX_RINGS_ONLY},
                     {.flags = NR_RX_RINGS_ONLY});
     }},
    {"descriptors on a default VALE port", "12 then ENOMEM", until_full},

    {"netdev", "0 tx=1x1024 rx=1x1024 host=1,1 mem=1 extra=0",
     [] { return describe({.name = "ve0"}); }},
    {"netdev, rings asked for are ignored", "0 tx=1x1024 rx=1x1024 host=1,1 mem=1 extra=0",
     [] { return describe({.name = "ve0", .tx_slots = 64, .tx_rings = 4}); }},
    {"netdev and host rings", "0 tx=1x1024 rx=1x1024 host=1,1 mem=1 extra=0",
     [] { return describe({.name = "ve0", .mode = NR_REG_NIC_SW}); }},
    {"netdev's host ring alone", "0 tx=1x1024 rx=1x1024 host=1,1 mem=1 extra=0",
     [] { return describe({.name = "ve0", .mode = NR_REG_SW}); }},
    {"netdev's host ring 0", "0 tx=1x1024 rx=1x1024 host=1,1 mem=1 extra=0",
     [] { return describe({.name = "ve0", .mode = NR_REG_ONE_SW}); }},
    {"netdev's host ring 1 of 1", "EINVAL",
     [] { return describe({.name = "ve0", .mode = NR_REG_ONE_SW, .ringid = 1}); }},
    {"netdev's ring 1 of 1", "EINVAL",
     [] { return describe({.name = "ve0", .mode = NR_REG_ONE_NIC, .ringid = 1}); }},
    {"two host rings of an idle netdev", "0 tx=1x1024 rx=1x1024 host=2,2 mem=1 extra=0",
     [] { return host_rings(2); }},
    {"one host ring again afterwards", "0 tx=1x1024 rx=1x1024 host=1,1 mem=1 extra=0",
     [] { return host_rings(0); }},
    {"MTU of lo", "EINVAL", [] { return try_register({.name = "lo"}); }},
    {"MTU 2048", "0", [] { return with_mtu("2048", 0); }},
    {"MTU 2049", "EINVAL", [] { return with_mtu("2049", 0); }},
    {"MTU 9000", "EINVAL", [] { return with_mtu("9000", 0); }},
    {"MTU 9000, TX only", "0", [] { return with_mtu("9000", NR_TX_RINGS_ONLY); }},
    {"native mode only", "EOPNOTSUPP", [] { return with_admode("1", "lo"); }},
    {"native mode only, a veth", "0", [] { return with_admode("1", "ve0"); }},
    {"emulated mode only", "0", [] { return with_admode("2", "ve0"); }},
    {"netdev of a Linux bridge", "EBUSY", bridged_netdev},
    {"netdev attached to a switch, by either name", "0 EBUSY EBUSY 0", attached_netdev},
};

}  // namespace

Table register_table() {
  return kCases;
}

}  // namespace abi
