// SPDX-License-Identifier: BSD-2-Clause
// Round-trip times in buckets of about 3 %: thirty-two for every power of two.
#pragma once

#include <array>
#include <cstdint>
#include <string>

namespace pkt_gen {

class LatencyHistogram {
 public:
  void add(std::uint64_t ns);

  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] std::uint64_t min() const { return count_ == 0 ? 0 : min_; }
  [[nodiscard]] std::uint64_t max() const { return max_; }
  [[nodiscard]] std::uint64_t mean() const { return count_ == 0 ? 0 : total_ / count_; }
  /// Upper end of the bucket below or in which that part (0 to 1) of all lies.
  [[nodiscard]] std::uint64_t percentile(double part) const;
  /// A line of percentiles, and a bar for every power of two that has any.
  [[nodiscard]] std::string text() const;

 private:
  static constexpr unsigned kSubBits = 5;
  static constexpr std::size_t kBuckets = 60UL << kSubBits;
  static std::size_t bucket_of(std::uint64_t ns);
  static std::uint64_t end_of(std::size_t bucket);

  std::array<std::uint64_t, kBuckets> buckets_{};
  std::uint64_t count_ = 0, total_ = 0, min_ = ~0ULL, max_ = 0;
};

}  // namespace pkt_gen
