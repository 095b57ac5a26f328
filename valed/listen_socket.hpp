// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "lib/result.hpp"
#include "lib/unique_fd.hpp"

namespace valed {

inline constexpr mode_t kGroupMode = 0660;
inline constexpr mode_t kEveryoneMode = 0666;

struct ListenSocket {
  vale::UniqueFd fd;
  std::string path;  // to be removed at the end; empty if systemd owns it
};

/// The socket systemd passed, if it passed one; else our own at @p path.
vale::Result<ListenSocket> activated_or_own(const std::string& path, std::optional<gid_t> group,
                                            mode_t mode = kGroupMode);
/// @p mode, root:group (0600 without a group, unless others may connect too). A stale socket is
/// replaced; a live one or a file is left alone.
vale::Result<ListenSocket> listen_at(const std::string& path, std::optional<gid_t> group,
                                     mode_t mode = kGroupMode);

}  // namespace valed
