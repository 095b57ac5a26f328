// SPDX-License-Identifier: BSD-2-Clause
#include "lib/metrics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <set>
#include <sstream>

namespace vale::metrics {
namespace {

using ::testing::HasSubstr;

PortInfo port(const std::string& name) {
  PortInfo info;
  info.switch_name = "vale0";
  info.name = name;
  info.counters[VALE_CNT_IN_PACKETS] = 7;
  info.drops[VALE_DROP_RING_FULL] = 3;
  info.link = true;
  return info;
}

TEST(Metrics, PortsAndSwitches) {
  Text text;
  put_switches(text, {{"vale0", 2, 8192, 5, 300, 1}});
  put_ports(text, {port("vale0:eth0")});
  const auto& out = text.written();
  EXPECT_THAT(out, HasSubstr("vale_switch_fdb_entries{switch=\"vale0\"} 5\n"));
  EXPECT_THAT(out,
              HasSubstr("# TYPE vale_port_rx_packets_total counter\n"
                        "vale_port_rx_packets_total{switch=\"vale0\",port=\"vale0:eth0\"} 7\n"));
  EXPECT_THAT(out, HasSubstr("{switch=\"vale0\",port=\"vale0:eth0\",reason=\"ring_full\"} 3\n"));
  EXPECT_THAT(out, HasSubstr("vale_port_up{switch=\"vale0\",port=\"vale0:eth0\"} 1\n"));
  EXPECT_THAT(out, HasSubstr("vale_ports_left_out 0\n"));
}

/// What promtool checks, as far as it goes: every line well formed, every family once and with
/// help.
TEST(Metrics, EveryLineIsWellFormed) {
  Text text;
  put_switches(text, {{"vale0", 2, 8192, 5, 300, 1}});
  put_ports(text, {port("vale0:a"), port("vale0:b")});
  const std::regex comment("# (HELP [a-z_]+ .+[.]|TYPE [a-z_]+ (counter|gauge))");
  const std::regex sample("[a-z_]+(\\{([a-z]+=\"[^\"]*\",?)+\\})? [0-9]+");
  std::istringstream lines(text.written());
  std::set<std::string> helps;
  for (std::string line; std::getline(lines, line);) {
    EXPECT_TRUE(std::regex_match(line, line.starts_with("#") ? comment : sample)) << line;
    if (line.starts_with("# HELP")) {
      EXPECT_TRUE(helps.insert(line).second) << line;
    }
    if (line.find(" counter") != std::string::npos) {
      EXPECT_THAT(line, HasSubstr("_total"));
    }
  }
  EXPECT_EQ(helps.size(), 14U);
}

TEST(Metrics, LabelsAreEscaped) {
  Text text;
  text.begin("m", "gauge", "M.");
  text.sample({{"a", "x\"y\\z\n"}}, 1);
  EXPECT_THAT(text.written(), HasSubstr("m{a=\"x\\\"y\\\\z\\n\"} 1\n"));
}

TEST(Metrics, TheNumberOfPortsIsBounded) {
  Text text;
  put_ports(text, std::vector<PortInfo>(kMaxPorts + 5, port("vale0:a")));
  EXPECT_THAT(text.written(), HasSubstr("vale_ports_left_out 5\n"));
  Text most;
  put_ports(most, std::vector<PortInfo>(kMaxPorts, port("vale0:a")));
  EXPECT_EQ(text.written().size(), most.written().size());
}

}  // namespace
}  // namespace vale::metrics
