// SPDX-License-Identifier: BSD-2-Clause
#include "valed/session.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>

#include <array>
#include <boost/asio/post.hpp>
#include <cstring>

#include "lib/model_json.hpp"
#include "lib/varlink_errors.hpp"

namespace valed {
using asio::experimental::awaitable_operators::operator||;
namespace varlink = vale::varlink;

namespace {

constexpr const char* kTooManyPassed =
    "clients have not taken the descriptors that were sent to them: try again";
constexpr auto kNever = asio::steady_timer::time_point::max();

vale::Error exceeded(const char* limit, std::string what) {
  return {vale::Errc::kLimitExceeded, limit, std::move(what)};
}

/// What the kernel holds for a client that does not read: twice as much from now on, so that there
/// is room behind a full buffer.
void make_room(int fd) {
  int size = 0;
  socklen_t length = sizeof(size);
  // Reported doubled, and doubled again when set.
  if (::getsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, &length) != 0) return;
  (void)::setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
}

/// A function of its own: temporaries of aggregates in a coroutine are destroyed twice by GCC 12.
varlink::Reply event_reply(const vale::Event& event) {
  varlink::Reply reply;
  reply.parameters = {{"event", vale::to_json(event)}};
  reply.continues = true;
  return reply;
}

}  // namespace

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

bool Session::has_left() {
  pollfd end{socket_.native_handle(), 0, 0};
  return ::poll(&end, 1, 0) > 0 && (end.revents & POLLHUP) != 0;
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
    deadline_.expires_at(kNever);
  }
  const auto result = co_await (socket_.async_read_some(asio::buffer(chunk), kTuple) ||
                                deadline_.async_wait(kTuple));
  if (result.index() == 1) {
    cut_off(exceeded("time", "it did not finish its call"), true);
    co_return false;
  }
  const auto [error, n] = std::get<0>(result);
  if (error) co_return false;
  const auto fed = feed({chunk.data(), n});
  if (!fed) cut_off(fed.error(), true);
  co_return fed.has_value();
}

vale::Result<void> Session::feed(std::string_view bytes) {
  const auto fed = reader_.feed(bytes);
  if (!fed) return tl::unexpected(exceeded("size", fed.error().context));
  if (reader_.waiting() <= limits_.calls) return {};
  return tl::unexpected(
      exceeded("calls", fmt::format("more than {} calls wait for their replies", limits_.calls)));
}

asio::awaitable<bool> Session::answer(std::string message) {
  const auto call = varlink::parse_call(message);
  if (!call) {
    // The peer does not speak Varlink: no reply could be matched to anything.
    cut_off(call.error(), false);
    co_return false;
  }
  Answer answer = service_.handle(peer_, *call);
  if (call->oneway) co_return true;
  if (answer.watcher) co_return co_await stream(std::move(answer.watcher));
  if (answer.parts) co_return co_await send_parts(std::move(answer));
  passed_ = std::move(answer.descriptor);
  co_return co_await write(answer.reply);
}

void Session::load(const varlink::Reply& reply) {
  unsent_ = varlink::encode(reply);
  sent_ = 0;
}

/// send(2), with the descriptor if there is one.
ssize_t Session::send_some() {
  iovec data{unsent_.data() + sent_, unsent_.size() - sent_};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> rights{};
  msghdr message{};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  if (passed_) {
    message.msg_control = rights.data();
    message.msg_controllen = rights.size();
    auto* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    const int fd = passed_.get();
    std::memcpy(CMSG_DATA(header), &fd, sizeof(fd));
  }
  return ::sendmsg(socket_.native_handle(), &message, MSG_DONTWAIT | MSG_NOSIGNAL);
}

/// As much as the socket takes now; false if the client is gone.
bool Session::flush() {
  while (!all_sent()) {
    const auto n = send_some();
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno == ETOOMANYREFS && passed_) {
      // A descriptor on its way counts as ours until its client takes it.
      passed_.reset();
      load(varlink::error_reply(exceeded("descriptors", kTooManyPassed)));
      continue;
    }
    if (n < 0) return errno == EAGAIN;
    passed_.reset();
    sent_ += static_cast<std::size_t>(n);
  }
  return true;
}

