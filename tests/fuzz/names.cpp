// SPDX-License-Identifier: BSD-2-Clause
// Names, ring sets and addresses: what is accepted is within the limits and reads the same when
// written again.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "lib/port_name.hpp"
#include "lib/ring_set.hpp"
#include "lib/text.hpp"

namespace {

void check(bool good) {
  if (!good) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto name = vale::parse_port_name(text)) {
    check(name->full() == text && name->switch_name.size() <= 15 && name->port.size() <= 15);
    check(vale::looks_like_switch_port(text));
  }
  if (const auto name = vale::parse_switch_name(text))
    check(vale::parse_switch_name(*name) == *name);
  (void)vale::parse_device_name(text);
  if (const auto set = vale::RingSet::parse(text)) {
    const auto again = vale::RingSet::parse(set->text());
    check(again && again->words(256) == set->words(256));
  }
  if (const auto mac = vale::parse_mac(text)) check(vale::parse_mac(vale::format_mac(*mac)) == mac);
  if (const auto n = vale::parse_number<std::uint32_t>(text)) {
    check(vale::parse_number<std::uint32_t>(std::to_string(*n)) == n);
  }
  return 0;
}
