// SPDX-License-Identifier: BSD-2-Clause
// What runs at the same time in the module, under ThreadSanitizer: readers of
// a table without a lock, and many senders copying into one ring.
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <thread>

#include "core.hpp"

namespace {

u64 mac(u64 i) {
  return 2 + 4 * i;
}

// Ports are the low bits of the address, so a torn or foreign entry shows.
u8 port_of(u64 i, u8 moved) {
  return static_cast<u8>((i & 63) + moved);
}

TEST(Threads, ReadersSeeWholeEntriesWhileOneWrites) {
  constexpr u32 kMacs = 300;
  core::Table t(256);
  std::atomic<bool> stop = false;
  std::atomic<u64> found = 0;

  auto reader = [&] {
    const u32 end = vale_fdb_end(&t.fdb);
    vale_fdb_entry e;

    for (u64 i = 0; !stop.load(std::memory_order_relaxed); i++) {
      u8 port = vale_fdb_lookup(&t.fdb, mac(i % kMacs));
      u8 base = port_of(i % kMacs, 0);

      ASSERT_TRUE(port == VALE_PORT_FLOOD || port == base || port == base + 64);
      vale_fdb_stale(&t.fdb, mac(i % kMacs), base, static_cast<u16>(i));
      found.fetch_add(port != VALE_PORT_FLOOD, std::memory_order_relaxed);
      for (u32 cursor = 0; i % 1000 == 0 && vale_fdb_next(&t.fdb, &cursor, end, &e);)
        ASSERT_EQ(e.port & 63, (e.mac >> 2) & 63);
    }
  };
  std::thread one(reader), two(reader);

  for (u32 round = 0; round < 200 || found < 1000; round++) {
    u8 old;

    for (u64 i = 0; i < kMacs; i++)
      vale_fdb_learn(&t.fdb, mac(i), port_of(i, round & 1 ? 64 : 0), static_cast<u16>(round), &old);
    if (round % 8 == 7) {
      vale_fdb_doom(&t.fdb);
      for (u32 cursor = 0; cursor < vale_fdb_end(&t.fdb);)
        vale_fdb_flush(&t.fdb, &cursor, cursor + 100);
    }
  }
  stop = true;
  one.join();
  two.join();
}

// One ring as the module keeps it: a lock around the lease, none around copies.
struct Ring {
  static constexpr u32 kSlots = 64;

  Ring() { vale_lease_init(&lease, done, kSlots); }

  // Returns the number of slots reserved, at most `want`.
  u32 reserve(u32 want, u32* start) {
    std::lock_guard guard(lock);
    u32 k = std::min(want, vale_lease_room(&lease, hwcur.load(std::memory_order_acquire)));

    if (k) *start = vale_lease_reserve(&lease, k);
    return k;
  }

  // The last `unused` of k slots stay unfilled.
  void complete(u32 start, u32 k, u32 unused) {
    std::lock_guard guard(lock);

    if (vale_lease_shrink(&lease, start, k, unused)) k -= unused;
    vale_lease_complete(&lease, start, k);
  }

  std::mutex lock;
  vale_lease lease;
  u32 done[kSlots];
  u64 slot[kSlots] = {};  // plain memory: TSan sees if it is published too early
  std::atomic<u32> hwcur = 0;
};

void send(Ring& r, u64 id, u32 count) {
  u64 seq = 0;

  while (seq < count) {
    u32 start, k = r.reserve(1 + (seq * 7 + id) % 9, &start);
    if (!k) {
      std::this_thread::yield();
      continue;
    }
    u32 used = std::min<u32>(k, static_cast<u32>(count - seq));
    if (used > 1 && seq % 3 == 0) used--;
    for (u32 i = 0; i < k; i++)
      r.slot[vale_ring_add(start, i, Ring::kSlots)] = i < used ? id << 32 | ++seq : 0;
    r.complete(start, k, k - used);
  }
}

TEST(Threads, ManySendersKeepTheirOrderOnOneRing) {
  constexpr u64 kSenders = 3, kCount = 20000;
  std::vector<std::thread> senders;
  u64 last[kSenders] = {}, got = 0;
  u32 at = 0;
  Ring r;

  for (u64 id = 0; id < kSenders; id++) senders.emplace_back(send, std::ref(r), id, kCount);
  while (got < kSenders * kCount) {
    u32 tail = vale_lease_published(&r.lease);

    if (at == tail) std::this_thread::yield();
    for (; at != tail; at = vale_ring_next(at, Ring::kSlots)) {
      u64 what = r.slot[at];

      if (!what)  // an empty slot left over
        continue;
      ASSERT_EQ(what & 0xffffffff, ++last[what >> 32]);
      got++;
    }
    r.hwcur.store(at, std::memory_order_release);
  }
  for (auto& t : senders) t.join();
  EXPECT_EQ(r.lease.tail, r.lease.next);
}

}  // namespace
