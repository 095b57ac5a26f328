// SPDX-License-Identifier: BSD-2-Clause
#include "lib/varlink.hpp"

#include <gtest/gtest.h>

namespace vale::varlink {
namespace {

using namespace std::string_literals;

TEST(FrameReader, CutsAtNul) {
  FrameReader reader(100);
  ASSERT_TRUE(reader.feed("one\0two\0th"s));
  EXPECT_EQ(reader.waiting(), 2U);
  EXPECT_EQ(reader.next(), "one");
  EXPECT_EQ(reader.next(), "two");
  EXPECT_EQ(reader.next(), std::nullopt);
  EXPECT_TRUE(reader.partial());
  EXPECT_EQ(reader.waiting(), 0U);
  ASSERT_TRUE(reader.feed("ree\0"s));
  EXPECT_EQ(reader.next(), "three");
  EXPECT_FALSE(reader.partial());
}

TEST(FrameReader, TakesOneByteAtATime) {
  FrameReader reader(10);
  for (const char c : "abc\0"s) {
    EXPECT_EQ(reader.next(), std::nullopt);
    ASSERT_TRUE(reader.feed({&c, 1}));
  }
  EXPECT_EQ(reader.next(), "abc");
}

TEST(FrameReader, LimitsTheLength) {
  FrameReader exact(3);
  EXPECT_TRUE(exact.feed("abc\0"s));
  FrameReader unfinished(3);
  EXPECT_FALSE(unfinished.feed("abcd"));
  FrameReader finished(3);
  const auto fed = finished.feed("abcd\0"s);
  ASSERT_FALSE(fed);
  EXPECT_EQ(fed.error().code, Errc::kProtocol);
}

TEST(FrameReader, LimitsWhatIsQueued) {
  FrameReader reader(10);
  const std::string many(FrameReader::kReadSize, '\0');
  ASSERT_TRUE(reader.feed(many));
  EXPECT_FALSE(reader.feed(many));
}

TEST(Call, RoundTrips) {
  const std::string bytes = encode(Call{"a.b.C", {{"x", 1}}, true, false});
  ASSERT_EQ(bytes.back(), '\0');
  const auto call = parse_call(bytes.substr(0, bytes.size() - 1));
  ASSERT_TRUE(call);
  EXPECT_EQ(call->method, "a.b.C");
  EXPECT_EQ(call->parameters.at("x"), 1);
  EXPECT_TRUE(call->more);
  EXPECT_FALSE(call->oneway);
}

TEST(Call, ParametersAndFlagsAreOptional) {
  const auto call = parse_call(R"({"method":"a.b.C","parameters":null})");
  ASSERT_TRUE(call);
  EXPECT_TRUE(call->parameters.empty());
  EXPECT_FALSE(call->more);
}

TEST(Call, RefusesWhatIsNone) {
  const std::string deep = "{\"method\":\"a\",\"parameters\":" + std::string(100, '[') + "}";
  for (const std::string& bad :
       {""s, "x"s, "[]"s, "{}"s, R"({"method":1})"s, R"({"method":"a","more":1})"s,
        R"({"method":"a","oneway":"yes"})"s, R"({"method":"a","parameters":[]})"s,
        R"({"method":"a"} x)"s, "{\"method\":\"\xff\xfe\"}"s, deep}) {
    EXPECT_FALSE(parse_call(bad)) << bad;
  }
}

TEST(Reply, RoundTrips) {
  const std::string bytes = encode(Reply{{{"name", "x"}}, "a.b.Busy", true});
  const auto reply = parse_reply(bytes.substr(0, bytes.size() - 1));
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->error, "a.b.Busy");
  EXPECT_TRUE(reply->continues);
  EXPECT_EQ(reply->parameters.at("name"), "x");
  EXPECT_FALSE(parse_reply(R"({"error":1})"));
}

}  // namespace
}  // namespace vale::varlink
