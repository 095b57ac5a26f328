// SPDX-License-Identifier: BSD-2-Clause
// The configuration: any text gives problems with places, or a topology that reads the same when it
// is written and read again, also over another one.
#include "lib/config.hpp"

#include <cstdint>
#include <cstdlib>

namespace {

void check(bool good) {
  if (!good) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const vale::ConfigText input{"f", {reinterpret_cast<const char*>(data), size}};
  const auto parsed = vale::parse_config({input});
  if (!parsed) {
    check(!parsed.error().empty());
    for (const auto& problem : parsed.error()) check(problem.line > 0 && !problem.message.empty());
    return 0;
  }
  const auto again = vale::parse_config({{"g", vale::config_text(parsed->topology)}});
  check(again && again->topology == parsed->topology);
  const auto cleared = vale::parse_config({input, {"o", config_overlay(parsed->topology, {})}});
  check(cleared && cleared->topology == vale::Topology{});
  return 0;
}
