// SPDX-License-Identifier: BSD-2-Clause
#include "valed/peer.hpp"

#include <fmt/format.h>
#include <grp.h>
#include <pwd.h>
#include <sys/socket.h>

#include <array>

#include "lib/text.hpp"

namespace valed {
namespace {

constexpr std::size_t kLookupBuffer = 64UL * 1024;

}  // namespace

std::string user_name(uid_t uid) {
  std::vector<char> buffer(kLookupBuffer);
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr) {
    return found->pw_name;
  }
  return fmt::format("uid {}", uid);
}

vale::Result<Peer> peer_of(int socket) {
  ucred credentials{};
  socklen_t size = sizeof(credentials);
  if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) {
    return vale::fail_errno(errno, "peer", "cannot read the peer's credentials");
  }
  Peer peer{credentials.uid, credentials.pid, {credentials.gid}};
  std::array<gid_t, 1024> groups{};
  size = sizeof(groups);
  // More groups than fit, or a kernel without the option: the primary group alone counts.
  if (::getsockopt(socket, SOL_SOCKET, SO_PEERGROUPS, groups.data(), &size) == 0) {
    peer.groups.insert(peer.groups.end(), groups.begin(),
                       groups.begin() + static_cast<std::ptrdiff_t>(size / sizeof(gid_t)));
  }
  return peer;
}

std::optional<uid_t> find_user(const char* name) {
  std::vector<char> buffer(kLookupBuffer);
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwnam_r(name, &entry, buffer.data(), buffer.size(), &found) != 0 || found == nullptr) {
    return std::nullopt;
  }
  return found->pw_uid;
}

std::optional<gid_t> find_group(const char* name) {
  std::vector<char> buffer(kLookupBuffer);
  group entry{};
  group* found = nullptr;
  if (::getgrnam_r(name, &entry, buffer.data(), buffer.size(), &found) != 0 || found == nullptr) {
    return std::nullopt;
  }
  return found->gr_gid;
}

std::optional<uid_t> user_id(const std::string& text) {
  if (const auto number = vale::parse_number<uid_t>(text)) return number;
  return find_user(text.c_str());
}

std::optional<gid_t> group_id(const std::string& text) {
  if (const auto number = vale::parse_number<gid_t>(text)) return number;
  return find_group(text.c_str());
}

}  // namespace valed
