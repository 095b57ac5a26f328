// SPDX-License-Identifier: BSD-2-Clause
#include "lib/port_name.hpp"

#include <gtest/gtest.h>

namespace vale {
namespace {

TEST(PortName, TakesItApart) {
  const auto name = parse_port_name("vale0:eth0.5");
  ASSERT_TRUE(name);
  EXPECT_EQ(name->switch_name, "vale0");
  EXPECT_EQ(name->port, "eth0.5");
  EXPECT_FALSE(name->host_side);
  EXPECT_EQ(name->full(), "vale0:eth0.5");
}

TEST(PortName, KnowsTheHostSide) {
  const auto name = parse_port_name("vale_x:eth0^");
  ASSERT_TRUE(name);
  EXPECT_EQ(name->port, "eth0");
  EXPECT_TRUE(name->host_side);
  EXPECT_EQ(name->full(), "vale_x:eth0^");
}

TEST(PortName, RefusesWhatTheKernelWould) {
  for (const char* bad :
       {"", "vale0", "vale0:", "val0:a", "eth0", "vale-0:a", "vale012345678901:a",
        "vale0:0123456789abcdef", "vale0:a/b", "vale0:a:b", "vale0:a b", "vale0:^", "VALE0:a"}) {
    EXPECT_FALSE(parse_port_name(bad)) << bad;
  }
  EXPECT_TRUE(parse_port_name("vale01234567890:0123456789abcde"));
}

TEST(SwitchName, ForgivesTheColon) {
  EXPECT_EQ(parse_switch_name("vale0:").value(), "vale0");
  EXPECT_EQ(parse_switch_name("vale").value(), "vale");
  EXPECT_FALSE(parse_switch_name("vale0:a"));
  EXPECT_FALSE(parse_switch_name("br0"));
}

TEST(DeviceName, FollowsTheKernel) {
  EXPECT_TRUE(parse_device_name("eth0"));
  for (const char* bad : {"", ".", "..", "a/b", "a:b", "a b", "0123456789abcdef"}) {
    EXPECT_FALSE(parse_device_name(bad)) << bad;
  }
}

TEST(LooksLikeSwitchPort, TellsPortsFromDevices) {
  EXPECT_TRUE(looks_like_switch_port("vale0:a"));
  EXPECT_FALSE(looks_like_switch_port("vi0"));
  EXPECT_FALSE(looks_like_switch_port("vale0"));
}

}  // namespace
}  // namespace vale
