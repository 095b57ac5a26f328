// SPDX-License-Identifier: BSD-2-Clause
#include "lib/topology.hpp"

#include <gtest/gtest.h>

namespace vale {
namespace {

Topology sample() {
  Topology t;
  t.switches["vale0"] = {64, 0};
  t.ports["eth0"] = {PortType::kNic, "vale0", true, false, RingSet::parse("0-3").value(), {}};
  t.ports["vi0"] = {PortType::kPersistent, "", false, true, {}, {}, 64, 128, 2, 3, "alice"};
  return t;
}

TEST(TopologyTest, RequestsForTheKernel) {
  const auto t = sample();
  const auto attach = attach_request("eth0", t.ports.at("eth0"));
  EXPECT_EQ(attach.name, "vale0:eth0");
  EXPECT_TRUE(attach.host);
  EXPECT_FALSE(attach.prepare);
  EXPECT_EQ(attach.rx_rings->text(), "0-3");
  const auto made = new_port("vi0", t.ports.at("vi0"));
  EXPECT_EQ(made.name, "vi0");
  EXPECT_EQ(made.rx_slots, 128U);
  EXPECT_EQ(made.tx_rings, 2U);
  EXPECT_EQ(port_name_of("vi0", t.ports.at("vi0")), "vi0");
  EXPECT_FALSE(attach_request("vi0", {PortType::kPersistent, "vale0"}).prepare);
}

TEST(TopologyTest, OnlyTheDifferenceIsCarriedOver) {
  Topology before;
  before.switches["vale0"] = {};
  before.switches["vale1"] = {};
  before.ports["eth0"] = {PortType::kNic, "vale0"};
  before.ports["eth1"] = {PortType::kNic, "vale0"};
  Topology after = before;
  after.switches.erase("vale1");
  after.switches["vale2"] = {};
  after.ports["eth1"].host = true;
  // Changed at run time since: eth0 was detached, eth1 moved, eth2 added.
  Topology now = before;
  now.ports.erase("eth0");
  now.ports["eth1"].switch_name = "vale9";
  now.ports["eth2"] = {PortType::kNic, "vale0"};
  const auto result = carry_over(before, after, now);
  EXPECT_EQ(result.switches.size(), 2U);
  EXPECT_TRUE(result.switches.contains("vale2"));
  EXPECT_FALSE(result.ports.contains("eth0"));
  EXPECT_EQ(result.ports.at("eth1"), after.ports["eth1"]);
  EXPECT_TRUE(result.ports.contains("eth2"));
  EXPECT_EQ(carry_over(before, before, now), now);
}

TEST(TopologyTest, SurvivesJson) {
  const auto again = topology_from_json(to_json(sample()));
  ASSERT_TRUE(again);
  EXPECT_EQ(*again, sample());
}

TEST(TopologyTest, OtherJsonIsRefused) {
  using boost::json::object;
  EXPECT_FALSE(topology_from_json({}));
  EXPECT_FALSE(topology_from_json({{"switches", object{}}, {"ports", 1}}));
  const auto with_port = [](object port) {
    return topology_from_json({{"switches", object{}}, {"ports", object{{"a", std::move(port)}}}});
  };
  EXPECT_TRUE(with_port({{"type", "nic"}}));
  EXPECT_FALSE(with_port({{"type", "bridge"}}));
  EXPECT_FALSE(with_port({{"type", "nic"}, {"host", 1}}));
  EXPECT_FALSE(with_port({{"type", "persistent"}, {"owner", 1000}}));
  EXPECT_FALSE(with_port({{"type", "nic"}, {"rx_rings", "x"}}));
  EXPECT_FALSE(with_port({{"type", "nic"}, {"tx_ring_count", 70000}}));
}

}  // namespace
}  // namespace vale
