// SPDX-License-Identifier: BSD-2-Clause
// What pkt-gen prints: a line an interval, and totals. Scripts read these lines.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "apps/pkt-gen/worker.hpp"

namespace pkt_gen {

using Workers = std::vector<std::unique_ptr<Worker>>;

class Reporter {
 public:
  explicit Reporter(const Config& config) : config_(config) {}

  /// Until all workers are done.
  void watch(const Workers& workers);
  /// Totals, rates, latencies; to be called when all have ended.
  void finish(const Workers& workers) const;

 private:
  struct Sum {
    std::uint64_t packets = 0, bytes = 0, events = 0;
  };
  static Sum sum_of(const Workers& workers);
  void line(const Sum& delta, double seconds, std::uint32_t min_space);
  void rate_statistics() const;
  [[nodiscard]] double bits(std::uint64_t packets, std::uint64_t bytes) const;
  [[nodiscard]] std::string unit(double value) const;

  const Config& config_;
  std::vector<double> rates_;
};

}  // namespace pkt_gen
