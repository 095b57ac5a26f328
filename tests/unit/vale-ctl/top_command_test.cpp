// SPDX-License-Identifier: BSD-2-Clause
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "ctl_fixture.hpp"

namespace vale_ctl {
namespace {

using ::testing::HasSubstr;

/// Time passes only while top sleeps, and packets with it.
class TopTest : public testing::CtlTest {
 protected:
  void SetUp() override {
    kernel.add_port("vale0:a", VALE_PORT_EPHEMERAL);
    kernel.add_port("vale0:b", VALE_PORT_EPHEMERAL);
    kernel.add_port("vale1:c", VALE_PORT_EPHEMERAL);
    time.now = [this] { return now; };
    time.calendar = [] { return std::chrono::system_clock::time_point{}; };
    time.sleep_until = [this](std::chrono::steady_clock::time_point until) {
      EXPECT_GT(until, now);
      now = until;
      ++slept;
      auto& b = kernel.port_table[1];
      b.counters[VALE_CNT_IN_PACKETS] += 10 * slept;
      b.drops[VALE_DROP_RING_FULL] += 4;
      on_sleep();
    };
  }

  /// The words of a line of the output.
  std::vector<std::string> words(std::size_t line) const {
    std::istringstream lines(out.str());
    std::string text;
    for (std::size_t i = 0; i <= line; ++i) std::getline(lines, text);
    std::istringstream in(text);
    return {std::istream_iterator<std::string>(in), {}};
  }

  std::chrono::steady_clock::time_point now{};
  std::uint64_t slept = 0;
  std::function<void()> on_sleep = [] {};
};

TEST_F(TopTest, PrintsALineAPortAndRefresh) {
  EXPECT_EQ(run({"top", "--count", "2", "--interval", "0.5", "vale0"}), kOk);
  EXPECT_EQ(now.time_since_epoch(), std::chrono::seconds(1));
  EXPECT_EQ(words(0).front(), "TIME");
  EXPECT_EQ(words(1).at(1), "vale0:a");
  EXPECT_EQ(words(2).at(1), "vale0:b");
  EXPECT_EQ(words(2).at(2), "20");
  EXPECT_EQ(words(2).at(6), "ring_full=8");
  EXPECT_EQ(words(4).at(2), "40");
  EXPECT_TRUE(words(5).empty());
}

TEST_F(TopTest, SortsAsAsked) {
  EXPECT_EQ(run({"top", "-n", "1", "--sort", "in"}), kOk);
  EXPECT_EQ(words(1).at(1), "vale0:b");
  EXPECT_EQ(run({"top", "-n", "1", "--sort", "name", "--reverse"}), kOk);
  EXPECT_EQ(words(1).at(1), "vale1:c");
}

TEST_F(TopTest, JsonIsAnObjectARefresh) {
  EXPECT_EQ(run({"--json", "top", "-n", "1"}), kOk);
  const auto object = boost::json::parse(out.str()).as_object();
  EXPECT_THAT(std::string(object.at("time").as_string()), HasSubstr("T"));
  const auto& b = object.at("rates").at(1);
  EXPECT_EQ(b.at("name"), "vale0:b");
  EXPECT_EQ(b.at("in_packets"), 10);
  EXPECT_EQ(b.at("drops").at("ring_full"), 4);
}

TEST_F(TopTest, EndsWhenItCannotAsk) {
  daemon_up = false;
  EXPECT_EQ(run({"top"}), kFailed);
  EXPECT_EQ(out.str(), "");
  daemon_up = true;
  on_sleep = [this] { kernel.broken = vale::Error{vale::Errc::kKernelUnavailable, "", "gone"}; };
  EXPECT_EQ(run({"top"}), kFailed);
  EXPECT_THAT(err.str(), HasSubstr("gone"));
}

TEST_F(TopTest, RefusesWhatMakesNoSense) {
  for (const char* interval : {"0", "-1", "0.05", "nan", "1e9", "soon"}) {
    EXPECT_EQ(run({"top", "-n", "1", "--interval", interval}), kUsage) << interval;
  }
  EXPECT_EQ(run({"top", "--sort", "weight"}), kUsage);
  EXPECT_EQ(run({"top", "eth0"}), kFailed);
  EXPECT_EQ(slept, 0U);
}

}  // namespace
}  // namespace vale_ctl
