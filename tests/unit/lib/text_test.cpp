// SPDX-License-Identifier: BSD-2-Clause
#include "lib/text.hpp"

#include <gtest/gtest.h>

namespace vale {
namespace {

TEST(ParseNumber, TakesWholeDecimalNumbersOnly) {
  EXPECT_EQ(parse_number<unsigned>("0"), 0U);
  EXPECT_EQ(parse_number<std::uint16_t>("65535"), 65535);
  for (const char* bad : {"", "-1", "+1", " 1", "1 ", "1x", "0x10", "65536"}) {
    EXPECT_FALSE(parse_number<std::uint16_t>(bad)) << bad;
  }
}

TEST(Split, KeepsEmptyParts) {
  EXPECT_EQ(split("a,,b", ','), (std::vector<std::string_view>{"a", "", "b"}));
  EXPECT_EQ(split("", ','), (std::vector<std::string_view>{""}));
}

TEST(Nearest, FindsSlipsAndNotOtherWords) {
  const std::set<std::string, std::less<>> words{"ageing", "fdb_size", "enabled"};
  EXPECT_EQ(nearest("aging", words), "ageing");
  EXPECT_EQ(nearest("fdbsize", words), "fdb_size");
  EXPECT_EQ(nearest("enbaled", words), "enabled");
  EXPECT_EQ(nearest("colour", words), "");
  EXPECT_EQ(nearest("x", {}), "");
}

TEST(Mac, ParsesAndFormats) {
  const MacAddress mac{0x02, 0, 0xab, 0xcd, 0xef, 0x01};
  EXPECT_EQ(parse_mac("02:00:ab:CD:ef:01"), mac);
  EXPECT_EQ(parse_mac("02-00-ab-cd-ef-01"), mac);
  EXPECT_EQ(format_mac(mac), "02:00:ab:cd:ef:01");
}

TEST(Mac, RefusesWhatIsNone) {
  for (const char* bad :
       {"", "02:00:ab:cd:ef", "02:00:ab:cd:ef:0", "02:00:ab:cd:ef:01:", "0g:00:ab:cd:ef:01",
        "02:00-ab:cd:ef:01", "02.00.ab.cd.ef.01", "-2:00:ab:cd:ef:01"}) {
    EXPECT_FALSE(parse_mac(bad)) << bad;
  }
}

}  // namespace
}  // namespace vale
