// SPDX-License-Identifier: BSD-2-Clause
#include "valed/nic_preparer.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "fake_nic.hpp"
#include "temp_dir.hpp"

namespace valed {
namespace {

using testing::FakeNic;
using Texts = std::vector<std::string>;

class NicPreparerTest : public ::testing::Test {
 protected:
  vale::testing::TempDir dir;
  FakeNic nics;
  NicPreparer preparer{nics, dir.path() / "nics"};
};

TEST_F(NicPreparerTest, ChangesWhatIsNeededAndPutsItBack) {
  const auto before = nics.nics;
  const auto changed = preparer.prepare("eth0", "vale0:eth0");
  ASSERT_TRUE(changed);
  EXPECT_EQ(*changed, (Texts{"large receive offload off", "promiscuous mode on"}));
  EXPECT_TRUE(nics.nics["eth0"]["promiscuous"]);
  EXPECT_FALSE(nics.nics["eth0"]["rx-lro"]);
  EXPECT_TRUE(nics.nics["eth0"]["tx-checksum-ipv4"]);
  EXPECT_EQ(preparer.prepared(), Texts{"vale0:eth0"});
  EXPECT_TRUE(preparer.restore("vale0:eth0"));
  EXPECT_EQ(nics.nics, before);
  EXPECT_TRUE(preparer.prepared().empty());
}

TEST_F(NicPreparerTest, ARestartedValedPutsItBackToo) {
  const auto before = nics.nics;
  ASSERT_TRUE(preparer.prepare("eth0", "vale0:eth0"));
  NicPreparer another(nics, dir.path() / "nics");
  EXPECT_EQ(another.prepared(), Texts{"vale0:eth0"});
  EXPECT_TRUE(another.restore("vale0:eth0"));
  EXPECT_EQ(nics.nics, before);
}

TEST_F(NicPreparerTest, WhatWasOnBeforeStaysOn) {
  const auto changed = preparer.prepare("eth1", "vale0:eth1");
  ASSERT_TRUE(changed);
  EXPECT_TRUE(changed->empty());
  EXPECT_TRUE(preparer.restore("vale0:eth1"));
  EXPECT_TRUE(nics.nics["eth1"]["promiscuous"]);
}

TEST_F(NicPreparerTest, PreparingTwiceKeepsTheFirstMemory) {
  ASSERT_TRUE(preparer.prepare("eth0", "vale0:eth0"));
  const auto again = preparer.prepare("eth0", "vale0:eth0");
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->empty());
  EXPECT_TRUE(preparer.restore("vale0:eth0"));
  EXPECT_FALSE(nics.nics["eth0"]["promiscuous"]);
  EXPECT_TRUE(nics.nics["eth0"]["rx-lro"]);
}

TEST_F(NicPreparerTest, ASettingThatFailsUndoesTheOthers) {
  const auto before = nics.nics;
  nics.stuck.insert("promiscuous");
  EXPECT_FALSE(preparer.prepare("eth0", "vale0:eth0"));
  EXPECT_EQ(nics.nics["eth0"]["rx-lro"], before.at("eth0").at("rx-lro"));
}

TEST_F(NicPreparerTest, TheMemoryStaysUntilEverythingIsBack) {
  ASSERT_TRUE(preparer.prepare("eth0", "vale0:eth0"));
  nics.stuck.insert("rx-lro");
  EXPECT_FALSE(preparer.restore("vale0:eth0"));
  EXPECT_FALSE(nics.nics["eth0"]["promiscuous"]);
  EXPECT_EQ(preparer.prepared(), Texts{"vale0:eth0"});
  nics.stuck.clear();
  EXPECT_TRUE(preparer.restore("vale0:eth0"));
  EXPECT_TRUE(nics.nics["eth0"]["rx-lro"]);
  EXPECT_TRUE(preparer.prepared().empty());
}

TEST_F(NicPreparerTest, AHalfPreparedNicIsNotTakenForAPreparedOne) {
  nics.stuck.insert("promiscuous");
  EXPECT_FALSE(preparer.prepare("eth0", "vale0:eth0"));
  EXPECT_FALSE(preparer.prepare("eth0", "vale0:eth0"));
  nics.stuck.clear();
  ASSERT_TRUE(preparer.prepare("eth0", "vale0:eth0"));
  EXPECT_TRUE(nics.nics["eth0"]["promiscuous"]);
  EXPECT_FALSE(nics.nics["eth0"]["rx-lro"]);
  EXPECT_TRUE(preparer.restore("vale0:eth0"));
  EXPECT_FALSE(nics.nics["eth0"]["promiscuous"]);
  EXPECT_TRUE(nics.nics["eth0"]["rx-lro"]);
}

TEST_F(NicPreparerTest, FollowsARenamedNicAndForgetsOneThatIsGone) {
  ASSERT_TRUE(preparer.prepare("eth0", "vale0:eth0"));
  nics.nics["lan0"] = nics.nics["eth0"];
  nics.indices = {{"lan0", 2}};
  EXPECT_TRUE(preparer.restore("vale0:eth0"));
  EXPECT_FALSE(nics.nics["lan0"]["promiscuous"]);

  nics.indices = {{"eth0", 4}};
  nics.nics["eth0"]["promiscuous"] = false;
  ASSERT_TRUE(preparer.prepare("eth0", "vale0:eth0"));
  nics.indices.clear();
  EXPECT_TRUE(preparer.restore("vale0:eth0"));
  EXPECT_TRUE(preparer.prepared().empty());
}

TEST_F(NicPreparerTest, UnknownNicsAndBrokenFilesAreRefusedOrSkipped) {
  EXPECT_EQ(preparer.prepare("eth9", "vale0:eth9").error().code, vale::Errc::kNoDevice);
  std::filesystem::create_directories(dir.path() / "nics");
  std::ofstream(dir.file("nics/nic-1.json")) << "{ not json";
  std::ofstream(dir.file("nics/nic-8.json")) << "{\"port\": 1}";
  EXPECT_TRUE(preparer.prepared().empty());
  EXPECT_TRUE(preparer.restore("vale0:eth0"));
}

}  // namespace
}  // namespace valed
