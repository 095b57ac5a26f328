// SPDX-License-Identifier: BSD-2-Clause
// One table of a configuration file, read strictly. Only the parser includes this.
#pragma once

#include <toml++/toml.h>

#include <cstdint>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "lib/config.hpp"

namespace vale {

/// Where a node of a TOML document is.
Problem problem_at(const toml::source_region& source, std::string message);

class Section {
 public:
  /// @p path is for messages: "nic.eth0"; empty for the whole file.
  Section(const toml::table& table, std::string path, std::vector<Problem>& problems)
      : table_(table), path_(std::move(path)), problems_(problems) {}

  void text(std::string_view key, std::string& out);
  void flag(std::string_view key, bool& out);
  void texts(std::string_view key, std::vector<std::string>& out);
  template <class T>
  void number(std::string_view key, T& out, std::int64_t max = std::numeric_limits<T>::max()) {
    if (const auto n = bounded(key, max)) out = static_cast<T>(*n);
  }
  /// A member that is a table; null if there is none.
  const toml::table* table(std::string_view key);
  /// A member that is an array of tables.
  std::vector<const toml::table*> tables(std::string_view key);

  void complain(std::string_view key, std::string message);
  /// Complains of every key that nobody asked for.
  void finish();

 private:
  const toml::node* find(std::string_view key);
  std::optional<std::int64_t> bounded(std::string_view key, std::int64_t max);
  void wrong_type(std::string_view key, std::string_view wanted);
  [[nodiscard]] std::string of_section() const;

  const toml::table& table_;
  std::string path_;
  std::vector<Problem>& problems_;
  std::set<std::string, std::less<>> known_;
};

}  // namespace vale
