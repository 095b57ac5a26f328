// SPDX-License-Identifier: BSD-2-Clause
// What `vale-ctl top` shows, as text: no terminal is needed for it.
#pragma once

#include <string>
#include <vector>

#include "vale-ctl/rates.hpp"

namespace vale_ctl {

struct ScreenSize {
  std::size_t rows = 24;
  std::size_t columns = 80;
};

struct Line {
  enum class Look { kPlain, kTitle, kAlarm };
  std::string text;
  Look look = Look::kPlain;
};

struct TopView {
  std::vector<PortRates> rates;
  Order order;
  double interval = 1;
  std::string trouble;  // why there is nothing newer to show
  bool measured = false;
};

/// At most as many lines, none wider, than the screen has.
std::vector<Line> compose(const TopView& view, ScreenSize size);
/// The bytes that make a terminal show just this.
std::string paint(const std::vector<Line>& lines, bool colour);

/// "ring_full=12 no_dst=3", "0" if nothing was dropped.
std::string drops_text(const PortRates& rates);
/// For whoever reads lines: the titles, and one line a port.
std::string plain_titles();
std::string plain_line(const PortRates& rates, const std::string& time);

}  // namespace vale_ctl
