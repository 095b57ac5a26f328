// SPDX-License-Identifier: BSD-2-Clause
// Small text parsers: numbers, lists, MAC addresses.
#pragma once

#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace vale {

/// The whole of @p text as a decimal number of type T; nothing on rubbish, sign or overflow.
template <class T>
std::optional<T> parse_number(std::string_view text) {
  T value{};
  const char* end = text.data() + text.size();
  const auto [rest, err] = std::from_chars(text.data(), end, value);
  if (err != std::errc() || rest != end || text.empty() || text.front() == '-') return std::nullopt;
  return value;
}

/// "a,,b" has three parts, "" has one.
std::vector<std::string_view> split(std::string_view text, char separator);

/// The candidate that @p text was most likely meant to be; empty if none is near.
std::string nearest(std::string_view text, const std::set<std::string, std::less<>>& candidates);

using MacAddress = std::array<std::uint8_t, 6>;

/// Six pairs of hex digits, with ':' or '-' between them.
std::optional<MacAddress> parse_mac(std::string_view text);
std::string format_mac(const MacAddress& mac);

}  // namespace vale
