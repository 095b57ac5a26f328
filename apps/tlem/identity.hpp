// SPDX-License-Identifier: BSD-2-Clause
// Who tlem is in the networks it routes between.
#pragma once

#include <array>
#include <string>

#include "apps/tlem/config.hpp"
#include "apps/tlem/side.hpp"

namespace tlem {

/// From the command line, or of the network devices that the ports @p names are. UsageErrors: a
/// port without an address, both in one network, a gateway in none.
std::array<Side::Identity, 2> identities(const Config& config,
                                         const std::array<std::string, 2>& names);

}  // namespace tlem
