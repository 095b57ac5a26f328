// SPDX-License-Identifier: BSD-2-Clause
// Checks values against types in the language of Varlink's interface files.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <map>
#include <regex>
#include <set>
#include <string>

namespace vale::testing {

/// Remembers the types, methods and errors of interface texts; says why a value is not of a type.
class VarlinkTypes {
 public:
  void add(const std::string& text) {
    const std::string code = std::regex_replace(text, std::regex("#[^\n]*"), "");
    static const std::regex kDefinition(R"((type|method|error)\s+(\w+)\s*)");
    for (auto at = std::sregex_iterator(code.begin(), code.end(), kDefinition);
         at != std::sregex_iterator(); ++at) {
      auto rest = code.substr(static_cast<std::size_t>(at->position() + at->length()));
      const std::string name = (*at)[2];
      if ((*at)[1] == "method") {
        rest = rest.substr(rest.find("->") + 2);
        types_[name + "()"] = balanced(rest);
      } else {
        types_[((*at)[1] == "error" ? "error " : "") + name] = balanced(rest);
      }
    }
  }
  [[nodiscard]] bool knows(const std::string& name) const { return types_.contains(name); }

  /// Empty if @p value is of type @p type.
  [[nodiscard]] std::string why_not(const boost::json::value& value, std::string type,
                                    const std::string& where = "it") const {
    type = trimmed(type);
    const auto named = types_.find(type);
    if (named != types_.end()) return why_not(value, named->second, where);
    if (type == "object") return value.is_object() ? "" : where + " is not an object";
    if (type == "bool") return value.is_bool() ? "" : where + " is not a bool";
    if (type == "string") return value.is_string() ? "" : where + " is not a string";
    if (type == "int") {
      return value.is_int64() || value.is_uint64() ? "" : where + " is not an int";
    }
    if (type.starts_with("[]")) return list_why_not(value, type.substr(2), where);
    if (type.starts_with("[string]")) return map_why_not(value, type.substr(8), where);
    if (!type.starts_with("(")) return "there is no type " + type;
    return type.find(':') == std::string::npos && type != "()" ? enum_why_not(value, type, where)
                                                               : struct_why_not(value, type, where);
  }

 private:
  static std::string trimmed(const std::string& text) {
    const auto first = text.find_first_not_of(" \n");
    const auto last = text.find_last_not_of(" \n");
    return first == std::string::npos ? "" : text.substr(first, last - first + 1);
  }

  /// The parenthesis that @p text begins with, up to its end.
  static std::string balanced(const std::string& text) {
    const auto begin = text.find('(');
    int depth = 0;
    for (auto at = begin; at < text.size(); ++at) {
      depth += text[at] == '(' ? 1 : text[at] == ')' ? -1 : 0;
      if (depth == 0) return text.substr(begin, at - begin + 1);
    }
    return "";
  }

  /// What stands between the commas of the outer parenthesis.
  static std::vector<std::string> members(const std::string& type) {
    std::vector<std::string> list;
    std::string member;
    int depth = 0;
    for (const char c : type.substr(1, type.size() - 2)) {
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (c == ',' && depth == 0) {
        list.push_back(trimmed(member));
        member.clear();
      } else {
        member += c;
      }
    }
    if (!trimmed(member).empty()) list.push_back(trimmed(member));
    return list;
  }

  [[nodiscard]] std::string list_why_not(const boost::json::value& value, const std::string& type,
                                         const std::string& where) const {
    if (!value.is_array()) return where + " is not a list";
    std::string why;
    for (const auto& item : value.as_array()) why += why_not(item, type, where + "[]");
    return why;
  }

  [[nodiscard]] std::string map_why_not(const boost::json::value& value, const std::string& type,
                                        const std::string& where) const {
    if (!value.is_object()) return where + " is not an object";
    std::string why;
    for (const auto& item : value.as_object()) {
      why += why_not(item.value(), type, where + "." + std::string(item.key()));
    }
    return why;
  }

  static std::string enum_why_not(const boost::json::value& value, const std::string& type,
                                  const std::string& where) {
    if (!value.is_string()) return where + " is not a string";
    const std::string text(value.as_string());
    for (const auto& member : members(type)) {
      if (member == text) return "";
    }
    return where + " is '" + text + "', and not one of " + type;
  }

  [[nodiscard]] std::string struct_why_not(const boost::json::value& value, const std::string& type,
                                           const std::string& where) const {
    if (!value.is_object()) return where + " is not an object";
    std::string why;
    std::set<std::string> known;
    for (const auto& member : members(type)) {
      const auto colon = member.find(':');
      const std::string name = trimmed(member.substr(0, colon));
      std::string wanted = trimmed(member.substr(colon + 1));
      const bool optional = wanted.starts_with('?');
      if (optional) wanted.erase(0, 1);
      known.insert(name);
      const auto* found = value.as_object().if_contains(name);
      if (found != nullptr) why += why_not(*found, wanted, where + "." + name);
      if (found == nullptr && !optional) why += where + " has no " + name + "; ";
    }
    for (const auto& item : value.as_object()) {
      const std::string name(item.key());
      if (!known.contains(name)) why += where + "." + name + " is not documented; ";
    }
    return why;
  }

  std::map<std::string, std::string> types_;
};

}  // namespace vale::testing
