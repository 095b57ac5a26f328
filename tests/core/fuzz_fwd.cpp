// SPDX-License-Identifier: BSD-2-Clause
// A hostile TX ring through gather, classify and copy, against the model; and
// along a flow, against its slots.
#include "fuzz.hpp"
#include "model_fwd.hpp"

namespace {

constexpr u32 kBufs = 60, kSize = 192;
constexpr u8 kSrc = 2;

u64 pick_mac(FuzzedDataProvider& in) {
  static const u64 macs[] = {0, 0xa0, 0xb0, 0xc0, 0xd0, 0xe0, 0x5e0001, 0xffffffffffff};

  return in.PickValueInArray(macs);
}

u32 pick_index(FuzzedDataProvider& in) {
  return in.ConsumeIntegralInRange(0, 15) ? in.ConsumeIntegralInRange<u32>(0, kBufs + 4)
                                          : in.ConsumeIntegral<u32>();
}

u16 pick_len(FuzzedDataProvider& in) {
  return in.ConsumeIntegralInRange(0, 15) ? in.ConsumeIntegralInRange<u16>(12, 80)
                                          : in.ConsumeIntegral<u16>();
}

struct Sender {
  explicit Sender(FuzzedDataProvider& in) : region(kBufs, kSize, 3), own(kSize * 2) {
    region.chunks[4] = nullptr;
    for (u32 i = 0; i < region.memory.size(); i++)
      region.memory[i] = static_cast<u8>(i * 7 + (i >> 8));
    for (u32 i = 2; i < kBufs; i++)
      if (u8* data = region.at(i)) {
        core::put_mac(data, pick_mac(in));
        core::put_mac(data + 6, pick_mac(in));
      }
    ring.resize(in.ConsumeIntegralInRange<u32>(1, in.ConsumeBool() ? 1400 : 40));
    for (netmap_slot& s : ring) fill(s, in);
    while (ring.size() > 70 && in.ConsumeIntegralInRange(0, 2))
      long_packet(in.ConsumeIntegralInRange<size_t>(0, ring.size() - 70),
                  in.ConsumeIntegralInRange<u32>(60, 68));
  }

  void long_packet(size_t at, u32 frags) {
    while (frags--) ring[at++] = {5, 60, static_cast<u16>(frags ? NS_MOREFRAG : 0), 0};
  }

  // When the input is used up, all further slots are alike.
  void fill(netmap_slot& s, FuzzedDataProvider& in) {
    static const u16 flags[] = {
        0, 0, 0, 0, NS_MOREFRAG, NS_MOREFRAG, NS_INDIRECT, NS_NO_LEARN, NS_BUF_CHANGED, 0xffff};

    s = {pick_index(in), pick_len(in), in.PickValueInArray(flags), 0};
    if (s.flags & NS_INDIRECT) s.ptr = pick_pointer(in, s.len);
  }

  u64 pick_pointer(FuzzedDataProvider& in, u16 len) {
    u64 where = in.ConsumeIntegralInRange<u64>(0, kSize);

    return len > kSize || where < 8 ? where : reinterpret_cast<u64>(own.data() + where);
  }

