// SPDX-License-Identifier: BSD-2-Clause
#include "talk.h"

#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <memory>
#include <thread>

#include "fake_switch.hpp"

namespace {

// One sender and some receivers on a hub, each in its thread.
class Talk : public testing::Test {
 protected:
  void run(uint32_t receivers, uint32_t rings = 1) {
    FakePort sender(rings, 512);
    std::vector<std::unique_ptr<FakePort>> ports;
    std::vector<FakePort*> all{&sender};
    for (uint32_t i = 0; i < receivers; i++) {
      ports.push_back(std::make_unique<FakePort>(rings, 512));
      all.push_back(ports.back().get());
    }
    FakeSwitch hub(all);
    hub.tamper = tamper_;
    fake_switch = &hub;
    send_.receivers = receivers;
    start(sender, ports, rings);
    fake_switch = nullptr;
  }

  send_options send_{
      .plan = {.seed = 5, .min_size = 14, .max_size = 1514, .max_frags = 1, .buf_size = 0},
      .mac = {2, 0x56, 0x41, 0, 0, 0},
      .dst = {},
      .has_dst = false,
      .receivers = 1,
      .indirect_percent = 0,
      .window = 0,
      .count = 3000,
      .run_ms = 0,
      .enough = nullptr,
      .timeout_ms = 400};
  uint64_t receive_timeout_ms_ = 600;
  std::function<bool(std::vector<char>&)> tamper_;
  talk_report sent_{};
  std::vector<talk_report> received_;
  bool send_ok_ = false;
  std::atomic<uint32_t> receive_ok_ = 0;

 private:
  void start(FakePort& sender, std::vector<std::unique_ptr<FakePort>>& ports, uint32_t rings) {
    std::vector<std::thread> threads;
    received_.resize(ports.size());
    for (size_t i = 0; i < ports.size(); i++)
      threads.emplace_back([&, i] {
        const recv_options options{.id = static_cast<uint16_t>(i),
                                   .mac = {2, 0x56, 0x42, 0, 0, static_cast<uint8_t>(i)},
                                   .flows = rings,
                                   .recut = false,
                                   .timeout_ms = receive_timeout_ms_};
        receive_ok_ += talk_receive(&ports[i]->port(), &options, &received_[i]) ? 1 : 0;
        fake_switch->leave();
      });
    send_ok_ = talk_send(&sender.port(), &send_, &sent_);
    fake_switch->leave();
    for (std::thread& thread : threads) thread.join();
  }
};

bool is_data(const std::vector<char>& bytes) {
  return frame_type(reinterpret_cast<const uint8_t*>(bytes.data())) == FRAME_TYPE_DATA;
}

uint16_t message_kind(const std::vector<char>& bytes) {
  uint16_t what;
  memcpy(&what, bytes.data() + offsetof(talk_message, what), sizeof(what));
  return what;
}

TEST_F(Talk, OneReceiverGetsEverything) {
  run(1);
  EXPECT_TRUE(send_ok_) << sent_.error;
  EXPECT_EQ(receive_ok_, 1u) << received_[0].error;
  EXPECT_EQ(received_[0].frames, 3000u);
  EXPECT_EQ(received_[0].bytes, sent_.bytes);
  EXPECT_EQ(received_[0].foreign, 0u);
}

TEST_F(Talk, EndsWhenToldThatItIsEnough) {
  volatile sig_atomic_t enough = 0;
  std::atomic<uint32_t> data = 0;
  send_.run_ms = 3600 * 1000;
  send_.enough = &enough;
  tamper_ = [&](std::vector<char>& bytes) {
    if (is_data(bytes) && ++data == 500) enough = 1;
    return true;
  };
  run(1);
  EXPECT_TRUE(send_ok_) << sent_.error;
  EXPECT_EQ(receive_ok_, 1u) << received_[0].error;
  EXPECT_GE(received_[0].frames, 500u);
  EXPECT_EQ(received_[0].frames, sent_.frames);
}

TEST_F(Talk, FragmentsAndAddresses) {
  send_.plan.max_frags = 64;
  send_.plan.max_size = 60000;
  send_.indirect_percent = 50;
  send_.count = 500;
  run(1);
  EXPECT_TRUE(send_ok_) << sent_.error;
  EXPECT_EQ(receive_ok_, 1u) << received_[0].error;
  EXPECT_EQ(received_[0].slots, sent_.slots);
  EXPECT_GT(sent_.slots, 5 * sent_.frames);
}

TEST_F(Talk, BroadcastReachesThree) {
  memcpy(send_.dst, talk_broadcast, 6);
  send_.has_dst = true;
  run(3);
  EXPECT_TRUE(send_ok_) << sent_.error;
  EXPECT_EQ(receive_ok_, 3u);
  for (const talk_report& report : received_) EXPECT_EQ(report.frames, 3000u) << report.error;
}

TEST_F(Talk, SeveralRings) {
  run(1, 3);
  EXPECT_TRUE(send_ok_) << sent_.error;
  EXPECT_EQ(receive_ok_, 1u) << received_[0].error;
  EXPECT_EQ(received_[0].frames, 9000u);
}

TEST_F(Talk, TimedRun) {
  send_.run_ms = 50;
  send_.count = 0;
  run(1);
  EXPECT_TRUE(send_ok_) << sent_.error;
  EXPECT_EQ(receive_ok_, 1u) << received_[0].error;
  EXPECT_GT(sent_.frames, 0u);
  EXPECT_EQ(received_[0].frames, sent_.frames);
}

// Of every kind of message two in three: of all kinds together, the third could always be the same
// kind.
TEST_F(Talk, LostMessagesAreRepeated) {
  std::map<uint16_t, int> count;
  tamper_ = [&](std::vector<char>& bytes) {
    return is_data(bytes) || ++count[message_kind(bytes)] % 3 == 0;
  };
  send_.timeout_ms = receive_timeout_ms_ = 3000;
  send_.count = 300;
  run(1);
  EXPECT_TRUE(send_ok_) << sent_.error;
  EXPECT_EQ(receive_ok_, 1u) << received_[0].error;
}

TEST_F(Talk, LostFrameFailsBothSides) {
  std::atomic<int> count = 0;
  tamper_ = [&](std::vector<char>& bytes) { return !is_data(bytes) || ++count != 1000; };
  run(1);
  EXPECT_FALSE(send_ok_);
  EXPECT_EQ(receive_ok_, 0u);
  EXPECT_NE(std::string(sent_.error).find("frame 999 of ring 0 lost"), std::string::npos)
      << sent_.error;
}

TEST_F(Talk, LostLastFrameFails) {
  std::atomic<int> count = 0;
  tamper_ = [&](std::vector<char>& bytes) { return !is_data(bytes) || ++count != 3000; };
  run(1);
  EXPECT_FALSE(send_ok_);
  EXPECT_EQ(receive_ok_, 0u);
}

TEST_F(Talk, ChangedByteFailsTheReceiver) {
  std::atomic<int> count = 0;
  tamper_ = [&](std::vector<char>& bytes) {
    if (is_data(bytes) && ++count == 1000) bytes.back() ^= 0x40;
    return true;
  };
  run(1);
  EXPECT_EQ(receive_ok_, 0u);
  EXPECT_NE(std::string(received_[0].error).find("frame 999"), std::string::npos)
      << received_[0].error;
}

TEST_F(Talk, NobodyThere) {
  run(0);
  EXPECT_FALSE(send_ok_);
}

}  // namespace
