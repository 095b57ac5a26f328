// SPDX-License-Identifier: BSD-2-Clause
// Ports as the tools' users name them.
#pragma once

#include <string>

#include "lib/netmap_port.hpp"

namespace apps {

/// "netmap:" goes in front of a name without a prefix netmap knows.
std::string full_spec(const std::string& name);
/// Throws a std::runtime_error that says what is wrong.
vale::netmap::Port open_port(const std::string& name,
                             const vale::netmap::PortOptions& options = {});
/// The value, or what was wrong as an exception.
template <class T>
T value_or_throw(vale::Result<T> result) {
  if (!result) throw std::runtime_error(result.error().context);
  return std::move(*result);
}

}  // namespace apps
