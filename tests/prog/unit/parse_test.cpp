// SPDX-License-Identifier: BSD-2-Clause
#include <gtest/gtest.h>

#include "nm.h"

namespace {

struct Good {
  const char* text;
  const char* name;
  uint32_t mode;
  uint16_t ringid;
  uint64_t flags;
  uint16_t mem_id;
};

class ParseGood : public testing::TestWithParam<Good> {};

TEST_P(ParseGood, GivesTheRequest) {
  const Good& want = GetParam();
  nm_spec spec;
  const char* why = "";
  ASSERT_EQ(nm_parse(want.text, &spec, &why), 0) << why;
  EXPECT_STREQ(spec.name, want.name);
  EXPECT_EQ(spec.mode, want.mode);
  EXPECT_EQ(spec.ringid, want.ringid);
  EXPECT_EQ(spec.flags, want.flags);
  EXPECT_EQ(spec.mem_id, want.mem_id);
}

INSTANTIATE_TEST_SUITE_P(
    Specs, ParseGood,
    testing::Values(Good{"netmap:eth0", "eth0", NR_REG_ALL_NIC, 0, 0, 0},
                    Good{"netmap:eth0-2/R", "eth0", NR_REG_ONE_NIC, 2, NR_RX_RINGS_ONLY, 0},
                    Good{"netmap:eth0/T", "eth0", NR_REG_ALL_NIC, 0, NR_TX_RINGS_ONLY, 0},
                    Good{"netmap:eth0^", "eth0", NR_REG_SW, 0, 0, 0},
                    Good{"netmap:eth0^1", "eth0", NR_REG_ONE_SW, 1, 0, 0},
                    Good{"netmap:eth0*", "eth0", NR_REG_NIC_SW, 0, 0, 0},
                    Good{"netmap:eth0*/x", "eth0", NR_REG_NIC_SW, 0, NR_EXCLUSIVE, 0},
                    Good{"netmap:eth0-4094", "eth0", NR_REG_ONE_NIC, 4094, 0, 0},
                    Good{"netmap:eth0@1", "eth0", NR_REG_ALL_NIC, 0, 0, 1},
                    Good{"netmap:eth0/xR@65535", "eth0", NR_REG_ALL_NIC, 0,
                         NR_EXCLUSIVE | NR_RX_RINGS_ONLY, 65535},
                    Good{"netmap:eth0@7/x", "eth0", NR_REG_ALL_NIC, 0, NR_EXCLUSIVE, 7},
                    Good{"vale0:a", "vale0:a", NR_REG_ALL_NIC, 0, 0, 0},
                    Good{"vale:a", "vale:a", NR_REG_ALL_NIC, 0, 0, 0},
                    Good{"vale0:a-1", "vale0:a", NR_REG_ONE_NIC, 1, 0, 0},
                    Good{"vale0:a/rt", "vale0:a", NR_REG_ALL_NIC, 0, NR_MONITOR_RX | NR_MONITOR_TX,
                         0},
                    Good{"vale0:a/z", "vale0:a", NR_REG_ALL_NIC, 0, NR_ZCOPY_MON, 0},
                    Good{"netmap:p{1", "p{1", NR_REG_ALL_NIC, 0, 0, 0}));

class ParseBad : public testing::TestWithParam<const char*> {};

TEST_P(ParseBad, IsRefusedWithAReason) {
  nm_spec spec;
  const char* why = nullptr;
  EXPECT_EQ(nm_parse(GetParam(), &spec, &why), -1);
  ASSERT_NE(why, nullptr);
  EXPECT_STRNE(why, "");
}

INSTANTIATE_TEST_SUITE_P(
    Specs, ParseBad,
    testing::Values("", "eth0", "tap:x", "netmap:", "netmap:-1", "netmap:eth0-", "netmap:eth0-x",
                    "netmap:eth0-4095", "netmap:eth0--1", "netmap:eth0/", "netmap:eth0/q",
                    "netmap:eth0/x/", "netmap:eth0@", "netmap:eth0@0", "netmap:eth0@65536",
                    "netmap:eth0@1@2", "netmap:eth0^x", "netmap:eth0*2", "netmap:eth0-1-2",
                    "netmap:eth0-99999999999999999999",
                    "netmap:"
                    "0123456789012345678901234567890123456789012345678901234567890123"));

TEST(Parse, NameOf63CharactersFits) {
  const std::string name(63, 'n');
  nm_spec spec;
  const char* why = nullptr;
  ASSERT_EQ(nm_parse(("netmap:" + name).c_str(), &spec, &why), 0);
  EXPECT_EQ(spec.name, name);
}

}  // namespace
