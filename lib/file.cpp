// SPDX-License-Identifier: BSD-2-Clause
#include "lib/file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <filesystem>

#include "lib/unique_fd.hpp"

namespace vale {
namespace fs = std::filesystem;
namespace {

int write_all(int fd, const std::string& text) {
  std::size_t written = 0;
  while (written < text.size()) {
    const auto n = ::write(fd, text.data() + written, text.size() - written);
    if (n < 0 && errno != EINTR) return errno;
    if (n > 0) written += static_cast<std::size_t>(n);
  }
  return ::fsync(fd) == 0 ? 0 : errno;
}

}  // namespace

Result<std::string> read_file(const std::string& path) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return fail_errno(errno, path, "cannot read " + path);
  std::string text;
  std::array<char, 16384> chunk{};
  for (;;) {
    const auto n = ::read(fd.get(), chunk.data(), chunk.size());
    if (n == 0) return text;
    if (n < 0 && errno != EINTR) return fail_errno(errno, path, "cannot read " + path);
    if (n > 0) text.append(chunk.data(), static_cast<std::size_t>(n));
  }
}

Result<void> replace_file(const std::string& path, const std::string& text) {
  std::error_code ignored;
  fs::create_directories(fs::path(path).parent_path(), ignored);
  const std::string fresh = path + ".new";
  const UniqueFd fd(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (!fd) return fail_errno(errno, path, "cannot write " + fresh);
  if (const int err = write_all(fd.get(), text); err != 0) {
    return fail_errno(err, path, "cannot write " + fresh);
  }
  if (::rename(fresh.c_str(), path.c_str()) != 0) {
    return fail_errno(errno, path, "cannot replace " + path);
  }
  return {};
}

}  // namespace vale
