// SPDX-License-Identifier: BSD-2-Clause
// What every command prints with --json is what docs/json.md and the interface say.
#include <boost/json/parse.hpp>
#include <regex>

#include "ctl_fixture.hpp"
#include "vale-ctl/output.hpp"
#include "valed/interfaces.hpp"
#include "varlink_types.hpp"

namespace vale_ctl {
namespace {

class JsonTest : public testing::CtlServiceTest {
 protected:
  void SetUp() override {
    const auto read = vale::read_file(VALE_SOURCE_DIR "/docs/json.md");
    ASSERT_TRUE(read);
    page = *read;
    types.add(std::string(valed::kSwitchInterface));
    types.add(std::string(valed::kServiceInterface));
    types.add(page.substr(page.find("```varlink")));
    static const std::regex kRow(R"(\| (`[a-z ]+`|an error) \| `(.*)` \|)");
    for (auto at = std::sregex_iterator(page.begin(), page.end(), kRow);
         at != std::sregex_iterator(); ++at) {
      rows[std::regex_replace((*at)[1].str(), std::regex("`"), "")] = (*at)[2];
    }
    time.sleep_until = [this](std::chrono::steady_clock::time_point until) { now = until; };
    time.now = [this] { return now; };
  }

  /// Every line of a text is of the type documented for a command.
  void expect_documented(const std::string& command, const std::string& text) {
    ASSERT_TRUE(rows.contains(command)) << command;
    seen.insert(command);
    std::istringstream lines(text);
    int count = 0;
    for (std::string line; std::getline(lines, line); ++count) {
      boost::json::error_code bad;
      const auto value = boost::json::parse(line, bad);
      ASSERT_FALSE(bad) << line;
      EXPECT_EQ(types.why_not(value, rows[command]), "") << command << ": " << line;
    }
    EXPECT_GT(count, 0) << command;
  }

  /// Runs "COMMAND ARGUMENTS" with --json.
  void expect_prints(const std::string& command, const std::vector<std::string>& arguments = {}) {
    std::vector<std::string> words{"--json"};
    std::istringstream in(command);
    for (std::string word; in >> word;) words.push_back(word);
    words.insert(words.end(), arguments.begin(), arguments.end());
    ASSERT_EQ(run(words), kOk) << command << ": " << err.str();
    expect_documented(command, out.str());
  }

  void expect_fails(const std::vector<std::string>& arguments, const std::string& error) {
    EXPECT_NE(run(arguments), kOk);
    expect_documented("an error", err.str());
    const auto object = boost::json::parse(err.str()).as_object();
    EXPECT_EQ(std::string(object.at("error").as_string()), "io.vale.Switch." + error);
    EXPECT_EQ(types.why_not(object.at("parameters"), "error " + error), "");
  }

  std::string page;
  vale::testing::VarlinkTypes types;
  std::map<std::string, std::string> rows;  // type by command
  std::set<std::string> seen;
};

TEST_F(JsonTest, EveryCommandPrintsWhatIsDocumented) {
  expect_prints("attach", {"vale0:eth0", "--host", "--rx-rings", "0,2", "--tx-rings", "all"});
  kernel.find_port("vale0:eth0")->ifindex = 7;
  expect_prints("list");
  expect_prints("show", {"vale0:eth0"});
  expect_prints("show", {"eth0"});
  expect_prints("stats");
  expect_prints("create", {"vale0:vi0"});
  expect_prints("switch create", {"vale1", "--fdb-size", "64"});
  expect_prints("switch set", {"vale1", "--ageing", "5"});
  expect_prints("switch list");
  expect_prints("fdb add", {"vale0:eth0", "02:00:00:00:00:01"});
  kernel.fdb_table.push_back({"vale0", {2, 0, 0, 0, 0, 2}, 0, "vale0:eth0", false, 3});
  expect_prints("fdb list");
  expect_prints("fdb flush", {"vale0"});
  expect_prints("fdb del", {"vale0", "02:00:00:00:00:01"});
  expect_prints("top", {"--count", "2"});
  const auto file =
      write("a.toml",
            "[switch.vale0]\nageing = 5\nfdb_size = 64\n[nic.eth0]\nswitch = \"vale0\"\n"
            "host = true\nrx_rings = \"0\"\n[nic.eth7]\nswitch = \"vale0\"\n"
            "[port.vi1]\ntx_slots = 64\nrx_slots = 64\ntx_rings = 2\nrx_rings = 2\n");
  expect_prints("check", {file});
  expect_prints("diff", {file});
  expect_prints("apply", {file});
  expect_prints("export");
  expect_prints("topology show");
  service.note_error("something");
  expect_prints("status");
  expect_prints("version");
  expect_prints("report");
  expect_prints("topology reload");
  expect_prints("topology clear");
  expect_prints("attach", {"vale0:eth1"});
  expect_prints("detach", {"vale0:eth1"});
  expect_prints("create", {"vi2"});
  expect_prints("delete", {"vi2"});
  expect_prints("switch create", {"vale2"});
  expect_prints("switch delete", {"vale2"});

  out.str("");
  Context context{out, err, "", true, false, {}, {}, {}};
  print_event(context, {"watching", "", "", {}, {}, {}, {}, 0});
  print_event(context, {"mac_moved", "vale0", "vale0:a", 1, 2, VALE_PORT_NIC,
                        vale::MacAddress{2, 0, 0, 0, 0, 1}, 3});
  expect_documented("watch", out.str());

  expect_fails({"--json", "show", "vale0:nobody"}, "NoSuchPort");
  for (const auto& [command, type] : rows) EXPECT_TRUE(seen.contains(command)) << command;
}

TEST_F(JsonTest, ErrorsHaveTheirMembers) {
  expect_fails({"--json", "attach", "vale0:nobody"}, "NoDevice");
  expect_fails({"--json", "fdb", "del", "vale0", "02:00:00:00:00:01"}, "NoSuchAddress");
  expect_fails({"--json", "switch", "set", "vale9"}, "NoSuchSwitch");
  expect_fails({"--json", "switch", "create", "vale9", "--fdb-size", "65"}, "InvalidValue");
  expect_fails({"--json", "check", write("bad.toml", "[swich.vale0]\n")}, "InvalidConfiguration");
  peer.uid = 1000;
  peer.groups = {1000};
  expect_fails({"--json", "attach", "vale0:eth0"}, "NotPermitted");
}

TEST_F(JsonTest, WhatIsNotDocumentedIsFound) {
  const auto why = [this](const char* text, const char* type) {
    return types.why_not(boost::json::parse(text), type);
  };
  EXPECT_EQ(why(R"({"a":1})", "(a: int, b: ?string)"), "");
  EXPECT_NE(why(R"({"a":1,"c":1})", "(a: int, b: ?string)"), "");
  EXPECT_NE(why(R"({"b":"x"})", "(a: int, b: ?string)"), "");
  EXPECT_NE(why(R"({"a":"1"})", "(a: int)"), "");
  EXPECT_NE(why(R"("three")", "(one, two)"), "");
  EXPECT_NE(why(R"([{"a":true}])", "[](a: int)"), "");
  EXPECT_NE(why(R"({"x":{"ageing":true}})", "[string]SwitchSpec"), "");
  EXPECT_NE(why("1", "Nonsense"), "");
}

}  // namespace
}  // namespace vale_ctl
