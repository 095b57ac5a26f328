// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <utility>
#include <vector>

#include "lib/model_json.hpp"
#include "valed/service.hpp"

namespace valed {

inline Answer success(boost::json::object parameters = {}) {
  Answer answer;
  answer.reply.parameters = std::move(parameters);
  return answer;
}

inline Answer failure(vale::varlink::Reply reply) {
  Answer answer;
  answer.reply = std::move(reply);
  return answer;
}

template <class T>
boost::json::array json_list(const std::vector<T>& values) {
  boost::json::array list;
  list.reserve(values.size());
  for (const auto& value : values) list.push_back(vale::to_json(value));
  return list;
}

/// For Result::map(): the answer whose one parameter is the value.
inline auto answer_with(const char* parameter) {
  return [parameter](const auto& value) { return success({{parameter, vale::to_json(value)}}); };
}

/// For Result::map(): the answer whose one parameter is the list of values.
inline auto answer_with_list(const char* parameter) {
  return [parameter](const auto& values) { return success({{parameter, json_list(values)}}); };
}

inline boost::json::array json_texts(const std::vector<std::string>& values) {
  boost::json::array list;
  for (const auto& value : values) list.emplace_back(value);
  return list;
}

}  // namespace valed
