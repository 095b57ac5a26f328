// SPDX-License-Identifier: BSD-2-Clause
#include "valed/journal.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace valed {
namespace {

using ::testing::ElementsAre;

TEST(Journal, IsWhatStandardErrorLeadsTo) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  struct stat status = {};
  ASSERT_EQ(::fstat(ends[0], &status), 0);
  const auto stream = fmt::format("{}:{}", status.st_dev, status.st_ino);
  EXPECT_TRUE(is_journal(ends[0], stream.c_str()));
  EXPECT_FALSE(is_journal(ends[0], nullptr));
  // Somebody sent it elsewhere after systemd had set the variable.
  EXPECT_FALSE(is_journal(ends[0], fmt::format("{}:{}", status.st_dev, status.st_ino + 1).c_str()));
  for (const char* rubbish : {"", ":", "1", "a:b", "1:2:3", "-1:-1"}) {
    EXPECT_FALSE(is_journal(ends[0], rubbish)) << rubbish;
  }
  ::close(ends[0]);
  ::close(ends[1]);
  EXPECT_FALSE(is_journal(ends[0], stream.c_str()));
}

TEST(Journal, MessagesHaveTheFieldsThereIsSomethingToSayIn) {
  EXPECT_THAT(journal_fields(spdlog::level::info, "text", {}),
              ElementsAre("MESSAGE=text", "PRIORITY=6"));
  EXPECT_THAT(journal_fields(spdlog::level::warn, "two\nlines", about("vale0:eth0^")),
              ElementsAre("MESSAGE=two\nlines", "PRIORITY=4", "SWITCH=vale0", "PORT=vale0:eth0^",
                          "IFNAME=eth0"));
  EXPECT_THAT(journal_fields(spdlog::level::err, "", about("eth0")),
              ElementsAre("MESSAGE=", "PRIORITY=3", "IFNAME=eth0"));
}

/// A log that keeps what it is to send.
class JournalSinkTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto sink = std::make_shared<JournalSink>([this](const std::vector<std::string>& fields) {
      sent.push_back(fields);
      return works;
    });
    spdlog::set_default_logger(std::make_shared<spdlog::logger>("test", std::move(sink)));
  }
  void TearDown() override { spdlog::set_default_logger(before); }

  std::shared_ptr<spdlog::logger> before = spdlog::default_logger();
  std::vector<std::vector<std::string>> sent;
  bool works = true;
};

TEST_F(JournalSinkTest, SendsWhatAMessageIsAbout) {
  log_about(about("vale0"), spdlog::level::info, "switch {}", 1);
  spdlog::warn("nothing in particular");
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_THAT(sent[0], ElementsAre("MESSAGE=switch 1", "PRIORITY=6", "SWITCH=vale0"));
  EXPECT_THAT(sent[1], ElementsAre("MESSAGE=nothing in particular", "PRIORITY=4"));
}

TEST_F(JournalSinkTest, WithoutAJournalStandardErrorGetsTheMessage) {
  works = false;
  ::testing::internal::CaptureStderr();
  log_about(about("vale0"), spdlog::level::critical, "help");
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "<2>help\n");
}

}  // namespace
}  // namespace valed
