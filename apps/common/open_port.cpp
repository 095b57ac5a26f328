// SPDX-License-Identifier: BSD-2-Clause
#include "apps/common/open_port.hpp"

#include <stdexcept>

namespace apps {

std::string full_spec(const std::string& name) {
  if (name.starts_with("netmap:")) return name;
  const auto colon = name.find(':');
  if (name.starts_with(NM_BDG_NAME) && colon != std::string::npos) return name;
  return "netmap:" + name;
}

vale::netmap::Port open_port(const std::string& name, const vale::netmap::PortOptions& options) {
  return value_or_throw(vale::netmap::Port::open(full_spec(name), options));
}

}  // namespace apps
