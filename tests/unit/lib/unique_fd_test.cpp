// SPDX-License-Identifier: BSD-2-Clause
#include "lib/unique_fd.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

namespace vale {
namespace {

bool is_open(int fd) {
  return ::fcntl(fd, F_GETFD) != -1;
}

TEST(UniqueFd, ClosesOnce) {
  int raw = -1;
  {
    UniqueFd a(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    raw = a.get();
    UniqueFd b(std::move(a));
    EXPECT_EQ(b.get(), raw);
    EXPECT_TRUE(is_open(raw));
    UniqueFd c;
    c = std::move(b);
    EXPECT_TRUE(is_open(raw));
  }
  EXPECT_FALSE(is_open(raw));
}

TEST(UniqueFd, ReleaseHandsOver) {
  UniqueFd a(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  const int raw = a.release();
  EXPECT_FALSE(a);
  EXPECT_TRUE(is_open(raw));
  a.reset(raw);
  EXPECT_TRUE(a);
}

}  // namespace
}  // namespace vale
