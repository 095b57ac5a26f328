// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "lib/result.hpp"

namespace valed {

/// Takes typed parameters out of a call. Remembers the first thing wrong; finish() reports it, or a
/// parameter nobody asked for.
class Params {
 public:
  explicit Params(const boost::json::object& object) : object_(object) {}

  std::string text(const char* key);
  std::optional<std::string> optional_text(const char* key);
  std::optional<bool> optional_flag(const char* key);
  bool flag(const char* key, bool fallback);
  std::vector<std::string> optional_texts(const char* key);

  template <class T>
  std::optional<T> optional_number(const char* key) {
    const auto n = bounded(key, std::numeric_limits<T>::max());
    return n ? std::optional<T>(static_cast<T>(*n)) : std::nullopt;
  }
  template <class T>
  T number_or_zero(const char* key) {
    return optional_number<T>(key).value_or(T{0});
  }

  vale::Result<void> finish();

 private:
  const boost::json::value* find(const char* key);
  std::optional<std::uint64_t> bounded(const char* key, std::uint64_t max);
  void wrong(const char* key, const std::string& why);

  const boost::json::object& object_;
  std::set<std::string, std::less<>> asked_;
  std::optional<vale::Error> error_;
};

}  // namespace valed
