// SPDX-License-Identifier: BSD-2-Clause
#include "lib/ring_set.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lib/text.hpp"

namespace vale {
namespace {

struct Range {
  unsigned first;
  unsigned last;
};

std::optional<Range> parse_range(std::string_view text) {
  const auto dash = text.find('-');
  const auto first = parse_number<unsigned>(text.substr(0, dash));
  const auto last =
      dash == std::string_view::npos ? first : parse_number<unsigned>(text.substr(dash + 1));
  if (!first || !last || *last < *first || *last >= RingSet::kMaxRings) return std::nullopt;
  return Range{*first, *last};
}

}  // namespace

Result<RingSet> RingSet::parse(std::string_view text) {
  if (text == "all") return all();
  if (text == "none") return none();
  RingSet set(false);
  for (const auto part : split(text, ',')) {
    const auto range = parse_range(part);
    if (!range) {
      return fail(
          Errc::kInvalidValue, std::string(text),
          fmt::format("'{}' is not a set of rings: want 'all', 'none' or numbers and ranges "
                      "below {}, for example 0,2,5-7",
                      text, kMaxRings));
    }
    set.add(range->first, range->last);
  }
  return set;
}

void RingSet::add(unsigned first, unsigned last) {
  for (unsigned r = first; r <= last; ++r) words_[r / 64] |= std::uint64_t{1} << (r % 64);
}

bool RingSet::contains(unsigned ring) const {
  return ring < kMaxRings && (all_ || (words_[ring / 64] >> (ring % 64) & 1) != 0);
}

RingSet::Words RingSet::words(unsigned count) const {
  if (!all_) return words_;
  RingSet set(false);
  if (count > 0) set.add(0, std::min(count, kMaxRings) - 1);
  return set.words_;
}

std::string RingSet::text() const {
  if (all_) return "all";
  std::string out;
  for (unsigned r = 0; r < kMaxRings; ++r) {
    if (!contains(r)) continue;
    const unsigned first = r;
    while (r + 1 < kMaxRings && contains(r + 1)) ++r;
    out += fmt::format("{}{}", out.empty() ? "" : ",", first);
    if (r > first) out += fmt::format("-{}", r);
  }
  return out.empty() ? "none" : out;
}

}  // namespace vale
