// SPDX-License-Identifier: BSD-2-Clause
#include "valed/reconciler.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "fake_kernel.hpp"
#include "fake_nic.hpp"
#include "paths_below.hpp"
#include "temp_dir.hpp"

namespace valed {
namespace {

using std::chrono::seconds;
using vale::PortType;
using Words = std::vector<std::string>;

class ReconcilerTest : public ::testing::Test {
 protected:
  static Words words(const vale::Result<Reconciler::Steps>& steps) {
    Words list;
    if (!steps) return {steps.error().context};
    for (const auto& step : *steps) list.push_back(vale::describe(step));
    return list;
  }
  static vale::Topology nic(const std::string& device, bool host = false) {
    vale::Topology t;
    t.ports[device] = {PortType::kNic, "vale0", host};
    return t;
  }
  Standings standing(const std::string& name) {
    const auto all = reconciler().standings();
    for (const auto& s : all.value()) {
      if (s.name == name) return s;
    }
    ADD_FAILURE() << "no " << name;
    return {};
  }
  void plug(const std::string& device, std::uint32_t ifindex) {
    kernel.nics.insert(device);
    nics.indices[device] = ifindex;
    nics.nics[device];
  }
  void unplug(const std::string& device) {
    (void)kernel.detach("vale0:" + device);
    kernel.nics.erase(device);
    nics.indices.erase(device);
    reconciler().port_gone("vale0:" + device);
  }
  /// A valed after another.
  void restart() {
    engine.emplace(kernel, nics, testing::paths_below(dir.path()), [this] { return now; });
    ASSERT_TRUE(reconciler().load());
  }
  Reconciler& reconciler() { return engine->reconciler; }

