// SPDX-License-Identifier: BSD-2-Clause
// What happens per second, from the counters at two moments.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "lib/model.hpp"

namespace vale_ctl {

struct Sample {
  std::chrono::steady_clock::time_point at;
  std::vector<vale::PortInfo> ports;
};

/// Per second, rounded.
struct PortRates {
  std::string switch_name;
  std::string name;
  std::uint64_t in_packets = 0;
  std::uint64_t in_bits = 0;
  std::uint64_t out_packets = 0;
  std::uint64_t out_bits = 0;
  vale::Drops drops{};

  [[nodiscard]] std::uint64_t dropped() const;
};

enum class SortKey { kName, kIn, kOut, kDrops };

struct Order {
  SortKey key = SortKey::kName;
  bool reverse = false;
};

/// One for every port of @p now. A port that was not there before, or that is another one of the
/// same name (its counters are smaller), begins with zeros.
std::vector<PortRates> rates_between(const Sample& before, const Sample& now);

/// By name upwards, by packets or drops downwards; reverse turns that round. Equals are in the
/// order of their names.
void sort_rates(std::vector<PortRates>& rates, Order order);

/// Three digits and a unit: "0", "999", "1.23 k", "12.3 M".
std::string scaled(std::uint64_t value);

}  // namespace vale_ctl
