// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include "lib/result.hpp"

namespace vale {

/// The whole file.
Result<std::string> read_file(const std::string& path);
/// Replaces a file as a whole: whoever reads it sees the old text or the new one, also after a
/// crash or power failure. Makes the directory.
Result<void> replace_file(const std::string& path, const std::string& text);

}  // namespace vale