  vale::testing::TempDir dir;
  vale::testing::FakeKernel kernel;
  testing::FakeNic nics;
  std::chrono::steady_clock::time_point now{};
  std::optional<Engine> engine{std::in_place, kernel, nics, testing::paths_below(dir.path()),
                               [this] { return now; }};
};

TEST_F(ReconcilerTest, BringsWhatIsConfiguredOnce) {
  auto t = nic("eth0");
  t.switches["vale0"] = {64, 5};
  reconciler().configure(t);
  EXPECT_EQ(words(reconciler().reconcile()), (Words{"create switch vale0", "attach vale0:eth0"}));
  EXPECT_EQ(kernel.switch_table["vale0"].fdb_ageing, 5U);
  EXPECT_TRUE(nics.nics["eth0"]["promiscuous"]);
  EXPECT_EQ(words(reconciler().reconcile()), Words{});
  EXPECT_EQ(standing("vale0:eth0").standing, Standing::kActive);
  EXPECT_EQ(standing("vale0").standing, Standing::kActive);
  EXPECT_FALSE(reconciler().next_retry());
}

TEST_F(ReconcilerTest, ADeviceIsWaitedForWithoutPolling) {
  reconciler().configure(nic("eth7"));
  EXPECT_EQ(words(reconciler().reconcile()), Words{});
  EXPECT_EQ(standing("vale0:eth7").standing, Standing::kWaiting);
  EXPECT_FALSE(reconciler().next_retry());
  EXPECT_TRUE(kernel.attached.empty());
  plug("eth7", 70);
  EXPECT_EQ(words(reconciler().devices_came({"eth7"})), Words{"attach vale0:eth7"});
  unplug("eth7");
  EXPECT_EQ(standing("vale0:eth7").standing, Standing::kWaiting);
  plug("eth7", 71);
  EXPECT_EQ(words(reconciler().devices_came({"eth7"})), Words{"attach vale0:eth7"});
  EXPECT_EQ(words(reconciler().devices_came({"eth8"})), Words{});
}

TEST_F(ReconcilerTest, FailuresAreTriedAgainLaterAndLater) {
  nics.stuck.insert("promiscuous");
  reconciler().configure(nic("eth0"));
  EXPECT_EQ(words(reconciler().reconcile()), Words{});
  for (const int delay : {1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300}) {
    const auto one = standing("vale0:eth0");
    EXPECT_EQ(one.standing, Standing::kFailed);
    EXPECT_THAT(one.trouble.reason, ::testing::HasSubstr("cannot set promiscuous"));
    ASSERT_EQ(reconciler().next_retry(), now + seconds(delay));
    now += seconds(delay) - std::chrono::milliseconds(1);
    (void)reconciler().reconcile();
    EXPECT_EQ(standing("vale0:eth0").trouble.attempts, one.trouble.attempts) << "not due yet";
    now += std::chrono::milliseconds(1);
    (void)reconciler().reconcile();
  }
  nics.stuck.clear();
  EXPECT_EQ(words(reconciler().devices_came({"eth0"})), Words{"attach vale0:eth0"});
  EXPECT_FALSE(reconciler().next_retry());
}

TEST_F(ReconcilerTest, ATroubleThatIsOverIsNotRetried) {
  nics.stuck.insert("promiscuous");
  reconciler().configure(nic("eth0"));
  (void)reconciler().reconcile();
  nics.stuck.clear();
  kernel.add_port("vale0:eth0", VALE_PORT_NIC);  // somebody else did it
  now += seconds(1);
  EXPECT_EQ(words(reconciler().reconcile()), Words{});
  EXPECT_FALSE(reconciler().next_retry());
  reconciler().want({});
  EXPECT_EQ(words(reconciler().reconcile()), Words{"detach vale0:eth0"}) << "adopted";
}

TEST_F(ReconcilerTest, WhatSomebodyElseDetachedStaysSoUntilAsked) {
  reconciler().configure(nic("eth0"));
  (void)reconciler().reconcile();
  (void)kernel.detach("vale0:eth0");
  reconciler().port_gone("vale0:eth0");
  EXPECT_EQ(standing("vale0:eth0").standing, Standing::kDetached);
  EXPECT_EQ(words(reconciler().reconcile()), Words{});
  EXPECT_EQ(words(reconciler().reconcile_all()), Words{"attach vale0:eth0"});
  reconciler().port_gone("vale0:eth0");
  EXPECT_EQ(standing("vale0:eth0").standing, Standing::kActive) << "an old event";
}

TEST_F(ReconcilerTest, ALateEventOfItsOwnDetachIsNoNews) {
  reconciler().want(nic("eth0"));
  (void)reconciler().reconcile();
  reconciler().want({});
  (void)reconciler().reconcile();
  nics.stuck.insert("promiscuous");
  reconciler().want(nic("eth0"));
  (void)reconciler().reconcile();
  reconciler().port_gone("vale0:eth0");
  EXPECT_EQ(standing("vale0:eth0").standing, Standing::kFailed);
  EXPECT_TRUE(reconciler().next_retry());
}

TEST_F(ReconcilerTest, ARestartKnowsWhatIsWantedAndWhatIsItsOwn) {
  reconciler().configure(nic("eth0"));
  (void)reconciler().reconcile();
  kernel.add_port("vale0:eth1", VALE_PORT_NIC);
  reconciler().done("eth1", [](vale::Topology& t) { t.ports["eth1"] = {PortType::kNic, "vale0"}; });
  restart();
  reconciler().configure(nic("eth0"));
  EXPECT_EQ(words(reconciler().reconcile()), Words{});
  EXPECT_EQ(reconciler().wanted().ports.size(), 2U);
  reconciler().configure({});
  EXPECT_EQ(words(reconciler().reconcile()), Words{"detach vale0:eth0"});
  reconciler().want({});
  EXPECT_EQ(words(reconciler().reconcile()), Words{"detach vale0:eth1"});
}

TEST_F(ReconcilerTest, AChangedPortIsAttachedAnewAndForeignOnesStay) {
  kernel.add_port("vale0:eth1", VALE_PORT_NIC);
  reconciler().configure(nic("eth0"));
  (void)reconciler().reconcile();
  reconciler().configure(nic("eth0", true));
  EXPECT_EQ(words(reconciler().preview(reconciler().wanted())),
            (Words{"detach vale0:eth0", "attach vale0:eth0"}));
  EXPECT_EQ(words(reconciler().reconcile()), (Words{"detach vale0:eth0", "attach vale0:eth0"}));
  EXPECT_NE(kernel.find_port("vale0:eth0^"), nullptr);
  reconciler().want({});
  (void)reconciler().reconcile();
  EXPECT_NE(kernel.find_port("vale0:eth1"), nullptr);
}

TEST_F(ReconcilerTest, PersistentPortsComeMoveAndGo) {
  nics.nics["vi0"];
  vale::Topology t;
  t.ports["vi0"] = {PortType::kPersistent, "vale0"};
  reconciler().want(t);
  EXPECT_EQ(words(reconciler().reconcile()), (Words{"create port vi0", "attach vale0:vi0"}));
  nics.indices["vi0"] = 9;
  t.ports["vi0"].switch_name = "vale1";
  reconciler().want(t);
  EXPECT_EQ(words(reconciler().reconcile()), (Words{"detach vale0:vi0", "attach vale1:vi0"}));
  t.ports["vi0"].switch_name = "";
  reconciler().want(t);
  EXPECT_EQ(words(reconciler().reconcile()), Words{"detach vale1:vi0"});
  EXPECT_EQ(standing("vi0").standing, Standing::kActive);
  reconciler().want({});
  EXPECT_EQ(words(reconciler().reconcile()), Words{"delete port vi0"});
  EXPECT_TRUE(kernel.persistent.empty());
}

/// kill -9 between what the kernel did and the note of it: the port is not made anew.
TEST_F(ReconcilerTest, APortMadeAnewIsKnownAfterACrash) {
  namespace fs = std::filesystem;
  vale::Topology t;
  t.ports["vi0"] = {PortType::kPersistent, "vale0"};
  reconciler().configure(t);
  ASSERT_TRUE(reconciler().reconcile());
  nics.indices["vi0"] = 9;
  t.ports["vi0"].tx_slots = 256;
  reconciler().configure(t);
  const auto state = testing::paths_below(dir.path()).state;
  kernel.after_attach = [&] { fs::copy_file(state, state + ".killed"); };
  ASSERT_TRUE(reconciler().reconcile());
  fs::rename(state + ".killed", state);
  restart();
  EXPECT_EQ(words(reconciler().reconcile()), Words{});
  EXPECT_FALSE(reconciler().next_retry()) << standing("vale0:vi0").trouble.reason;
}

TEST_F(ReconcilerTest, APortInUseIsTakenAwayLaterAndLater) {
  vale::Topology t;
  t.ports["vi0"] = {PortType::kPersistent, ""};
  reconciler().configure(t);
  ASSERT_TRUE(reconciler().reconcile());
  nics.indices["vi0"] = 9;
  kernel.open_ports.insert("vi0");
  t.ports["vi0"].tx_slots = 256;
  reconciler().configure(t);
  for (const auto wait : {seconds(1), seconds(2), seconds(4)}) {
    EXPECT_EQ(words(reconciler().reconcile()), Words{});
    EXPECT_EQ(reconciler().next_retry(), now + wait);
    EXPECT_EQ(standing("vi0").standing, Standing::kFailed) << "there, but not as wanted";
    now += wait;
  }
  reconciler().want({});
  EXPECT_EQ(words(reconciler().reconcile()), Words{});
  EXPECT_EQ(standing("vi0").standing, Standing::kLeaving);
  EXPECT_NE(standing("vi0").trouble.reason, "");
  reconciler().want(t);
  kernel.open_ports.clear();
  EXPECT_EQ(words(reconciler().reconcile()), (Words{"delete port vi0", "create port vi0"}));
}

TEST_F(ReconcilerTest, ANicIsNoPersistentPort) {
  vale::Topology t;
  t.ports["eth0"] = {PortType::kPersistent, "vale0"};
  reconciler().want(t);
  EXPECT_EQ(words(reconciler().reconcile()), Words{});
  EXPECT_EQ(kernel.find_port("vale0:eth0"), nullptr);
  EXPECT_THAT(standing("vale0:eth0").trouble.reason,
              ::testing::HasSubstr("another network device of that name"));
}

TEST_F(ReconcilerTest, WithoutTheModuleEverythingWaits) {
  reconciler().configure(nic("eth0"));
  kernel.broken = vale::Error{vale::Errc::kKernelUnavailable, "vale", "load it"};
  EXPECT_EQ(words(reconciler().reconcile()), Words{"load it"});
  EXPECT_FALSE(reconciler().standings());
  kernel.broken.reset();
  EXPECT_EQ(words(reconciler().reconcile_all()), Words{"attach vale0:eth0"});
}

}  // namespace
}  // namespace valed
