// SPDX-License-Identifier: BSD-2-Clause
#include "lib/config_scan.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

namespace vale {
namespace {

constexpr std::string_view kForeign = "only ASCII outside of comments";
constexpr std::string_view kSeveralLines = "strings of several lines are not for configurations";

bool is_ascii(char c) {
  return static_cast<unsigned char>(c) < 0x80;
}

/// Where the string that begins at @p at ends: behind its quote, or at the end of the line.
std::size_t behind_string(std::string_view line, std::size_t at) {
  const char quote = line[at];
  for (std::size_t i = at + 1; i < line.size(); i++) {
    if (line[i] == '\\' && quote == '"')
      i++;
    else if (line[i] == quote)
      return i + 1;
  }
  return line.size();
}

struct Line {
  std::size_t comment = 0;  // where it begins, or the line's length
  std::optional<std::size_t> several_lines;
};

Line scan(std::string_view line) {
  std::size_t i = 0;
  while (i < line.size() && line[i] != '#') {
    const auto rest = line.substr(i);
    if (rest.starts_with(R"(""")") || rest.starts_with("'''")) return {i, i};
    i = line[i] == '"' || line[i] == '\'' ? behind_string(line, i) : i + 1;
  }
  return {std::min(i, line.size()), std::nullopt};
}

tl::expected<std::string, Problem> ascii_line(const std::string& file, unsigned number,
                                              std::string_view line) {
  const auto problem = [&](std::size_t at, std::string_view what) {
    return tl::unexpected(Problem{file, number, static_cast<unsigned>(at + 1), std::string(what)});
  };
  const Line found = scan(line);
  if (found.several_lines) return problem(*found.several_lines, kSeveralLines);
  const auto content = line.substr(0, found.comment);
  const auto foreign = std::find_if_not(content.begin(), content.end(), is_ascii);
  if (foreign != content.end())
    return problem(static_cast<std::size_t>(foreign - content.begin()), kForeign);
  std::string result(line);
  const auto is_foreign = [](char c) { return !is_ascii(c); };
  std::replace_if(result.begin(), result.end(), is_foreign, '?');
  return result;
}

}  // namespace

tl::expected<std::string, Problem> ascii_config(const ConfigText& text) {
  std::string_view rest = text.text;
  std::string result;
  // the mark that some editors put in front
  if (rest.starts_with("\xef\xbb\xbf")) rest.remove_prefix(3);
  for (unsigned number = 1; !rest.empty(); number++) {
    const auto line = rest.substr(0, rest.find('\n'));
    const auto ascii = ascii_line(text.file, number, line);
    if (!ascii) return tl::unexpected(ascii.error());
    result += *ascii;
    if (line.size() < rest.size()) result += '\n';
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
  }
  return result;
}

}  // namespace vale
