// SPDX-License-Identifier: BSD-2-Clause
#include "apps/tlem/session.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "apps/common/text.hpp"

namespace tlem {
namespace {

constexpr std::size_t kLongest = 4096;

[[noreturn]] void fail(const std::string& path) {
  throw std::runtime_error(path + ": " + std::strerror(errno));
}

sockaddr_un address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path))
    throw apps::UsageError("-s: a path of at most " + std::to_string(sizeof(address.sun_path) - 1) +
                           " characters");
  path.copy(address.sun_path, path.size());
  return address;
}

vale::UniqueFd make_socket(const std::string& path) {
  vale::UniqueFd fd(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
  if (!fd) fail(path);
  return fd;
}

bool connect_to(const vale::UniqueFd& fd, const sockaddr_un& address) {
  return ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
}

// Only a socket that nobody answers at, never another file.
void remove_stale(const std::string& path, const sockaddr_un& address) {
  struct stat status = {};
  if (::lstat(path.c_str(), &status) != 0) return;
  if (!S_ISSOCK(status.st_mode)) throw std::runtime_error(path + ": is there, and no socket");
  if (connect_to(make_socket(path), address)) throw std::runtime_error(path + ": served already");
  ::unlink(path.c_str());
}

std::string receive(int fd) {
  std::array<char, kLongest> text{};
  const ssize_t n = ::recv(fd, text.data(), text.size(), 0);
  return n > 0 ? std::string(text.data(), static_cast<std::size_t>(n)) : std::string();
}

}  // namespace

Server::Server(std::string path, Handler handler)
    : path_(std::move(path)), handler_(std::move(handler)), fd_(make_socket(path_)) {
  const sockaddr_un address = address_of(path_);
  remove_stale(path_, address);
  const mode_t mask = ::umask(0177);
  const int bound = ::bind(fd_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address));
  ::umask(mask);
  if (bound != 0 || ::listen(fd_.get(), 8) != 0) fail(path_);
}

Server::~Server() {
  ::unlink(path_.c_str());
}

void Server::serve() const {
  const vale::UniqueFd client(::accept4(fd_.get(), nullptr, nullptr, SOCK_CLOEXEC));
  if (!client) return;
  const timeval second{1, 0};
  ::setsockopt(client.get(), SOL_SOCKET, SO_RCVTIMEO, &second, sizeof(second));
  const std::string request = receive(client.get());
  if (request.empty()) return;
  const Answer answer = handler_(request);
  const std::string text = (answer.ok ? "ok " : "error ") + answer.text;
  ::send(client.get(), text.data(), text.size(), MSG_NOSIGNAL);
}

Answer ask(const std::string& path, const std::string& request) {
  const sockaddr_un address = address_of(path);
  const vale::UniqueFd fd = make_socket(path);
  if (!connect_to(fd, address) ||
      ::send(fd.get(), request.data(), request.size(), MSG_NOSIGNAL) < 0)
    fail(path);
  const std::string text = receive(fd.get());
  if (text.starts_with("ok ")) return {true, text.substr(3)};
  if (text.starts_with("error ")) return {false, text.substr(6)};
  throw std::runtime_error(path + ": no answer");
}

}  // namespace tlem
