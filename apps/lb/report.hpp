// SPDX-License-Identifier: BSD-2-Clause
// What lb has done, a line of JSON for each pipe and one for all of them; rates are since the
// report before. The names are those that scripts know.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "apps/lb/balancer.hpp"

namespace lb {

class Report {
 public:
  /// @p interface as it was opened; the first rates count from now.
  Report(std::string interface, std::uint64_t now_ns)
      : interface_(std::move(interface)), last_ns_(now_ns) {}

  std::vector<std::string> lines(const Balancer& balancer,
                                 const std::vector<Balancer::Group>& groups, std::uint64_t now_ns);

 private:
  struct Counts {
    Tally forwarded, dropped;
  };

  [[nodiscard]] std::string head() const;
  [[nodiscard]] static std::string rates(const Counts& now, const Counts& before, double seconds);

  std::string interface_;
  std::uint64_t last_ns_;
  std::vector<Counts> before_;  // of each pipe, then of all
};

}  // namespace lb
