// SPDX-License-Identifier: BSD-2-Clause
// Numbers on command lines and in reports.
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace apps {

/// A mistake on the command line; main() prints it and exits with kUsage.
struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

enum Exit { kOk = 0, kFailed = 1, kUsage = 2 };

/// A whole number between the limits, or a UsageError that names the option.
std::uint64_t number(std::string_view what, std::string_view text, std::uint64_t min,
                     std::uint64_t max);
/// A number with an optional k, M or G (powers of 1000).
double scaled(std::string_view what, std::string_view text);
/// 12345678 -> "12.346 M"; as it is if !scale.
std::string with_unit(double value, bool scale = true);
/// What libpcap says of a file, which it names in some of its messages only.
std::string about_file(const std::string& path, const std::string& why);

}  // namespace apps
