// SPDX-License-Identifier: BSD-2-Clause
// A packet with a hostile virtio-net header, in fragments that end where their memory does, to a
// receiver with another header: nothing is read beyond the packet nor written beyond the slots that
// were reserved, and every frame is accounted for.
#include <algorithm>
#include <numeric>

#include "fuzz.hpp"
extern "C" {
#include "offsets.h"
#include "vnet.h"
}

namespace {

constexpr u32 kSlots = 40;

// What is nearly a packet of the kind that the header says.
std::vector<u8> make_packet(FuzzedDataProvider& in, u32 header) {
  static const u8 types[] = {0, 1, 3, 4, 0x81, 0x84, 2, 0xff};
  bool v6 = in.ConsumeBool(), tcp = in.ConsumeBool();
  u32 tags = in.ConsumeIntegralInRange(0, 3), ext = in.ConsumeIntegralInRange(0, 3);
  u32 l3 = 14 + 4 * tags, l4 = l3 + (v6 ? 40 + 8 * ext : 20 + 4 * ext);
  std::vector<u8> bytes(header + l4 + 60 + in.ConsumeIntegralInRange(0, 4000));
  vale_vnet_hdr hdr = {};
  u8* ip = bytes.data() + header + l3;

  hdr.flags = in.ConsumeIntegralInRange<u8>(0, 4);
  hdr.gso_type = in.PickValueInArray(types);
  hdr.gso_size =
      in.ConsumeBool() ? in.ConsumeIntegralInRange<u16>(60, 1500) : in.ConsumeIntegral<u16>();
  hdr.csum_start = in.ConsumeBool() ? static_cast<u16>(l4) : in.ConsumeIntegral<u16>();
  hdr.csum_offset = in.ConsumeBool() ? 16 : in.ConsumeIntegral<u16>();
  memcpy(bytes.data(), &hdr, header);
  for (u32 i = 0; i < tags; i++) bytes[header + 12 + 4 * i] = 0x81;
  bytes[header + l3 - 2] = v6 ? 0x86 : 0x08;
  bytes[header + l3 - 1] = v6 ? 0xdd : 0;
  ip[0] = static_cast<u8>(v6 ? 0x60 : 0x45 + ext);
  ip[v6 ? 6 : 9] = tcp ? 6 : 17;
  for (u32 i = 0; v6 && i < ext; i++) {
    ip[i ? 40 + 8 * (i - 1) : 6] = 60;
    ip[40 + 8 * i] = tcp ? 6 : 17;
  }
  ip[l4 - l3 + 12] = static_cast<u8>(in.ConsumeIntegralInRange(4, 15) << 4);
  return bytes;
}

void spoil(FuzzedDataProvider& in, std::vector<u8>& bytes) {
  for (u32 n = in.ConsumeIntegralInRange(0, 3); n; n--)
    bytes[in.ConsumeIntegralInRange<size_t>(0, std::min<size_t>(bytes.size() - 1, 120))] =
        in.ConsumeIntegral<u8>();
  if (in.ConsumeBool()) bytes.resize(in.ConsumeIntegralInRange<size_t>(14, bytes.size()));
}

// Each fragment in memory of its own, so that a byte too far is noticed.
struct Source {
  Source(FuzzedDataProvider& in, u32 header) : batch(core::make_batch()) {
    std::vector<u8> bytes = make_packet(in, header);
    size_t at = 0;

    spoil(in, bytes);
    batch->header = static_cast<u8>(header);
    while (at < bytes.size() && batch->nfrags < NETMAP_MAX_FRAGS) {
      size_t rest = bytes.size() - at;
      size_t n =
          in.ConsumeBool() ? std::min<size_t>(rest, in.ConsumeIntegralInRange(0, 100)) : rest;

      memory.emplace_back(bytes.begin() + static_cast<long>(at),
                          bytes.begin() + static_cast<long>(at + n));
      memory.back().shrink_to_fit();
      batch->frag[batch->nfrags++] = {memory.back().data(), {{static_cast<u16>(n), 0}}, {{0, 0}}};
      at += n;
    }
    batch->frag[0].nfrags = batch->nfrags;
    batch->frag[0].next = VALE_BATCH_END;
    batch->flood = {0, 0, batch->nfrags, 1};
  }

  std::vector<std::vector<u8>> memory;
  core::Batch batch;
};

void deliver(FuzzedDataProvider& in, vale_batch* b, u32 header) {
  u32 size = 64 * in.ConsumeIntegralInRange<u32>(1, 32);
  core::Buffers region(2 + kSlots, size, 8);
  std::vector<netmap_slot> ring(kSlots);
  for (u32 i = 0; i < kSlots; i++) ring[i].buf_idx = 2 + i;
  if (!in.ConsumeIntegralInRange(0, 7))
    ring[in.ConsumeIntegralInRange<u32>(0, kSlots - 1)].buf_idx = 1;
  if (in.ConsumeBool()) {
    vale_offsets offsets = {in.ConsumeIntegralInRange<u64>(0, size), 0, 0, 0,
                            in.ConsumeIntegralInRange<u64>(0, size)};

    vale_offsets_set(&region.bufs, &offsets, 0xffff);
    for (netmap_slot& slot : ring) slot.ptr = in.ConsumeIntegral<u64>();
  }
  std::fill(region.memory.begin(), region.memory.end(), 0xee);
  vale_window w = {ring.data(), &region.bufs, kSlots, in.ConsumeIntegralInRange<u32>(0, kSlots - 1),
                   0};
  vale_cursor c = vale_batch_begin(b, nullptr);
  vale_copied done = {};
  u32 first = w.pos, packets, room = in.ConsumeIntegralInRange<u32>(0, kSlots - 1);

  done.asked = c.packets;
  u32 got = vale_vnet_fit(b, c, header, &region.bufs, room, &packets);
  EXPECT(got <= room && packets <= 1);
  w.room = got;
  vale_vnet_copy(b, &c, packets, header, &w, &done);
  EXPECT(done.slots + w.room == got);
  u32 lost = std::accumulate(std::begin(done.drops), std::end(done.drops), 0u);
  EXPECT(done.packets + lost + b->drops[VALE_DROP_IN_OFFLOAD] + c.packets == done.asked);
  u64 bytes = 0;
  for (u32 i = 0; i < kSlots; i++) {
    u32 at = (first + i) % kSlots;
    const u8* buf = region.at(ring[at].buf_idx);

    if (i < done.slots) EXPECT(ring[at].len <= vale_bufs_room(&region.bufs));
    if (i < done.slots) bytes += ring[at].len;
    if (i >= got && buf) EXPECT(std::all_of(buf, buf + size, [](u8 byte) { return byte == 0xee; }));
  }
  EXPECT(bytes == done.bytes);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const u8* data, size_t size) {
  static const u32 headers[] = {0, VALE_VNET_SHORT, VALE_VNET_LONG};
  FuzzedDataProvider in(data, size);
  Source source(in, in.PickValueInArray(headers));
  u32 header = in.PickValueInArray(headers);
  u8 copy[VALE_ETH_HEADER];

  if (vale_vnet_fetch(source.batch.get(), 0, copy)) return 0;
  if (header != source.batch->header) deliver(in, source.batch.get(), header);
  return 0;
}
