// SPDX-License-Identifier: BSD-2-Clause
#include "lib/config_section.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "lib/text.hpp"

namespace vale {

Problem problem_at(const toml::source_region& source, std::string message) {
  return {source.path ? *source.path : "", source.begin.line, source.begin.column,
          std::move(message)};
}

const toml::node* Section::find(std::string_view key) {
  known_.insert(std::string(key));
  return table_.get(key);
}

std::string Section::of_section() const {
  return path_.empty() ? "" : fmt::format(" in [{}]", path_);
}

void Section::complain(std::string_view key, std::string message) {
  const auto* node = table_.get(key);
  problems_.push_back(
      problem_at(node != nullptr ? node->source() : table_.source(), std::move(message)));
}

void Section::wrong_type(std::string_view key, std::string_view wanted) {
  complain(key, fmt::format("'{}'{} must be {}", key, of_section(), wanted));
}

void Section::text(std::string_view key, std::string& out) {
  const auto* node = find(key);
  if (node == nullptr) return;
  if (const auto* value = node->as_string()) {
    out = value->get();
  } else {
    wrong_type(key, "a string");
  }
}

void Section::flag(std::string_view key, bool& out) {
  const auto* node = find(key);
  if (node == nullptr) return;
  if (const auto* value = node->as_boolean()) {
    out = value->get();
  } else {
    wrong_type(key, "true or false");
  }
}

void Section::texts(std::string_view key, std::vector<std::string>& out) {
  const auto* node = find(key);
  if (node == nullptr) return;
  const auto* list = node->as_array();
  if (list == nullptr) return wrong_type(key, "a list of strings");
  out.clear();
  for (const auto& item : *list) {
    const auto* value = item.as_string();
    if (value == nullptr) return wrong_type(key, "a list of strings");
    out.push_back(value->get());
  }
}

std::optional<std::int64_t> Section::bounded(std::string_view key, std::int64_t max) {
  const auto* node = find(key);
  if (node == nullptr) return std::nullopt;
  const auto* value = node->as_integer();
  if (value != nullptr && value->get() >= 0 && value->get() <= max) return value->get();
  wrong_type(key, fmt::format("a whole number from 0 to {}", max));
  return std::nullopt;
}

const toml::table* Section::table(std::string_view key) {
  const auto* node = find(key);
  if (node == nullptr) return nullptr;
  if (const auto* found = node->as_table()) return found;
  wrong_type(key, fmt::format("a table, as in [{}{}{}]", path_, path_.empty() ? "" : ".", key));
  return nullptr;
}

std::vector<const toml::table*> Section::tables(std::string_view key) {
  std::vector<const toml::table*> found;
  const auto* node = find(key);
  if (node == nullptr) return found;
  const auto* list = node->as_array();
  if (list == nullptr || !list->is_array_of_tables()) {
    wrong_type(key, fmt::format("a list of tables, as in [[{}]]", key));
    return found;
  }
  for (const auto& item : *list) found.push_back(item.as_table());
  return found;
}

void Section::finish() {
  for (const auto& [key, node] : table_) {
    const std::string_view name = key.str();
    if (known_.contains(name)) continue;
    const auto near = nearest(name, known_);
    problems_.push_back(
        problem_at(key.source(),
                   fmt::format("unknown key '{}'{}: {}", name, of_section(),
                               near.empty() ? fmt::format("known are {}", fmt::join(known_, ", "))
                                            : fmt::format("did you mean '{}'?", near))));
  }
}

}  // namespace vale
