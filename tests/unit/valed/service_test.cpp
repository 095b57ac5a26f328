// SPDX-License-Identifier: BSD-2-Clause
#include "valed/service.hpp"

#include <regex>

#include "service_fixture.hpp"
#include "valed/interfaces.hpp"

namespace valed {
namespace {

using testing::ServiceTest;

std::vector<std::string> methods_of(std::string_view interface) {
  std::vector<std::string> methods;
  const std::string text(interface);
  const std::regex pattern("\\nmethod ([A-Za-z]+)\\(");
  for (std::sregex_iterator at(text.begin(), text.end(), pattern), end; at != end; ++at) {
    methods.push_back((*at)[1]);
  }
  return methods;
}

TEST_F(ServiceTest, DescribesItself) {
  const auto info = call("org.varlink.service.GetInfo");
  EXPECT_EQ(info.parameters.at("product"), "valed");
  EXPECT_EQ(info.parameters.at("interfaces").as_array().size(), 2U);
  const auto text =
      call("org.varlink.service.GetInterfaceDescription", {{"interface", "io.vale.Switch"}});
  EXPECT_EQ(std::string(text.parameters.at("description").as_string()), kSwitchInterface);
  const auto none = call("org.varlink.service.GetInterfaceDescription", {{"interface", "a.b"}});
  EXPECT_EQ(none.error, "org.varlink.service.InterfaceNotFound");
}

TEST_F(ServiceTest, EveryDescribedMethodExists) {
  const auto methods = methods_of(kSwitchInterface);
  ASSERT_EQ(methods.size(), 24U);
  for (const auto& method : methods) {
    EXPECT_NE(call(method).error, "org.varlink.service.MethodNotFound") << method;
  }
}

TEST_F(ServiceTest, EveryCounterReasonAndErrorIsDescribed) {
  const std::string text(kSwitchInterface);
  for (const auto name : vale::kCounterNames) {
    EXPECT_NE(text.find("  " + std::string(name) + ": int"), std::string::npos) << name;
  }
  for (const auto name : vale::kDropNames) {
    EXPECT_NE(text.find("  " + std::string(name) + ": int"), std::string::npos) << name;
  }
  for (const char* name : {"NoSuchSwitch", "NoSuchPort", "Busy", "NotPermitted", "KernelError"}) {
    EXPECT_NE(text.find("error " + std::string(name) + " ("), std::string::npos) << name;
  }
}

TEST_F(ServiceTest, SaysWhatItDoesNotKnow) {
  EXPECT_EQ(call("Nonsense").error, "org.varlink.service.MethodNotFound");
  EXPECT_EQ(call("a.b.C").error, "org.varlink.service.InterfaceNotFound");
  EXPECT_EQ(call("x").error, "org.varlink.service.MethodNotFound");
  EXPECT_EQ(service.handle(root, {"nodots", {}, false, false}).reply.error,
            "org.varlink.service.InterfaceNotFound");
  EXPECT_EQ(call("Watch").error, "org.varlink.service.ExpectedMore");
}

TEST_F(ServiceTest, StrangersReadAndMembersChange) {
  const char* changing[] = {"Attach",       "Detach",    "CreatePort",   "DeletePort",
                            "SwitchCreate", "SwitchSet", "SwitchDelete", "FdbAdd",
                            "FdbDelete",    "FdbFlush",  "Apply",        "Reload"};
  for (const char* method : changing) {
    EXPECT_EQ(as(stranger, method).reply.error, "io.vale.Switch.NotPermitted") << method;
    EXPECT_NE(as(member, method).reply.error, "io.vale.Switch.NotPermitted") << method;
  }
  for (const char* method : {"List", "ListSwitches", "Places", "Stats", "Status", "GetTopology"}) {
    EXPECT_EQ(as(stranger, method).reply.error, "") << method;
  }
}

TEST_F(ServiceTest, StatusTellsTheTime) {
  now += std::chrono::seconds(90);
  service.client_came();
  (void)call("Show", {{"name", "vale0:nope"}});
  const auto status = call("Status").parameters;
  EXPECT_EQ(status.at("uptime"), 90);
  EXPECT_EQ(status.at("clients"), 1U);
  EXPECT_EQ(status.at("module"), "fake");
  EXPECT_EQ(status.at("errors"), 1U);
  EXPECT_EQ(status.at("last_errors").as_array().at(0), "no port vale0:nope");
}

TEST_F(ServiceTest, StatusWorksWithoutTheModule) {
  kernel.broken = vale::Error{vale::Errc::kKernelUnavailable, "vale", "load it"};
  const auto status = call("Status");
  EXPECT_EQ(status.error, "");
  EXPECT_FALSE(status.parameters.contains("module"));
  EXPECT_EQ(call("List").error, "io.vale.Switch.KernelUnavailable");
}

TEST_F(ServiceTest, AdoptsWhatIsThereAndRestoresWhatIsNot) {
  kernel.add_port("vale0:eth1", VALE_PORT_NIC);
  ASSERT_TRUE(preparer.prepare("eth0", "vale0:eth0"));
  ASSERT_TRUE(service.adopt());
  EXPECT_EQ(service.summary(), "1 switches, 1 ports");
  EXPECT_TRUE(preparer.prepared().empty());
  EXPECT_FALSE(nics.nics["eth0"]["promiscuous"]);
}

TEST_F(ServiceTest, AdoptingLeavesAttachedNicsPrepared) {
  kernel.add_port("vale0:eth0", VALE_PORT_NIC);
  ASSERT_TRUE(preparer.prepare("eth0", "vale0:eth0"));
  ASSERT_TRUE(service.adopt());
  EXPECT_TRUE(nics.nics["eth0"]["promiscuous"]);
}

TEST_F(ServiceTest, ANicDetachedBehindItsBackIsRestored) {
  ASSERT_EQ(call("Attach", {{"name", "vale0:eth0"}}).error, "");
  ASSERT_TRUE(kernel.detach("vale0:eth0"));
  vale::Event gone;
  gone.type = "port_del";
  gone.port = "vale0:eth0";
  service.on_event(gone);
  EXPECT_FALSE(nics.nics["eth0"]["promiscuous"]);
}

}  // namespace
}  // namespace valed
