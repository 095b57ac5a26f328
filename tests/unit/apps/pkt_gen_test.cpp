// SPDX-License-Identifier: BSD-2-Clause
// pkt-gen's parts that need no port: options, walks through addresses, frames, latencies, rates.
#include <gtest/gtest.h>

#include <numeric>
#include <set>

#include "apps/common/open_port.hpp"
#include "apps/common/text.hpp"
#include "apps/pkt-gen/config.hpp"
#include "apps/pkt-gen/flows.hpp"
#include "apps/pkt-gen/frame.hpp"
#include "apps/pkt-gen/latency.hpp"
#include "apps/pkt-gen/pace.hpp"

namespace pkt_gen {
namespace {

Config parse(std::vector<std::string> words) {
  words.insert(words.begin(), "pkt-gen");
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  Config config;
  EXPECT_TRUE(parse_arguments(static_cast<int>(argv.size()), argv.data(), config));
  return config;
}

TEST(PktGenOptions, Defaults) {
  const Config config = parse({"-i", "eth0"});
  EXPECT_EQ(config.function, Function::kRx);
  EXPECT_EQ(config.size, 60u);
  EXPECT_EQ(config.burst, 512u);
  EXPECT_EQ(config.wait, 2);
  EXPECT_EQ(config.report_ms, 1000u);
  EXPECT_EQ(config.flows.dst.first.low, 0x0a010001u);
  EXPECT_EQ(config.flows.src.first.low, 0x0a000001u);
  EXPECT_EQ(config.flows.dst_mac.first, 0xffffffffffffu);
  EXPECT_EQ(parse({"-i", "vale0:a"}).wait, 0);
  EXPECT_EQ(parse({"-i", "vale0:a", "-fping"}).burst, 1u);
  EXPECT_EQ(parse({"-i", "vale0:a", "-f", "ping", "-b", "9"}).burst, 9u);
}

TEST(PktGenOptions, Values) {
  const Config config =
      parse({"-ivale0:a", "-f",        "tx", "-n", "10M", "-R", "1.5k", "-l", "60", "-l", "1500",
             "-C",        "512,256,2", "-I", "-z", "-X",  "-F", "3",    "-H", "12", "-w", "0.5"});
  EXPECT_EQ(config.count, 10'000'000u);
  EXPECT_EQ(config.rate, 1500);
  EXPECT_EQ(config.size, 60u);
  EXPECT_EQ(config.max_size, 1500u);
  EXPECT_EQ(config.port.tx_slots, 512u);
  EXPECT_EQ(config.port.rx_slots, 256u);
  EXPECT_EQ(config.port.rx_rings, 2);
  EXPECT_TRUE(config.has(kIndirect) && config.has(kDump) && config.has(kRandomSrc));
  EXPECT_TRUE(config.flows.random_src);
  EXPECT_FALSE(config.flows.random_dst);
  EXPECT_EQ(config.header, 12);
  EXPECT_EQ(config.wait, 0.5);
}

TEST(PktGenOptions, Mistakes) {
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{},
                                             {"-i", "a", "-f", "x"},
                                             {"-i", "a", "-l", "13"},
                                             {"-i", "a", "-H", "11"},
                                             {"-i", "a", "-Q"},
                                             {"-i"},
                                             {"-i", "a", "b"},
                                             {"-i", "a", "-p", "2", "-f", "rxseq"},
                                             {"-i", "a", "-F", "64"},
                                             {"-i", "a", "-C", "1,2,3,4,5"},
                                             {"-i", "a", "-D", "1:2"},
                                             {"-i", "a", "-R", "5x"}}) {
    EXPECT_THROW(parse(words), apps::UsageError);
  }
}

TEST(PktGenOptions, Ranges) {
  const auto range = EndpointRange::parse("10.0.0.1:5-10.0.1.2:7", false);
  EXPECT_EQ(range.last.low, 0x0a000102u);
  EXPECT_EQ(range.first_port, 5);
  EXPECT_EQ(range.last_port, 7);
  EXPECT_EQ(EndpointRange::parse("10.0.0.1:9-10.0.0.2", false).last_port, 9);
  const auto six = EndpointRange::parse("[fd00::1]:80-[fd00::2]:81", true);
  EXPECT_EQ(six.first.high, 0xfd00000000000000u);
  EXPECT_EQ(six.last.low, 2u);
  EXPECT_EQ(six.last_port, 81);
  EXPECT_EQ(EndpointRange::parse("fd00::7", true).first_port, 1234);
  for (const char* text :
       {"10.0.0.2-10.0.0.1", "10.0.0.1:9-10.0.0.1:8", "10.0.0", "10.0.0.1:70000", ""}) {
    EXPECT_THROW(EndpointRange::parse(text, false), apps::UsageError) << text;
  }
  EXPECT_EQ(MacRange::parse("02:00:00:00:00:01-02:00:00:00:00:09").last, 0x020000000009u);
  EXPECT_THROW(MacRange::parse("02:00:00:00:00:09-02:00:00:00:00:01"), apps::UsageError);
}

TEST(PktGenFlows, TurnLikeAnOdometer) {
  FlowWalk::Ranges ranges;
  ranges.src = EndpointRange::parse("10.0.0.1:1-10.0.0.2:2", false);
  ranges.dst = EndpointRange::parse("10.1.0.1:5-10.1.0.1:6", false);
  FlowWalk walk(ranges);
  std::vector<std::string> seen;
  for (int i = 0; i < 9; i++) {
    const Flow& flow = walk.flow();
    seen.push_back(std::to_string(flow.src.low & 0xff) + ":" + std::to_string(flow.src_port) + ">" +
                   std::to_string(flow.dst_port));
    EXPECT_TRUE(walk.next());
  }
  EXPECT_EQ(seen, (std::vector<std::string>{"1:1>5", "1:2>5", "2:1>5", "2:2>5", "1:1>6", "1:2>6",
                                            "2:1>6", "2:2>6", "1:1>5"}));
}

