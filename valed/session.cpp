// SPDX-License-Identifier: BSD-2-Clause
#include "valed/session.hpp"

#include <spdlog/spdlog.h>

#include <array>

#include "lib/model_json.hpp"
#include "lib/varlink_errors.hpp"

namespace valed {
using asio::experimental::awaitable_operators::operator||;
namespace varlink = vale::varlink;

Session::Session(StreamSocket socket, Peer peer, Service& service, const Limits& limits)
    : socket_(std::move(socket)),
      peer_(std::move(peer)),
      service_(service),
      limits_(limits),
      reader_(limits.call_size),
      deadline_(socket_.get_executor()),
      event_bell_(socket_.get_executor()) {
  service_.client_came();
}

Session::~Session() {
  service_.client_went();
}

void Session::close() {
  boost::system::error_code ignored;
  socket_.close(ignored);
  deadline_.cancel();
  event_bell_.cancel();
}

asio::awaitable<void> Session::run(std::shared_ptr<Session> self) {
  bool alive = true;
  while (alive) {
    if (auto message = self->reader_.next()) {
      alive = co_await self->answer(std::move(*message));
    } else {
      alive = co_await self->read_more();
    }
  }
  self->close();
}

/// A client may be silent between calls for as long as it likes, but not in the middle of one.
asio::awaitable<bool> Session::read_more() {
  std::array<char, varlink::FrameReader::kReadSize> chunk{};
  if (reader_.partial()) {
    deadline_.expires_after(limits_.partial);
  } else {
    deadline_.expires_at(asio::steady_timer::time_point::max());
  }
  const auto result = co_await (socket_.async_read_some(asio::buffer(chunk), kTuple) ||
                                deadline_.async_wait(kTuple));
  if (result.index() == 1) {
    spdlog::info("client pid {} cut off: it did not finish its call", peer_.pid);
    co_return false;
  }
  const auto [error, n] = std::get<0>(result);
  if (error) co_return false;
  const auto fed = reader_.feed({chunk.data(), n});
  if (!fed) spdlog::info("client pid {} cut off: {}", peer_.pid, fed.error().context);
  co_return fed.has_value();
}

asio::awaitable<bool> Session::answer(std::string message) {
  const auto call = varlink::parse_call(message);
  if (!call) {
    // The peer does not speak Varlink: no reply could be matched to anything.
    spdlog::info("client pid {} cut off: {}", peer_.pid, call.error().context);
    co_return false;
  }
  Answer answer = service_.handle(peer_, *call);
  if (call->oneway) co_return true;
  if (answer.watcher) co_return co_await stream(std::move(answer.watcher));
  if (answer.parts) co_return co_await send_parts(std::move(answer));
  co_return co_await write(varlink::encode(answer.reply));
}

asio::awaitable<bool> Session::write(std::string bytes) {
  deadline_.expires_after(limits_.write);
  const auto result = co_await (asio::async_write(socket_, asio::buffer(bytes), kTuple) ||
                                deadline_.async_wait(kTuple));
  if (result.index() == 1) {
    spdlog::info("client pid {} cut off: it does not read its replies", peer_.pid);
    co_return false;
  }
  co_return !std::get<0>(std::get<0>(result));
}

asio::awaitable<bool> Session::send_parts(Answer answer) {
  auto part = answer.parts();
  while (part) {
    auto following = answer.parts();
    varlink::Reply reply{std::move(*part), "", following.has_value()};
    if (!co_await write(varlink::encode(reply))) co_return false;
    part = std::move(following);
  }
  co_return true;
}

asio::awaitable<bool> Session::stream(std::shared_ptr<Watcher> watcher) {
  // A watcher that outlives this frame must not ring a bell of a session that is gone.
  watcher->on_change([weak = weak_from_this(), raw = std::weak_ptr(watcher)] {
    const auto self = weak.lock();
    const auto queue = raw.lock();
    if (!self || !queue) return;
    // A blocked write would hide the overflow for long: closing the socket ends it.
    if (queue->overflowed()) self->close();
    self->event_bell_.cancel();
  });
  co_await (send_events(watcher) || read_until_gone());
  if (watcher->overflowed()) {
    spdlog::warn("watcher pid {} cut off: it reads events too slowly", peer_.pid);
    service_.note_error("a watcher was cut off: it read events too slowly");
  }
  co_return false;
}

asio::awaitable<bool> Session::send_events(std::shared_ptr<Watcher> watcher) {
  while (!watcher->overflowed()) {
    if (watcher->empty()) {
      event_bell_.expires_at(asio::steady_timer::time_point::max());
      co_await event_bell_.async_wait(kTuple);
      if (!socket_.is_open()) co_return false;
      // Cancelled because we are: the other side of the || has finished.
      if ((co_await asio::this_coro::cancellation_state).cancelled() !=
          asio::cancellation_type::none) {
        co_return false;
      }
      continue;
    }
    varlink::Reply reply{{{"event", vale::to_json(watcher->pop())}}, "", true};
    std::string bytes = varlink::encode(reply);
    const auto [error, n] = co_await asio::async_write(socket_, asio::buffer(bytes), kTuple);
    if (error) co_return false;
  }
  co_return false;
}

/// During a stream calls may be queued by the client, up to the size of one; the end is what we
/// wait for.
asio::awaitable<void> Session::read_until_gone() {
  std::array<char, varlink::FrameReader::kReadSize> chunk{};
  for (;;) {
    const auto [error, n] = co_await socket_.async_read_some(asio::buffer(chunk), kTuple);
    if (error) co_return;
    if (!reader_.feed({chunk.data(), n})) co_return;
  }
}

}  // namespace valed
