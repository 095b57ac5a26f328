// SPDX-License-Identifier: BSD-2-Clause
// SEMANTICS.md 0.2, 3.1, 3.5, 3.6, 3.8: what lies where in the region after REGISTER. The
// texts follow the rows observed with the reference implementation.
#include <cstring>
#include <vector>

#include "abi.hpp"

namespace abi {

namespace {

std::string interface(const Ask& ask) {
  const Port port(ask);
  if (port.err != 0) return error_name(port.err);
  const netmap_if& nifp = port.nifp();
  std::string got = text("%s flags=%#x tx=%u rx=%u htx=%u hrx=%u head=%s ofs:", nifp.ni_name,
                         nifp.ni_flags, nifp.ni_tx_rings, nifp.ni_rx_rings, nifp.ni_host_tx_rings,
                         nifp.ni_host_rx_rings, nifp.ni_bufs_head != 0 ? "some" : "0");
  const uint32_t count =
      nifp.ni_tx_rings + nifp.ni_rx_rings + nifp.ni_host_tx_rings + nifp.ni_host_rx_rings;
  for (uint32_t i = 0; i < count; i++) got += nifp.ring_ofs[i] != 0 ? " set" : " 0";
  return got;
}

std::string version(const Ask& ask) {
  const Port port(ask);
  const uint32_t number = port.nifp().ni_version;
  return number == 0 || number == NETMAP_API ? "fine" : std::to_string(number);
}

std::string describe_ring(const netmap_ring& ring) {
  const netmap_slot& last = ring.slot[ring.num_slots - 1];
  return text(
      "slots=%u size=%u id=%u dir=%u head=%u cur=%u tail=%u flags=%u mask=%llu align=%llu "
      "len=%u,%u flags=%u,%u ptr=%llu,%llu",
      ring.num_slots, ring.nr_buf_size, ring.ringid, ring.dir, ring.head, ring.cur, ring.tail,
      ring.flags, static_cast<unsigned long long>(ring.offset_mask),
      static_cast<unsigned long long>(ring.buf_align), ring.slot[0].len, last.len,
      ring.slot[0].flags, last.flags, static_cast<unsigned long long>(ring.slot[0].ptr),
      static_cast<unsigned long long>(last.ptr));
}

std::string ring(const Ask& ask, bool tx, uint32_t index) {
  const Port port(ask);
  if (port.err != 0) return error_name(port.err);
  return describe_ring(tx ? port.tx(index) : port.rx(index));
}

// Every slot's buffer is a real one of the pool, aligned, inside the mapping, and nobody else's.
std::string buffers(const Ask& ask) {
  const Port port(ask);
  if (port.err != 0) return error_name(port.err);
  std::vector<bool> used(port.reg.nr_memsize / port.tx().nr_buf_size);
  for (const netmap_ring* ring : {&port.tx(), &port.rx()}) {
    for (uint32_t i = 0; i < ring->num_slots; i++) {
      const uint32_t index = ring->slot[i].buf_idx;
      const char* buf = NETMAP_BUF(ring, index);
      if (index < 2) return text("reserved buffer %u in slot %u", index, i);
      if (buf < port.mem() || buf + ring->nr_buf_size > port.mem() + port.reg.nr_memsize)
        return text("buffer %u outside the mapping", index);
      if (used[index]) return text("buffer %u twice", index);
      used[index] = true;
    }
  }
  return "fine";
}

// One buffer seen from two rings is one place.
std::string same_buffer_from_two_rings() {
  const Port port({.name = "vale0:b", .tx_rings = 2, .rx_rings = 2});
  const uint32_t index = port.rx(1).slot[3].buf_idx;
  const bool same = NETMAP_BUF(&port.rx(1), index) == NETMAP_BUF(&port.tx(0), index) &&
                    NETMAP_BUF(&port.rx(1), index) == NETMAP_BUF(&port.rx(0), index);
  return same ? "same" : "different";
}

std::string pool_order() {
  const Port port({.name = "vale0:p"});
  nmreq_pools_info info{};
  const int err = request(port.fd(), NETMAP_REQ_POOLS_INFO_GET, "vale0:p", &info);
  if (err != 0) return error_name(err);
  const auto ring_at = static_cast<uint64_t>(reinterpret_cast<char*>(&port.tx()) - port.mem());
  const bool in_pools = port.reg.nr_offset < info.nr_ring_pool_offset &&
                        ring_at >= info.nr_ring_pool_offset && ring_at < info.nr_buf_pool_offset;
  const char* buffer0 = NETMAP_BUF(&port.tx(), 0);
  const bool at_pool = static_cast<uint64_t>(buffer0 - port.mem()) == info.nr_buf_pool_offset;
  return text("%s %s", in_pools ? "in pools" : "elsewhere", at_pool ? "at pool" : "elsewhere");
}

std::string offsets_of_two() {
  const Port first({.name = "vale0:o"});
  const Port second({.name = "vale0:o"});
  return text("%llu %llu", static_cast<unsigned long long>(first.reg.nr_offset),
              static_cast<unsigned long long>(second.reg.nr_offset));
}

std::string chain(uint32_t wanted) {
  const Port port({.name = "vale0:c", .extra_bufs = wanted});
  if (port.err != 0) return error_name(port.err);
  uint32_t length = 0;
  for (uint32_t index = port.nifp().ni_bufs_head; index != 0 && length <= wanted; length++)
    memcpy(&index, NETMAP_BUF(&port.tx(), index), sizeof(index));
  return text("%u", length);
}

// What the last user left in a recycled ring and interface must not show.
std::string recycled() {
  {
    const Port port({.name = "ve0"});
    port.tx().flags = port.rx().flags = 0xffff;
    memset(port.rx().sem, 0xff, sizeof(port.rx().sem));
    const_cast<uint64_t&>(port.tx().offset_mask) = ~0ull;
    port.nifp().ni_bufs_head = 0;
  }
  const Port port({.name = "ve0"});
  return text("%u %u %u %llu", port.tx().flags, port.rx().flags, port.rx().sem[0],
              static_cast<unsigned long long>(port.tx().offset_mask));
}

// Where the first buffer lies between two places that share sets of the caches, in their lines.
uint64_t colour_of(const Port& port) {
  return reinterpret_cast<uintptr_t>(NETMAP_BUF(&port.tx(), 0)) % 2048 / 64;
}

std::string colours() {
  const Port first({.name = "vale0:a"}), second({.name = "vale0:b"});
  const uint64_t a = colour_of(first), b = colour_of(second);
  return a != 0 && b != 0 && a != b ? "apart"
                                    : text("%d and %d", static_cast<int>(a), static_cast<int>(b));
}

std::string no_colour() {
  const AsReference placed;
  const Port port({.name = "vale0:a"});
  return text("%d, the last one is %u", static_cast<int>(colour_of(port)),
              port.tx().slot[1023].buf_idx);
}

// The lowest index that no slot has.
uint32_t nobodys(const Port& port) {
  std::vector<bool> used(port.reg.nr_memsize / port.tx().nr_buf_size);
  for (const netmap_ring* ring : {&port.tx(), &port.rx()})
    for (uint32_t i = 0; i < ring->num_slots; i++) used[ring->slot[i].buf_idx] = true;
  uint32_t index = 2;
  while (used[index]) index++;
  return index;
}

// A buffer that reaches from one piece of memory into the next is none: nothing is sent from it,
// and what comes to a slot with it is lost (0: what lies there).
std::string buffer_at_an_edge() {
  const Port from({.name = "vale0:a"}), to({.name = "vale0:b"});
  const uint32_t edge = nobodys(from);
  from.tx().slot[0].buf_idx = edge;
  from.tx().slot[0].flags = NS_BUF_CHANGED;
  to.rx().slot[0].buf_idx = nobodys(to);
  send(from, 3);
  return text("%d: ", static_cast<int>(edge)) + receive(to);
}

// Nor is it taken back from who never had it.
std::string edge_given_back() {
  const Port stays({.name = "vale0:a"});
  const uint32_t edge = nobodys(stays);
  {
    const Port goes({.name = "vale0:a", .extra_bufs = 1});
    memset(NETMAP_BUF(&goes.tx(), edge), 0, sizeof(uint32_t));
    goes.nifp().ni_bufs_head = edge;
  }
  const Port next({.name = "vale0:a", .extra_bufs = 1});
  return next.nifp().ni_bufs_head == edge ? "handed out" : "nobody's";
}

// The state of a ring someone already uses is not reset.
std::string joined() {
  const Port first({.name = "vale0:j"});
  first.send_broadcast();
  ioctl(first.fd(), NIOCTXSYNC, 0);
  const Port second({.name = "vale0:j"});
  return text("head=%u tail=%u", second.tx().head, second.tx().tail);
}

std::string unbound_ring() {
  const Port port({.name = "vale0:u", .flags = NR_RX_RINGS_ONLY});
  return reinterpret_cast<char*>(&port.tx()) == reinterpret_cast<char*>(&port.nifp()) ? "interface"
                                                                                      : "elsewhere";
}

constexpr const char* kTxRing =
    "slots=1024 size=2048 id=0 dir=1 head=0 cur=0 tail=1023 flags=0 mask=0 align=0 "
    "len=2048,2048 flags=0,0 ptr=0,0";
constexpr const char* kRxRing =
    "slots=1024 size=2048 id=0 dir=0 head=0 cur=0 tail=0 flags=0 mask=0 align=0 "
    "len=2048,2048 flags=0,0 ptr=0,0";

constexpr Case kCases[] = {
    {"interface of a VALE port", "vale0:a flags=0x1 tx=1 rx=1 htx=1 hrx=1 head=0 ofs: set 0 set 0",
     [] { return interface({.name = "vale0:a"}); }},
    {"interface with 1 and 3 rings",
     "vale0:r flags=0x1 tx=1 rx=3 htx=1 hrx=1 head=0 ofs: set 0 set set set 0",
     [] { return interface({.name = "vale0:r", .tx_rings = 1, .rx_rings = 3}); }},
    {"interface with ring 1 of 2",
     "vale0:m flags=0x1 tx=2 rx=2 htx=1 hrx=1 head=0 ofs: 0 set 0 0 set 0",
     [] {
       return interface(
           {.name = "vale0:m", .mode = NR_REG_ONE_NIC, .ringid = 1, .tx_rings = 2, .rx_rings = 2});
     }},
    {"interface, RX only", "vale0:m flags=0x1 tx=1 rx=1 htx=1 hrx=1 head=0 ofs: 0 0 set 0",
     [] { return interface({.name = "vale0:m", .flags = NR_RX_RINGS_ONLY}); }},
    {"interface, TX only", "vale0:m flags=0x1 tx=1 rx=1 htx=1 hrx=1 head=0 ofs: set 0 0 0",
     [] { return interface({.name = "vale0:m", .flags = NR_TX_RINGS_ONLY}); }},
    {"interface, neither", "vale0:m flags=0x1 tx=1 rx=1 htx=1 hrx=1 head=0 ofs: 0 0 0 0",
     [] { return interface({.name = "vale0:m", .flags = NR_RX_RINGS_ONLY | NR_TX_RINGS_ONLY}); }},
    {"interface in global memory", "vale0:m flags=0 tx=1 rx=1 htx=1 hrx=1 head=0 ofs: set 0 set 0",
     [] { return interface({.name = "vale0:m", .mem_id = 1}); }},
    {"interface with extra buffers",
     "vale0:e flags=0x1 tx=1 rx=1 htx=1 hrx=1 head=some ofs: set 0 set 0",
     [] { return interface({.name = "vale0:e", .extra_bufs = 8}); }},
    {"interface of a long name",
     "vale01234567890 flags=0x1 tx=1 rx=1 htx=1 hrx=1 head=0 ofs: set 0 set 0",
     [] { return interface({.name = "vale01234567890:port"}); }},
    {"interface of a netdev", "ve0 flags=0 tx=1 rx=1 htx=1 hrx=1 head=0 ofs: set 0 set 0",
     [] { return interface({.name = "ve0"}); }},
    {"interface of a netdev and host rings",
     "ve0 flags=0 tx=1 rx=1 htx=1 hrx=1 head=0 ofs: set set set set",
     [] { return interface({.name = "ve0", .mode = NR_REG_NIC_SW}); }},
    {"interface of host rings", "ve0 flags=0 tx=1 rx=1 htx=1 hrx=1 head=0 ofs: 0 set 0 set",
     [] { return interface({.name = "ve0", .mode = NR_REG_SW}); }},
    {"interface of a netdev, RX only of all",
     "ve0 flags=0 tx=1 rx=1 htx=1 hrx=1 head=0 ofs: 0 0 set set",
     [] { return interface({.name = "ve0", .mode = NR_REG_NIC_SW, .flags = NR_RX_RINGS_ONLY}); }},
    {"version in the interface", "fine", [] { return version({.name = "vale0:a"}); }},

    {"TX ring", kTxRing, [] { return ring({.name = "vale0:a"}, true, 0); }},
    {"RX ring", kRxRing, [] { return ring({.name = "vale0:a"}, false, 0); }},
    {"RX ring 2",
     "slots=1024 size=2048 id=2 dir=0 head=0 cur=0 tail=0 flags=0 mask=0 align=0 "
     "len=2048,2048 flags=0,0 ptr=0,0",
     [] { return ring({.name = "vale0:r", .tx_rings = 1, .rx_rings = 3}, false, 2); }},
    {"TX ring of a netdev", kTxRing, [] { return ring({.name = "ve0"}, true, 0); }},
    {"RX ring of a netdev", kRxRing, [] { return ring({.name = "ve0"}, false, 0); }},
    {"host TX ring",
     "slots=1024 size=2048 id=1 dir=1 head=0 cur=0 tail=1023 flags=0 mask=0 align=0 "
     "len=2048,2048 flags=0,0 ptr=0,0",
     [] { return ring({.name = "ve0", .mode = NR_REG_SW}, true, 1); }},
    {"host RX ring",
     "slots=1024 size=2048 id=1 dir=0 head=0 cur=0 tail=0 flags=0 mask=0 align=0 "
     "len=2048,2048 flags=0,0 ptr=0,0",
     [] { return ring({.name = "ve0", .mode = NR_REG_SW}, false, 1); }},
    {"recycled ring and interface", "0 0 0 0", recycled},
    {"ring of another's", "head=1 tail=0", joined},
    {"ring not bound", "interface", unbound_ring},

    {"buffers of a VALE port", "fine", [] { return buffers({.name = "vale0:a"}); }},
    {"buffers of the largest rings", "fine",
     [] { return buffers({.name = "vale0:a", .tx_slots = 4096, .rx_slots = 4096}); }},
    {"buffers of a netdev", "fine", [] { return buffers({.name = "ve0"}); }},
    {"a buffer from two rings", "same", same_buffer_from_two_rings},
    {"interface, rings and buffers", "in pools at pool", pool_order},
    {"buffers of two ports in the caches", "apart", colours},
    {"buffers as in the reference", "0, the last one is 2049", no_colour},
    {"a buffer at an edge of the memory", "1023: 0 3 ", buffer_at_an_edge},
    {"a buffer at an edge given back", "nobody's", edge_given_back},
    {"interfaces of two descriptors", "0 1024", offsets_of_two},
    {"no extra buffers", "0", [] { return chain(0); }},
    {"1 extra buffer", "1", [] { return chain(1); }},
    {"1000 extra buffers", "1000", [] { return chain(1000); }},
};

}  // namespace

Table layout_table() {
  return kCases;
}

}  // namespace abi
