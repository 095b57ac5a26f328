// SPDX-License-Identifier: BSD-2-Clause
// Forwarding between rings: whole packets, limits, buffers.
#include "apps/common/forward.hpp"

#include <gtest/gtest.h>

#include <cstring>

#include "apps/common/open_port.hpp"
#include "fake_device.hpp"

namespace apps {
namespace {

using vale::netmap::Port;
using vale::netmap::Ring;

class Forward : public ::testing::Test {
 protected:
  Forward() {
    device_.tx_rings = device_.rx_rings = 1;
    from_.emplace(open_port("vale0:a"));
    device_.mem_id = 8;
    device_.buf_size = 100;
    device_.slots = 6;
    to_.emplace(open_port("vale1:b"));
  }

  // Puts a packet of these fragments into from's RX ring.
  void arrive(const std::vector<std::string>& fragments, bool whole = true) {
    const Ring& tx = from_->tx()[0];
    for (std::size_t i = 0; i < fragments.size(); i++) {
      netmap_slot& slot = tx.at(static_cast<std::uint32_t>(i));
      slot.len = static_cast<std::uint16_t>(fragments[i].size());
      slot.flags = i + 1 < fragments.size() || !whole ? NS_MOREFRAG | 0x300 : 0x300;
      std::memcpy(tx.room(slot).data(), fragments[i].data(), fragments[i].size());
    }
    tx.advance(static_cast<std::uint32_t>(fragments.size()));
    ASSERT_TRUE(from_->txsync());
  }

  FakeDevice device_;
  std::optional<Port> from_, to_;
};

TEST_F(Forward, CopiesWholePackets) {
  arrive({"one"});
  arrive({"two", "three"});
  arrive({"four"}, false);
  EXPECT_EQ(packet_slots(from_->rx()[0]), 1u);
  EXPECT_EQ(packet_slots(from_->rx()[0], 1), 2u);
  EXPECT_EQ(packet_slots(from_->rx()[0], 3), 0u);
  const Moved moved = forward(*from_, *to_, 100, Transfer::kCopy);
  EXPECT_EQ(moved.packets, 2u);
  EXPECT_EQ(moved.slots, 3u);
  EXPECT_EQ(from_->rx()[0].space(), 1u);
  const netmap_ring* ring = to_->tx()[0].raw();
  EXPECT_EQ(ring->head, 3u);
  EXPECT_EQ(ring->slot[1].flags, NS_MOREFRAG);
  EXPECT_EQ(ring->slot[2].flags, 0);
  EXPECT_EQ(std::string(NETMAP_BUF(ring, ring->slot[2].buf_idx), 5), "three");
}

TEST_F(Forward, StopsWhereTheOtherRingIsFull) {
  for (int i = 0; i < 3; i++) arrive({"a", "b"});
  EXPECT_EQ(forward(*from_, *to_, 100, Transfer::kCopy).packets, 2u);
  EXPECT_EQ(to_->tx()[0].space(), 1u);
  EXPECT_EQ(from_->rx()[0].space(), 2u);
}

TEST_F(Forward, TakesAtLeastOnePacketHoweverSmallTheLimit) {
  arrive({"a", "b"});
  arrive({"c", "d"});
  EXPECT_EQ(forward(*from_, *to_, 1, Transfer::kCopy).slots, 2u);
  EXPECT_EQ(forward(*from_, *to_, 3, Transfer::kCopy).slots, 2u);
}

TEST_F(Forward, DropsWhatDoesNotFitIntoABuffer) {
  arrive({"a", std::string(101, 'x')});
  arrive({"fits"});
  const Moved moved = forward(*from_, *to_, 100, Transfer::kCopy);
  EXPECT_EQ(moved.dropped, 1u);
  EXPECT_EQ(moved.packets, 1u);
  EXPECT_EQ(to_->tx()[0].raw()->slot[0].len, 4);
}

TEST_F(Forward, SwapsBuffersWithinARegion) {
  arrive({"swap"});
  const std::uint32_t there = from_->rx()[0].at(0).buf_idx, here = from_->tx()[0].at(0).buf_idx;
  const netmap_slot& to = from_->tx()[0].at(0);
  EXPECT_EQ(forward(*from_, *from_, 100, Transfer::kSwap).packets, 1u);
  EXPECT_EQ(to.buf_idx, there);
  EXPECT_EQ(to.flags, NS_BUF_CHANGED);
  EXPECT_EQ(from_->rx()[0].raw()->slot[0].buf_idx, here);
}

}  // namespace
}  // namespace apps
