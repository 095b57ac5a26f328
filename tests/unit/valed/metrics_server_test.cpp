// SPDX-License-Identifier: BSD-2-Clause
#include "valed/metrics_server.hpp"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <thread>

namespace valed {
namespace {

using ::testing::EndsWith;

class MetricsServerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto listener = listen_on_loopback("127.0.0.1:0");
    ASSERT_TRUE(listener) << listener.error().context;
    socklen_t size = sizeof(address);
    ASSERT_EQ(::getsockname(listener->get(), reinterpret_cast<sockaddr*>(&address), &size), 0);
    const auto metrics = [] { return std::string("a 1\n"); };
    server.emplace(io, std::move(*listener), metrics, limits);
    server->start();
    loop = std::thread([this] { io.run(); });
  }
  void TearDown() override {
    io.stop();
    loop.join();
  }
  vale::UniqueFd connect() {
    vale::UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    EXPECT_EQ(::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
    return fd;
  }
  static std::string talk(const vale::UniqueFd& fd, std::string_view request) {
    EXPECT_EQ(::send(fd.get(), request.data(), request.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(request.size()));
    std::string all;
    std::array<char, 1024> chunk{};
    for (;;) {
      const auto n = ::recv(fd.get(), chunk.data(), chunk.size(), 0);
      if (n <= 0) return all;
      all.append(chunk.data(), static_cast<std::size_t>(n));
    }
  }

  sockaddr_in address{};
  MetricsServer::Limits limits{2, std::chrono::milliseconds(100)};
  asio::io_context io{1};
  std::optional<MetricsServer> server;
  std::thread loop;
};

TEST_F(MetricsServerTest, AnswersEachConnectionOnce) {
  for (int i = 0; i < 5; ++i) {
    EXPECT_THAT(talk(connect(), "GET /metrics HTTP/1.1\r\n\r\n"), EndsWith("\r\n\r\na 1\n"));
  }
}

TEST_F(MetricsServerTest, WhoDoesNotAskIsCutOff) {
  EXPECT_EQ(talk(connect(), "GET /met"), "");
  EXPECT_EQ(talk(connect(), ""), "");
}

TEST(ListenOnLoopback, TakesNothingElse) {
  for (const char* bad : {"", "127.0.0.1", "0.0.0.0:1", "10.0.0.1:1", "127.0.0.1:x", "[::]:1",
                          "127.0.0.1:70000", "localhost:1"}) {
    EXPECT_EQ(listen_on_loopback(bad).error().code, vale::Errc::kInvalidValue) << bad;
  }
}

}  // namespace
}  // namespace valed
