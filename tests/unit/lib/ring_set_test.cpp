// SPDX-License-Identifier: BSD-2-Clause
#include "lib/ring_set.hpp"

#include <gtest/gtest.h>

namespace vale {
namespace {

TEST(RingSet, WritesBackWhatItRead) {
  for (const char* text : {"4", "0-3", "0,2,5-7", "all", "none", "255", "0-255"}) {
    const auto set = RingSet::parse(text);
    ASSERT_TRUE(set) << text;
    EXPECT_EQ(set->text(), text);
  }
}

TEST(RingSet, NormalisesOrderAndOverlap) {
  EXPECT_EQ(RingSet::parse("7,1,2,0-1")->text(), "0-2,7");
}

TEST(RingSet, RefusesRubbish) {
  for (const char* bad : {"", ",", "1,", "-1", "3-1", "1-", "256", "0-256", "a", "1 2", "ALL"}) {
    EXPECT_FALSE(RingSet::parse(bad)) << bad;
  }
  EXPECT_EQ(RingSet::parse("3-1").error().code, Errc::kInvalidValue);
}

TEST(RingSet, PutsBitsWhereTheKernelWantsThem) {
  const auto words = RingSet::parse("0,63,64,255")->words(1);
  EXPECT_EQ(words[0], 0x8000000000000001U);
  EXPECT_EQ(words[1], 1U);
  EXPECT_EQ(words[2], 0U);
  EXPECT_EQ(words[3], 0x8000000000000000U);
}

TEST(RingSet, AllMeansAsManyAsThereAre) {
  EXPECT_EQ(RingSet::all().words(3), (RingSet::Words{7, 0, 0, 0}));
  EXPECT_EQ(RingSet::all().words(0), RingSet::Words{});
  EXPECT_EQ(RingSet::all().words(1000), (RingSet::Words{~0ULL, ~0ULL, ~0ULL, ~0ULL}));
  EXPECT_EQ(RingSet::none().words(3), RingSet::Words{});
}

TEST(RingSet, Contains) {
  const auto set = RingSet::parse("2");
  EXPECT_TRUE(set->contains(2));
  EXPECT_FALSE(set->contains(1));
  EXPECT_FALSE(RingSet::all().contains(256));
}

}  // namespace
}  // namespace vale
