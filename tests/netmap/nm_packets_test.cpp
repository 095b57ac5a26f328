// SPDX-License-Identifier: BSD-2-Clause
// nm_inject, nm_dispatch, nm_nextpkt and the macros on rings of a looping port.
#include <gtest/gtest.h>

#define NETMAP_WITH_LIBS
#include <net/netmap_user.h>

#include <string>
#include <vector>

#include "fake_device.hpp"

namespace {

struct Seen {
  std::string bytes;
  std::uint32_t len;
  bool more;
};

void see(unsigned char* arg, const nm_pkthdr* hdr, const unsigned char* buf) {
  auto& seen = *reinterpret_cast<std::vector<Seen>*>(arg);
  seen.push_back({{reinterpret_cast<const char*>(buf), hdr->caplen},
                  hdr->len,
                  (hdr->flags & NM_MORE_PKTS) != 0});
  EXPECT_EQ(static_cast<const void*>(hdr->buf), buf);
  EXPECT_EQ(hdr->d->hdr.slot, hdr->slot);
}

class Packets : public ::testing::Test {
 protected:
  void SetUp() override {
    d_ = nm_open("vale0:a", nullptr, 0, nullptr);
    ASSERT_NE(d_, nullptr);
  }
  void TearDown() override { nm_close(d_); }

  int inject(const std::string& bytes) { return nm_inject(d_, bytes.data(), bytes.size()); }
  void sync() { ASSERT_EQ(ioctl(NETMAP_FD(d_), NIOCTXSYNC), 0); }
  std::vector<Seen> dispatch(int count, int want) {
    std::vector<Seen> seen;
    EXPECT_EQ(nm_dispatch(d_, count, see, reinterpret_cast<unsigned char*>(&seen)), want);
    EXPECT_EQ(static_cast<int>(seen.size()), want);
    return seen;
  }

  FakeDevice device_;
  nm_desc* d_ = nullptr;
};

TEST_F(Packets, ArriveInOrder) {
  for (const char* text : {"one", "two", "three"}) EXPECT_EQ(inject(text), int(strlen(text)));
  dispatch(-1, 0);
  sync();
  const auto seen = dispatch(2, 2);
  EXPECT_EQ(seen[0].bytes, "one");
  EXPECT_TRUE(seen[0].more);
  EXPECT_EQ(seen[1].bytes, "two");
  EXPECT_FALSE(seen[1].more);
  EXPECT_EQ(dispatch(0, 1)[0].bytes, "three");
}

TEST_F(Packets, FillOneRingThenTheNext) {
  for (int i = 0; i < 14; i++) EXPECT_EQ(inject("x"), 1) << i;
  EXPECT_EQ(inject("x"), 0);
  EXPECT_EQ(nm_ring_space(NETMAP_TXRING(d_->nifp, 0)), 0u);
  EXPECT_EQ(nm_ring_space(NETMAP_TXRING(d_->nifp, 1)), 0u);
  EXPECT_NE(nm_tx_pending(NETMAP_TXRING(d_->nifp, 0)), 0);
  sync();
  EXPECT_EQ(nm_tx_pending(NETMAP_TXRING(d_->nifp, 0)), 0);
  EXPECT_EQ(dispatch(0, 14).back().more, false);
}

TEST_F(Packets, LongOnesAreCutIntoFragments) {
  std::string big;
  for (int i = 0; i < 600; i++) big.push_back(static_cast<char>(i * 7));
  EXPECT_EQ(inject(big), 600);
  const auto* ring = NETMAP_TXRING(d_->nifp, 0);
  EXPECT_EQ(ring->slot[0].len, 256);
  EXPECT_EQ(ring->slot[1].flags, NS_MOREFRAG);
  EXPECT_EQ(ring->slot[2].len, 88);
  EXPECT_EQ(ring->slot[2].flags, 0);
  sync();
  const auto seen = dispatch(0, 1);
  EXPECT_EQ(seen[0].len, 600u);
  EXPECT_EQ(seen[0].bytes, big);  // neighbouring buffers: one piece
  EXPECT_EQ(inject(std::string(256 * 7 + 1, 'x')), 0);
}

TEST_F(Packets, ScatteredFragmentsShowTheirFirstPiece) {
  EXPECT_EQ(inject(std::string(300, 'a')), 300);
  auto* ring = NETMAP_RXRING(d_->nifp, 0);
  std::swap(ring->slot[1].buf_idx, ring->slot[5].buf_idx);
  sync();
  const auto seen = dispatch(0, 1);
  EXPECT_EQ(seen[0].len, 300u);
  EXPECT_EQ(seen[0].bytes.size(), 256u);
}

TEST_F(Packets, NextPacketGoesSlotBySlot) {
  EXPECT_EQ(inject(std::string(300, 'a')), 300);
  EXPECT_EQ(inject("b"), 1);
  sync();
  nm_pkthdr hdr{};
  for (const std::uint32_t len : {256u, 44u, 1u}) {
    const unsigned char* bytes = nm_nextpkt(d_, &hdr);
    ASSERT_NE(bytes, nullptr);
    EXPECT_EQ(hdr.len, len);
    EXPECT_EQ(hdr.caplen, len);
    EXPECT_EQ(*bytes, len == 1 ? 'b' : 'a');
  }
  EXPECT_EQ(nm_nextpkt(d_, &hdr), nullptr);
}

TEST_F(Packets, OffsetsAreObeyed) {
  auto* ring = NETMAP_TXRING(d_->nifp, 0);
  const_cast<std::uint64_t&>(ring->offset_mask) = 0xffff;
  NETMAP_WOFFSET(ring, &ring->slot[0], 200);
  EXPECT_EQ(inject(std::string(100, 'x')), 100);
  EXPECT_EQ(ring->slot[0].len, 56);
  EXPECT_EQ(*NETMAP_BUF_OFFSET(ring, &ring->slot[0]), 'x');
  EXPECT_EQ(NETMAP_BUF(ring, ring->slot[0].buf_idx)[199], 0);
}

TEST_F(Packets, BuffersAreFoundAgain) {
  const auto* ring = NETMAP_RXRING(d_->nifp, 1);
  for (std::uint32_t i = 0; i < ring->num_slots; i++) {
    const std::uint32_t index = ring->slot[i].buf_idx;
    EXPECT_EQ(NETMAP_BUF_IDX(ring, NETMAP_BUF(ring, index)), index);
    EXPECT_GE(static_cast<void*>(NETMAP_BUF(ring, index)), d_->buf_start);
    EXPECT_LT(static_cast<void*>(NETMAP_BUF(ring, index)), d_->buf_end);
  }
}

TEST(PacketCopy, AnyLength) {
  std::vector<char> from(3000), to(3000);
  for (std::size_t i = 0; i < from.size(); i++) from[i] = static_cast<char>(i * 31);
  for (const std::size_t len : {0u, 1u, 60u, 64u, 128u, 1000u, 1023u, 1024u, 1514u, 2048u}) {
    std::fill(to.begin(), to.end(), 'x');
    nm_pkt_copy(from.data(), to.data(), len);
    EXPECT_TRUE(std::equal(from.begin(), from.begin() + long(len), to.begin())) << len;
    EXPECT_EQ(to[len], 'x') << len;
  }
}

}  // namespace
