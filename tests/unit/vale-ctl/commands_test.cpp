// SPDX-License-Identifier: BSD-2-Clause
#include "vale-ctl/commands.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "ctl_fixture.hpp"

namespace vale_ctl {
namespace {

using testing::CtlTest;
using ::testing::HasSubstr;

TEST_F(CtlTest, AttachTakesRingSetsAndHost) {
  EXPECT_EQ(run({"attach", "vale0:eth0", "--host", "--rx-rings", "4", "--tx-rings", "0-1"}), kOk);
  const auto& r = kernel.attached.at(0);
  EXPECT_TRUE(r.host);
  EXPECT_TRUE(r.prepare);
  EXPECT_EQ(r.rx_rings->text(), "4");
  EXPECT_EQ(r.tx_rings->text(), "0-1");
  EXPECT_EQ(out.str(), "vale0:eth0 attached, port index 0\n");
  EXPECT_EQ(run({"detach", "vale0:eth0"}), kOk);
  EXPECT_EQ(run({"port", "attach", "vale0:eth0", "--no-prepare"}), kOk);
  EXPECT_FALSE(kernel.attached.at(1).prepare);
}

TEST_F(CtlTest, BadValuesFailBeforeAnythingIsAsked) {
  EXPECT_EQ(run({"attach", "eth0"}), kFailed);
  EXPECT_THAT(err.str(), HasSubstr("'eth0' is not a port name"));
  EXPECT_EQ(run({"attach", "vale0:eth0", "--rx-rings", "9-1"}), kFailed);
  EXPECT_EQ(run({"fdb", "add", "vale0:a", "xyz"}), kFailed);
  EXPECT_TRUE(kernel.attached.empty());
}

TEST_F(CtlTest, UsageErrorsHaveTheirOwnStatus) {
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"attach"},
                                                    {"frobnicate"},
                                                    {"--json"},
                                                    {"switch"},
                                                    {"list", "--nope"},
                                                    {"create", "vi0", "--tx-slots", "many"},
                                                    {"create", "vi0", "--tx-rings", "-1"}}) {
    EXPECT_EQ(run(arguments), kUsage) << arguments.front();
  }
  EXPECT_EQ(run({"--help"}), kOk);
  EXPECT_EQ(run({"attach", "--help"}), kOk);
  EXPECT_EQ(run({"--version"}), kOk);
}

TEST_F(CtlTest, ErrorsChooseTheExitStatus) {
  kernel.broken = vale::Error{vale::Errc::kNotPermitted, "x", "you may not"};
  EXPECT_EQ(run({"list"}), kNotPermitted);
  EXPECT_EQ(err.str(), "vale-ctl: you may not\n");
  kernel.broken = vale::fail_errno(EACCES, "x", "x").value();
  EXPECT_EQ(run({"list"}), kNotPermitted);
  kernel.broken.reset();
  EXPECT_EQ(run({"show", "vale0:x"}), kFailed);
}

TEST_F(CtlTest, WithoutValedItSaysHowToGoOn) {
  daemon_up = false;
  EXPECT_EQ(run({"list"}), kFailed);
  EXPECT_THAT(err.str(), HasSubstr("--direct"));
  EXPECT_EQ(run({"--direct", "list"}), kOk);
}

TEST_F(CtlTest, ListShowAndStats) {
  kernel.add_port("vale0:a", VALE_PORT_EPHEMERAL);
  kernel.add_port("vale1:eth0", VALE_PORT_NIC);
  kernel.port_table[0].drops[VALE_DROP_RING_FULL] = 3;
  EXPECT_EQ(run({"list"}), kOk);
  EXPECT_THAT(out.str(), HasSubstr("vale1:eth0"));
  EXPECT_EQ(run({"list", "vale0"}), kOk);
  EXPECT_EQ(out.str().find("vale1:eth0"), std::string::npos);
  EXPECT_EQ(run({"list", "vale9"}), kFailed);
  EXPECT_EQ(run({"show", "vale0:a"}), kOk);
  EXPECT_THAT(out.str(), HasSubstr("ring_full"));
  EXPECT_EQ(run({"show", "eth0"}), kOk);
  EXPECT_THAT(out.str(), HasSubstr("4 RX rings"));
  EXPECT_EQ(run({"stats", "vale0:a"}), kOk);
  EXPECT_THAT(out.str(), HasSubstr("ring_full=3"));
}

