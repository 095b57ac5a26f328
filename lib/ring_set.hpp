// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "lib/result.hpp"

namespace vale {

/// Which rings of a NIC: "4", "0-3", "0,2,5-7", "all" or "none".
class RingSet {
 public:
  static constexpr std::size_t kWords = 4;
  static constexpr unsigned kMaxRings = kWords * 64;
  using Words = std::array<std::uint64_t, kWords>;

  static Result<RingSet> parse(std::string_view text);
  static RingSet all() { return RingSet(true); }
  static RingSet none() { return RingSet(false); }

  [[nodiscard]] bool is_all() const { return all_; }
  [[nodiscard]] bool contains(unsigned ring) const;
  /// The bits of the rings, where the NIC has @p count of them; "all" means exactly those.
  [[nodiscard]] Words words(unsigned count) const;
  [[nodiscard]] std::string text() const;
  bool operator==(const RingSet&) const = default;

 private:
  explicit RingSet(bool all) : all_(all) {}
  void add(unsigned first, unsigned last);

  bool all_ = false;
  Words words_{};
};

}  // namespace vale
