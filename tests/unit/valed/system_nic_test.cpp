// SPDX-License-Identifier: BSD-2-Clause
// Reading works without privilege; writing is shown by the VM scenarios.
#include "valed/system_nic.hpp"

#include <gtest/gtest.h>
#include <net/if.h>

namespace valed {
namespace {

TEST(SystemNic, ReadsLoopback) {
  SystemNic nic;
  EXPECT_TRUE(nic.names().value().contains("lo"));
  const auto index = nic.index_of("lo");
  ASSERT_TRUE(index);
  EXPECT_EQ(*index, ::if_nametoindex("lo"));
  EXPECT_EQ(nic.name_of(*index), "lo");
  const auto settings = nic.read("lo");
  ASSERT_TRUE(settings);
  EXPECT_TRUE(settings->contains("promiscuous"));
  // GRO can be changed on every device, so it proves that the feature table was read.
  EXPECT_TRUE(settings->contains("rx-gro"));
  EXPECT_FALSE(settings->contains("loopback"));
}

TEST(SystemNic, SaysWhatIsMissing) {
  SystemNic nic;
  EXPECT_EQ(nic.index_of("no-such-dev").error().code, vale::Errc::kNoDevice);
  EXPECT_EQ(nic.name_of(0), "");
  EXPECT_FALSE(nic.read("no-such-dev"));
  EXPECT_FALSE(nic.write("no-such-dev", "promiscuous", true));
  EXPECT_EQ(nic.write("lo", "no-such-feature", true).error().code, vale::Errc::kNotSupported);
}

}  // namespace
}  // namespace valed
