// SPDX-License-Identifier: BSD-2-Clause
#include "valed/peer.hpp"

#include <fmt/format.h>
#include <grp.h>
#include <pwd.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>

namespace valed {
namespace {

constexpr std::size_t kLookupBuffer = 64UL * 1024;

std::string user_name(uid_t uid) {
  std::vector<char> buffer(kLookupBuffer);
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr) {
    return found->pw_name;
  }
  return fmt::format("uid {}", uid);
}

}  // namespace

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

bool Authority::may_change(const Peer& peer) const {
  if (peer.uid == 0 || peer.uid == own_uid_) return true;
  return group_ && std::find(peer.groups.begin(), peer.groups.end(), *group_) != peer.groups.end();
}

vale::Error Authority::refusal(const Peer& peer, const std::string& operation) const {
  const std::string user = user_name(peer.uid);
  return {
      vale::Errc::kNotPermitted, operation,
      fmt::format("{} may not {}: that is for root and members of group vale (`usermod -aG vale "
                  "{}`, then log in again); reading is allowed",
                  user, operation, user)};
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

}  // namespace valed
