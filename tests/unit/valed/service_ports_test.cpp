// SPDX-License-Identifier: BSD-2-Clause
#include "service_fixture.hpp"

namespace valed {
namespace {

using testing::ServiceTest;
using vale::varlink::Reply;

TEST_F(ServiceTest, AttachPreparesAndDetachRestores) {
  const auto before = nics.nics;
  const Reply attached = call("Attach", {{"name", "vale0:eth0"}, {"host", true}});
  ASSERT_EQ(attached.error, "");
  EXPECT_EQ(attached.parameters.at("index"), 0U);
  EXPECT_EQ(attached.parameters.at("prepared").as_array().size(), 2U);
  EXPECT_TRUE(kernel.attached.at(0).host);
  EXPECT_TRUE(nics.nics["eth0"]["promiscuous"]);
  EXPECT_EQ(call("List").parameters.at("ports").as_array().size(), 2U);

  EXPECT_EQ(call("Detach", {{"name", "vale0:eth0"}}).error, "");
  EXPECT_EQ(nics.nics, before);
}

TEST_F(ServiceTest, AttachPassesRingSets) {
  ASSERT_EQ(call("Attach", {{"name", "vale0:eth0"}, {"rx_rings", "4"}, {"mem_id", 3}}).error, "");
  const auto& request = kernel.attached.at(0);
  EXPECT_EQ(request.rx_rings->text(), "4");
  EXPECT_FALSE(request.tx_rings);
  EXPECT_EQ(request.mem_id, 3);
}

TEST_F(ServiceTest, AttachMayLeaveTheNicAlone) {
  ASSERT_EQ(call("Attach", {{"name", "vale0:eth0"}, {"prepare", false}}).error, "");
  EXPECT_FALSE(nics.nics["eth0"]["promiscuous"]);
  EXPECT_TRUE(preparer.prepared().empty());
}

TEST_F(ServiceTest, AFailedAttachChangesNothing) {
  const auto before = nics.nics;
  kernel.nics.erase("eth0");
  EXPECT_EQ(call("Attach", {{"name", "vale0:eth0"}}).error, "io.vale.Switch.NoDevice");
  EXPECT_EQ(nics.nics, before);
  EXPECT_EQ(call("Attach", {{"name", "vale0:eth7"}}).error, "io.vale.Switch.NoDevice");
  EXPECT_EQ(call("Attach", {{"name", "eth0"}}).error, "io.vale.Switch.InvalidValue");
  EXPECT_EQ(call("Attach", {{"name", "vale0:eth0"}, {"rx_rings", "x"}}).error,
            "io.vale.Switch.InvalidValue");
  EXPECT_EQ(call("Attach", {{"name", "vale0:eth0"}, {"rx_rings", 4}}).error,
            "org.varlink.service.InvalidParameter");
  EXPECT_TRUE(preparer.prepared().empty());
}

TEST_F(ServiceTest, AttachingTwiceLeavesTheFirstPrepared) {
  ASSERT_EQ(call("Attach", {{"name", "vale0:eth0"}}).error, "");
  const Reply again = call("Attach", {{"name", "vale0:eth0"}});
  EXPECT_EQ(again.error, "io.vale.Switch.Busy");
  EXPECT_EQ(again.parameters.at("name"), "vale0:eth0");
  EXPECT_TRUE(nics.nics["eth0"]["promiscuous"]);
}

TEST_F(ServiceTest, APersistentPortIsNotPrepared) {
  kernel.persistent.insert("vi0");
  nics.indices["vi0"] = 9;
  nics.nics["vi0"] = {{"promiscuous", false}};
  const Reply attached = call("Attach", {{"name", "vale0:vi0"}});
  EXPECT_EQ(attached.error, "");
  EXPECT_TRUE(attached.parameters.at("prepared").as_array().empty());
  EXPECT_FALSE(nics.nics["vi0"]["promiscuous"]);
}

TEST_F(ServiceTest, ShowListStatsAndPlaces) {
  kernel.add_port("vale0:a", VALE_PORT_EPHEMERAL);
  kernel.add_port("vale1:b", VALE_PORT_EPHEMERAL);
  kernel.port_table[0].counters[VALE_CNT_IN_PACKETS] = 12;
  EXPECT_EQ(call("Show", {{"name", "vale0:a"}}).parameters.at("port").at("kind"), "ephemeral");
  EXPECT_EQ(call("Show", {{"name", "vale0:x"}}).error, "io.vale.Switch.NoSuchPort");
  EXPECT_EQ(call("List", {{"switch", "vale1"}}).parameters.at("ports").as_array().size(), 1U);
  EXPECT_EQ(call("List", {{"switch", "vale9"}}).error, "io.vale.Switch.NoSuchSwitch");
  const auto stats = call("Stats", {{"port", "vale0:a"}}).parameters.at("stats").as_array();
  ASSERT_EQ(stats.size(), 1U);
  EXPECT_EQ(stats[0].at("counters").at("in_packets"), 12U);
  EXPECT_EQ(call("Stats").parameters.at("stats").as_array().size(), 2U);
  EXPECT_EQ(call("Places").parameters.at("places").as_array().size(), 2U);
  EXPECT_EQ(call("Places", {{"name", "vale1:b"}}).parameters.at("places").at(0).at("index"), 1U);
  EXPECT_EQ(call("Geometry", {{"name", "eth0"}}).parameters.at("geometry").at("rx_rings"), 4U);
}

TEST_F(ServiceTest, CreateAndDeletePersistentPorts) {
  const Reply made = call("CreatePort", {{"name", "vale0:vi0"}, {"tx_slots", 256}});
  ASSERT_EQ(made.error, "");
  EXPECT_EQ(made.parameters.at("geometry").at("tx_slots"), 256U);
  EXPECT_NE(kernel.find_port("vale0:vi0"), nullptr);
  EXPECT_EQ(call("CreatePort", {{"name", "vi0"}}).error, "io.vale.Switch.AlreadyExists");
  EXPECT_EQ(call("DeletePort", {{"name", "vale0:vi0"}}).error, "");
  EXPECT_EQ(call("DeletePort", {{"name", "vi0"}}).error, "io.vale.Switch.NoDevice");
}

}  // namespace
}  // namespace valed
