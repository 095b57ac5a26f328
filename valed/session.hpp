// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <memory>

#include "lib/varlink.hpp"
#include "valed/asio.hpp"
#include "valed/service.hpp"

namespace valed {

struct Limits {
  std::size_t clients = 256;
  std::size_t call_size = vale::varlink::kMaxCall;
  std::size_t calls = 64;  // of one client, received and not answered
  std::size_t queued_events = 4096;
  std::chrono::milliseconds write{10'000};    // for a client to take one reply
  std::chrono::milliseconds partial{10'000};  // for the rest of a call to arrive
};

/// One client: calls are answered one after the other, in order.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(StreamSocket socket, Peer peer, Service& service, const Limits& limits);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// Runs until the client goes or misbehaves; @p self keeps the session alive.
  static asio::awaitable<void> run(std::shared_ptr<Session> self);
  void close();
  /// Has the client closed its end, whatever of its calls is still to be carried out?
  [[nodiscard]] bool has_left();

 private:
  asio::awaitable<bool> read_more();
  asio::awaitable<bool> answer(std::string message);
  asio::awaitable<bool> write(const vale::varlink::Reply& reply);
  asio::awaitable<bool> send_parts(Answer answer);
  asio::awaitable<bool> stream(std::shared_ptr<Watcher> watcher);
  asio::awaitable<bool> send_events(std::shared_ptr<Watcher> watcher);
  asio::awaitable<bool> send_event();
  asio::awaitable<void> read_until_gone();

  [[nodiscard]] vale::Result<void> feed(std::string_view bytes);
  [[nodiscard]] bool all_sent() const { return sent_ == unsent_.size(); }
  void load(const vale::varlink::Reply& reply);
  bool flush();
  ssize_t send_some();
  void cut_off(const vale::Error& why, bool owed);

  StreamSocket socket_;
  Peer peer_;
  Service& service_;
  Limits limits_;
  vale::varlink::FrameReader reader_;
  std::string unsent_;  // the reply being sent, and how much of it is
  std::size_t sent_ = 0;
  vale::UniqueFd passed_;  // goes with the first byte of unsent_
  asio::steady_timer deadline_;
  asio::steady_timer event_bell_;  // expires never; cancelled when a watcher has something
};

}  // namespace valed
