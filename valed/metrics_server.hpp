// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "lib/result.hpp"
#include "lib/unique_fd.hpp"
#include "valed/asio.hpp"

namespace valed {

/// Answers scrapers: one request a connection, few connections at a time, each with a deadline.
class MetricsServer {
 public:
  struct Limits {
    std::size_t connections = 8;
    std::chrono::milliseconds patience{5'000};
  };

  MetricsServer(asio::io_context& io, vale::UniqueFd listener, std::function<std::string()> metrics,
                Limits limits);

  void start();
  void stop();

 private:
  asio::awaitable<void> accept_loop();
  asio::awaitable<void> serve(vale::UniqueFd fd);

  asio::io_context& io_;
  asio::posix::stream_descriptor listener_;
  std::function<std::string()> metrics_;
  Limits limits_;
  std::size_t connections_ = 0;
};

/// "127.0.0.1:9560" or "[::1]:9560": loopback addresses only, for the counters are not for the
/// world.
vale::Result<vale::UniqueFd> listen_on_loopback(const std::string& address);

}  // namespace valed
