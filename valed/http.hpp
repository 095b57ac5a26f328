// SPDX-License-Identifier: BSD-2-Clause
// As much of HTTP as a scraper of metrics needs.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace valed::http {

inline constexpr std::size_t kMaxRequest = 8192;

/// The request's head has come whole.
bool complete(std::string_view request);
/// What to send back before closing. @p metrics makes the body of /metrics.
std::string respond(std::string_view request, const std::function<std::string()>& metrics);

}  // namespace valed::http
