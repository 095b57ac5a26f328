// SPDX-License-Identifier: BSD-2-Clause
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "core.hpp"

namespace {

std::vector<u64> random_macs(size_t n, u64 seed) {
  std::mt19937_64 random(seed);
  std::vector<u64> macs(n + 16);

  for (u64& mac : macs) mac = (random() & 0xfffffffffffe) | 2;
  std::sort(macs.begin(), macs.end());
  macs.erase(std::unique(macs.begin(), macs.end()), macs.end());
  std::shuffle(macs.begin(), macs.end(), random);
  macs.resize(n);
  return macs;
}

void expect_all_fit(const std::vector<u64>& macs, u32 entries) {
  core::Table t(entries);
  u8 old;

  for (size_t i = 0; i < macs.size(); i++)
    ASSERT_EQ(vale_fdb_learn(&t.fdb, macs[i], static_cast<u8>(i % 254), 0, &old), VALE_FDB_NEW)
        << "address " << i;
  for (size_t i = 0; i < macs.size(); i++) ASSERT_EQ(vale_fdb_lookup(&t.fdb, macs[i]), i % 254);
  EXPECT_EQ(t.fdb.used, macs.size());
  EXPECT_EQ(t.fdb.full, 0u);
}

TEST(Fdb, Holds200000RandomAddressesOf256Ki) {
  expect_all_fit(random_macs(200000, 1), 262144);
}

TEST(Fdb, CanBeFilledToTheLastEntry) {
  for (u32 entries = VALE_FDB_MIN; entries <= VALE_FDB_MAX; entries *= 16)
    expect_all_fit(random_macs(entries, entries), entries);
}

// Addresses as a hypervisor or a traffic generator hands them out.
TEST(Fdb, HoldsConsecutiveAddresses) {
  std::vector<u64> last_octets, first_octets;

  for (u64 i = 0; i < 8192; i++) {
    last_octets.push_back(0x02 | i << 32);
    first_octets.push_back(2 + 2 * i);
  }
  expect_all_fit(last_octets, 8192);
  expect_all_fit(first_octets, 8192);
}

void copy(core::Table& to, const core::Table& from) {
  u32 cursor = 0;

  while (cursor < vale_fdb_end(&from.fdb)) vale_fdb_copy(&to.fdb, &from.fdb, &cursor, cursor + 100);
}

TEST(Fdb, ASecondCopyBringsWhatIsNewer) {
  core::Table from(64), to(256);
  u8 old;

  for (u64 mac : {2, 4, 6}) vale_fdb_learn(&from.fdb, mac, 9, 65530, &old);
  vale_fdb_add_static(&from.fdb, 8, 9);
  copy(to, from);
  vale_fdb_learn(&from.fdb, 2, 1, 3, &old);  // moved, after the clock went round
  vale_fdb_learn(&from.fdb, 10, 1, 3, &old);
  vale_fdb_learn(&to.fdb, 4, 5, 65531, &old);
  copy(to, from);
  EXPECT_EQ(vale_fdb_lookup(&to.fdb, 2), 1);
  EXPECT_EQ(vale_fdb_lookup(&to.fdb, 4), 5);
  EXPECT_EQ(vale_fdb_lookup(&to.fdb, 6), 9);
  EXPECT_EQ(vale_fdb_lookup(&to.fdb, 8), 9);
  EXPECT_EQ(vale_fdb_lookup(&to.fdb, 10), 1);
  EXPECT_EQ(to.fdb.used, 5u);
}

TEST(Fdb, CopiesIntoALargerAndASmallerTable) {
  auto macs = random_macs(8192, 3);
  core::Table t(8192), larger(16384), smaller(1024);
  u8 old;

  for (u64 mac : macs) vale_fdb_learn(&t.fdb, mac, 9, 77, &old);
  vale_fdb_add_static(&t.fdb, macs[5], 3);
  copy(larger, t);
  for (u64 mac : macs) ASSERT_EQ(vale_fdb_lookup(&larger.fdb, mac), mac == macs[5] ? 3 : 9);
  EXPECT_FALSE(vale_fdb_stale(&larger.fdb, macs[5], 9, 9999));
  EXPECT_FALSE(vale_fdb_stale(&larger.fdb, macs[6], 9, 77));
  copy(smaller, t);
  EXPECT_EQ(smaller.fdb.used, 1024u);
  EXPECT_EQ(smaller.fdb.full, 8192u - 1024u);
}

// A port leaves a full table while others learn: nothing of it stays, and nobody else goes.
TEST(Fdb, FlushedInStridesWhileOthersLearn) {
  constexpr u32 kEntries = 1 << 18, kStride = 6144;
  auto macs = random_macs(kEntries + kEntries / 2, 5);
  core::Table t(kEntries);
  size_t next = kEntries;
  u32 cursor = 0, gone = 0;
  u8 old;

  for (size_t i = 0; i < kEntries; i++)
    vale_fdb_learn(&t.fdb, macs[i], static_cast<u8>(i & 1), 0, &old);
  vale_fdb_doom_port(&t.fdb, 0, true);
  while (cursor < vale_fdb_end(&t.fdb)) {
    u32 before = cursor;

    vale_fdb_flush(&t.fdb, &cursor, cursor + kStride);
    ASSERT_LE(cursor - before, kStride);
    for (int i = 0; i < 2000 && t.fdb.used < t.fdb.limit; i++)
      ASSERT_EQ(vale_fdb_learn(&t.fdb, macs[next++], 2, 0, &old), VALE_FDB_NEW);
  }
  for (size_t i = 0; i < next; i++) {
    u8 want = i >= kEntries ? 2 : i & 1 ? 1 : VALE_PORT_FLOOD;

    ASSERT_EQ(vale_fdb_lookup(&t.fdb, macs[i]), want) << "address " << i;
    gone += want == VALE_PORT_FLOOD;
  }
  EXPECT_EQ(t.fdb.used, next - gone);
  EXPECT_GT(next, kEntries + kEntries / 4);
}

}  // namespace
