// SPDX-License-Identifier: BSD-2-Clause
// A program scribbles over rings and packets of both sides while the core works
// on them. ASan watches the accesses; what must hold is checked.
#include <gtest/gtest.h>

#include <atomic>
#include <random>
#include <thread>

#include "core.hpp"

namespace {

constexpr u32 kSlots = 256, kBufs = 300, kSize = 128;

struct Side {
  Side() : region(kBufs, kSize, 4), ring(kSlots) { region.chunks[7] = nullptr; }

  void scribble(std::minstd_rand& random) {
    netmap_slot& s = ring[random() % kSlots];

    WRITE_ONCE(s.buf_idx, static_cast<u32>(random() % 16 ? random() % (kBufs + 8) : random()));
    WRITE_ONCE(s.len, static_cast<u16>(random() % 8 ? 14 + random() % 110 : random()));
    WRITE_ONCE(s.flags, static_cast<u16>(random() & ~NS_INDIRECT));
    u8* data = region.at(2 + random() % (kBufs - 2));
    for (u32 i = 0; data && i < 12; i++) WRITE_ONCE(data[i], static_cast<u8>(random() & 3));
  }

  core::Buffers region;
  std::vector<netmap_slot> ring;
};

u32 drops(const u32* reasons) {
  u32 sum = 0;

  for (u32 i = 0; i < __VALE_DROP_MAX; i++) sum += reasons[i];
  return sum;
}

u64 deliver(vale_batch* b, u8 port, Side& to) {
  vale_cursor c = vale_batch_begin(b, &b->to[port]);
  vale_window w = {to.ring.data(), &to.region.bufs, kSlots, 3, kSlots - 1};
  vale_copied done = {};
  u32 packets, fit = vale_batch_fit(b, c, w.room, &packets);

  vale_batch_copy(b, &c, packets, &w, &done);
  EXPECT_LE(done.slots, fit);
  EXPECT_EQ(w.room, kSlots - 1 - done.slots);
  EXPECT_EQ(w.pos, (3 + done.slots) % kSlots);
  EXPECT_EQ(done.packets + drops(done.drops), packets);
  return done.packets;
}

TEST(Hostile, MemoryChangesWhileTheCoreReadsIt) {
  auto batch = core::make_batch();
  core::Table table(64);
  Side from, to;
  std::atomic<bool> stop = false;
  std::atomic<u32> changes = 0;
  u64 copied = 0;
  std::thread enemy([&] {
    std::minstd_rand random(1);

    while (!stop.load(std::memory_order_relaxed)) {
      from.scribble(random);
      to.scribble(random);
      changes.fetch_add(1, std::memory_order_relaxed);
    }
  });

  // The enemy may get the processor late: it decides when this is over.
  for (u32 round = 0; round < 2000 || changes < 100000; round++) {
    vale_batch* b = batch.get();
    u8 old;

    vale_batch_init(b);
    u32 end = vale_batch_gather(b, from.ring.data(), kSlots, round % kSlots, (round + 200) % kSlots,
                                &from.region.bufs);
    ASSERT_EQ(end, (round + 200) % kSlots);
    vale_batch_classify(b, &table.fdb, 2, static_cast<u16>(round));
    for (u32 i = 0; i < b->nlearn; i++) {
      ASSERT_FALSE(b->learn[i] & 1);
      vale_fdb_learn(&table.fdb, b->learn[i], static_cast<u8>(round % 4), static_cast<u16>(round),
                     &old);
    }
    for (u8 port = 0; port < 4; port++) copied += deliver(b, port, to);
  }
  stop = true;
  enemy.join();
  EXPECT_GT(table.fdb.used, 0u);
  EXPECT_GT(copied, 0u);
}

}  // namespace
