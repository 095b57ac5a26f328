// SPDX-License-Identifier: BSD-2-Clause
#include "lib/port_name.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace vale {
namespace {

constexpr std::string_view kPrefix = "vale";
constexpr std::size_t kMaxName = 15;

bool is_switch_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool is_device_char(char c) {
  return c > ' ' && c < 0x7f && c != '/' && c != ':';
}

bool is_switch_name(std::string_view name) {
  return name.starts_with(kPrefix) && name.size() <= kMaxName &&
         std::all_of(name.begin(), name.end(), is_switch_char);
}

bool is_device_name(std::string_view name) {
  return !name.empty() && name.size() <= kMaxName && name != "." && name != ".." &&
         std::all_of(name.begin(), name.end(), is_device_char);
}

}  // namespace

bool looks_like_switch_port(std::string_view text) {
  return text.starts_with(kPrefix) && text.find(':') != std::string_view::npos;
}

Result<PortName> parse_port_name(std::string_view text) {
  const auto bad = [&](std::string_view why) {
    return fail(Errc::kInvalidValue, std::string(text),
                fmt::format("'{}' is not a port name: {} (for example vale0:eth0)", text, why));
  };
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return bad("there is no colon");
  PortName name{std::string(text.substr(0, colon)), std::string(text.substr(colon + 1)), false};
  if (!is_switch_name(name.switch_name)) {
    return bad("the switch is 'vale' and letters, digits or _, 15 characters at most");
  }
  if (name.port.ends_with('^')) {
    name.port.pop_back();
    name.host_side = true;
  }
  if (!is_device_name(name.port)) return bad("the part after the colon has 1 to 15 characters");
  return name;
}

Result<std::string> parse_switch_name(std::string_view text) {
  std::string_view name = text;
  if (name.ends_with(':')) name.remove_suffix(1);
  if (is_switch_name(name)) return std::string(name);
  return fail(
      Errc::kInvalidValue, std::string(text),
      fmt::format("'{}' is not a switch name: 'vale' and letters, digits or _, 15 characters "
                  "at most (for example vale0)",
                  text));
}

Result<std::string> parse_device_name(std::string_view text) {
  if (is_device_name(text)) return std::string(text);
  return fail(Errc::kInvalidValue, std::string(text),
              fmt::format("'{}' is not a network device name: 1 to 15 characters without space, "
                          "slash or colon",
                          text));
}

}  // namespace vale
