// SPDX-License-Identifier: BSD-2-Clause
// Packets held in a ring that is made here: eight slots of 64 bytes, one packet in each.
#include "apps/dedup/hold.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

namespace dedup {
namespace {

constexpr std::uint32_t kSlots = 8, kSize = 64;

class FakeRing {
 public:
  FakeRing() {
    const_cast<std::uint32_t&>(ring()->num_slots) = kSlots;
    const_cast<std::uint32_t&>(ring()->nr_buf_size) = kSize;
    const_cast<std::int64_t&>(ring()->buf_ofs) = kBuffers;
    for (std::uint32_t i = 0; i < kSlots; i++) ring()->slot[i].buf_idx = i;
  }
  [[nodiscard]] netmap_ring* ring() { return reinterpret_cast<netmap_ring*>(memory_.data()); }
  /// A packet of three equal bytes arrives.
  std::vector<std::uint8_t> arrive(std::uint8_t byte) {
    const vale::netmap::Ring view(ring());
    netmap_slot& slot = ring()->slot[ring()->tail];
    slot.len = 3;
    const auto bytes = view.packet(slot);
    std::fill(bytes.begin(), bytes.end(), byte);
    ring()->tail = (ring()->tail + 1) % kSlots;
    return {bytes.begin(), bytes.end()};
  }

 private:
  static constexpr std::size_t kBuffers = sizeof(netmap_ring) + kSlots * sizeof(netmap_slot);
  alignas(netmap_ring) std::array<std::uint8_t, kBuffers + kSlots * kSize> memory_{};
};

class DedupHold : public testing::Test {
 protected:
  bool add(std::uint8_t byte, std::uint64_t now) { return hold_.add(ring_.arrive(byte), 1, now); }
  // How many leave at that time, duplicates among them.
  int leave(std::uint64_t now) {
    int n = 0;
    for (; hold_.released(now); n++) {
      view_.advance(1);
      hold_.pop();
    }
    return n;
  }

  FakeRing ring_;
  vale::netmap::Ring view_{ring_.ring()};
  Hold hold_{view_, 3, 100};
};

TEST_F(DedupHold, StayForTheWindow) {
  EXPECT_FALSE(hold_.next_release());
  EXPECT_FALSE(add(1, 0));
  EXPECT_FALSE(add(2, 50));
  EXPECT_EQ(hold_.slots(), 2u);
  EXPECT_EQ(leave(100), 0);
  EXPECT_EQ(hold_.next_release(), 101u);
  EXPECT_EQ(leave(101), 1);
  EXPECT_EQ(leave(151), 1);
  EXPECT_EQ(hold_.slots(), 0u);
}

TEST_F(DedupHold, DuplicatesAreTold) {
  EXPECT_FALSE(add(1, 0));
  EXPECT_TRUE(add(1, 100));
  EXPECT_FALSE(add(1, 101)) << "the first is too old, the second was none";
  EXPECT_FALSE(add(2, 101));
  EXPECT_EQ(leave(101), 2) << "the first by its age, the duplicate behind it";
}

TEST_F(DedupHold, NoMoreThanAskedFor) {
  for (std::uint8_t i = 0; i < 3; i++) EXPECT_FALSE(add(i, 0));
  EXPECT_EQ(leave(0), 0);
  EXPECT_FALSE(add(3, 0));
  EXPECT_EQ(leave(0), 1);
}

TEST_F(DedupHold, AFullRingGoesOn) {
  EXPECT_FALSE(add(1, 0));
  for (std::uint32_t i = 0; i < kSlots - 2; i++) EXPECT_TRUE(add(1, 1));
  EXPECT_EQ(leave(1), static_cast<int>(kSlots - 1)) << "the oldest makes room, duplicates follow";
}

}  // namespace
}  // namespace dedup
