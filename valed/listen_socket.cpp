// SPDX-License-Identifier: BSD-2-Clause
#include "valed/listen_socket.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <systemd/sd-daemon.h>

#include <cstring>
#include <filesystem>

namespace valed {
namespace {

using vale::Errc;
using vale::fail;
using vale::fail_errno;

vale::Result<sockaddr_un> address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof(address.sun_path)) {
    return fail(
        Errc::kInvalidValue, path,
        fmt::format("'{}' is no socket path: 1 to {} bytes", path, sizeof(address.sun_path) - 1));
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

/// Makes room at the path, unless what is there is alive or not a socket.
vale::Result<void> clear_stale(const std::string& path, const sockaddr_un& address) {
  struct stat st = {};
  if (::lstat(path.c_str(), &st) != 0) {
    if (errno == ENOENT) return {};
    return fail_errno(errno, path, "cannot look at " + path);
  }
  if (!S_ISSOCK(st.st_mode)) {
    return fail(Errc::kAlreadyExists, path,
                path + " exists and is not a socket: remove it, or use --socket with another path");
  }
  const vale::UniqueFd probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const int result =
      ::connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address));
  if (result == 0 || errno == EAGAIN) {
    return fail(Errc::kBusy, path, "another valed listens on " + path + " already");
  }
  if (errno != ECONNREFUSED) return fail_errno(errno, path, "cannot probe " + path);
  if (::unlink(path.c_str()) != 0) return fail_errno(errno, path, "cannot remove stale " + path);
  return {};
}

/// Never open wider than meant, not even for a moment.
int bind_with_mode(int fd, const sockaddr_un& address, mode_t mode) {
  const mode_t old = ::umask(static_cast<mode_t>(~mode & 0777U));
  const int result = ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address));
  const int err = result == 0 ? 0 : errno;
  ::umask(old);
  return err;
}

/// First the group, then the mode that lets it in. Under the unit valed's group is the right one,
/// and chown not allowed.
int give_to_group(const char* path, gid_t group) {
  struct stat made = {};
  if (::stat(path, &made) != 0) return errno;
  const bool own = made.st_gid == group;
  return own || ::chown(path, static_cast<uid_t>(-1), group) == 0 ? 0 : errno;
}

int let_in(const char* path, std::optional<gid_t> group, mode_t mode) {
  if (group) {
    if (const int err = give_to_group(path, *group); err != 0) return err;
  } else if (mode == kGroupMode) {
    return 0;
  }
  return ::chmod(path, mode) != 0 ? errno : 0;
}

}  // namespace

vale::Result<ListenSocket> listen_at(const std::string& path, std::optional<gid_t> group,
                                     mode_t mode) {
  const auto address = address_of(path);
  if (!address) return tl::unexpected(address.error());
  std::error_code ignored;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), ignored);
  if (const auto cleared = clear_stale(path, *address); !cleared) {
    return tl::unexpected(cleared.error());
  }
  vale::UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd) return fail_errno(errno, path, "cannot make a socket");
  if (const int err = bind_with_mode(fd.get(), *address, 0600); err != 0) {
    return fail_errno(err, path, "cannot bind " + path);
  }
  if (const int err = let_in(path.c_str(), group, mode); err != 0) {
    return fail_errno(err, path, "cannot let anybody connect to " + path);
  }
  if (::listen(fd.get(), SOMAXCONN) != 0)
    return fail_errno(errno, path, "cannot listen on " + path);
  return ListenSocket{std::move(fd), path};
}

vale::Result<ListenSocket> activated_or_own(const std::string& path, std::optional<gid_t> group,
                                            mode_t mode) {
  const int passed = ::sd_listen_fds(1);
  if (passed == 0) return listen_at(path, group, mode);
  if (passed < 0) return fail_errno(-passed, "LISTEN_FDS", "cannot take over systemd's sockets");
  if (passed > 1 || ::sd_is_socket_unix(SD_LISTEN_FDS_START, SOCK_STREAM, 1, nullptr, 0) <= 0) {
    return fail(
        Errc::kInvalidValue, "LISTEN_FDS",
        "systemd passed something else than one listening Unix stream socket: see valed.socket");
  }
  return ListenSocket{vale::UniqueFd(SD_LISTEN_FDS_START), ""};
}

}  // namespace valed
