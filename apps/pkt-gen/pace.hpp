// SPDX-License-Identifier: BSD-2-Clause
// How many packets may go now so that a rate is kept.
#pragma once

#include <algorithm>
#include <cstdint>

#include "apps/common/process.hpp"

namespace pkt_gen {

class Pace {
 public:
  /// @p rate in packets a second, 0 for no limit.
  Pace(double rate, std::uint64_t start_ns) : rate_(rate), start_ns_(start_ns) {}

  /// Waits until the next packet is due; at most @p limit of those that are.
  std::uint32_t allowance(std::uint64_t sent, std::uint32_t limit) const {
    if (rate_ <= 0) return limit;
    const std::uint64_t due = due_at(apps::now_ns());
    if (due > sent) return static_cast<std::uint32_t>(std::min<std::uint64_t>(due - sent, limit));
    apps::sleep_until_ns(start_ns_ +
                         static_cast<std::uint64_t>(static_cast<double>(sent) / rate_ * 1e9));
    return 1;
  }

  /// Packets that ought to have gone by then; the first goes at once.
  [[nodiscard]] std::uint64_t due_at(std::uint64_t now_ns) const {
    return static_cast<std::uint64_t>(static_cast<double>(now_ns - start_ns_) / 1e9 * rate_) + 1;
  }

 private:
  double rate_;
  std::uint64_t start_ns_;
};

}  // namespace pkt_gen
