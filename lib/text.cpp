// SPDX-License-Identifier: BSD-2-Clause
#include "lib/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

namespace vale {
namespace {

/// Insertions, deletions and replacements that make one of the other.
std::size_t edits(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, diagonal + 1, row[j] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string nearest(std::string_view text, const std::set<std::string, std::less<>>& candidates) {
  std::string best;
  // More than a third of it wrong is another word, not a slip.
  std::size_t least = text.size() / 3 + 2;
  for (const auto& candidate : candidates) {
    const auto n = edits(text, candidate);
    if (n < least) {
      least = n;
      best = candidate;
    }
  }
  return best;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

std::optional<MacAddress> parse_mac(std::string_view text) {
  constexpr std::size_t kLength = 17;
  MacAddress mac{};
  if (text.size() != kLength) return std::nullopt;
  const char separator = text[2];
  if (separator != ':' && separator != '-') return std::nullopt;
  for (std::size_t i = 0; i < mac.size(); ++i) {
    const char* pair = text.data() + 3 * i;
    const auto [rest, err] = std::from_chars(pair, pair + 2, mac[i], 16);
    if (err != std::errc() || rest != pair + 2) return std::nullopt;
    if (i + 1 < mac.size() && pair[2] != separator) return std::nullopt;
  }
  return mac;
}

std::string format_mac(const MacAddress& mac) {
  return fmt::format("{:02x}:{:02x}:{:02x}:{:02x}:{:02x}:{:02x}", mac[0], mac[1], mac[2], mac[3],
                     mac[4], mac[5]);
}

}  // namespace vale
