// SPDX-License-Identifier: BSD-2-Clause
// Links as models, packets on their way, packets seen before; in a time of the test's own.
#include "apps/common/link_model.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "apps/common/delay_line.hpp"
#include "apps/common/text.hpp"
#include "apps/dedup/window.hpp"

namespace apps {
namespace {

constexpr std::uint64_t kMs = 1'000'000;

TEST(LinkOptions, Understood) {
  EXPECT_EQ(Bandwidth::parse("10M").bits_per_second, 1e7);
  EXPECT_EQ(Bandwidth::parse("constant,1G").bits_per_second, 1e9);
  EXPECT_EQ(Bandwidth::parse("ether,1G").kind, Bandwidth::Kind::kEther);
  EXPECT_EQ(Bandwidth::parse("real,2", true).speedup, 2);
  EXPECT_EQ(Delay::parse("5").low, 5);
  EXPECT_EQ(Delay::parse("constant,5us").low, 5000);
  EXPECT_EQ(Delay::parse("uniform,1ms,2ms").high, 2e6);
  EXPECT_EQ(Delay::parse("exp,1ms,1s").high, 1e9);
  EXPECT_EQ(Loss::parse("0.1").probability, 0.1);
  EXPECT_TRUE(Loss::parse("ber,1e-6").of_bits);
  EXPECT_EQ(Reorder::parse("const,0.5,2ms").extra, 2 * kMs);
  EXPECT_EQ(parse_bytes("-Q", "2k"), 2048u);
}

TEST(LinkOptions, Refused) {
  for (const char* text : {"", "x", "real", "constant", "ether,", "fast,1M", "1M,2", "-1"}) {
    EXPECT_THROW(Bandwidth::parse(text), UsageError) << text;
  }
  for (const char* text : {"", "5 ms", "5h", "uniform,1", "uniform,2,1", "normal,1,2", "1,2,3,4"}) {
    EXPECT_THROW(Delay::parse(text), UsageError) << text;
  }
  for (const char* text : {"2", "plr", "plr,2", "bits,1"})
    EXPECT_THROW(Loss::parse(text), UsageError) << text;
  for (const char* text : {"0.5,1ms", "const,0.5", "some,0.5,1ms"}) {
    EXPECT_THROW(Reorder::parse(text), UsageError) << text;
  }
}

TEST(Link, BandwidthThenDelay) {
  LinkSettings settings;
  settings.bandwidth = Bandwidth::parse("8M");  // a byte a microsecond
  settings.delay = Delay::parse("1ms");
  Link link(settings, 1);
  EXPECT_EQ(link.arrival(0, 1000), 2 * kMs);
  EXPECT_EQ(link.arrival(0, 500), 2 * kMs + 500'000);
  EXPECT_EQ(link.arrival(10 * kMs, 1000), 12 * kMs);
}

TEST(Link, EthernetHasFraming) {
  EXPECT_EQ(Bandwidth::parse("ether,1G").time_of(60), 672u);
  EXPECT_EQ(Bandwidth::parse("1G").time_of(60), 480u);
  EXPECT_EQ(Bandwidth().time_of(60), 0u);
}

TEST(Link, QueueOverflows) {
  LinkSettings settings;
  settings.bandwidth = Bandwidth::parse("8M");
  settings.queue = 2500;
  Link link(settings, 1);
  EXPECT_TRUE(link.arrival(0, 1000));
  EXPECT_TRUE(link.arrival(0, 1000));
  EXPECT_FALSE(link.arrival(0, 1000));
  EXPECT_TRUE(link.arrival(kMs, 1000));
  EXPECT_EQ(link.overflowed(), 1u);
}

TEST(Link, LossIsAsOftenAsItShouldBe) {
  LinkSettings settings;
  settings.loss = Loss::parse("0.2");
  Link packets(settings, 7);
  settings.loss = Loss::parse("ber,1e-4");
  Link bits(settings, 7);
  for (int i = 0; i < 20000; i++) {
    packets.arrival(0, 100);
    bits.arrival(0, 100);
  }
  EXPECT_NEAR(static_cast<double>(packets.lost()), 4000, 250);
  EXPECT_NEAR(static_cast<double>(bits.lost()), 20000 * (1 - std::pow(1 - 1e-4, 800)), 250);
}

TEST(Link, DelaysHaveTheirMeans) {
  Random random(3);
  const auto mean = [&](const char* text) {
    const Delay delay = Delay::parse(text);
    double sum = 0;
    for (int i = 0; i < 20000; i++) {
      const auto drawn = static_cast<double>(delay.draw(random));
      EXPECT_GE(drawn, delay.low);
      sum += drawn;
    }
    return sum / 20000;
  };
  EXPECT_NEAR(mean("uniform,1ms,3ms"), 2e6, 2e4);
  EXPECT_NEAR(mean("exp,1ms,3ms"), 3e6, 6e4);
}

TEST(Link, SomeComeLater) {
  LinkSettings settings;
  settings.reorder = Reorder::parse("const,0.1,1ms");
  Link link(settings, 5);
  int late = 0;
  for (int i = 0; i < 1000; i++) late += link.arrival(0, 60) == kMs;
  EXPECT_NEAR(late, 100, 35);
}

TEST(DelayLine, DueOrderThenArrival) {
  DelayLine line;
  const auto push = [&](std::uint64_t when, const std::string& text) {
    std::copy(text.begin(), text.end(), line.push(when, text.size()).begin());
  };
  push(20, "c");
  push(10, "a");
  push(10, "bb");
  std::string order;
  for (; !line.empty(); line.pop()) {
    order += std::string(line.front().begin(), line.front().end());
    if (order == "a") push(15, "x");
  }
  EXPECT_EQ(order, "abbxc");
}

std::vector<std::uint8_t> packet(int n, std::size_t size = 60) {
  std::vector<std::uint8_t> bytes(size, 1);
  bytes[size - 1] = static_cast<std::uint8_t>(n);
  return bytes;
}

TEST(DedupWindow, TimeAndNumber) {
  dedup::Window window(3, 100);
  EXPECT_FALSE(window.seen(packet(1), 0));
  EXPECT_TRUE(window.seen(packet(1), 100));
  EXPECT_FALSE(window.seen(packet(1), 101));
  EXPECT_FALSE(window.seen(packet(2), 110));
  EXPECT_FALSE(window.seen(packet(3), 110));
  EXPECT_TRUE(window.seen(packet(1), 110));
  EXPECT_FALSE(window.seen(packet(4), 110));  // and the first is forgotten
  EXPECT_FALSE(window.seen(packet(1), 110));
  EXPECT_FALSE(window.seen(packet(1, 61), 110));
}

}  // namespace
}  // namespace apps
