// SPDX-License-Identifier: BSD-2-Clause
#include "vale-ctl/rates.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>

namespace vale_ctl {
namespace {

/// Counters never fall while a port lives.
bool is_same_port(const vale::PortInfo& before, const vale::PortInfo& now) {
  const auto rose = [](const auto& old, const auto& fresh) {
    return std::equal(old.begin(), old.end(), fresh.begin(), std::less_equal<>());
  };
  return before.index == now.index && before.ifindex == now.ifindex &&
         rose(before.counters, now.counters) && rose(before.drops, now.drops);
}

PortRates rates_of(const vale::PortInfo& before, const vale::PortInfo& now, double seconds) {
  const auto per_second = [seconds](std::uint64_t old, std::uint64_t fresh, double factor = 1) {
    return static_cast<std::uint64_t>(
        std::llround(static_cast<double>(fresh - old) * factor / seconds));
  };
  const auto counted = [&](vale_counter which, double factor = 1) {
    return per_second(before.counters[which], now.counters[which], factor);
  };
  PortRates rates;
  rates.in_packets = counted(VALE_CNT_IN_PACKETS);
  rates.in_bits = counted(VALE_CNT_IN_BYTES, 8);
  rates.out_packets = counted(VALE_CNT_OUT_PACKETS);
  rates.out_bits = counted(VALE_CNT_OUT_BYTES, 8);
  for (std::size_t i = 0; i < vale::kDropCount; ++i) {
    rates.drops[i] = per_second(before.drops[i], now.drops[i]);
  }
  return rates;
}

std::uint64_t measure(const PortRates& rates, SortKey key) {
  switch (key) {
    case SortKey::kIn:
      return rates.in_packets;
    case SortKey::kOut:
      return rates.out_packets;
    case SortKey::kDrops:
      return rates.dropped();
    case SortKey::kName:
      break;
  }
  return 0;
}

}  // namespace

std::uint64_t PortRates::dropped() const {
  return std::accumulate(drops.begin(), drops.end(), std::uint64_t{0});
}

std::vector<PortRates> rates_between(const Sample& before, const Sample& now) {
  const double seconds = std::chrono::duration<double>(now.at - before.at).count();
  std::map<std::string_view, const vale::PortInfo*> known;
  for (const auto& port : before.ports) known.emplace(port.name, &port);
  std::vector<PortRates> all;
  for (const auto& port : now.ports) {
    const auto old = known.find(port.name);
    const bool comparable = seconds > 0 && old != known.end() && is_same_port(*old->second, port);
    auto rates = comparable ? rates_of(*old->second, port, seconds) : PortRates{};
    rates.switch_name = port.switch_name;
    rates.name = port.name;
    all.push_back(std::move(rates));
  }
  return all;
}

void sort_rates(std::vector<PortRates>& rates, Order order) {
  std::sort(rates.begin(), rates.end(), [order](const PortRates& a, const PortRates& b) {
    const auto x = measure(a, order.key);
    const auto y = measure(b, order.key);
    if (x != y) return order.reverse ? x < y : x > y;
    if (order.key == SortKey::kName && order.reverse) return b.name < a.name;
    return a.name < b.name;
  });
}

std::string scaled(std::uint64_t value) {
  if (value < 1000) return fmt::format("{}", value);
  constexpr std::array kUnits = {'k', 'M', 'G', 'T', 'P', 'E'};
  double rest = static_cast<double>(value) / 1000;
  std::size_t unit = 0;
  // 999.5 would be shown with four digits.
  while (rest >= 999.5) {
    rest /= 1000;
    ++unit;
  }
  const int decimals = rest < 9.995 ? 2 : rest < 99.95 ? 1 : 0;
  return fmt::format("{:.{}f} {}", rest, decimals, kUnits.at(unit));
}

}  // namespace vale_ctl
