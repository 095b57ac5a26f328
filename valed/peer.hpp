// SPDX-License-Identifier: BSD-2-Clause
// Who is at the other end of a connection, and what that allows.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "lib/result.hpp"

namespace valed {

struct Peer {
  uid_t uid = 0;
  pid_t pid = 0;
  std::vector<gid_t> groups;  // primary one included
};

/// From the socket's SO_PEERCRED and SO_PEERGROUPS: what the kernel recorded when the peer
/// connected.
vale::Result<Peer> peer_of(int socket);

/// Root, valed's own user, and members of one group may change things; the others may read.
class Authority {
 public:
  Authority(uid_t own_uid, std::optional<gid_t> group) : own_uid_(own_uid), group_(group) {}

  [[nodiscard]] bool may_change(const Peer& peer) const;
  /// NotPermitted with the sentence that says who may.
  [[nodiscard]] vale::Error refusal(const Peer& peer, const std::string& operation) const;

 private:
  uid_t own_uid_;
  std::optional<gid_t> group_;
};

std::optional<gid_t> find_group(const char* name);

}  // namespace valed
