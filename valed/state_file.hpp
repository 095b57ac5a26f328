// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include "lib/topology.hpp"

namespace valed {

/// What one valed leaves to the next: under /run, so a reboot begins anew.
struct SavedState {
  vale::Topology configured;  // by the files, when they were last read
  vale::Topology wanted;      // with the changes made at run time
  vale::Topology applied;     // of it, what has been brought about
};

/// Nothing there yet is an empty state.
vale::Result<SavedState> load_state(const std::string& path);
vale::Result<void> save_state(const std::string& path, const SavedState& state);

}  // namespace valed
