// SPDX-License-Identifier: BSD-2-Clause
// vale::netmap::Port and Ring on a looping port.
#include "lib/netmap_port.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <cstring>

#include "fake_device.hpp"

namespace vale::netmap {
namespace {

class PortTest : public ::testing::Test {
 protected:
  FakeDevice device_;
};

TEST_F(PortTest, AsksForWhatItIsTold) {
  PortOptions options;
  options.extra_bufs = 5;
  options.flags = NR_ACCEPT_VNET_HDR;
  options.rx_slots = 64;
  const auto port = Port::open("vale0:a@conf:slots=32/x", options);
  ASSERT_FALSE(port);  // flags come before options
  EXPECT_EQ(port.error().errnum(), EINVAL);
  EXPECT_NE(port.error().context, "");
  const auto good = Port::open("vale0:a/x@conf:slots=32", options);
  ASSERT_TRUE(good);
  EXPECT_EQ(device_.registers.at(0).nr_extra_bufs, 5u);
  EXPECT_EQ(device_.registers[0].nr_tx_slots, 32u);
  EXPECT_EQ(device_.registers[0].nr_rx_slots, 64u);
  EXPECT_EQ(device_.registers[0].nr_flags,
            static_cast<std::uint64_t>(NR_ACCEPT_VNET_HDR | NR_EXCLUSIVE));
  EXPECT_TRUE(good->is_vale());
  EXPECT_EQ(good->tx().size(), 2u);
  EXPECT_EQ(good->mem_id(), 7);
}

TEST_F(PortTest, ErrorsSayWhichAndWhy) {
  device_.fail = EBUSY;
  const auto port = Port::open("netmap:eth0");
  ASSERT_FALSE(port);
  EXPECT_EQ(port.error().errnum(), EBUSY);
  EXPECT_EQ(port.error().object, "netmap:eth0");
  EXPECT_NE(port.error().context.find("eth0"), std::string::npos);
}

TEST_F(PortTest, OneRingMore) {
  const auto port = Port::open("netmap:eth0");
  const auto ring = port->open_ring(1);
  ASSERT_TRUE(ring);
  EXPECT_EQ(device_.registers.at(1).nr_mode, static_cast<std::uint32_t>(NR_REG_ONE_NIC));
  EXPECT_EQ(device_.registers[1].nr_ringid, 1);
}

TEST_F(PortTest, SpansEndWithTheCircle) {
  auto port = Port::open("vale0:a");
  const Ring& ring = port->tx().at(0);
  EXPECT_EQ(ring.space(), 7u);
  EXPECT_EQ(ring.ready().size(), 7u);
  EXPECT_EQ(ring.ready(3).size(), 3u);
  ring.advance(5);
  EXPECT_EQ(ring.ready().size(), 2u);
  EXPECT_TRUE(ring.pending());
  EXPECT_TRUE(port->tx_pending());
  ASSERT_TRUE(port->txsync());
  EXPECT_FALSE(port->tx_pending());
  EXPECT_EQ(ring.space(), 7u);
  EXPECT_EQ(ring.ready().size(), 3u);
  EXPECT_EQ(&ring.at(2), &ring.ready().back());
  EXPECT_EQ(&ring.at(3), ring.raw()->slot);
  ring.advance(7);
  EXPECT_TRUE(ring.empty());
  EXPECT_EQ(ring.raw()->head, 4u);
}

TEST_F(PortTest, BytesGoRound) {
  auto port = Port::open("vale0:a");
  const Ring& tx = port->tx()[1];
  netmap_slot& slot = tx.at(0);
  EXPECT_EQ(tx.room(slot).size(), 256u);
  std::memcpy(tx.room(slot).data(), "hello", 5);
  slot.len = 5;
  tx.advance(1);
  ASSERT_TRUE(port->txsync());
  const Ring& rx = port->rx()[1];
  ASSERT_EQ(rx.ready().size(), 1u);
  const auto bytes = rx.packet(rx.ready()[0]);
  EXPECT_EQ(std::string(bytes.begin(), bytes.end()), "hello");
}

TEST_F(PortTest, BuffersChangePlaces) {
  netmap_slot a{}, b{};
  a.buf_idx = 5, b.buf_idx = 9, a.ptr = 1, b.flags = NS_MOREFRAG;
  swap_buffers(a, b);
  EXPECT_EQ(a.buf_idx, 9u);
  EXPECT_EQ(b.ptr, 1u);
  EXPECT_EQ(b.flags, NS_MOREFRAG | NS_BUF_CHANGED);
}

}  // namespace
}  // namespace vale::netmap
