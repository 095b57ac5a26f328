// SPDX-License-Identifier: BSD-2-Clause
#include "apps/common/text.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>

#include "lib/text.hpp"

namespace apps {

std::uint64_t number(std::string_view what, std::string_view text, std::uint64_t min,
                     std::uint64_t max) {
  const auto value = vale::parse_number<std::uint64_t>(text);
  if (!value || *value < min || *value > max) {
    throw UsageError(
        fmt::format("{}: want a number from {} to {}, not '{}'", what, min, max, text));
  }
  return *value;
}

double scaled(std::string_view what, std::string_view text) {
  const std::string copy(text);
  char* end = nullptr;
  const double value = std::strtod(copy.c_str(), &end);
  const std::string_view unit = end;
  double factor = 1;
  if (unit == "k" || unit == "K") factor = 1e3;
  if (unit == "m" || unit == "M") factor = 1e6;
  if (unit == "g" || unit == "G") factor = 1e9;
  if (end == copy.c_str() || (factor == 1 && !unit.empty()) || !std::isfinite(value) || value < 0) {
    throw UsageError(
        fmt::format("{}: want a number, possibly with k, M or G, not '{}'", what, text));
  }
  return value * factor;
}

std::string with_unit(double value, bool scale) {
  static constexpr const char* kUnits[] = {"", "K", "M", "G", "T"};
  std::size_t unit = 0;
  if (!scale) return fmt::format("{:.0f} ", value);
  while (value >= 1000 && unit + 1 < std::size(kUnits)) {
    value /= 1000;
    unit++;
  }
  return fmt::format("{:.3f} {}", value, kUnits[unit]);
}

std::string about_file(const std::string& path, const std::string& why) {
  return why.starts_with(path) ? why : path + ": " + why;
}

}  // namespace apps
