// SPDX-License-Identifier: BSD-2-Clause
// lb without its command line: flows to pipes, buffers there and back. The pipes are ports of their
// own here, so that buffers keep their numbers but not their contents when they are handed over.
#include "apps/lb/balancer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <memory>
#include <optional>
#include <set>

#include "apps/common/flow_hash.hpp"
#include "apps/common/open_port.hpp"
#include "apps/lb/report.hpp"
#include "apps/pkt-gen/flows.hpp"
#include "apps/pkt-gen/frame.hpp"
#include "fake_device.hpp"

namespace lb {
namespace {

using ::testing::HasSubstr;
using vale::netmap::Port;
using vale::netmap::Ring;

std::vector<std::uint8_t> frame_of(std::uint16_t port, bool reverse = false, bool v6 = false) {
  pkt_gen::Frame frame({0, v6}, 100);
  pkt_gen::Flow flow;
  flow.src.low = 0x0a000001;
  flow.dst.low = 0x0a010001;
  flow.src_port = port;
  flow.dst_port = 80;
  if (reverse) {
    std::swap(flow.src, flow.dst);
    std::swap(flow.src_port, flow.dst_port);
  }
  frame.set_flow(flow);
  return {frame.bytes().begin(), frame.bytes().end()};
}

TEST(FlowHash, OneNumberForAConversation) {
  for (const bool v6 : {false, true}) {
    std::set<std::uint32_t> numbers;
    for (std::uint16_t port = 1; port <= 200; port++) {
      const std::uint32_t number = apps::flow_hash(frame_of(port, false, v6));
      EXPECT_EQ(number, apps::flow_hash(frame_of(port, true, v6)));
      numbers.insert(number % 1000);
    }
    EXPECT_GT(numbers.size(), 150u);
  }
}

TEST(FlowHash, LooksBehindTagsAndDoesNotLookIntoFragments) {
  auto frame = frame_of(7);
  auto tagged = frame;
  const std::uint8_t tag[] = {0x81, 0, 0, 5};
  tagged.insert(tagged.begin() + 12, tag, tag + 4);
  EXPECT_EQ(apps::flow_hash(tagged), apps::flow_hash(frame));
  auto first = frame_of(8), later = frame_of(9);
  first[20] = 0x20;
  later[21] = 0x10;
  EXPECT_EQ(apps::flow_hash(first), apps::flow_hash(later));
}

TEST(FlowHash, AnyLengthIsSafe) {
  auto frame = frame_of(7);
  for (std::size_t n = 0; n <= frame.size(); n++) {
    const std::vector<std::uint8_t> cut(frame.begin(), frame.begin() + static_cast<long>(n));
    (void)apps::flow_hash(cut);
    frame[14] = static_cast<std::uint8_t>(0x40 | (n & 15));
  }
}

class Balance : public ::testing::Test {
 protected:
  void make(std::uint32_t extra, const std::vector<std::size_t>& sizes) {
    device_.tx_rings = device_.rx_rings = 1;
    device_.slots = 16;
    input_.emplace(apps::open_port("vale0:in", {.extra_bufs = extra}));
    device_.slots = 8;
    for (const std::size_t size : sizes) {
      auto& group = groups_.emplace_back();
      for (std::size_t i = 0; i < size; i++) {
        device_.mem_id++;
        group.push_back({apps::open_port("vale0:in{0")});
      }
    }
    balancer_ = std::make_unique<Balancer>(*input_, groups_);
  }
  void arrive(std::uint16_t port) {
    const auto bytes = frame_of(port);
    ASSERT_TRUE(input_->inject(bytes));
    ASSERT_TRUE(input_->txsync());
  }
  std::uint32_t listed() const {
    std::uint32_t n = 0;
    const netmap_ring* ring = input_->rx()[0].raw();
    for (auto buffer = input_->interface().ni_bufs_head; buffer != 0; n++) {
      std::memcpy(&buffer, NETMAP_BUF(ring, buffer), sizeof(buffer));
    }
    return n;
  }

