// SPDX-License-Identifier: BSD-2-Clause
// The configuration of valed: TOML text of one or several files, later ones over earlier ones.
// valed.toml(5) describes the language.
#pragma once

#include <string>
#include <vector>

#include "lib/topology.hpp"

namespace vale {

inline constexpr const char* kConfigFile = "/etc/vale/valed.toml";
inline constexpr const char* kConfigDropIns = "/etc/vale/valed.d";

enum class AccessRight { kRead, kPorts, kNics, kSwitches, kAll };

/// Some users, what they may do, and to which switches.
struct AccessRule {
  std::vector<std::string> users;  // names or numbers
  std::vector<std::string> groups;
  std::vector<AccessRight> may;
  std::vector<std::string> switches;  // empty: all
  bool operator==(const AccessRule&) const = default;
};

struct Config {
  Topology topology;
  std::vector<AccessRule> access;
  bool operator==(const Config&) const = default;
};

struct ConfigText {
  std::string file;  // for messages
  std::string text;
};

/// Something wrong with a configuration, and where.
struct Problem {
  std::string file;
  unsigned line = 0;  // from 1; 0 if it is about no line
  unsigned column = 0;
  std::string message;

  /// "/etc/vale/valed.toml:3:7: unknown key ..."
  [[nodiscard]] std::string text() const;
};

/// All problems, or the configuration.
tl::expected<Config, std::vector<Problem>> parse_config(const std::vector<ConfigText>& texts);
/// One Error of all the problems.
Error config_error(const std::vector<Problem>& problems);

/// The main file, if it exists, then the drop-ins by name.
Result<std::vector<ConfigText>> read_config(const std::string& file, const std::string& drop_ins);
Result<ConfigText> read_config_file(const std::string& file);

/// As TOML: parse_config() makes the same topology of it.
std::string config_text(const Topology& topology);
/// TOML that, read after what made @p base, makes @p wanted.
std::string config_overlay(const Topology& base, const Topology& wanted);

}  // namespace vale
