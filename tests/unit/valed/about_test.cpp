// SPDX-License-Identifier: BSD-2-Clause
#include "valed/about.hpp"

#include <gtest/gtest.h>

namespace valed {
namespace {

std::string text(const About& a) {
  return a.switch_name + "|" + a.port + "|" + a.ifname;
}

TEST(About, IsReadOffTheName) {
  EXPECT_EQ(text(about("vale0")), "vale0||");
  EXPECT_EQ(text(about("vale0:eth0")), "vale0|vale0:eth0|eth0");
  EXPECT_EQ(text(about("vale0:eth0^")), "vale0|vale0:eth0^|eth0");
  EXPECT_EQ(text(about("eth0")), "||eth0");
  EXPECT_EQ(text(about("")), "||");
}

TEST(About, IsThatOfTheInnermostScope) {
  EXPECT_EQ(text(AboutScope::current()), "||");
  const About outer = about("vale0");
  const About inner = about("vale1");
  {
    const AboutScope one(outer);
    {
      const AboutScope two(inner);
      EXPECT_EQ(text(AboutScope::current()), "vale1||");
    }
    EXPECT_EQ(text(AboutScope::current()), "vale0||");
  }
  EXPECT_EQ(text(AboutScope::current()), "||");
}

}  // namespace
}  // namespace valed
