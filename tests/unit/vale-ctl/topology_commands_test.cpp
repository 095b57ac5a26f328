// SPDX-License-Identifier: BSD-2-Clause
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "ctl_fixture.hpp"

namespace vale_ctl {
namespace {

using testing::CtlServiceTest;
using testing::CtlTest;
using ::testing::HasSubstr;

constexpr const char* kText = "[switch.vale0]\nageing = 5\n\n[nic.eth0]\nswitch = \"vale0\"\n\n";

TEST_F(CtlServiceTest, CheckNamesEveryPlace) {
  const auto good = write("good.toml", kText);
  const auto bad = write("bad.toml", "[swich.vale0]\n[nic.eth1]\nhost = 1\n");
  EXPECT_EQ(run({"check", good}), kOk);
  EXPECT_EQ(out.str(), "good: 1 switches, 1 ports\n");
  EXPECT_EQ(run({"topology", "check", good, bad}), kFailed);
  EXPECT_THAT(err.str(), HasSubstr(bad + ":1:2: unknown key 'swich'"));
  EXPECT_THAT(err.str(), HasSubstr("did you mean 'switch'?\n"));
  EXPECT_THAT(err.str(), HasSubstr(bad + ":3:8: 'host' in [nic.eth1] must be true or false"));
  EXPECT_EQ(run({"check", dir.file("none")}), kFailed);
  EXPECT_EQ(run({"check"}), kUsage);
}

TEST_F(CtlServiceTest, DiffApplyExport) {
  const auto file = write("a.toml", std::string(kText) + "[nic.eth7]\nswitch = \"vale0\"\n\n");
  EXPECT_EQ(run({"diff", file}), kOk);
  const std::string planned =
      "create switch vale0\nattach vale0:eth0\nattach vale0:eth7 (when eth7 appears)\n";
  EXPECT_EQ(out.str(), planned);
  EXPECT_EQ(run({"apply", file}), kOk);
  EXPECT_EQ(out.str(),
            "create switch vale0\nattach vale0:eth0\n"
            "vale0:eth7 is waiting: there is no network device eth7 yet\n");
  EXPECT_EQ(run({"export"}), kOk);
  EXPECT_EQ(out.str(), std::string(kText) + "[nic.eth7]\nswitch = \"vale0\"\n\n");
  const auto exported = write("b.toml", out.str());
  EXPECT_EQ(run({"apply", exported, "--permanent"}), kOk);
  EXPECT_THAT(out.str(), HasSubstr("nothing to do\n"));
  EXPECT_EQ(run({"topology", "show"}), kOk);
  EXPECT_THAT(out.str(), HasSubstr("vale0:eth7  waiting"));
  EXPECT_EQ(run({"topology", "reload"}), kOk);
  EXPECT_EQ(run({"topology", "clear"}), kOk);
  EXPECT_EQ(out.str(), "detach vale0:eth0\ndelete switch vale0\n");
  EXPECT_EQ(run({"diff", write("empty.toml", "")}), kOk);
  EXPECT_EQ(out.str(), "no difference\n");
}

TEST_F(CtlServiceTest, TopologyCommandsSpeakJson) {
  const auto file = write("a.toml", kText);
  for (std::vector<std::string> command : {std::vector<std::string>{"check", file},
                                           {"diff", file},
                                           {"apply", file},
                                           {"export"},
                                           {"topology", "show"},
                                           {"topology", "reload"},
                                           {"topology", "clear"}}) {
    command.emplace_back("--json");
    EXPECT_EQ(run(command), kOk) << command.front();
    boost::json::error_code bad;
    EXPECT_TRUE(boost::json::parse(out.str(), bad).is_object()) << out.str();
    EXPECT_FALSE(bad);
  }
  EXPECT_EQ(run({"apply", write("bad.toml", "x"), "--json"}), kFailed);
  EXPECT_EQ(boost::json::parse(err.str()).at("error"), "io.vale.Switch.InvalidConfiguration");
}

TEST_F(CtlServiceTest, RunTimeChangesCanBePermanent) {
  EXPECT_EQ(run({"attach", "vale0:eth0", "--permanent"}), kOk);
  EXPECT_EQ(run({"create", "vi0", "--permanent"}), kOk);
  EXPECT_EQ(run({"switch", "create", "vale9", "--permanent"}), kOk);
  auto loaded = engine.config.load();
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->topology.ports.size(), 2U);
  EXPECT_EQ(loaded->topology.switches.size(), 1U);
  EXPECT_EQ(run({"detach", "vale0:eth0", "--permanent"}), kOk);
  EXPECT_EQ(run({"delete", "vi0", "--permanent"}), kOk);
  EXPECT_EQ(run({"switch", "delete", "vale9", "--permanent"}), kOk);
  EXPECT_EQ(engine.config.load()->topology, vale::Topology{});
}

TEST_F(CtlServiceTest, ReportGathersWhatIsThere) {
  EXPECT_EQ(run({"attach", "vale0:eth0"}), kOk);
  kernel.port_table[0].ifindex = 2;
  EXPECT_EQ(run({"report"}), kOk);
  const auto all = boost::json::parse(out.str());
  EXPECT_EQ(all.at("List").at("ports").at(0).at("name"), "vale0:eth0");
  EXPECT_EQ(all.at("devices").at(0).at("name"), "eth0");
  EXPECT_TRUE(all.at("Status").is_object());
  EXPECT_TRUE(all.at("GetTopology").at("standings").is_array());
  EXPECT_FALSE(std::string(all.at("machine").at("kernel").as_string()).empty());
  EXPECT_EQ(run({"daemon", "status"}), kOk);
  EXPECT_THAT(out.str(), HasSubstr("uptime"));
}

TEST_F(CtlTest, ReportWorksWithoutTheDaemon) {
  EXPECT_EQ(run({"daemon", "report"}), kOk);
  EXPECT_EQ(boost::json::parse(out.str()).at("valed"), "nobody listens");
}

TEST_F(CtlTest, TopologyCommandsNeedTheDaemon) {
  EXPECT_EQ(run({"export"}), kFailed);
  EXPECT_EQ(run({"topology", "reload"}), kFailed);
}

}  // namespace
}  // namespace vale_ctl
