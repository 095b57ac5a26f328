// SPDX-License-Identifier: BSD-2-Clause
#include "vale-ctl/rates.hpp"

#include <gtest/gtest.h>

namespace vale_ctl {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

vale::PortInfo port(const std::string& name, std::uint64_t in, std::uint64_t out) {
  vale::PortInfo info;
  info.switch_name = name.substr(0, name.find(':'));
  info.name = name;
  info.counters[VALE_CNT_IN_PACKETS] = in;
  info.counters[VALE_CNT_IN_BYTES] = in * 100;
  info.counters[VALE_CNT_OUT_PACKETS] = out;
  info.counters[VALE_CNT_OUT_BYTES] = out * 1000;
  return info;
}

const steady_clock::time_point kBegin{};

TEST(Rates, ArePerSecondWhateverTheTimeBetween) {
  auto later = port("vale0:a", 1500, 30);
  later.drops[VALE_DROP_RING_FULL] = 7;
  const auto rates =
      rates_between({kBegin, {port("vale0:a", 1000, 20)}}, {kBegin + milliseconds(500), {later}});
  ASSERT_EQ(rates.size(), 1U);
  EXPECT_EQ(rates[0].switch_name, "vale0");
  EXPECT_EQ(rates[0].in_packets, 1000U);
  EXPECT_EQ(rates[0].in_bits, 800'000U);
  EXPECT_EQ(rates[0].out_packets, 20U);
  EXPECT_EQ(rates[0].out_bits, 160'000U);
  EXPECT_EQ(rates[0].drops[VALE_DROP_RING_FULL], 14U);
  EXPECT_EQ(rates[0].dropped(), 14U);
}

TEST(Rates, OfPortsThatComeAndGo) {
  const auto rates =
      rates_between({kBegin, {port("vale0:a", 5, 5), port("vale0:b", 5, 5)}},
                    {kBegin + milliseconds(1000), {port("vale0:b", 6, 5), port("vale0:c", 9, 9)}});
  ASSERT_EQ(rates.size(), 2U);
  EXPECT_EQ(rates[0].in_packets, 1U);
  EXPECT_EQ(rates[1].name, "vale0:c");
  EXPECT_EQ(rates[1].in_packets, 0U);
}

TEST(Rates, AnotherPortOfTheSameNameIsNoFall) {
  const Sample before{kBegin, {port("vale0:a", 1000, 20)}};
  const auto fewer = rates_between(before, {kBegin + milliseconds(1000), {port("vale0:a", 3, 20)}});
  EXPECT_EQ(fewer[0].in_packets, 0U);
  auto other = port("vale0:a", 5000, 20);
  other.ifindex = 7;
  EXPECT_EQ(rates_between(before, {kBegin + milliseconds(1000), {other}})[0].in_packets, 0U);
}

TEST(Rates, NoTimeNoRate) {
  const auto rates =
      rates_between({kBegin, {port("vale0:a", 1, 1)}}, {kBegin, {port("vale0:a", 9, 9)}});
  EXPECT_EQ(rates[0].in_packets, 0U);
}

std::string sorted(Order order) {
  std::vector<PortRates> rates(3);
  rates[0] = {"", "b", 1, 0, 5, 0, {}};
  rates[1] = {"", "c", 1, 0, 9, 0, {}};
  rates[2] = {"", "a", 3, 0, 5, 0, {}};
  rates[1].drops[VALE_DROP_RUNT] = 1;
  sort_rates(rates, order);
  return rates[0].name + rates[1].name + rates[2].name;
}

TEST(Rates, AreSorted) {
  EXPECT_EQ(sorted({SortKey::kName, false}), "abc");
  EXPECT_EQ(sorted({SortKey::kName, true}), "cba");
  EXPECT_EQ(sorted({SortKey::kIn, false}), "abc");
  EXPECT_EQ(sorted({SortKey::kIn, true}), "bca");
  EXPECT_EQ(sorted({SortKey::kOut, false}), "cab");
  EXPECT_EQ(sorted({SortKey::kDrops, false}), "cab");
  EXPECT_EQ(sorted({SortKey::kDrops, true}), "abc");
}

TEST(Scaled, HasThreeDigitsAndAUnit) {
  EXPECT_EQ(scaled(0), "0");
  EXPECT_EQ(scaled(999), "999");
  EXPECT_EQ(scaled(1000), "1.00 k");
  EXPECT_EQ(scaled(9994), "9.99 k");
  EXPECT_EQ(scaled(9996), "10.0 k");
  EXPECT_EQ(scaled(99'960), "100 k");
  EXPECT_EQ(scaled(999'499), "999 k");
  EXPECT_EQ(scaled(999'500), "1.00 M");
  EXPECT_EQ(scaled(14'880'952), "14.9 M");
  EXPECT_EQ(scaled(UINT64_MAX), "18.4 E");
}

}  // namespace
}  // namespace vale_ctl
