// SPDX-License-Identifier: BSD-2-Clause
// A whole valed on a fake kernel, its loop in a thread, real clients on a real socket.
#pragma once

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/asio/post.hpp>
#include <cstring>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include "fake_kernel.hpp"
#include "fake_nic.hpp"
#include "lib/varlink_client.hpp"
#include "paths_below.hpp"
#include "temp_dir.hpp"
#include "valed/listen_socket.hpp"
#include "valed/server.hpp"

namespace valed::testing {

using vale::varlink::Client;

class ServerTest : public ::testing::Test {
 protected:
  ServerTest() { limits.clients = 3; }

  void SetUp() override {
    auto listener = listen_at(path, std::nullopt);
    ASSERT_TRUE(listener);
    server = std::make_unique<Server>(io, std::move(listener->fd), service, limits);
    server->start();
    loop = std::thread([this] { io.run(); });
  }

  void TearDown() override {
    on_loop([this] { server->stop(); });
    loop.join();
  }

  /// Runs something where the server runs, and waits for it.
  template <class F>
  void on_loop(F f) {
    std::promise<void> done;
    asio::post(io, [&] {
      f();
      done.set_value();
    });
    done.get_future().wait();
  }

  [[nodiscard]] Client connect() const { return std::move(Client::connect(path).value()); }

  /// A bare socket that gives up after five seconds rather than hang.
  [[nodiscard]] vale::UniqueFd raw() const {
    vale::UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.data(), path.size());
    EXPECT_EQ(::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
    const timeval patience{5, 0};
    EXPECT_EQ(::setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)), 0);
    return fd;
  }

  static void send(const vale::UniqueFd& fd, std::string_view bytes) {
    EXPECT_EQ(::send(fd.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
  }

  /// All that comes until the server closes; "timeout" at the end if it does not.
  static std::string read_to_end(const vale::UniqueFd& fd) {
    std::string all;
    char chunk[4096];
    for (;;) {
      const auto n = ::recv(fd.get(), chunk, sizeof(chunk), 0);
      if (n > 0) all.append(chunk, static_cast<std::size_t>(n));
      if (n == 0 || (n < 0 && errno == ECONNRESET)) return all;
      if (n < 0) return all + "timeout";
    }
  }

  /// The same, cut into messages.
  static std::vector<std::string> messages(const vale::UniqueFd& fd) {
    const std::string all = read_to_end(fd);
    EXPECT_TRUE(all.empty() || all.back() == '\0') << all.size();
    std::vector<std::string> list;
    for (std::size_t at = 0, end = 0; (end = all.find('\0', at)) != std::string::npos;
         at = end + 1) {
      list.push_back(all.substr(at, end - at));
    }
    return list;
  }

  static std::string exceeded(const std::string& limit, const std::string& why) {
    return R"({"error":"io.vale.Switch.LimitExceeded","parameters":{"limit":")" + limit +
           R"(","message":"cut off: )" + why + "\"}}";
  }

  vale::testing::TempDir dir;
  std::string path = dir.file("valed.sock");
  vale::testing::FakeKernel kernel;
  FakeNic nics;
  Engine engine{kernel, nics, paths_below(dir.path()), std::chrono::steady_clock::now};
  EventHub hub{50};
  Service service{engine, hub, Authority(::getuid(), std::nullopt), std::chrono::steady_clock::now};
  Limits limits;
  asio::io_context io{1};
  std::unique_ptr<Server> server;
  std::thread loop;
};

}  // namespace valed::testing
