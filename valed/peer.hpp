// SPDX-License-Identifier: BSD-2-Clause
// Who is at the other end of a connection.
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

std::string user_name(uid_t uid);
std::optional<uid_t> find_user(const char* name);
std::optional<gid_t> find_group(const char* name);
/// By name, or by number.
std::optional<uid_t> user_id(const std::string& text);
std::optional<gid_t> group_id(const std::string& text);

}  // namespace valed
