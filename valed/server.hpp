// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <memory>
#include <vector>

#include "lib/unique_fd.hpp"
#include "valed/log.hpp"
#include "valed/session.hpp"

namespace valed {

/// Accepts clients on a listening socket.
class Server {
 public:
  Server(asio::io_context& io, vale::UniqueFd listener, Service& service, Limits limits);

  void start();
  /// No new clients, the present ones closed.
  void stop();

 private:
  asio::awaitable<void> accept_loop();
  [[nodiscard]] bool accept_waiting();
  void admit(StreamSocket socket);
  [[nodiscard]] bool is_full();

  asio::io_context& io_;
  asio::local::stream_protocol::acceptor acceptor_;
  Service& service_;
  Limits limits_;
  std::vector<std::weak_ptr<Session>> sessions_;
};

}  // namespace valed
