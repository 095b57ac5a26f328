// SPDX-License-Identifier: BSD-2-Clause
#include "valed/server.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>

#include <algorithm>

#include "lib/varlink_errors.hpp"

namespace valed {
namespace {

constexpr std::chrono::milliseconds kAcceptPause{100};
constexpr int kAcceptAtOnce = 64;

/// Turns a client away; it is told why if its buffer takes that at once.
void refuse(StreamSocket socket, const vale::Error& error) {
  const auto bytes = vale::varlink::encode(vale::varlink::error_reply(error));
  (void)::send(socket.native_handle(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
}

}  // namespace

Server::Server(asio::io_context& io, vale::UniqueFd listener, Service& service, Limits limits)
    : io_(io),
      acceptor_(io, asio::local::stream_protocol(), listener.release()),
      service_(service),
      limits_(limits) {}

void Server::start() {
  asio::co_spawn(io_, accept_loop(), LogAndThrow{"accepting clients"});
}

void Server::stop() {
  boost::system::error_code ignored;
  acceptor_.close(ignored);
  for (const auto& weak : sessions_) {
    if (const auto session = weak.lock()) session->close();
  }
}

/// Those who have left wait for their last call to be carried out. They do not keep others out, up
/// to as many as may be here.
bool Server::is_full() {
  std::erase_if(sessions_, [](const auto& weak) { return weak.expired(); });
  if (sessions_.size() < limits_.clients) return false;
  const auto here = std::ranges::count_if(sessions_, [](const auto& weak) {
    const auto session = weak.lock();
    return session && !session->has_left();
  });
  return static_cast<std::size_t>(here) >= limits_.clients ||
         sessions_.size() >= 2 * limits_.clients;
}

asio::awaitable<void> Server::accept_loop() {
  asio::steady_timer pause(io_);
  acceptor_.non_blocking(true);
  while (acceptor_.is_open()) {
    co_await acceptor_.async_wait(asio::local::stream_protocol::acceptor::wait_read, kTuple);
    if (!acceptor_.is_open()) co_return;
    if (accept_waiting()) continue;
    pause.expires_after(kAcceptPause);
    co_await pause.async_wait(kTuple);
  }
}

/// One at a time, a newcomer among many busy clients would wait for all those before it to be
/// served once each. False: out of descriptors or memory; trying again at once would only burn the
/// CPU.
bool Server::accept_waiting() {
  for (int n = 0; n < kAcceptAtOnce; ++n) {
    boost::system::error_code error;
    StreamSocket socket = acceptor_.accept(error);
    if (error == asio::error::would_block) return true;
    if (!error) {
      admit(std::move(socket));
    } else if (error != asio::error::connection_aborted) {
      spdlog::warn("cannot accept a client: {}", error.message());
      return false;
    }
  }
  return true;
}

void Server::admit(StreamSocket socket) {
  if (is_full()) {
    spdlog::warn("client turned away: there are {} already", limits_.clients);
    refuse(std::move(socket),
           {vale::Errc::kTooManyClients, "valed",
            fmt::format("valed serves {} clients already: close some and try again",
                        limits_.clients)});
    return;
  }
  auto peer = peer_of(socket.native_handle());
  if (!peer) {
    spdlog::warn("client turned away: {}", peer.error().context);
    return;
  }
  auto session = std::make_shared<Session>(std::move(socket), std::move(*peer), service_, limits_);
  sessions_.push_back(session);
  asio::co_spawn(io_, Session::run(session), LogAndThrow{"a client's session"});
}

}  // namespace valed
