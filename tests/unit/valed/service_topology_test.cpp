// SPDX-License-Identifier: BSD-2-Clause
#include <boost/json/serialize.hpp>

#include "lib/file.hpp"
#include "service_fixture.hpp"

namespace valed {
namespace {

using ::testing::HasSubstr;
using testing::ServiceTest;

constexpr const char* kText = "[switch.vale0]\nageing = 5\n\n[nic.eth0]\nswitch = \"vale0\"\n\n";

class ServiceTopologyTest : public ServiceTest {
 protected:
  void configure(const std::string& text) {
    ASSERT_TRUE(vale::replace_file(paths.config.file, text));
  }
  std::string configuration() {
    return std::string(call("GetTopology").parameters.at("configuration").as_string());
  }
  bool permanent() { return call("GetTopology").parameters.at("permanent").as_bool(); }
};

TEST_F(ServiceTopologyTest, ApplyDoesWhatDiffSays) {
  const auto diff = call("Diff", {{"configuration", kText}});
  EXPECT_EQ(diff.parameters.at("steps").as_array().size(), 2U);
  EXPECT_EQ(diff.parameters.at("steps").at(1).at("text"), "attach vale0:eth0");
  EXPECT_EQ(kernel.find_port("vale0:eth0"), nullptr);
  const auto applied = call("Apply", {{"configuration", kText}});
  EXPECT_EQ(applied.parameters.at("steps"), diff.parameters.at("steps"));
  EXPECT_EQ(applied.parameters.at("standings").at(1).at("standing"), "active");
  EXPECT_NE(kernel.find_port("vale0:eth0"), nullptr);
  EXPECT_TRUE(call("Diff", {{"configuration", kText}}).parameters.at("steps").as_array().empty());
}

TEST_F(ServiceTopologyTest, WhatIsExportedAppliesToNothing) {
  (void)call("Apply", {{"configuration", kText}});
  EXPECT_EQ(configuration(), kText);
  const auto again = call("Apply", {{"configuration", configuration()}});
  EXPECT_TRUE(again.parameters.at("steps").as_array().empty());
  EXPECT_EQ(configuration(), kText);
}

TEST_F(ServiceTopologyTest, ABadTextChangesNothing) {
  (void)call("Apply", {{"configuration", kText}});
  const auto bad = call("Apply", {{"configuration", "[nic.eth1]\nswitsh = 1\n"}, {"file", "f"}});
  EXPECT_EQ(bad.error, "io.vale.Switch.InvalidConfiguration");
  const auto& problem = bad.parameters.at("problems").at(0);
  EXPECT_EQ(problem.at("file"), "f");
  EXPECT_EQ(problem.at("line"), 2U);
  EXPECT_EQ(problem.at("column"), 1U);
  EXPECT_EQ(configuration(), kText);
  EXPECT_EQ(call("Diff", {{"configuration", "x"}}).error, "io.vale.Switch.InvalidConfiguration");
}

TEST_F(ServiceTopologyTest, ReloadAppliesOnlyTheDifference) {
  configure(kText);
  service.start();
  ASSERT_TRUE(service.adopt());
  ASSERT_EQ(call("Attach", {{"name", "vale0:eth1"}}).error, "");
  EXPECT_FALSE(permanent());
  configure("[nic.eth0]\nswitch = \"vale0\"\n");
  const auto reloaded = call("Reload");
  ASSERT_EQ(reloaded.parameters.at("steps").as_array().size(), 1U);
  EXPECT_EQ(reloaded.parameters.at("steps").at(0).at("text"), "delete switch vale0");
  EXPECT_NE(kernel.find_port("vale0:eth1"), nullptr);
}

TEST_F(ServiceTopologyTest, BadFilesChangeNothingAndAreShown) {
  configure(kText);
  service.start();
  ASSERT_TRUE(service.adopt());
  configure("[nic]\neth0 = 1\n");
  EXPECT_EQ(call("Reload").error, "io.vale.Switch.InvalidConfiguration");
  EXPECT_NE(kernel.find_port("vale0:eth0"), nullptr);
  EXPECT_THAT(std::string(call("Status").parameters.at("configuration_problem").as_string()),
              HasSubstr("valed.toml:2:"));
  configure(kText);
  EXPECT_EQ(call("Reload").error, "");
  EXPECT_FALSE(call("Status").parameters.contains("configuration_problem"));
}

TEST_F(ServiceTopologyTest, RunTimeChangesAreWanted) {
  (void)call("SwitchCreate", {{"name", "vale1"}, {"ageing", 7}});
  (void)call("Attach", {{"name", "vale1:eth0"}, {"host", true}, {"rx_rings", "0"}});
  (void)call("CreatePort", {{"name", "vale1:vi0"}, {"tx_slots", 64}});
  EXPECT_EQ(configuration(),
            "[switch.vale1]\nageing = 7\n\n"
            "[nic.eth0]\nswitch = \"vale1\"\nhost = true\nrx_rings = \"0\"\n\n"
            "[port.vi0]\nswitch = \"vale1\"\ntx_slots = 64\n\n");
  (void)call("SwitchSet", {{"name", "vale1"}, {"ageing", 8}});
  (void)call("Detach", {{"name", "vale1:vi0"}});
  (void)call("Detach", {{"name", "vale1:eth0"}});
  EXPECT_EQ(configuration(), "[switch.vale1]\nageing = 8\n\n[port.vi0]\ntx_slots = 64\n\n");
  nics.indices["vi0"] = 9;
  nics.nics["vi0"];
  (void)call("Attach", {{"name", "vale2:vi0"}});
  EXPECT_THAT(configuration(), HasSubstr("[port.vi0]\nswitch = \"vale2\"\ntx_slots = 64\n"));
  (void)call("DeletePort", {{"name", "vale2:vi0"}});
  (void)call("SwitchDelete", {{"name", "vale1"}});
  EXPECT_EQ(configuration(), "");
}

TEST_F(ServiceTopologyTest, SettingsOfAPassingSwitchAreNotKept) {
  (void)call("Attach", {{"name", "vale1:eth0"}});
  (void)call("SwitchSet", {{"name", "vale1"}, {"ageing", 8}});
  EXPECT_EQ(configuration().find("[switch"), std::string::npos);
  (void)call("SwitchSet", {{"name", "vale1"}, {"ageing", 8}, {"permanent", true}});
  EXPECT_THAT(configuration(), HasSubstr("[switch.vale1]\nageing = 8\n"));
  (void)call("SwitchSet", {{"name", "vale1"}, {"exchange", true}});
  EXPECT_THAT(configuration(), HasSubstr("[switch.vale1]\nageing = 8\nexchange = true\n"));
}

TEST_F(ServiceTopologyTest, PermanentChangesAreInTheFiles) {
  configure(kText);
  service.start();
  ASSERT_TRUE(service.adopt());
  EXPECT_EQ(call("Detach", {{"name", "vale0:eth0"}, {"permanent", true}}).error, "");
  EXPECT_EQ(call("Attach", {{"name", "vale0:eth1"}, {"permanent", true}}).error, "");
  EXPECT_TRUE(permanent());
  const auto loaded = engine.config.load();
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->topology.ports.size(), 1U);
  EXPECT_TRUE(loaded->topology.ports.contains("eth1"));
  EXPECT_TRUE(call("Reload").parameters.at("steps").as_array().empty());
  EXPECT_EQ(call("Apply", {{"configuration", ""}, {"permanent", true}}).error, "");
  EXPECT_EQ(engine.config.load()->topology, vale::Topology{});
}

TEST_F(ServiceTopologyTest, WhatCannotBeMadePermanentSaysSo) {
  configure("broken");
  const auto attached = call("Attach", {{"name", "vale0:eth0"}, {"permanent", true}});
  EXPECT_EQ(attached.error, "io.vale.Switch.InvalidConfiguration");
  EXPECT_THAT(std::string(attached.parameters.at("message").as_string()),
              HasSubstr("done, but it will not outlast a reboot"));
  EXPECT_NE(kernel.find_port("vale0:eth0"), nullptr);
}

TEST_F(ServiceTopologyTest, AWishCanBeTakenBack) {
  (void)call("Apply", {{"configuration", "[nic.eth7]\nswitch = 'vale0'\n"}});
  const auto standing = call("GetTopology").parameters.at("standings").at(0);
  EXPECT_EQ(standing.at("standing"), "waiting");
  EXPECT_EQ(standing.at("reason"), "there is no network device eth7 yet");
  const auto detached = call("Detach", {{"name", "vale0:eth7"}});
  EXPECT_EQ(detached.error, "");
  EXPECT_FALSE(detached.parameters.contains("index"));
  EXPECT_EQ(configuration(), "");
  EXPECT_EQ(call("Detach", {{"name", "vale0:eth7"}}).error, "io.vale.Switch.NoSuchPort");
}

TEST_F(ServiceTopologyTest, TheTableOfTheFilesSaysWhoMay) {
  configure(
      "[[access]]\nusers = ['1001']\nmay = ['ports', 'nics']\nswitches = ['vale1']\n"
      "[[access]]\ngroups = ['1000']\nmay = ['switches']\n");
  service.start();
  const std::string refused = "io.vale.Switch.NotPermitted";
  EXPECT_EQ(as(stranger, "Attach", {{"name", "vale1:eth0"}}).reply.error, "");
  EXPECT_EQ(as(stranger, "Detach", {{"name", "vale1:eth0"}}).reply.error, "");
  EXPECT_EQ(as(stranger, "Attach", {{"name", "vale0:eth0"}}).reply.error, refused);
  EXPECT_EQ(as(stranger, "CreatePort", {{"name", "vi0"}}).reply.error, refused);
  EXPECT_EQ(as(stranger, "CreatePort", {{"name", "vale1:vi0"}}).reply.error, "");
  EXPECT_EQ(as(stranger, "Apply", {{"configuration", ""}}).reply.error, refused);
  EXPECT_EQ(as(member, "SwitchCreate", {{"name", "vale7"}}).reply.error, "");
  EXPECT_EQ(as(member, "Attach", {{"name", "vale7:eth0"}}).reply.error, refused);
  EXPECT_EQ(as(Peer{7, 1, {7}}, "List").reply.error, refused);
  EXPECT_EQ(as(Peer{7, 1, {7}}, "org.varlink.service.GetInfo").reply.error, "");
  configure("");
  EXPECT_EQ(call("Reload").error, "");
  EXPECT_EQ(as(Peer{7, 1, {7}}, "List").reply.error, "");
}

TEST_F(ServiceTopologyTest, MetricsCountHowThingsStand) {
  (void)call("Apply", {{"configuration", std::string(kText) + "[nic.eth7]\nswitch = 'vale0'\n"}});
  auto text = service.metrics();
  EXPECT_THAT(text, HasSubstr("vale_up 1\n"));
  EXPECT_THAT(text, HasSubstr("vale_topology_objects{standing=\"active\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("vale_topology_objects{standing=\"waiting\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("valed_calls_total 1\n"));
  kernel.broken = vale::Error{vale::Errc::kKernelUnavailable, "vale", "load it"};
  text = service.metrics();
  EXPECT_THAT(text, HasSubstr("vale_up 0\n"));
  EXPECT_EQ(text.find("vale_port"), std::string::npos);
}

TEST_F(ServiceTopologyTest, FailuresSayWhenTheyAreTriedAgain) {
  nics.stuck.insert("promiscuous");
  (void)call("Apply", {{"configuration", kText}});
  auto standing = call("GetTopology").parameters.at("standings").at(1);
  EXPECT_EQ(standing.at("standing"), "failed");
  EXPECT_EQ(standing.at("retry_in"), 1);
  EXPECT_EQ(standing.at("attempts"), 1U);
  nics.stuck.clear();
  now += std::chrono::seconds(1);
  service.retry();
  standing = call("GetTopology").parameters.at("standings").at(1);
  EXPECT_EQ(standing.at("standing"), "active");
}

}  // namespace
}  // namespace valed
