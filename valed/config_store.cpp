// SPDX-License-Identifier: BSD-2-Clause
#include "valed/config_store.hpp"

#include <filesystem>

#include "lib/file.hpp"

namespace valed {
namespace {

constexpr const char* kPermanentHead =
    "# Written by valed for `vale-ctl --permanent`; read after the operator's files.\n\n";

}  // namespace

vale::Result<vale::Config> parse(const std::vector<vale::ConfigText>& texts) {
  auto parsed = vale::parse_config(texts);
  if (!parsed) return tl::unexpected(vale::config_error(parsed.error()));
  return std::move(*parsed);
}

/// valed.toml has its drop-ins in valed.d beside it.
vale::Result<std::vector<vale::ConfigText>> ConfigStore::operator_files() const {
  const auto drop_ins = std::filesystem::path(paths_.file).replace_extension(".d");
  return vale::read_config(paths_.file, drop_ins.string());
}

vale::Result<vale::Config> ConfigStore::load() const {
  auto texts = operator_files();
  if (!texts) return tl::unexpected(texts.error());
  std::error_code ignored;
  if (std::filesystem::exists(paths_.permanent, ignored)) {
    auto own = vale::read_config_file(paths_.permanent);
    if (!own) return tl::unexpected(own.error());
    texts->push_back(std::move(*own));
  }
  return parse(*texts);
}

vale::Result<void> ConfigStore::make_permanent(const vale::Topology& topology) const {
  const auto texts = operator_files();
  if (!texts) return tl::unexpected(texts.error());
  const auto base = parse(*texts);
  if (!base) return tl::unexpected(base.error());
  const auto overlay = vale::config_overlay(base->topology, topology);
  return vale::replace_file(paths_.permanent, kPermanentHead + overlay);
}

}  // namespace valed
