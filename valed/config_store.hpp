// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include "lib/config.hpp"

namespace valed {

/// The operator's files, and behind them the one that valed writes itself: what vale-ctl changed
/// for good.
class ConfigStore {
 public:
  struct Paths {
    std::string file = vale::kConfigFile;
    std::string permanent = "/var/lib/vale/permanent.toml";
  };

  explicit ConfigStore(Paths paths) : paths_(std::move(paths)) {}

  [[nodiscard]] vale::Result<vale::Config> load() const;
  /// Makes load() give this topology from now on, as long as the operator's files stay.
  [[nodiscard]] vale::Result<void> make_permanent(const vale::Topology& topology) const;

 private:
  [[nodiscard]] vale::Result<std::vector<vale::ConfigText>> operator_files() const;

  Paths paths_;
};

/// Parsed; all problems in one Error.
vale::Result<vale::Config> parse(const std::vector<vale::ConfigText>& texts);

}  // namespace valed
