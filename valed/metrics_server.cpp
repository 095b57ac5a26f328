// SPDX-License-Identifier: BSD-2-Clause
#include "valed/metrics_server.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>

#include <array>

#include "lib/text.hpp"
#include "valed/http.hpp"
#include "valed/log.hpp"

namespace valed {
namespace {

using asio::experimental::awaitable_operators::operator||;
using asio::posix::stream_descriptor;

asio::awaitable<std::string> read_request(stream_descriptor& peer) {
  std::string request;
  std::array<char, 2048> chunk{};
  while (!http::complete(request) && request.size() < http::kMaxRequest) {
    const auto [error, n] = co_await peer.async_read_some(asio::buffer(chunk), kTuple);
    if (error) co_return "";
    request.append(chunk.data(), n);
  }
  co_return request;
}

asio::awaitable<void> answer(stream_descriptor& peer, const std::function<std::string()>& body) {
  const std::string request = co_await read_request(peer);
  if (request.empty()) co_return;
  const std::string response = http::respond(request, body);
  co_await asio::async_write(peer, asio::buffer(response), kTuple);
}

vale::Result<vale::UniqueFd> listen_to(const sockaddr* address, socklen_t size,
                                       const std::string& text) {
  vale::UniqueFd fd(::socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const int on = 1;
  if (!fd || ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 ||
      ::bind(fd.get(), address, size) != 0 || ::listen(fd.get(), SOMAXCONN) != 0) {
    return vale::fail_errno(errno, text, "cannot listen on " + text);
  }
  return fd;
}

}  // namespace

MetricsServer::MetricsServer(asio::io_context& io, vale::UniqueFd listener,
                             std::function<std::string()> metrics, Limits limits)
    : io_(io), listener_(io, listener.release()), metrics_(std::move(metrics)), limits_(limits) {
  listener_.non_blocking(true);
}

void MetricsServer::start() {
  asio::co_spawn(io_, accept_loop(), LogAndThrow{"accepting scrapers"});
}

void MetricsServer::stop() {
  boost::system::error_code ignored;
  listener_.close(ignored);
}

asio::awaitable<void> MetricsServer::accept_loop() {
  while (listener_.is_open()) {
    const auto [error] = co_await listener_.async_wait(stream_descriptor::wait_read, kTuple);
    if (error) co_return;
    vale::UniqueFd fd(
        ::accept4(listener_.native_handle(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    // One connection too many is closed at once: a scraper comes again.
    if (!fd || connections_ >= limits_.connections) continue;
    asio::co_spawn(io_, serve(std::move(fd)), LogAndThrow{"a scraper's connection"});
  }
}

asio::awaitable<void> MetricsServer::serve(vale::UniqueFd fd) {
  ++connections_;
  stream_descriptor peer(io_, fd.release());
  asio::steady_timer deadline(io_, limits_.patience);
  co_await (answer(peer, metrics_) || deadline.async_wait(kTuple));
  --connections_;
}

vale::Result<vale::UniqueFd> listen_on_loopback(const std::string& address) {
  const auto colon = address.rfind(':');
  const auto host = address.substr(0, colon);
  const auto port =
      colon == std::string::npos
          ? std::nullopt
          : vale::parse_number<std::uint16_t>(std::string_view(address).substr(colon + 1));
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  if (port && ::inet_pton(AF_INET, host.c_str(), &v4.sin_addr) == 1 &&
      (ntohl(v4.sin_addr.s_addr) >> 24U) == IN_LOOPBACKNET) {
    v4.sin_port = htons(*port);
    return listen_to(reinterpret_cast<const sockaddr*>(&v4), sizeof(v4), address);
  }
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  v6.sin6_addr = in6addr_loopback;
  if (port && host == "[::1]") {
    v6.sin6_port = htons(*port);
    return listen_to(reinterpret_cast<const sockaddr*>(&v6), sizeof(v6), address);
  }
  return vale::fail(
      vale::Errc::kInvalidValue, address,
      fmt::format("'{}' is no loopback address with a port, such as 127.0.0.1:9560", address));
}

}  // namespace valed