  core::Buffers region;
  std::vector<u8> own;
  std::vector<netmap_slot> ring;
};

std::vector<netmap_slot> make_rx(FuzzedDataProvider& in) {
  std::vector<netmap_slot> ring(in.ConsumeIntegralInRange<u32>(2, 130));

  for (u32 i = 0; i < ring.size(); i++) ring[i] = {2 + i, 7, 7, 7};
  if (in.ConsumeBool())
    ring[in.ConsumeIntegralInRange<size_t>(0, ring.size() - 1)].buf_idx = pick_index(in);
  return ring;
}

void deliver(FuzzedDataProvider& in, vale_batch* b, const core::Model& model, u32 port) {
  auto queue = model.queue(port);
  u32 size = in.ConsumeBool() ? kSize : 64;
  core::Buffers region(140, size, 5), want_region(140, size, 5);
  auto ring = make_rx(in);
  auto want_ring = ring;
  u32 n = static_cast<u32>(ring.size());
  u32 room = in.ConsumeIntegralInRange<u32>(0, n - 1);
  u32 pos = in.ConsumeIntegralInRange<u32>(0, n - 1);
  core::ModelReceiver want = {want_ring, want_region, pos};
  size_t fit = 0;
  u32 need = 0, packets;

  for (; fit < queue.size() && need + queue[fit]->frags.size() <= room; fit++)
    need += static_cast<u32>(queue[fit]->frags.size());
  for (size_t i = 0; i < fit; i++) want.put(*queue[i]);

  vale_cursor c = vale_batch_begin(b, &b->to[port]);
  EXPECT(vale_batch_fit(b, c, room, &packets) == need);
  EXPECT(packets == fit);
  vale_window w = {ring.data(), &region.bufs, n, pos, room};
  vale_copied done = {};
  vale_batch_copy(b, &c, packets, &w, &done);

  EXPECT(done.packets == want.packets && done.slots == want.slots);
  EXPECT(done.bytes == want.bytes);
  EXPECT(w.pos == want.pos && w.room == room - want.slots);
  EXPECT(!memcmp(done.drops, want.drops, sizeof(want.drops)));
  EXPECT(c.packets == queue.size() - fit);
  EXPECT((vale_batch_next(b, &c) == VALE_BATCH_END) == (fit == queue.size()));
  // What a packet that failed half way wrote lies behind what was published.
  for (u32 i = 0; i < done.slots; i++) {
    u32 at = (pos + i) % n;
    const netmap_slot &got = ring[at], &exp = want_ring[at];

    EXPECT(got.len == exp.len && got.flags == exp.flags && got.buf_idx == exp.buf_idx);
  }
  EXPECT(region.memory == want_region.memory);
}

std::multiset<u32> indices(const std::vector<netmap_slot>& a, const std::vector<netmap_slot>& b) {
  std::multiset<u32> all;

  for (const netmap_slot& s : a) all.insert(s.buf_idx);
  for (const netmap_slot& s : b) all.insert(s.buf_idx);
  return all;
}

// Within the sender's region, whatever indices occur twice: none is lost or made, and slots say
// what the model says.
void deliver_exchanging(FuzzedDataProvider& in, vale_batch* b, Sender& sender,
                        const core::Model& model) {
  auto queue = model.queue(1);
  std::vector<netmap_slot> ring(1500);
  u32 pos = in.ConsumeIntegralInRange<u32>(0, 1499), bad = 0;
  vale_cursor c = vale_batch_begin(b, &b->to[1]);
  vale_window w = {ring.data(), &sender.region.bufs, 1500, pos, c.slots};
  const u32 slots = c.slots;
  vale_copied done = {};

  for (netmap_slot& s : ring) s = {pick_index(in), 7, 7, 7};
  auto before = indices(sender.ring, ring);
  b->exchange = true;
  vale_batch_copy(b, &c, c.packets, &w, &done);
  EXPECT(indices(sender.ring, ring) == before);
  EXPECT(c.packets == 0 && w.room + done.slots == slots);
  for (u32 drops : done.drops) bad += drops;
  EXPECT(done.packets + bad == queue.size());
  for (u32 i = 0; i < done.slots; i++) {
    const netmap_slot& s = ring[(pos + i) % 1500];

    EXPECT(s.len <= kSize && (s.flags & ~(NS_PORT_MASK | NS_MOREFRAG | NS_BUF_CHANGED)) == 0);
  }
}

// Slots from `from` on that are alike and have these addresses, read one by one.
std::vector<u32> flow_slots(Sender& sender, u64 dst, u64 src, u32 size, u32 from, u32 to) {
  u32 n = static_cast<u32>(sender.ring.size());
  std::vector<u32> slots;

  for (; from != to; from = (from + 1) % n) {
    const netmap_slot& s = sender.ring[from];
    const u8* data = sender.region.at(s.buf_idx);

    if (!data || s.len < 14 || s.len > std::min(size, kSize) ||
        s.flags & (NS_MOREFRAG | NS_INDIRECT) || vale_mac_load(data) != dst ||
        vale_mac_load(data + 6) != src)
      break;
    slots.push_back(from);
  }
  return slots;
}

vale_flow pick_flow(FuzzedDataProvider& in, u64* dst, u64* src) {
  vale_flow flow = {};

  *dst = pick_mac(in);
  *src = pick_mac(in);
  vale_flow_address(&flow, *dst, *src);
  return flow;
}

// From there on to the ring's end, to `to`, and as far as the other ring goes.
vale_stretch stretch(Sender& sender, u32 from, u32 to, std::vector<netmap_slot>& ring, u32 pos,
                     const vale_bufs* bufs) {
  size_t end = to >= from ? to : sender.ring.size();

  return {&sender.ring[from],
          &ring[pos],
          &sender.region.bufs,
          bufs,
          static_cast<u32>(std::min(end - from, ring.size() - pos)),
          0};
}

// The first `got` slots, and nothing else in a region that was filled with 5.
void expect_copied(const vale_stretch& s, u32 got, Sender& sender, const core::Buffers& region) {
  core::Buffers want(140, region.bufs.size, 5);
  u32 bytes = 0;

  for (u32 i = 0; i < got; i++) {
    const netmap_slot &sent = s.from[i], &r = s.to[i];

    EXPECT(r.len == sent.len && r.flags == 1 << NS_PORT_SHIFT && !(sent.flags & NS_BUF_CHANGED));
    memcpy(want.at(r.buf_idx), sender.region.at(sent.buf_idx), sent.len);
    bytes += sent.len;
  }
  EXPECT(s.bytes == bytes && region.memory == want.memory);
}

// Nothing but what the slots found one by one have, up to the first that does not fit.
void follow(FuzzedDataProvider& in, Sender& sender, u32 from, u32 to) {
  u64 dst, src;
  const vale_flow flow = pick_flow(in, &dst, &src);
  u32 size = in.ConsumeBool() ? kSize : 64;
  auto slots = flow_slots(sender, dst, src, size, from, to);
  core::Buffers region(140, size, 5);
  auto ring = make_rx(in);
  u32 pos = in.ConsumeIntegralInRange<u32>(0, static_cast<u32>(ring.size()) - 1);
  vale_stretch s = stretch(sender, from, to, ring, pos, &region.bufs);
  u32 count = vale_flow_count(&flow, &s), got;

  EXPECT(count == std::min<size_t>(slots.size(), s.slots));
  EXPECT(!count || vale_flow_seems(&flow, s.from, s.from_bufs));
  if (s.slots == 1) {
    s.bytes = vale_flow_copy_one(&flow, &s);
    got = s.bytes != 0;
  } else {
    got = vale_flow_copy(&flow, &s);
  }
  EXPECT(got <= count);
  expect_copied(s, got, sender, region);
  EXPECT(got == count || !region.at(s.to[got].buf_idx));
}

// Slots from `from` on that are as in flow_slots, but go to any address that is behind the port.
std::vector<u32> varied_slots(const vale_fdb& fdb, u8 port, Sender& sender, u64 src, u32 from,
                              u32 to) {
  u32 n = static_cast<u32>(sender.ring.size());
  std::vector<u32> slots;

  for (; from != to; from = (from + 1) % n) {
    const u8* data = sender.region.at(sender.ring[from].buf_idx);

    if (!data || vale_fdb_lookup(&fdb, vale_mac_load(data)) != port ||
        flow_slots(sender, vale_mac_load(data), src, kSize, from, (from + 1) % n).empty())
      break;
    slots.push_back(from);
  }
  return slots;
}

// Most slots hold packets from `src` to one of two addresses. Used-up input leaves all like that.
void tame(FuzzedDataProvider& in, Sender& sender, u64 src) {
  auto rarely = [&] { return in.ConsumeIntegralInRange(0, 39) == 39; };

  for (u32 i = 2; i < 32; i++) {
    u8* data = sender.region.at(i);

    core::put_mac(data, rarely() ? pick_mac(in) : i & 1 ? 0xb0 : 0xe0);
    core::put_mac(data + 6, rarely() ? pick_mac(in) : src);
  }
  for (u32 i = 0; i < sender.ring.size(); i++)
    if (!rarely()) sender.ring[i] = {2 + i % 30, 60, 0, 0};
}

// As follow.
void follow_varied(FuzzedDataProvider& in, const vale_fdb& fdb, Sender& sender, u32 from, u32 to) {
  u64 dst, src;
  vale_flow flow = pick_flow(in, &dst, &src);
  core::Buffers region(140, kSize, 5);
  auto ring = make_rx(in);
  u32 pos = in.ConsumeIntegralInRange<u32>(0, static_cast<u32>(ring.size()) - 1);
  vale_stretch s = stretch(sender, from, to, ring, pos, &region.bufs);

  flow.port = 1;
  tame(in, sender, src);
  size_t most = std::min<size_t>(varied_slots(fdb, 1, sender, src, from, to).size(), s.slots);
  u32 got = vale_flow_copy_varied(&flow, &fdb, &s);
  EXPECT(got <= most);
  expect_copied(s, got, sender, region);
  EXPECT(got == most || !region.at(s.to[got].buf_idx));
}

// No index is lost or made, and slots say what they said.
void follow_exchanging(FuzzedDataProvider& in, Sender& sender, u32 from, u32 to) {
  u64 dst, src;
  const vale_flow flow = pick_flow(in, &dst, &src);
  auto slots = flow_slots(sender, dst, src, kSize, from, to);
  std::vector<netmap_slot> ring(100);
  u32 pos = in.ConsumeIntegralInRange<u32>(0, 99);
  vale_stretch s = stretch(sender, from, to, ring, pos, &sender.region.bufs);
  const auto sent = sender.ring;

  for (netmap_slot& r : ring) r = {pick_index(in), 7, 7, 7};
  auto before = indices(sender.ring, ring);
  u32 got = vale_flow_exchange(&flow, &s);
  EXPECT(indices(sender.ring, ring) == before);
  size_t most = std::min<size_t>(slots.size(), s.slots);
  EXPECT(got == most || (got < most && !vale_buf_exists(&sender.region.bufs, s.to[got].buf_idx)));
  for (u32 i = 0; i < got; i++) {
    const netmap_slot &was = sent[from + i], &r = s.to[i];

    EXPECT(r.len == was.len && r.flags == (1 << NS_PORT_SHIFT | NS_BUF_CHANGED));
    EXPECT(r.buf_idx == was.buf_idx && s.from[i].len == r.len);
    EXPECT(s.from[i].flags & NS_BUF_CHANGED);
    s.bytes -= r.len;
  }
  EXPECT(s.bytes == 0);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const u8* data, size_t size) {
  static auto batch = core::make_batch();  // one, as a CPU reuses its own
  FuzzedDataProvider in(data, size);
  core::Table table(64);
  vale_batch* b = batch.get();
  core::Model model;
  u8 old;

  vale_fdb_learn(&table.fdb, 0xa0, 0, 100, &old);
  vale_fdb_learn(&table.fdb, 0xb0, 1, 90, &old);
  vale_fdb_learn(&table.fdb, 0xc0, kSrc, 100, &old);
  vale_fdb_learn(&table.fdb, 0xd0, 253, 100, &old);
  if (in.ConsumeBool()) vale_fdb_learn(&table.fdb, 0xe0, 1, 100, &old);
  Sender sender(in);
  u32 n = static_cast<u32>(sender.ring.size());
  u32 from = in.ConsumeIntegralInRange<u32>(0, n - 1);
  u32 to = in.ConsumeIntegralInRange<u32>(0, n - 1);

  u32 want = model.gather(sender.ring, from, to, sender.region.bufs);
  model.classify(table.fdb, kSrc, 100);
  vale_batch_init(b);
  EXPECT(vale_batch_gather(b, sender.ring.data(), n, from, to, &sender.region.bufs) == want);
  EXPECT(b->npackets == model.packets.size() && b->nfrags == model.slots);
  EXPECT(b->nbytes == model.bytes);
  for (u32 i = from; i != want; i = (i + 1) % n) EXPECT(!(sender.ring[i].flags & NS_BUF_CHANGED));
  vale_batch_classify(b, &table.fdb, kSrc, 100);
  EXPECT(!memcmp(b->drops, model.drops, sizeof(model.drops)));
  EXPECT(b->nmulticast == model.multicast);
  EXPECT(std::set<u64>(b->learn, b->learn + b->nlearn) == model.learn);
  for (u32 port : {0u, 1u, 253u, 9u}) deliver(in, b, model, port);
  deliver_exchanging(in, b, sender, model);
  follow(in, sender, from, to);
  follow_exchanging(in, sender, from, to);
  follow_varied(in, table.fdb, sender, from, to);
  return 0;
}
