// SPDX-License-Identifier: BSD-2-Clause
#include "apps/pkt-gen/latency.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <iterator>

namespace pkt_gen {

// Below 32 ns every value has its own bucket.
std::size_t LatencyHistogram::bucket_of(std::uint64_t ns) {
  const auto width = static_cast<unsigned>(std::bit_width(ns));
  if (width <= kSubBits) return ns;
  const unsigned shift = width - kSubBits - 1;
  return (std::size_t{shift} << kSubBits) + static_cast<std::size_t>(ns >> shift);
}

std::uint64_t LatencyHistogram::end_of(std::size_t bucket) {
  if (bucket < 2UL << kSubBits) return bucket;
  const std::size_t shift = (bucket >> kSubBits) - 1;
  const std::uint64_t base = bucket - (shift << kSubBits);
  return ((base + 1) << shift) - 1;
}

void LatencyHistogram::add(std::uint64_t ns) {
  buckets_[std::min(bucket_of(ns), kBuckets - 1)]++;
  count_++;
  total_ += ns;
  min_ = std::min(min_, ns);
  max_ = std::max(max_, ns);
}

std::uint64_t LatencyHistogram::percentile(double part) const {
  const auto wanted = static_cast<std::uint64_t>(std::ceil(part * static_cast<double>(count_)));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < kBuckets; i++) {
    seen += buckets_[i];
    if (seen != 0 && seen >= wanted) return std::min(end_of(i), max_);
  }
  return max_;
}

std::string LatencyHistogram::text() const {
  if (count_ == 0) return {};
  std::string out = fmt::format(
      "RTT min {} p50 {} p90 {} p99 {} p99.9 {} max {} mean {} ns ({} samples)\n", min(),
      percentile(0.5), percentile(0.9), percentile(0.99), percentile(0.999), max(), mean(), count_);
  for (std::size_t row = 0; row < kBuckets; row += 1UL << kSubBits) {
    std::uint64_t n = 0;
    for (std::size_t i = row; i < row + (1UL << kSubBits); i++) n += buckets_[i];
    if (n == 0) continue;
    const std::string bar(static_cast<std::size_t>(60 * n / count_), '#');
    fmt::format_to(std::back_inserter(out), "  <= {:>12} ns {:>10} {}\n",
                   end_of(row + (1UL << kSubBits) - 1), n, bar);
  }
  return out;
}

}  // namespace pkt_gen
