// SPDX-License-Identifier: BSD-2-Clause
#include "vale-ctl/table.hpp"

#include <gtest/gtest.h>

namespace vale_ctl {
namespace {

TEST(Table, AlignsWordsLeftAndNumbersRight) {
  Table table({{"NAME"}, {"COUNT", Table::Align::kRight}, {"NOTE"}});
  table.add({"a", "5", ""});
  table.add({"longer", "1234567", "x"});
  EXPECT_EQ(table.text(),
            "NAME      COUNT  NOTE\n"
            "a             5\n"
            "longer  1234567  x\n");
}

TEST(Table, EmptyIsItsTitles) {
  EXPECT_EQ(Table({{"A"}, {"B"}}).text(), "A  B\n");
}

}  // namespace
}  // namespace vale_ctl
