// SPDX-License-Identifier: BSD-2-Clause
// The options vale-ctl has always had, for scripts written for them.
#pragma once

#include <string>
#include <vector>

#include "vale-ctl/context.hpp"

namespace vale_ctl {

/// True if these arguments are the historical ones: none at all, or beginning with a single dash
/// and a letter.
bool is_legacy(const std::vector<std::string>& arguments);
/// Exit status 0, or 1 for any failure, as it has always been.
int run_legacy(Context& context, const std::vector<std::string>& arguments);

}  // namespace vale_ctl
