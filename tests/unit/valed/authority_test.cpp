// SPDX-License-Identifier: BSD-2-Clause
#include "valed/authority.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace valed {
namespace {

using vale::AccessRight;

constexpr uid_t kDaemonUid = 500;
constexpr gid_t kVale = 42;
const Peer kRoot{0, 1, {0}};
const Peer kMember{1000, 1, {1000, kVale}};
const Peer kStranger{1001, 1, {1001}};

TEST(Authority, WithoutATableRootTheDaemonAndTheGroupMayChange) {
  const Authority authority(kDaemonUid, kVale);
  EXPECT_TRUE(authority.may(kRoot, Right::kAll, ""));
  EXPECT_TRUE(authority.may({kDaemonUid, 1, {1000}}, Right::kAll, ""));
  EXPECT_TRUE(authority.may(kMember, Right::kAll, ""));
  EXPECT_FALSE(authority.may(kStranger, Right::kPorts, "vale0"));
  EXPECT_TRUE(authority.may(kStranger, Right::kRead, ""));
  EXPECT_FALSE(Authority(0, std::nullopt).may(kMember, Right::kPorts, "vale0"));
}

class AuthorityTable : public ::testing::Test {
 protected:
  static vale::AccessRule rule(std::vector<std::string> users, std::vector<AccessRight> may,
                               std::vector<std::string> switches = {}) {
    return {std::move(users), {}, std::move(may), std::move(switches)};
  }
  Authority authority{kDaemonUid, kVale};
};

TEST_F(AuthorityTable, SaysAllThereIsToSay) {
  authority.set_rules({rule({"1000"}, {AccessRight::kRead})});
  EXPECT_TRUE(authority.may(kRoot, Right::kAll, ""));
  EXPECT_TRUE(authority.may(kMember, Right::kRead, "vale0"));
  EXPECT_FALSE(authority.may(kMember, Right::kNics, "vale0")) << "the group counts no more";
  EXPECT_FALSE(authority.may(kStranger, Right::kRead, ""));
  EXPECT_TRUE(authority.may(kStranger, Right::kNone, ""));
  authority.set_rules({});
  EXPECT_TRUE(authority.may(kMember, Right::kNics, "vale0"));
}

TEST_F(AuthorityTable, RightsAreOfNamedSwitches) {
  authority.set_rules({rule({"1001"}, {AccessRight::kPorts}, {"vale1", "vale2"})});
  EXPECT_TRUE(authority.may(kStranger, Right::kPorts, "vale2"));
  EXPECT_FALSE(authority.may(kStranger, Right::kPorts, "vale0"));
  EXPECT_FALSE(authority.may(kStranger, Right::kPorts, "")) << "a port on no switch";
  EXPECT_FALSE(authority.may(kStranger, Right::kNics, "vale1"));
  EXPECT_TRUE(authority.may(kStranger, Right::kRead, ""));
}

TEST_F(AuthorityTable, RulesAddUp) {
  authority.set_rules({rule({"1001"}, {AccessRight::kNics}, {"vale1"}),
                       rule({"1001"}, {AccessRight::kSwitches}),
                       {{}, {"1001"}, {AccessRight::kAll}, {"vale9"}}});
  EXPECT_TRUE(authority.may(kStranger, Right::kNics, "vale1"));
  EXPECT_FALSE(authority.may(kStranger, Right::kNics, "vale2"));
  EXPECT_TRUE(authority.may(kStranger, Right::kSwitches, "vale2"));
  EXPECT_TRUE(authority.may(kStranger, Right::kNics, "vale9")) << "by group";
  EXPECT_FALSE(authority.may(kStranger, Right::kAll, "")) << "all of one switch is not all";
}

TEST_F(AuthorityTable, NamesAreResolvedAndUnknownOnesNamed) {
  const auto unknown = authority.set_rules(
      {{{"root", "no-such-user"}, {"root", "no-such-group"}, {AccessRight::kAll}, {}}});
  EXPECT_EQ(unknown, (std::vector<std::string>{"user no-such-user", "group no-such-group"}));
  EXPECT_TRUE(authority.may({1001, 1, {0}}, Right::kAll, "")) << "group root";
}

TEST_F(AuthorityTable, RefusalsSayWhoMay) {
  auto error = authority.refusal({65534, 1, {}}, "attach ports", "vale0");
  EXPECT_EQ(error.code, vale::Errc::kNotPermitted);
  EXPECT_EQ(error.object, "attach ports");
  EXPECT_THAT(error.context, ::testing::HasSubstr("may not attach ports: that is for root and "
                                                  "members of group vale"));
  authority.set_rules({rule({"1000"}, {AccessRight::kRead})});
  error = authority.refusal({65534, 1, {}}, "attach ports", "vale0");
  EXPECT_THAT(error.context, ::testing::HasSubstr("may not attach ports of vale0: no [[access]]"));
}

}  // namespace
}  // namespace valed