TEST_F(CtlTest, EverythingSpeaksJson) {
  kernel.add_port("vale0:a", VALE_PORT_EPHEMERAL);
  const std::vector<std::vector<std::string>> commands = {
      {"list"},
      {"show", "vale0:a"},
      {"show", "eth0"},
      {"stats"},
      {"switch", "list"},
      {"fdb", "list"},
      {"fdb", "add", "vale0:a", "02:00:00:00:00:01"},
      {"fdb", "del", "vale0", "02:00:00:00:00:01"},
      {"fdb", "flush", "vale0"},
      {"switch", "create", "vale5"},
      {"switch", "set", "vale5", "--ageing", "10"},
      {"switch", "delete", "vale5"},
      {"create", "vi0"},
      {"delete", "vi0"},
      {"attach", "vale0:eth0"},
      {"detach", "vale0:eth0"},
      {"version"}};
  for (auto command : commands) {
    command.push_back("--json");
    EXPECT_EQ(run(command), kOk) << command.front();
    boost::json::error_code bad;
    const auto value = boost::json::parse(out.str(), bad);
    EXPECT_FALSE(bad) << command.front() << ": " << out.str();
    EXPECT_TRUE(value.is_object());
  }
  EXPECT_EQ(run({"show", "vale0:x", "--json"}), kFailed);
  EXPECT_EQ(boost::json::parse(err.str()).at("error"), "io.vale.Switch.NoSuchPort");
}

TEST_F(CtlTest, SwitchSettings) {
  EXPECT_EQ(run({"switch", "create", "vale0", "--fdb-size", "262144", "--ageing", "0"}), kOk);
  EXPECT_EQ(kernel.switch_table.at("vale0").fdb_size, 262144U);
  EXPECT_EQ(run({"switch", "set", "vale1", "--ageing", "1"}), kFailed);
  EXPECT_EQ(run({"switch", "list"}), kOk);
  EXPECT_THAT(out.str(), HasSubstr("262144"));
  EXPECT_THAT(out.str(), HasSubstr("never"));
  EXPECT_EQ(run({"switch", "set", "vale0", "--exchange", "on"}), kOk);
  EXPECT_TRUE(kernel.switch_table.at("vale0").exchange);
  EXPECT_EQ(run({"switch", "set", "vale0", "--exchange", "off"}), kOk);
  EXPECT_FALSE(kernel.switch_table.at("vale0").exchange);
  EXPECT_EQ(run({"switch", "set", "vale0", "--exchange", "perhaps"}), kUsage);
  EXPECT_EQ(run({"switch", "delete", "vale0"}), kOk);
}

TEST_F(CtlTest, DirectCreateAttachesToo) {
  daemon_up = false;
  EXPECT_EQ(run({"--direct", "create", "vale0:vi0"}), kOk);
  EXPECT_NE(kernel.find_port("vale0:vi0"), nullptr);
  EXPECT_EQ(run({"--direct", "delete", "vale0:vi0"}), kOk);
}

TEST_F(CtlTest, DaemonCommandsNeedTheDaemon) {
  EXPECT_EQ(run({"status"}), kFailed);
  EXPECT_EQ(run({"watch"}), kFailed);
}

TEST_F(CtlTest, OpenRunsACommandWithTheDescriptor) {
  kernel.add_port("vale0:vi0", VALE_PORT_PERSISTENT);
  const std::vector<std::string> command{
      "port",
      "open",
      "vale0:vi0",
      "--",
      "sh",
      "-c",
      R"([ "$1" = -i ] && readlink "/proc/self/fd/$NETMAP_FD" | grep -qx /dev/null && exit 7)",
      "sh",
      "-i"};
  EXPECT_EXIT(run(command), ::testing::ExitedWithCode(7), "");
  EXPECT_EQ(run({"port", "open", "vale0:no", "--", "true"}), kFailed);
  EXPECT_THAT(err.str(), HasSubstr("no port vale0:no"));
  EXPECT_EQ(run({"port", "open", "vale0:vi0"}), kUsage);
  EXPECT_EXIT(::exit(run({"port", "open", "vale0:vi0", "--", "/no/such"})),
              ::testing::ExitedWithCode(kFailed), "");
}

TEST_F(CtlTest, AnOwnerNeedsTheDaemon) {
  EXPECT_EQ(run({"--direct", "port", "create", "vale0:vi0", "--owner", "alice"}), kFailed);
  EXPECT_THAT(err.str(), HasSubstr("leave out --direct"));
  EXPECT_TRUE(kernel.persistent.empty());
}

}  // namespace
}  // namespace vale_ctl
