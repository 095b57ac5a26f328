// SPDX-License-Identifier: BSD-2-Clause
#include "lib/config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "lib/file.hpp"

namespace vale {
namespace fs = std::filesystem;
namespace {

constexpr std::uintmax_t kMaxFile = 1024UL * 1024;

/// Names of the drop-ins, sorted; a directory that is not there has none.
Result<std::vector<fs::path>> drop_in_files(const std::string& directory) {
  std::vector<fs::path> files;
  std::error_code err;
  for (const auto& entry : fs::directory_iterator(directory, err)) {
    if (entry.path().extension() == ".toml") files.push_back(entry.path());
  }
  if (err && err != std::errc::no_such_file_or_directory) {
    return fail_errno(err.value(), directory, "cannot read " + directory);
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

std::string Problem::text() const {
  return line == 0 ? fmt::format("{}: {}", file, message)
                   : fmt::format("{}:{}:{}: {}", file, line, column, message);
}

Error config_error(const std::vector<Problem>& problems) {
  std::string text;
  for (const auto& problem : problems) text += (text.empty() ? "" : "\n") + problem.text();
  return {Errc::kInvalidConfiguration, problems.empty() ? "" : problems.front().file, text};
}

Result<ConfigText> read_config_file(const std::string& file) {
  std::error_code err;
  const auto size = fs::file_size(file, err);
  if (err) return fail_errno(err.value(), file, "cannot read " + file);
  if (size > kMaxFile) {
    return fail(
        Errc::kInvalidValue, file,
        fmt::format("{} has {} bytes: a configuration has {} at most", file, size, kMaxFile));
  }
  return read_file(file).map([&](std::string text) { return ConfigText{file, std::move(text)}; });
}

Result<std::vector<ConfigText>> read_config(const std::string& file, const std::string& drop_ins) {
  std::vector<ConfigText> texts;
  auto files = drop_in_files(drop_ins);
  if (!files) return tl::unexpected(files.error());
  std::error_code err;
  if (fs::exists(file, err)) files->insert(files->begin(), file);
  if (err) return fail_errno(err.value(), file, "cannot read " + file);
  for (const auto& path : *files) {
    auto text = read_config_file(path.string());
    if (!text) return tl::unexpected(text.error());
    texts.push_back(std::move(*text));
  }
  return texts;
}

}  // namespace vale
