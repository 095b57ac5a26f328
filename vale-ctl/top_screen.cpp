// SPDX-License-Identifier: BSD-2-Clause
#include "vale-ctl/top_screen.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "vale-ctl/table.hpp"

namespace vale_ctl {
namespace {

using Align = Table::Align;

constexpr const char* kKeys = "sort: n name, i in, o out, d drops, r reverse    q quit";
constexpr std::size_t kFixedLines = 3;  // summary, titles, keys

/// A name of a network device may hold anything; a terminal must not be told what it says.
std::string printable(std::string text) {
  const auto is_odd = [](char c) { return c < ' ' || c > '~'; };
  std::replace_if(text.begin(), text.end(), is_odd, '?');
  return text;
}

const char* key_text(SortKey key) {
  switch (key) {
    case SortKey::kName:
      return "name";
    case SortKey::kIn:
      return "packets in";
    case SortKey::kOut:
      return "packets out";
    case SortKey::kDrops:
      return "drops";
  }
  return "";
}

std::string summary(const TopView& view) {
  PortRates sum;
  for (const auto& r : view.rates) {
    sum.in_packets += r.in_packets;
    sum.in_bits += r.in_bits;
    sum.drops[0] += r.dropped();
  }
  // Narrow terminals cut off its end: what keys change comes first.
  return fmt::format("{} ports by {}{}, every {} s; in {} pkt/s {} bit/s, drops {}/s",
                     view.rates.size(), key_text(view.order.key),
                     view.order.reverse ? " reversed" : "", view.interval, scaled(sum.in_packets),
                     scaled(sum.in_bits), scaled(sum.drops[0]));
}

/// The table's lines, titles first.
std::vector<std::string> table_lines(const std::vector<PortRates>& rates) {
  Table table({{"PORT"},
               {"IN PKT/S", Align::kRight},
               {"IN BIT/S", Align::kRight},
               {"OUT PKT/S", Align::kRight},
               {"OUT BIT/S", Align::kRight},
               {"DROPS/S"}});
  for (const auto& r : rates) {
    table.add({printable(r.name), scaled(r.in_packets), scaled(r.in_bits), scaled(r.out_packets),
               scaled(r.out_bits), drops_text(r)});
  }
  std::istringstream text(table.text());
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

std::string footer(const TopView& view, std::size_t shown) {
  if (!view.trouble.empty()) return printable(view.trouble);
  if (!view.measured) return "measuring ...";
  if (shown == view.rates.size()) return kKeys;
  return fmt::format("{} more    {}", view.rates.size() - shown, kKeys);
}

const char* code_of(Line::Look look) {
  switch (look) {
    case Line::Look::kTitle:
      return "\x1b[7m";
    case Line::Look::kAlarm:
      return "\x1b[31m";
    case Line::Look::kPlain:
      break;
  }
  return "";
}

}  // namespace

std::string drops_text(const PortRates& rates) {
  std::string text;
  for (std::size_t i = 0; i < vale::kDropCount; ++i) {
    if (rates.drops[i] == 0) continue;
    text += fmt::format("{}{}={}", text.empty() ? "" : " ", vale::kDropNames[i], rates.drops[i]);
  }
  return text.empty() ? "0" : text;
}

std::vector<Line> compose(const TopView& view, ScreenSize size) {
  const std::size_t room = size.rows > kFixedLines ? size.rows - kFixedLines : 0;
  const std::size_t shown = std::min(room, view.rates.size());
  const auto table = table_lines(view.rates);
  std::vector<Line> lines{{summary(view)}, {table.front(), Line::Look::kTitle}};
  for (std::size_t i = 0; i < shown; ++i) {
    const bool alarm = view.rates[i].dropped() != 0;
    lines.push_back({table[i + 1], alarm ? Line::Look::kAlarm : Line::Look::kPlain});
  }
  const bool alarm = !view.trouble.empty();
  lines.push_back({footer(view, shown), alarm ? Line::Look::kAlarm : Line::Look::kPlain});
  lines.resize(std::min(lines.size(), size.rows));
  for (auto& line : lines) {
    line.text.resize(std::min(line.text.size(), size.columns));
    // The bar reaches to the edge.
    if (line.look == Line::Look::kTitle) line.text.resize(size.columns, ' ');
  }
  return lines;
}

std::string paint(const std::vector<Line>& lines, bool colour) {
  constexpr const char* kHome = "\x1b[H";
  constexpr const char* kEraseBelow = "\x1b[J";
  constexpr const char* kEraseRight = "\x1b[K";
  std::string bytes = kHome;
  if (lines.empty()) return bytes + kEraseBelow;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const bool last = i + 1 == lines.size();
    const std::string code = colour ? code_of(lines[i].look) : "";
    // Erased before the text is written: behind a line as wide as the screen the cursor still
    // stands on its last character.
    bytes += std::string(last ? kEraseBelow : kEraseRight) + code + lines[i].text;
    if (!code.empty()) bytes += "\x1b[0m";
    // Not after the last one: the screen would scroll.
    if (!last) bytes += "\r\n";
  }
  return bytes;
}

std::string plain_titles() {
  return fmt::format("{:<19} {:<20} {:>12} {:>14} {:>12} {:>14} {}\n", "TIME", "PORT", "IN-PKT/S",
                     "IN-BIT/S", "OUT-PKT/S", "OUT-BIT/S", "DROPS/S");
}

std::string plain_line(const PortRates& r, const std::string& time) {
  return fmt::format("{:<19} {:<20} {:>12} {:>14} {:>12} {:>14} {}\n", time, printable(r.name),
                     r.in_packets, r.in_bits, r.out_packets, r.out_bits, drops_text(r));
}

}  // namespace vale_ctl