  FakeDevice device_;
  std::optional<Port> input_;
  std::vector<Balancer::Group> groups_;
  std::unique_ptr<Balancer> balancer_;
};

TEST_F(Balance, EveryGroupSeesEveryPacket) {
  make(0, {2, 3});
  for (std::uint16_t port = 1; port <= 6; port++) arrive(port);
  balancer_->step(100);
  EXPECT_EQ(balancer_->received(), 6u);
  for (const auto& group : groups_) {
    std::uint64_t sum = 0;
    for (const Pipe& pipe : group) sum += pipe.forwarded.packets;
    EXPECT_EQ(sum, 6u);
  }
}

TEST_F(Balance, BuffersChangePlaces) {
  make(0, {1});
  arrive(1);
  const std::uint32_t there = input_->rx()[0].at(0).buf_idx,
                      here = groups_[0][0].port.tx()[0].at(0).buf_idx;
  const netmap_slot& rx = input_->rx()[0].at(0);
  const netmap_slot& tx = groups_[0][0].port.tx()[0].at(0);
  balancer_->step(100);
  EXPECT_EQ(tx.buf_idx, there);
  EXPECT_EQ(rx.buf_idx, here);
  EXPECT_EQ(tx.flags, NS_BUF_CHANGED);
  EXPECT_EQ(tx.len, 100);
}

TEST_F(Balance, WhatHasNoRoomWaitsInOrder) {
  make(10, {1});
  EXPECT_EQ(balancer_->spare(), 10u);
  EXPECT_EQ(listed(), 0u);
  for (int i = 0; i < 12; i++) arrive(1);
  balancer_->step(100);
  const Pipe& pipe = groups_[0][0];
  EXPECT_EQ(pipe.forwarded.packets, 7u);
  EXPECT_EQ(pipe.waiting.size(), 5u);
  EXPECT_EQ(balancer_->spare(), 5u);
  const std::uint32_t first = pipe.waiting.front().buf_idx;
  const netmap_slot& next = pipe.port.tx()[0].at(0);
  balancer_->step(100);
  EXPECT_EQ(pipe.forwarded.packets, 12u);
  EXPECT_EQ(next.buf_idx, first);
  EXPECT_EQ(balancer_->spare(), 10u);
  EXPECT_EQ(pipe.dropped.packets, 0u);
}

TEST_F(Balance, DropsWhenNothingIsSpare) {
  make(2, {1});
  for (int i = 0; i < 12; i++) arrive(1);
  balancer_->step(100);
  EXPECT_EQ(groups_[0][0].forwarded.packets, 7u);
  EXPECT_EQ(groups_[0][0].dropped.packets, 3u);
  EXPECT_TRUE(input_->rx()[0].empty());
}

TEST_F(Balance, AllExtraBuffersAreListedAtTheEnd) {
  make(10, {1});
  for (int i = 0; i < 12; i++) arrive(1);
  balancer_->step(100);
  EXPECT_FALSE(groups_[0][0].waiting.empty());
  balancer_.reset();
  EXPECT_EQ(listed(), 10u);
}

TEST_F(Balance, TakesNoMoreThanItIsTold) {
  make(0, {1});
  for (int i = 0; i < 6; i++) arrive(1);
  balancer_->step(4);
  EXPECT_EQ(balancer_->received(), 4u);
  EXPECT_EQ(input_->rx()[0].space(), 2u);
}

TEST_F(Balance, ReportsPipesThenAll) {
  make(2, {1});
  Report report("netmap:x", 0);
  for (int i = 0; i < 12; i++) arrive(1);
  balancer_->step(100);
  const auto first = report.lines(*balancer_, groups_, 1'000'000'000);
  ASSERT_EQ(first.size(), 2u);
  EXPECT_THAT(first[0],
              HasSubstr("\"output_ring\":0,\"packets_forwarded\":7,\"packets_dropped\":3,"));
  EXPECT_THAT(first[0], HasSubstr("\"overflow_queue_size\":2}"));
  EXPECT_THAT(first[1],
              HasSubstr("\"interface\":\"netmap:x\",\"output_ring\":null,\"packets_received\":12,"
                        "\"packets_forwarded\":7,\"packets_dropped\":3,\"non_ip_packets\":0,"
                        "\"data_forward_rate_Mbps\":0.0056,\"data_drop_rate_Mbps\":0.0024,"
                        "\"packet_forward_rate_kpps\":0.0070,\"packet_drop_rate_kpps\":0.0030,"
                        "\"free_buffer_slots\":0}"));
  const auto second = report.lines(*balancer_, groups_, 3'000'000'000);
  EXPECT_THAT(second[1], HasSubstr("\"packet_forward_rate_kpps\":0.0000,")) << "since the first";
}

}  // namespace
}  // namespace lb
