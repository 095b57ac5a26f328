// SPDX-License-Identifier: BSD-2-Clause
#include "lib/file.hpp"

#include <gtest/gtest.h>

#include "temp_dir.hpp"

namespace vale {
namespace {

TEST(FileTest, ReplacesAndReads) {
  const testing::TempDir dir;
  const auto path = dir.file("a/b");
  EXPECT_EQ(read_file(path).error().errnum(), ENOENT);
  ASSERT_TRUE(replace_file(path, "one"));
  ASSERT_TRUE(replace_file(path, std::string(50'000, 'x')));
  EXPECT_EQ(read_file(path)->size(), 50'000U);
  ASSERT_TRUE(replace_file(path, ""));
  EXPECT_EQ(*read_file(path), "");
  EXPECT_FALSE(std::filesystem::exists(path + ".new"));
}

TEST(FileTest, AFileThatCannotBeWrittenStays) {
  const testing::TempDir dir;
  const auto path = dir.file("a");
  ASSERT_TRUE(replace_file(path, "one"));
  std::filesystem::create_directory(path + ".new");
  EXPECT_FALSE(replace_file(path, "two"));
  EXPECT_EQ(*read_file(path), "one");
  EXPECT_FALSE(read_file(dir.path().string()));
}

}  // namespace
}  // namespace vale
