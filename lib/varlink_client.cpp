// SPDX-License-Identifier: BSD-2-Clause
#include "lib/varlink_client.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <cstring>

#include "lib/varlink_errors.hpp"

namespace vale::varlink {
namespace {

tl::unexpected<Error> cannot_connect(int err, const std::string& path) {
  switch (err) {
    case ENOENT:
    case ECONNREFUSED:
      return fail(
          Errc::kDaemonUnavailable, path,
          fmt::format("valed is not running (nobody listens on {}): start it with `systemctl "
                      "start valed`",
                      path));
    case EACCES:
    case EPERM:
      return fail(Errc::kNotPermitted, path,
                  fmt::format("you may not talk to valed ({}): be root or a member of group vale "
                              "(`usermod -aG vale USER`, then log in again)",
                              path));
    default:
      return fail_errno(err, path, "cannot connect to valed at " + path);
  }
}

}  // namespace

Result<Client> Client::connect(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) return fail_errno(ENAMETOOLONG, path, path);
  std::memcpy(address.sun_path, path.data(), path.size());
  UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd) return fail_errno(errno, path, "cannot make a socket");
  if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    return cannot_connect(errno, path);
  }
  return Client(std::move(fd));
}

Result<void> Client::send(const Call& call) {
  const std::string bytes = encode(call);
  std::size_t sent = 0;
  while (sent < bytes.size()) {
    const auto n = ::send(fd_.get(), bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail_errno(errno, "valed", "cannot send to valed");
    sent += static_cast<std::size_t>(n);
  }
  return {};
}

/// recv(2) that keeps one descriptor, if some come along; what else comes is closed.
ssize_t Client::read_some(char* to, std::size_t size) {
  iovec data{to, size};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> room{};
  msghdr message{};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  message.msg_control = room.data();
  message.msg_controllen = room.size();
  const auto n = ::recvmsg(fd_.get(), &message, MSG_CMSG_CLOEXEC);
  if (n < 0) return n;
  const auto* header = CMSG_FIRSTHDR(&message);
  if (header != nullptr && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS &&
      header->cmsg_len == CMSG_LEN(sizeof(int))) {
    int fd = -1;
    std::memcpy(&fd, CMSG_DATA(header), sizeof(fd));
    passed_.reset(fd);
  }
  return n;
}

Result<Reply> Client::receive() {
  std::array<char, FrameReader::kReadSize> chunk{};
  for (;;) {
    if (const auto message = reader_.next()) return parse_reply(*message);
    const auto n = read_some(chunk.data(), chunk.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail_errno(errno, "valed", "cannot receive from valed");
    if (n == 0) {
      return fail(Errc::kDaemonUnavailable, "valed",
                  "valed closed the connection (`journalctl -u valed` says why)");
    }
    const auto fed = reader_.feed({chunk.data(), static_cast<std::size_t>(n)});
    if (!fed) return tl::unexpected(fed.error());
  }
}

Result<boost::json::object> Client::call(const std::string& method,
                                         boost::json::object parameters) {
  const auto sent = send(Call{method, std::move(parameters), false, false});
  // A server that turns a connection away answers before it closes: read that even if sending
  // failed.
  auto reply = receive();
  if (!reply) return tl::unexpected(sent ? reply.error() : sent.error());
  if (!reply->error.empty()) return tl::unexpected(error_from_reply(*reply));
  return std::move(reply->parameters);
}

Result<UniqueFd> Client::call_for_descriptor(const std::string& method,
                                             boost::json::object parameters) {
  passed_.reset();
  const auto reply = call(method, std::move(parameters));
  if (!reply) return tl::unexpected(reply.error());
  if (passed_) return std::move(passed_);
  return fail(Errc::kProtocol, method, "valed answered " + method + " without a descriptor");
}

Result<void> Client::stream(const std::string& method, boost::json::object parameters,
                            const std::function<bool(const boost::json::object&)>& sink) {
  auto sent = send(Call{method, std::move(parameters), true, false});
  if (!sent) return sent;
  for (;;) {
    const auto reply = receive();
    if (!reply) return tl::unexpected(reply.error());
    if (!reply->error.empty()) return tl::unexpected(error_from_reply(*reply));
    if (!sink(reply->parameters) || !reply->continues) return {};
  }
}

}  // namespace vale::varlink
