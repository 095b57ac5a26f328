// SPDX-License-Identifier: BSD-2-Clause
// Grammar of names: "vale0" is a switch, "vale0:eth0" a port, "vale0:eth0^" the host side of one.
#pragma once

#include <string>
#include <string_view>

#include "lib/result.hpp"

namespace vale {

struct PortName {
  std::string switch_name;  // "vale0"
  std::string port;         // "eth0"
  bool host_side = false;   // had a trailing ^

  [[nodiscard]] std::string full() const {
    return switch_name + ":" + port + (host_side ? "^" : "");
  }
};

/// "valeX:PORT": X of letters, digits and _, at most 15 characters before the colon and 15 after
/// it.
Result<PortName> parse_port_name(std::string_view text);
/// "valeX"; a trailing colon is forgiven.
Result<std::string> parse_switch_name(std::string_view text);
/// A name the kernel accepts for a network device.
Result<std::string> parse_device_name(std::string_view text);
/// True if the text claims to be a port of a switch, well formed or not.
bool looks_like_switch_port(std::string_view text);

}  // namespace vale
