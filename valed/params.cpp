// SPDX-License-Identifier: BSD-2-Clause
#include "valed/params.hpp"

#include <fmt/format.h>

namespace valed {
using vale::Errc;

void Params::wrong(const char* key, const std::string& why) {
  if (!error_)
    error_ = vale::Error{Errc::kInvalidParameter, key, fmt::format("parameter '{}' {}", key, why)};
}

/// Null counts as absent, as Varlink has it.
const boost::json::value* Params::find(const char* key) {
  asked_.insert(key);
  const auto* value = object_.if_contains(key);
  return value == nullptr || value->is_null() ? nullptr : value;
}

std::string Params::text(const char* key) {
  auto value = optional_text(key);
  if (!value) wrong(key, "is missing");
  return value.value_or("");
}

std::optional<std::string> Params::optional_text(const char* key) {
  const auto* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (value->is_string()) return std::string(value->as_string());
  wrong(key, "is not a string");
  return std::nullopt;
}

std::optional<bool> Params::optional_flag(const char* key) {
  const auto* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (value->is_bool()) return value->as_bool();
  wrong(key, "is not a boolean");
  return std::nullopt;
}

bool Params::flag(const char* key, bool fallback) {
  return optional_flag(key).value_or(fallback);
}

std::vector<std::string> Params::optional_texts(const char* key) {
  std::vector<std::string> list;
  const auto* value = find(key);
  if (value == nullptr) return list;
  if (!value->is_array()) {
    wrong(key, "is not a list");
    return list;
  }
  for (const auto& item : value->as_array()) {
    if (!item.is_string()) {
      wrong(key, "is not a list of strings");
      return list;
    }
    list.emplace_back(item.as_string());
  }
  return list;
}

std::optional<std::uint64_t> Params::bounded(const char* key, std::uint64_t max) {
  const auto* value = find(key);
  if (value == nullptr) return std::nullopt;
  boost::json::error_code err;
  const auto n = value->is_number() ? value->to_number<std::uint64_t>(err) : std::uint64_t{0};
  if (!value->is_number() || err || n > max) {
    wrong(key, fmt::format("is not a whole number from 0 to {}", max));
    return std::nullopt;
  }
  return n;
}

vale::Result<void> Params::finish() {
  for (const auto& item : object_) {
    const std::string key(item.key());
    if (!asked_.contains(key)) wrong(key.c_str(), "is unknown");
  }
  if (error_) return tl::unexpected(*error_);
  return {};
}

}  // namespace valed
