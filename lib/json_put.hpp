// SPDX-License-Identifier: BSD-2-Clause
// Members that an object has only if there is something to say.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string_view>

namespace vale {

template <class T>
void put_if(boost::json::object& object, std::string_view key, const std::optional<T>& value) {
  if (value) object[key] = *value;
}

template <class T>
void put_unless_zero(boost::json::object& object, std::string_view key, T value) {
  if (value != 0) object[key] = value;
}

}  // namespace vale
