// SPDX-License-Identifier: BSD-2-Clause
#include "valed/http.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace valed::http {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string get(const std::string& request) {
  return respond(request + "\r\nHost: x\r\n\r\n", [] { return std::string("a 1\n"); });
}

TEST(Http, AnswersAScraper) {
  EXPECT_EQ(get("GET /metrics HTTP/1.1"),
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n"
            "Content-Length: 4\r\nConnection: close\r\n\r\na 1\n");
  EXPECT_THAT(get("GET /metrics?x=1 HTTP/1.0"), StartsWith("HTTP/1.1 200"));
}

TEST(Http, RefusesTheRest) {
  EXPECT_THAT(get("GET / HTTP/1.1"), StartsWith("HTTP/1.1 404"));
  EXPECT_THAT(get("GET /metricsx HTTP/1.1"), StartsWith("HTTP/1.1 404"));
  EXPECT_THAT(get("POST /metrics HTTP/1.1"), StartsWith("HTTP/1.1 405"));
  for (const char* bad : {"", "GET", "GET /metrics", "GET HTTP/1.1", "\x01\x02 \x03 x"}) {
    EXPECT_THAT(get(bad), StartsWith("HTTP/1.1 400")) << bad;
  }
  EXPECT_THAT(respond("", [] { return std::string(); }), HasSubstr("400"));
}

TEST(Http, ARequestEndsWithAnEmptyLine) {
  EXPECT_TRUE(complete("GET / HTTP/1.1\r\n\r\n"));
  EXPECT_FALSE(complete("GET / HTTP/1.1\r\nHost: x\r\n"));
  EXPECT_FALSE(complete(""));
}

}  // namespace
}  // namespace valed::http