/// The end of a client that exceeds a limit. If it is @p owed a reply, that is the reason, behind
/// what is left of the one before; it finds both when it reads again, for a closed socket keeps
/// them.
void Session::cut_off(const vale::Error& why, bool owed) {
  spdlog::info("client pid {} cut off: {}", peer_.pid, why.context);
  if (!owed) return;
  unsent_.erase(0, sent_);
  sent_ = 0;
  unsent_ +=
      varlink::encode(varlink::error_reply({why.code, why.object, "cut off: " + why.context}));
  make_room(socket_.native_handle());
  (void)flush();
}

asio::awaitable<bool> Session::write(const varlink::Reply& reply) {
  load(reply);
  const bool owed = reply.continues || reader_.waiting() > 0;
  deadline_.expires_after(limits_.write);
  if (!flush()) co_return false;
  while (!all_sent()) {
    const auto result = co_await (socket_.async_wait(StreamSocket::wait_write, kTuple) ||
                                  deadline_.async_wait(kTuple));
    if (result.index() == 1) {
      cut_off(exceeded("time", "it does not read its replies"), owed);
      co_return false;
    }
    if (std::get<0>(std::get<0>(result)) || !flush()) co_return false;
  }
  // Not kept by clients who are silent afterwards: it may be megabytes.
  unsent_ = std::string();
  sent_ = 0;
  // Other clients get their turn, however fast this one reads.
  co_await asio::post(socket_.get_executor(), asio::use_awaitable);
  co_return true;
}

asio::awaitable<bool> Session::send_parts(Answer answer) {
  auto part = answer.parts();
  while (part) {
    auto following = answer.parts();
    const varlink::Reply reply{std::move(*part), "", following.has_value()};
    if (!co_await write(reply)) co_return false;
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
    // Whatever it waits for: the overflow comes first.
    if (queue->overflowed()) self->socket_.cancel();
    self->event_bell_.cancel();
  });
  co_await (send_events(watcher) || read_until_gone());
  if (watcher->overflowed()) {
    service_.note_error("a watcher was cut off: it read events too slowly");
    cut_off(exceeded("time", "it reads events too slowly"), true);
  }
  co_return false;
}

asio::awaitable<bool> Session::send_events(std::shared_ptr<Watcher> watcher) {
  while (!watcher->overflowed()) {
    if (watcher->empty()) {
      event_bell_.expires_at(kNever);
      co_await event_bell_.async_wait(kTuple);
      // Cancelled because we are: the other side of the || has finished.
      if ((co_await asio::this_coro::cancellation_state).cancelled() !=
          asio::cancellation_type::none) {
        co_return false;
      }
      if (!socket_.is_open()) co_return false;
    } else {
      load(event_reply(watcher->pop()));
      const bool alive = co_await send_event();
      if (!alive) co_return false;
    }
  }
  co_return false;
}

/// What was loaded, however long it takes: a watcher's patience is the length of its queue.
asio::awaitable<bool> Session::send_event() {
  bool alive = flush();
  while (alive && !all_sent()) {
    const auto [error] = co_await socket_.async_wait(StreamSocket::wait_write, kTuple);
    alive = !error && flush();
  }
  co_return alive;
}

/// During a stream calls may be queued by the client, up to the size of one; the end is what we
/// wait for.
asio::awaitable<void> Session::read_until_gone() {
  std::array<char, varlink::FrameReader::kReadSize> chunk{};
  for (;;) {
    const auto [error, n] = co_await socket_.async_read_some(asio::buffer(chunk), kTuple);
    if (error) co_return;
    if (const auto fed = feed({chunk.data(), n}); !fed) {
      cut_off(fed.error(), true);
      co_return;
    }
  }
}

}  // namespace valed
