// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <filesystem>

#include "valed/engine.hpp"

namespace valed::testing {

/// Everything valed keeps, in one directory.
inline Paths paths_below(const std::filesystem::path& directory) {
  const std::string base = directory.string();
  return {
      base + "/nics", base + "/topology.json", {base + "/valed.toml", base + "/permanent.toml"}};
}

}  // namespace valed::testing
