// SPDX-License-Identifier: BSD-2-Clause
// A look at a configuration before toml++ sees it.
#pragma once

#include <string>

#include "lib/config.hpp"

namespace vale {

/// The text as toml++ 3.3 may be given it, whose tables of letters have holes that end in undefined
/// behaviour: in comments
/// "?" for everything that is not ASCII. The first such byte elsewhere is a Problem, and so are
/// strings of several lines, in which a look at single lines could not tell what is a comment.
tl::expected<std::string, Problem> ascii_config(const ConfigText& text);

}  // namespace vale