TEST(PktGenFlows, RandomOnesStayInRange) {
  FlowWalk::Ranges ranges;
  ranges.src = EndpointRange::parse("10.0.0.1:1-10.0.0.4:2", false);
  ranges.dst = EndpointRange::parse("10.1.0.1", false);
  ranges.random_src = true;
  FlowWalk walk(ranges);
  std::set<std::pair<std::uint64_t, int>> seen;
  for (int i = 0; i < 500; i++) {
    walk.next();
    seen.insert({walk.flow().src.low, walk.flow().src_port});
    EXPECT_EQ(walk.flow().dst.low, 0x0a010001u);
  }
  EXPECT_EQ(seen.size(), 8u);
  EXPECT_EQ(seen.begin()->first, 0x0a000001u);
}

// The sum of a right packet, its checksum included, is all ones.
unsigned sum(std::span<const std::uint8_t> bytes, unsigned total = 0) {
  for (std::size_t i = 0; i < bytes.size(); i++)
    total += i % 2 == 0 ? unsigned{bytes[i]} << 8 : bytes[i];
  while (total > 0xffff) total = (total & 0xffff) + (total >> 16);
  return total;
}

TEST(PktGenFrame, ChecksumsAreRight) {
  for (const bool v6 : {false, true}) {
    for (const std::size_t size : {80u, 81u, 99u, 1514u}) {
      Frame frame({12, v6}, 1514);
      FlowWalk::Ranges ranges;
      ranges.src = EndpointRange::parse(v6 ? "fd00::1" : "10.0.0.1", v6);
      ranges.dst = EndpointRange::parse(v6 ? "fd00::9" : "10.1.0.1", v6);
      frame.set_size(size);
      frame.set_flow(FlowWalk(ranges).flow());
      frame.set_stamp({77, 0x123456789abcdef0});
      const auto bytes = frame.bytes().subspan(12);
      ASSERT_EQ(bytes.size(), size);
      const std::size_t ip = v6 ? 40 : 20, addresses = v6 ? 32 : 8;
      EXPECT_EQ(v6 ? 0xffffu : sum(bytes.subspan(14, 20)), 0xffffu);
      const auto udp = bytes.subspan(14 + ip);
      EXPECT_EQ(
          sum(udp, sum(bytes.subspan(14 + ip - addresses, addresses), 17 + unsigned(udp.size()))),
          0xffffu);
      EXPECT_EQ(find_stamp(bytes)->sequence, 77u);
      EXPECT_EQ(find_stamp(bytes)->time, 0x123456789abcdef0u);
      EXPECT_FALSE(find_stamp(bytes.first(50)));
    }
  }
}

TEST(PktGenFrame, ForeignBytesStay) {
  Frame frame({10, false}, std::vector<std::uint8_t>(70, 5));
  frame.set_size(60);
  frame.set_stamp({1, 1});
  EXPECT_EQ(frame.bytes().size(), 80u);
  EXPECT_EQ(frame.bytes()[9], 0);
  EXPECT_EQ(frame.bytes()[60], 5);
}

TEST(PktGenLatency, PercentilesWithinABucket) {
  LatencyHistogram latency;
  EXPECT_EQ(latency.text(), "");
  for (std::uint64_t i = 1; i <= 10000; i++) latency.add(i * 10);
  EXPECT_EQ(latency.min(), 10u);
  EXPECT_EQ(latency.max(), 100000u);
  EXPECT_EQ(latency.mean(), 50005u);
  EXPECT_NEAR(static_cast<double>(latency.percentile(0.5)), 50000, 50000 * 0.035);
  EXPECT_NEAR(static_cast<double>(latency.percentile(0.99)), 99000, 99000 * 0.035);
  EXPECT_EQ(latency.percentile(1), 100000u);
  EXPECT_NE(latency.text().find("(10000 samples)"), std::string::npos);
}

TEST(PktGenPace, OwesWhatTheRateSays) {
  const Pace pace(1000, 5'000'000'000);
  EXPECT_EQ(pace.due_at(5'000'000'000), 1u);
  EXPECT_EQ(pace.due_at(5'500'000'000), 501u);
  EXPECT_EQ(Pace(0, 0).allowance(123, 9), 9u);
  EXPECT_EQ(Pace(1e9, 0).allowance(0, 9), 9u);
}

TEST(AppsText, UnitsAndNames) {
  EXPECT_EQ(apps::with_unit(12'345'678), "12.346 M");
  EXPECT_EQ(apps::with_unit(12), "12.000 ");
  EXPECT_EQ(apps::with_unit(12'345'678, false), "12345678 ");
  EXPECT_EQ(apps::scaled("-R", "2.5k"), 2500);
  EXPECT_EQ(apps::full_spec("eth0"), "netmap:eth0");
  EXPECT_EQ(apps::full_spec("vale0:a"), "vale0:a");
  EXPECT_EQ(apps::full_spec("netmap:eth0-1"), "netmap:eth0-1");
  EXPECT_EQ(apps::full_spec("valley0"), "netmap:valley0");
}

}  // namespace
}  // namespace pkt_gen
