// SPDX-License-Identifier: BSD-2-Clause
#include <gtest/gtest.h>

#include "core.hpp"

namespace {

// Frames that lie in the sender's own memory arrive as if they lay in slots.
TEST(Fwd, CopiesIndirectFrames) {
  core::Buffers from(64, 2048, 4), to(64, 2048, 4);
  auto batch = core::make_batch();
  core::Table table(64);
  std::vector<u8> own(3000);
  netmap_slot tx[4] = {}, rx[4] = {};
  u8 old;

  for (size_t i = 0; i < own.size(); i++) own[i] = static_cast<u8>(i);
  core::put_mac(own.data(), 0xa2);
  vale_fdb_learn(&table.fdb, 0xa2, 1, 0, &old);
  tx[0] = {0, 1514, NS_INDIRECT | NS_MOREFRAG, reinterpret_cast<u64>(own.data())};
  tx[1] = {0, 1000, NS_INDIRECT, reinterpret_cast<u64>(own.data() + 1514)};
  for (u32 i = 0; i < 4; i++) rx[i].buf_idx = 10 + i;

  EXPECT_EQ(vale_batch_gather(batch.get(), tx, 4, 0, 2, &from.bufs), 2u);
  vale_batch_classify(batch.get(), &table.fdb, 0, 0);
  ASSERT_EQ(batch->to[1].slots, 2);

  vale_cursor c = vale_batch_begin(batch.get(), &batch->to[1]);
  vale_window w = {rx, &to.bufs, 4, 3, 3};
  vale_copied done = {};
  vale_batch_copy(batch.get(), &c, 1, &w, &done);
  EXPECT_EQ(done.packets, 1u);
  EXPECT_EQ(rx[3].len, 1514);
  EXPECT_EQ(rx[3].flags, 0x200 | NS_MOREFRAG);
  EXPECT_EQ(rx[0].flags, 0x200);
  EXPECT_EQ(memcmp(to.at(13), own.data(), 1514), 0);
  EXPECT_EQ(memcmp(to.at(10), own.data() + 1514, 1000), 0);
}

// 254 ports, one packet to each and one to all in between.
TEST(Fwd, ReachesEveryPort) {
  core::Buffers from(1024, 128, 6);
  auto batch = core::make_batch();
  core::Table table(1024);
  std::vector<netmap_slot> tx(512);
  u8 old;

  for (u32 i = 0; i < 508; i++) {
    u64 mac = i & 1 ? 0xffffffffffff : 2 + 4 * (i / 2);

    tx[i] = {2 + i, 60, 0, 0};
    core::put_mac(from.at(2 + i), mac);
    vale_fdb_learn(&table.fdb, mac, static_cast<u8>(i / 2), 0, &old);
  }
  vale_batch_gather(batch.get(), tx.data(), 512, 0, 508, &from.bufs);
  vale_batch_classify(batch.get(), &table.fdb, 253, 0);
  EXPECT_EQ(batch->ndst, 253);
  EXPECT_EQ(batch->drops[VALE_DROP_SAME_PORT], 1u);
  EXPECT_EQ(batch->flood.packets, 254);
  EXPECT_EQ(batch->nmulticast, 254u);
  for (u32 port = 0; port < 253; port++) {
    vale_cursor c = vale_batch_begin(batch.get(), &batch->to[port]);
    std::vector<u32> want, got;

    for (u32 i = 0; i < 508; i++)
      if (i & 1 || i / 2 == port) want.push_back(i);
    for (u16 i; (i = vale_batch_next(batch.get(), &c)) != VALE_BATCH_END;) got.push_back(i);
    ASSERT_EQ(got, want) << "port " << port;
  }
}

}  // namespace
