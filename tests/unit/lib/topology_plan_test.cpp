// SPDX-License-Identifier: BSD-2-Clause
#include "lib/topology_plan.hpp"

#include <gtest/gtest.h>

#include "fake_kernel.hpp"

namespace vale {
namespace {

class PlanTest : public ::testing::Test {
 protected:
  [[nodiscard]] std::vector<std::string> steps() {
    const Observed observed{*kernel.switches(), *kernel.ports(""), [this](const auto& device) {
                              return kernel.nics.contains(device) ||
                                     kernel.persistent.contains(device);
                            }};
    std::vector<std::string> words;
    for (const auto& step : plan(applied, wanted, observed)) words.push_back(describe(step));
    return words;
  }
  using Words = std::vector<std::string>;

  testing::FakeKernel kernel;
  Topology applied;
  Topology wanted;
};

TEST_F(PlanTest, NothingWantedNothingDone) {
  kernel.add_port("vale0:eth0", VALE_PORT_NIC);
  EXPECT_EQ(steps(), Words{});
}

TEST_F(PlanTest, BringsEverythingInOrder) {
  wanted.switches["vale0"] = {64, 0};
  wanted.ports["eth0"] = {PortType::kNic, "vale0"};
  wanted.ports["eth7"] = {PortType::kNic, "vale0"};
  wanted.ports["vi0"] = {PortType::kPersistent, "vale0"};
  wanted.ports["vi1"] = {PortType::kPersistent, ""};
  EXPECT_EQ(steps(), (Words{"create switch vale0", "attach vale0:eth0",
                            "attach vale0:eth7 (when eth7 appears)", "create port vi0",
                            "attach vale0:vi0", "create port vi1"}));
}

TEST_F(PlanTest, WhatIsThereIsLeftAlone) {
  wanted.switches["vale0"] = {};
  wanted.ports["eth0"] = {PortType::kNic, "vale0"};
  applied = wanted;
  kernel.add_port("vale0:eth0", VALE_PORT_NIC);
  kernel.switch_table["vale0"] = {"vale0", 1, kDefaultFdbSize, 0, kDefaultAgeing, 0};
  EXPECT_EQ(steps(), Words{});
  kernel.switch_table["vale0"].fdb_ageing = 1;
  EXPECT_EQ(steps(), Words{"set switch vale0"});
  kernel.switch_table["vale0"].fdb_ageing = kDefaultAgeing;
  kernel.switch_table["vale0"].exchange = true;
  EXPECT_EQ(steps(), Words{"set switch vale0"});
  applied = {};
  EXPECT_EQ(steps(), Words{"create switch vale0"}) << "so that it stays while empty";
}

TEST_F(PlanTest, AnotherOwnerDisturbsNobody) {
  wanted.ports["vi0"] = {PortType::kPersistent, "vale0"};
  applied = wanted;
  kernel.persistent.insert("vi0");
  kernel.add_port("vale0:vi0", VALE_PORT_PERSISTENT);
  wanted.ports["vi0"].owner = "alice";
  EXPECT_EQ(steps(), Words{"set owner vale0:vi0"});
  wanted.ports["vi0"].tx_slots = 64;
  EXPECT_EQ(steps(),
            (Words{"detach vale0:vi0", "delete port vi0", "create port vi0", "attach vale0:vi0"}));
}

TEST_F(PlanTest, TakesAwayWhatItBrought) {
  applied.switches["vale0"] = {};
  applied.ports["eth0"] = {PortType::kNic, "vale0"};
  applied.ports["eth1"] = {PortType::kNic, "vale0"};  // gone by itself
  applied.ports["vi0"] = {PortType::kPersistent, "vale0"};
  kernel.add_port("vale0:eth0", VALE_PORT_NIC);
  kernel.add_port("vale0:vi0", VALE_PORT_PERSISTENT);
  kernel.persistent.insert("vi0");
  EXPECT_EQ(steps(), (Words{"detach vale0:eth0", "detach vale0:vi0", "delete port vi0",
                            "delete switch vale0"}));
}

TEST_F(PlanTest, MovesAndChanges) {
  applied.ports["eth0"] = {PortType::kNic, "vale0"};
  applied.ports["vi0"] = {PortType::kPersistent, "vale0"};
  applied.ports["vi1"] = {PortType::kPersistent, "vale0"};
  for (const char* name : {"vi0", "vi1"}) kernel.persistent.insert(name);
  for (const char* name : {"vale0:eth0", "vale0:vi0", "vale0:vi1"}) {
    kernel.add_port(name, VALE_PORT_NIC);
  }
  wanted = applied;
  wanted.ports["eth0"].host = true;
  wanted.ports["vi0"].switch_name = "vale1";
  wanted.ports["vi1"].tx_slots = 64;
  EXPECT_EQ(steps(), (Words{"detach vale0:eth0", "detach vale0:vi0", "detach vale0:vi1",
                            "delete port vi1", "attach vale0:eth0", "attach vale1:vi0",
                            "create port vi1", "attach vale0:vi1"}));
}

TEST_F(PlanTest, APortToMakeAnewIsDetachedFromWhereverItIs) {
  applied.ports["vi0"] = {PortType::kPersistent, ""};  // killed after it was attached
  wanted.ports["vi0"] = {PortType::kPersistent, "vale0"};
  wanted.ports["vi0"].tx_slots = 256;
  kernel.add_port("vale0:vi0", VALE_PORT_PERSISTENT);
  kernel.persistent.insert("vi0");
  EXPECT_EQ(steps(),
            (Words{"detach vale0:vi0", "delete port vi0", "create port vi0", "attach vale0:vi0"}));
}

TEST_F(PlanTest, PortsOfOthersAreAdoptedIfTheyFit) {
  wanted.ports["eth0"] = {PortType::kNic, "vale0"};
  kernel.add_port("vale0:eth0", VALE_PORT_NIC);
  EXPECT_EQ(steps(), Words{});
  wanted.ports["eth0"].host = true;
  EXPECT_EQ(steps(), (Words{"detach vale0:eth0", "attach vale0:eth0"}));
  kernel.add_port("vale0:eth0^", VALE_PORT_HOST);
  EXPECT_EQ(steps(), Words{});
}

}  // namespace
}  // namespace vale
