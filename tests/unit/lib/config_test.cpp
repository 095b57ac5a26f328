// SPDX-License-Identifier: BSD-2-Clause
#include "lib/config.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "temp_dir.hpp"

namespace vale {
namespace {

using ::testing::HasSubstr;

Topology good(const std::vector<ConfigText>& texts) {
  const auto parsed = parse_config(texts);
  if (!parsed) ADD_FAILURE() << config_error(parsed.error()).context;
  return parsed ? parsed->topology : Topology{};
}

/// The one problem of a file.
Problem problem(const std::string& text) {
  const auto parsed = parse_config({{"f.toml", text}});
  if (parsed) return {};
  EXPECT_EQ(parsed.error().size(), 1U) << config_error(parsed.error()).context;
  return parsed.error().front();
}

TEST(ConfigTest, WhatTomlIsNotGiven) {
  EXPECT_EQ(problem("[nic.eth0]\nswit\u0351ch = 1\n").text(),
            "f.toml:2:5: only ASCII outside of comments");
  EXPECT_EQ(problem("[nic.\"\u00e9\"]\n").text(), "f.toml:1:7: only ASCII outside of comments");
  EXPECT_THAT(problem("[switch.vale0]\nageing = \"\"\"\n1\"\"\"\n").text(),
              HasSubstr("f.toml:2:10: strings of several lines"));
  EXPECT_THAT(problem("[%]\n").text(), HasSubstr("f.toml:1:2: "));
  const auto t =
      good({{"f", "\ufeff# f\u00fcr alle\n[nic.\"e#\\\"0\"] # '\u00e9\nswitch = 'vale0'\n"}});
  EXPECT_TRUE(t.ports.contains("e#\"0"));
}

TEST(ConfigTest, AllKeys) {
  const auto t = good({{"f", R"(
[switch.vale0]
fdb_size = 65536
ageing = 0
exchange = true
[nic.eth0]
switch = "vale0"
host = true
prepare = false
rx_rings = "0,2-3"
[nic."eth0.100"]
switch = "vale1"
[port.vi0]
switch = "vale0"
tx_slots = 512
rx_rings = 2
owner = "alice"
)"}});
  EXPECT_EQ(t.switches.at("vale0"), (SwitchSpec{65536, 0, true}));
  EXPECT_EQ(t.switches.size(), 1U);
  const auto& nic = t.ports.at("eth0");
  EXPECT_TRUE(nic.host);
  EXPECT_FALSE(nic.prepare);
  EXPECT_EQ(nic.rx_rings->text(), "0,2-3");
  EXPECT_FALSE(nic.tx_rings);
  EXPECT_EQ(t.ports.at("eth0.100").switch_name, "vale1");
  const auto& port = t.ports.at("vi0");
  EXPECT_EQ(port.type, PortType::kPersistent);
  EXPECT_EQ(port.tx_slots, 512U);
  EXPECT_EQ(port.rx_ring_count, 2);
  EXPECT_EQ(port.owner, "alice");
}

TEST(ConfigTest, UnknownKeysAreRefusedWithTheNearest) {
  const auto one = problem("[switch.vale0]\nageing = 1\nfdb_sise = 64\n");
  EXPECT_EQ(one.text(),
            "f.toml:3:1: unknown key 'fdb_sise' in [switch.vale0]: did you mean 'fdb_size'?");
  EXPECT_THAT(problem("[swich.vale0]\n").message, HasSubstr("did you mean 'switch'?"));
  EXPECT_THAT(problem("[nic.eth0]\nswitch='vale0'\ncolour=1\n").message,
              HasSubstr("known are enabled, host, prepare"));
}

TEST(ConfigTest, EveryErrorHasItsPlace) {
  const auto parsed = parse_config({{"a.toml",
                                     "[switch.vale0]\nfdb_size = 100\nageing = -1\n"
                                     "[nic.eth0]\nswitch = 'br0'\nhost = 'yes'\n"
                                     "[nic.'a b']\nswitch = 'vale0'\nrx_rings = '9-1'\n"},
                                    {"b.toml", "x = = 1\n"}});
  ASSERT_FALSE(parsed);
  std::vector<std::string> places;
  for (const auto& p : parsed.error()) {
    places.push_back(p.file + ":" + std::to_string(p.line) + ":" + std::to_string(p.column));
    EXPECT_FALSE(p.message.empty());
  }
  EXPECT_THAT(places, ::testing::UnorderedElementsAre("a.toml:2:12", "a.toml:3:10", "a.toml:5:10",
                                                      "a.toml:6:8", "a.toml:7:1", "a.toml:9:12",
                                                      "b.toml:1:5"));
  EXPECT_EQ(config_error(parsed.error()).code, Errc::kInvalidConfiguration);
}

TEST(ConfigTest, WrongTypesAndNames) {
  EXPECT_THAT(problem("switch = 1\n").message, HasSubstr("must be a table"));
  EXPECT_THAT(problem("[switch]\nvale0 = 1\n").message, HasSubstr("must be a table"));
  EXPECT_THAT(problem("[switch.br0]\n").message, HasSubstr("not a switch name"));
  EXPECT_THAT(problem("[switch.'vale0:']\n").message, HasSubstr("no colon"));
  EXPECT_THAT(problem("[nic.eth0]\n").message, HasSubstr("names no switch"));
  EXPECT_THAT(problem("[nic.a]\nswitch='vale0'\n[port.a]\nswitch='vale0'\n").message,
              HasSubstr("both in [nic] and in [port]"));
  EXPECT_THAT(problem("[port.a]\ntx_rings = 257\n").message, HasSubstr("from 0 to 256"));
  EXPECT_THAT(problem("[port.a]\nowner = 'a\tb'\n").message, HasSubstr("number of a user"));
  EXPECT_THAT(problem("[nic.a]\nswitch='vale0'\nowner='a'\n").message, HasSubstr("unknown key"));
  EXPECT_THAT(problem("[nic.a]\nswitch='vale0'\n[nic.a]\nhost=true\n").message, HasSubstr("a"));
}

TEST(ConfigTest, AccessRulesAddUp) {
  const auto parsed = parse_config(
      {{"a",
        "[[access]]\nusers=['alice','1001']\nmay=['read']\n[[access]]\ngroups=['ops']\n"
        "may=['ports','nics','switches','all']\nswitches=['vale1']\n"},
       {"b", "[[access]]\nusers=['bob']\nmay=['all']\n"}});
  ASSERT_TRUE(parsed);
  ASSERT_EQ(parsed->access.size(), 3U);
  EXPECT_EQ(parsed->access[0], (AccessRule{{"alice", "1001"}, {}, {AccessRight::kRead}, {}}));
  EXPECT_EQ(parsed->access[1].may.size(), 4U);
  EXPECT_EQ(parsed->access[1].switches, std::vector<std::string>{"vale1"});
  EXPECT_THAT(problem("[[access]]\nmay=['read']\n").message, HasSubstr("names nobody"));
  EXPECT_THAT(problem("[[access]]\nusers=['a']\n").message, HasSubstr("allows nothing"));
  EXPECT_THAT(problem("[[access]]\nusers=['a']\nmay=['write']\n").message,
              HasSubstr("'write' is no right"));
  EXPECT_THAT(problem("[[access]]\nusers=['a']\nmay=['read']\nswitches=['br0']\n").message,
              HasSubstr("not a switch name"));
  EXPECT_THAT(problem("[[access]]\nusers='a'\ngroups=['g']\nmay=['read']\n").message,
              HasSubstr("list of strings"));
  EXPECT_THAT(problem("[access]\nusers=['a']\n").message, HasSubstr("[[access]]"));
}

TEST(ConfigTest, LaterFilesWriteOverEarlierOnes) {
  const ConfigText main{"m",
                        "[switch.vale0]\nageing=9\n[nic.eth0]\nswitch='vale0'\nhost=true\n"
                        "rx_rings='1'\n[nic.eth1]\nswitch='vale0'\n"};
  const auto t = good({main,
                       {"d",
                        "[nic.eth0]\nswitch='vale1'\nrx_rings=''\n[nic.eth1]\nenabled=false\n"
                        "[switch.vale0]\nfdb_size=64\n"}});
  EXPECT_EQ(t.ports.size(), 1U);
  EXPECT_EQ(t.ports.at("eth0").switch_name, "vale1");
  EXPECT_TRUE(t.ports.at("eth0").host);
  EXPECT_FALSE(t.ports.at("eth0").rx_rings);
  EXPECT_EQ(t.switches.at("vale0"), (SwitchSpec{64, 9}));
  EXPECT_EQ(good({main, {"d", "[port.eth1]\n"}}).ports.at("eth1").type, PortType::kPersistent);
}

TEST(ConfigTest, WhatIsWrittenReadsTheSame) {
  Topology t;
  t.switches["vale0"] = {};
  t.switches["vale1"] = {64, 0};
  t.ports["eth0.1"] = {PortType::kNic, "vale0", true, false, RingSet::all(), RingSet::none()};
  t.ports["e\"q"] = {PortType::kNic, "vale2"};
  t.ports["vi0"] = {PortType::kPersistent, "", false, true, {}, {}, 1, 2, 3, 4, "D\\al ice"};
  EXPECT_EQ(good({{"f", config_text(t)}}), t) << config_text(t);
  EXPECT_EQ(config_text({}), "");
}

TEST(ConfigTest, AnOverlayTurnsOneTopologyIntoAnother) {
  const std::string base =
      "[switch.vale0]\nageing=9\n[switch.vale1]\n[nic.eth0]\nswitch='vale0'\nhost=true\n"
      "rx_rings='1'\n[nic.eth1]\nswitch='vale0'\n[port.vi0]\nswitch='vale0'\ntx_slots=64\n"
      "owner='bob'\n";
  Topology wanted;
  wanted.switches["vale0"] = {};
  wanted.ports["eth0"] = {PortType::kNic, "vale1"};
  wanted.ports["vi0"] = {PortType::kPersistent, ""};
  wanted.ports["eth2"] = {PortType::kNic, "vale0"};
  wanted.ports["eth1"] = {PortType::kPersistent, "vale1"};
  const auto overlay = config_overlay(good({{"b", base}}), wanted);
  EXPECT_EQ(good({{"b", base}, {"o", overlay}}), wanted) << overlay;
}

TEST(ConfigTest, FilesAreReadInOrder) {
  const testing::TempDir dir;
  const auto main = dir.file("valed.toml");
  const auto drop_ins = dir.file("valed.d");
  EXPECT_TRUE(read_config(main, drop_ins)->empty());
  std::filesystem::create_directory(drop_ins);
  std::ofstream(drop_ins + "/b.toml") << "b";
  std::ofstream(drop_ins + "/a.toml") << "a";
  std::ofstream(drop_ins + "/a.toml~") << "not this";
  std::ofstream(main) << "main";
  const auto texts = read_config(main, drop_ins);
  ASSERT_TRUE(texts);
  ASSERT_EQ(texts->size(), 3U);
  EXPECT_EQ(texts->at(0).text, "main");
  EXPECT_EQ(texts->at(1).file, drop_ins + "/a.toml");
  EXPECT_EQ(texts->at(2).text, "b");
  EXPECT_EQ(read_config_file(dir.file("none")).error().errnum(), ENOENT);
  std::ofstream(main) << std::string(1024UL * 1024 + 1, '#');
  EXPECT_EQ(read_config(main, drop_ins).error().code, Errc::kInvalidValue);
}

}  // namespace
}  // namespace vale
