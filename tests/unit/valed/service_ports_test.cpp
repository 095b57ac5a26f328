// SPDX-License-Identifier: BSD-2-Clause
#include "lib/file.hpp"
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

class OwnedPortTest : public ServiceTest {
 protected:
  OwnedPortTest() { make("vale0:vi0", "1001"); }

  void make(const std::string& name, const std::string& owner) {
    EXPECT_EQ(call("CreatePort", {{"name", name}, {"owner", owner}}).error, "");
    kernel.find_port(name)->mem_id = ++regions;
  }
  Answer open(const Peer& peer, const std::string& name = "vale0:vi0") {
    return as(peer, "OpenPort", {{"name", name}});
  }
  std::string refusal(const Peer& peer, const std::string& name = "vale0:vi0") {
    const auto answer = open(peer, name);
    EXPECT_FALSE(answer.descriptor);
    return answer.reply.error;
  }
  static constexpr const char* kNotPermitted = "io.vale.Switch.NotPermitted";
  static constexpr const char* kNotSupported = "io.vale.Switch.NotSupported";

  std::uint32_t regions = 1;
};

TEST_F(OwnedPortTest, ItsOwnerOpensIt) {
  const auto answer = open(stranger);
  EXPECT_EQ(answer.reply.error, "");
  EXPECT_EQ(answer.reply.parameters.at("descriptor"), 0);
  EXPECT_TRUE(answer.descriptor);
  EXPECT_TRUE(open(root).descriptor);
  EXPECT_TRUE(open(member).descriptor) << "may create ports";
  EXPECT_EQ(kernel.handed_out, 3U);
}

TEST_F(OwnedPortTest, NobodyElseDoes) {
  make("vale0:vi1", "1000");
  make("vale0:vi2", "");
  EXPECT_EQ(refusal({1002, 4, {1002}}), kNotPermitted);
  EXPECT_EQ(refusal(stranger, "vale0:vi1"), kNotPermitted);
  EXPECT_EQ(refusal(stranger, "vale0:vi2"), kNotPermitted);
  EXPECT_EQ(refusal(stranger, "vale1:vi0"), kNotPermitted) << "it is on another switch";
  EXPECT_EQ(refusal(stranger, "vale0:no"), kNotPermitted) << "as if it were there";
  EXPECT_EQ(refusal(stranger, "vi0"), kNotPermitted);
  EXPECT_EQ(refusal(stranger, ""), kNotPermitted);
  EXPECT_EQ(kernel.handed_out, 0U);
}

TEST_F(OwnedPortTest, OwningIsNoOtherRight) {
  EXPECT_EQ(as(stranger, "DeletePort", {{"name", "vale0:vi0"}}).reply.error, kNotPermitted);
  EXPECT_EQ(as(stranger, "Detach", {{"name", "vale0:vi0"}}).reply.error, kNotPermitted);
}

TEST_F(OwnedPortTest, ItIsShownAndKept) {
  EXPECT_EQ(call("Show", {{"name", "vale0:vi0"}}).parameters.at("port").at("owner"), "1001");
  EXPECT_EQ(call("List").parameters.at("ports").at(0).at("owner"), "1001");
  const auto text = call("GetTopology").parameters.at("configuration").as_string();
  EXPECT_NE(text.find("owner = \"1001\""), std::string::npos) << text;
  EXPECT_EQ(call("Detach", {{"name", "vale0:vi0"}}).error, "");
  EXPECT_EQ(refusal(stranger), kNotPermitted) << "it is off the switch";
  EXPECT_EQ(call("Attach", {{"name", "vale0:vi0"}, {"prepare", false}}).error, "");
  EXPECT_TRUE(open(stranger).descriptor);
}

TEST_F(OwnedPortTest, AnotherOwnerTakesOver) {
  const auto applied =
      call("Apply", {{"configuration", "[port.vi0]\nswitch = \"vale0\"\nowner = \"1000\"\n"}});
  EXPECT_EQ(applied.error, "");
  EXPECT_EQ(applied.parameters.at("steps").as_array().size(), 1U);
  EXPECT_EQ(applied.parameters.at("steps").at(0).at("action"), "set_owner");
  EXPECT_EQ(refusal(stranger), kNotPermitted);
  EXPECT_TRUE(open({1000, 2, {1000}}).descriptor);
}

TEST_F(OwnedPortTest, OnlyWhatHasItsMemoryForItselfIsHandedOut) {
  make("vale0:vi1", "1001");
  kernel.find_port("vale0:vi1")->mem_id = kernel.find_port("vale0:vi0")->mem_id;
  EXPECT_EQ(refusal(stranger), kNotSupported);
  kernel.add_port("vale0:a", VALE_PORT_EPHEMERAL);
  EXPECT_EQ(refusal(root, "vale0:a"), kNotSupported);
  EXPECT_EQ(refusal(root, "vale0:no"), "io.vale.Switch.NoSuchPort");
  EXPECT_EQ(kernel.handed_out, 0U);
}

TEST_F(OwnedPortTest, BadOwnersMakeNothing) {
  const auto error = [this](boost::json::object parameters) {
    parameters["name"] = "vale0:vi9";
    return call("CreatePort", std::move(parameters)).error;
  };
  EXPECT_EQ(error({{"owner", "no such user"}}), "io.vale.Switch.InvalidValue");
  EXPECT_EQ(error({{"owner", "1001"}, {"mem_id", 3}}), "io.vale.Switch.InvalidValue");
  EXPECT_EQ(kernel.find_port("vale0:vi9"), nullptr);
}

TEST_F(OwnedPortTest, ATableOfRightsDoesNotDisownAnybody) {
  EXPECT_TRUE(vale::replace_file(
      paths.config.file, "[[access]]\nusers=['1000']\nmay=['ports']\nswitches=['vale9']\n"));
  EXPECT_EQ(call("Reload").error, "");
  EXPECT_TRUE(open(stranger).descriptor);
  EXPECT_EQ(as(stranger, "List").reply.error, kNotPermitted) << "owning a port is not reading";
  EXPECT_EQ(refusal(member), kNotPermitted) << "its right is about another switch";
}

}  // namespace
}  // namespace valed
