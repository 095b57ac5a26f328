// SPDX-License-Identifier: BSD-2-Clause
#include "vale-ctl/output.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace vale_ctl {
namespace {

class OutputTest : public ::testing::Test {
 protected:
  std::ostringstream out;
  Context context{out, out, "", false, false, {}, {}, {}};
};

TEST_F(OutputTest, EventsAreOneLine) {
  vale::Event event;
  event.type = "mac_moved";
  event.switch_name = "vale0";
  event.index = 1;
  event.old_index = 0;
  event.mac = vale::MacAddress{2, 0, 0, 0, 0, 1};
  event.lost = 3;
  print_event(context, event);
  EXPECT_EQ(
      out.str(),
      "mac_moved    switch vale0 index 1 was 0 mac 02:00:00:00:00:01 (3 events lost before)\n");
}

TEST_F(OutputTest, JsonEventsAreOneLineToo) {
  context.json = true;
  vale::Event event;
  event.type = "watching";
  print_event(context, event);
  EXPECT_EQ(out.str(), "{\"event\":\"watching\"}\n");
}

TEST_F(OutputTest, UnknownKindsDoNotCrash) {
  vale::PortInfo port;
  port.name = "vale0:a";
  port.kind = 77;
  print_ports(context, {port});
  EXPECT_NE(out.str().find("unknown"), std::string::npos);
}

TEST_F(OutputTest, FdbShowsStaticOrAge) {
  print_fdb(context, {{"vale0", {2, 0, 0, 0, 0, 1}, 0, "vale0:a", true, 0},
                      {"vale0", {2, 0, 0, 0, 0, 2}, 0, "vale0:a", false, 12}});
  EXPECT_EQ(out.str(),
            "SWITCH  MAC                PORT        AGE\n"
            "vale0   02:00:00:00:00:01  vale0:a  static\n"
            "vale0   02:00:00:00:00:02  vale0:a    12 s\n");
}

}  // namespace
}  // namespace vale_ctl
