// SPDX-License-Identifier: BSD-2-Clause
#include "frame.h"

#include <gtest/gtest.h>

#include <set>

#include "fake_switch.hpp"

namespace {

constexpr uint8_t kDst[6] = {2, 0, 0, 0, 0, 1};
constexpr uint8_t kSrc[6] = {2, 0, 0, 0, 0, 2};

frame_plan plan(uint32_t min_size, uint32_t max_size, uint32_t max_frags) {
  return {.seed = 7,
          .min_size = min_size,
          .max_size = max_size,
          .max_frags = max_frags,
          .buf_size = 2048};
}

// The frame as it arrives, and the means to spoil it.
class FrameLink : public testing::Test {
 protected:
  bool pass(uint64_t seq) {
    bytes_.resize(plan_.max_size);
    frame_plan_next(&plan_, seq, &frame_);
    frame_write(&plan_, &frame_, kDst, kSrc, bytes_.data());
    if (!frame_put(&from_.tx(), &frame_, bytes_.data(), indirect_)) return false;
    switch_.txsync(from_.port());
    return frame_peek(&to_.rx(), &found_);
  }

  bool verify() {
    return frame_verify(&to_.rx(), &found_, &frame_, bytes_.data(), why_, sizeof(why_));
  }

  frame_plan plan_ = plan(14, 20000, NETMAP_MAX_FRAGS);
  uint64_t indirect_ = 0;
  std::vector<uint8_t> bytes_;
  frame frame_{};
  frame_rx found_{};
  char why_[100]{};
  FakePort from_{1, 256};
  FakePort to_{1, 256};
  FakeSwitch switch_{{&from_, &to_}};
};

TEST_F(FrameLink, ArrivesAsPlanned) {
  for (uint64_t seq = 0; seq < 2000; seq++) {
    indirect_ = seq % 3 == 0 ? seq * 0x9e3779b97f4a7c15u : 0;
    ASSERT_TRUE(pass(seq));
    ASSERT_TRUE(verify()) << "frame " << seq << ": " << why_;
    frame_release(&to_.rx(), &found_);
    switch_.rxsync(to_.port());
  }
}

TEST_F(FrameLink, WrongByteIsNoticed) {
  switch_.tamper = [](std::vector<char>& bytes) {
    bytes.back() ^= 1;
    return true;
  };
  ASSERT_TRUE(pass(3));
  EXPECT_FALSE(verify());
  EXPECT_NE(std::string(why_).find("byte"), std::string::npos) << why_;
}

TEST_F(FrameLink, RecutFrameHasFullBuffers) {
  plan_ = plan(5000, 5000, 8);
  bytes_.resize(5000);
  frame_plan_next(&plan_, 1, &frame_);
  frame_write(&plan_, &frame_, kDst, kSrc, bytes_.data());
  frame full = frame_;
  full.frags = 3;
  full.frag[0] = full.frag[1] = 2048;
  full.frag[2] = 904;
  ASSERT_TRUE(frame_put(&from_.tx(), &full, bytes_.data(), 0));
  switch_.txsync(from_.port());
  ASSERT_TRUE(frame_peek(&to_.rx(), &found_));
  EXPECT_FALSE(verify());
  found_.recut = true;
  EXPECT_TRUE(verify()) << why_;
  bytes_[4999] ^= 1;
  EXPECT_FALSE(verify());
}

TEST_F(FrameLink, AnotherFrameIsNoticed) {
  ASSERT_TRUE(pass(3));
  frame_plan_next(&plan_, 4, &frame_);
  EXPECT_FALSE(verify());
}

TEST_F(FrameLink, WrongFragmentCountIsNoticed) {
  ASSERT_TRUE(pass(3));
  to_.rx().slot[0].flags = static_cast<uint16_t>(to_.rx().slot[0].flags + (1 << NS_PORT_SHIFT));
  EXPECT_FALSE(verify());
  EXPECT_NE(std::string(why_).find("count"), std::string::npos) << why_;
}

TEST_F(FrameLink, MissingEndIsNoticed) {
  ASSERT_TRUE(pass(3));
  to_.rx().slot[found_.slots - 1].flags |= NS_MOREFRAG;
  frame_peek(&to_.rx(), &found_);
  EXPECT_FALSE(verify());
}

TEST_F(FrameLink, FullRingRefuses) {
  plan_ = plan(60, 60, 1);
  frame_plan_next(&plan_, 0, &frame_);
  bytes_.resize(60);
  uint32_t count = 0;
  while (frame_put(&from_.tx(), &frame_, bytes_.data(), 0)) count++;
  EXPECT_EQ(count, 255u);
}

struct PlanCase {
  frame_plan plan;
  bool good;
};

class Plan : public testing::TestWithParam<PlanCase> {};

TEST_P(Plan, IsJudged) {
  EXPECT_EQ(frame_plan_error(&GetParam().plan) == nullptr, GetParam().good);
}

INSTANTIATE_TEST_SUITE_P(
    Limits, Plan,
    testing::Values(PlanCase{plan(14, 14, 1), true}, PlanCase{plan(13, 14, 1), false},
                    PlanCase{plan(15, 14, 1), false}, PlanCase{plan(14, 2048, 1), true},
                    PlanCase{plan(14, 2049, 1), false}, PlanCase{plan(14, 2049, 2), true},
                    PlanCase{plan(14, 1514, 0), false}, PlanCase{plan(14, 1514, 65), false},
                    PlanCase{plan(131072, 131072, 64), true},
                    PlanCase{plan(14, 131073, 64), false}));

void expect_sound(const frame_plan& plan, const frame& frame) {
  uint32_t sum = 0;
  ASSERT_GE(frame.size, plan.min_size);
  ASSERT_LE(frame.size, plan.max_size);
  ASSERT_GE(frame.frag[0], FRAME_HEADER);
  for (uint32_t i = 0; i < frame.frags; i++) {
    ASSERT_GE(frame.frag[i], 1);
    ASSERT_LE(frame.frag[i], plan.buf_size);
    sum += frame.frag[i];
  }
  ASSERT_EQ(sum, frame.size);
}

class PlanSpread : public testing::TestWithParam<frame_plan> {};

TEST_P(PlanSpread, FragmentsAddUp) {
  for (uint64_t seq = 0; seq < 5000; seq++) {
    frame frame;
    frame_plan_next(&GetParam(), seq, &frame);
    expect_sound(GetParam(), frame);
  }
}

INSTANTIATE_TEST_SUITE_P(Plans, PlanSpread,
                         testing::Values(plan(14, 1514, 1), plan(14, 1514, 64), plan(14, 14, 64),
                                         plan(14, 131072, 64), plan(131072, 131072, 64),
                                         plan(2048, 2049, 2)));

TEST(PlanSpread, ReachesEverySizeAndCount) {
  const frame_plan wide = plan(14, 1514, 64);
  std::set<uint32_t> sizes;
  std::set<uint32_t> counts;
  for (uint64_t seq = 0; seq < 100000; seq++) {
    frame frame;
    frame_plan_next(&wide, seq, &frame);
    sizes.insert(frame.size);
    counts.insert(frame.frags);
  }
  EXPECT_EQ(sizes.size(), 1501u);
  EXPECT_EQ(counts.size(), 64u);
}

}  // namespace
