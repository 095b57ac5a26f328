// SPDX-License-Identifier: BSD-2-Clause
#include "vale-ctl/table.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace vale_ctl {
namespace {

std::string cell(const std::string& text, std::size_t width, Table::Align align) {
  return align == Table::Align::kLeft ? fmt::format("{:<{}}", text, width)
                                      : fmt::format("{:>{}}", text, width);
}

}  // namespace

std::string number(std::uint64_t value) {
  return fmt::format("{}", value);
}

std::string Table::text() const {
  std::vector<std::size_t> widths;
  std::vector<std::string> titles;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    std::size_t width = columns_[i].title.size();
    for (const auto& row : rows_) width = std::max(width, row.at(i).size());
    widths.push_back(width);
    titles.push_back(columns_[i].title);
  }
  std::string out;
  const auto line = [&](const std::vector<std::string>& row) {
    std::string text;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      text += (i == 0 ? "" : "  ") + cell(row[i], widths[i], columns_[i].align);
    }
    text.erase(text.find_last_not_of(' ') + 1);
    out += text + '\n';
  };
  line(titles);
  for (const auto& row : rows_) line(row);
  return out;
}

}  // namespace vale_ctl
