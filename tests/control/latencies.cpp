// SPDX-License-Identifier: BSD-2-Clause
#include "tests/control/latencies.hpp"

#include <algorithm>
#include <boost/json.hpp>

namespace vlload {

std::string summary(std::vector<Record> records) {
  std::vector<std::chrono::nanoseconds> all;
  boost::json::object out{{"clients", records.size()}, {"errors", 0}};
  for (const auto& record : records) {
    all.insert(all.end(), record.calls.begin(), record.calls.end());
    if (record.error.empty()) continue;
    out["errors"] = out["errors"].as_int64() + 1;
    out.emplace("error", record.error);
  }
  std::ranges::sort(all);
  const auto at = [&all](double part) {
    if (all.empty()) return std::int64_t{0};
    const auto index = static_cast<std::size_t>(part * static_cast<double>(all.size() - 1));
    return std::chrono::duration_cast<std::chrono::microseconds>(all[index]).count();
  };
  out["calls"] = all.size();
  out["p50_us"] = at(0.5);
  out["p99_us"] = at(0.99);
  out["max_us"] = at(1);
  return serialize(out);
}

}  // namespace vlload
