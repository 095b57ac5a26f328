// SPDX-License-Identifier: BSD-2-Clause
#include "valed/state_file.hpp"

#include <gtest/gtest.h>

#include "lib/file.hpp"
#include "temp_dir.hpp"

namespace valed {
namespace {

TEST(StateFileTest, SurvivesAndBeginsEmpty) {
  const vale::testing::TempDir dir;
  const auto path = dir.file("topology.json");
  EXPECT_EQ(load_state(path)->wanted, vale::Topology{});
  SavedState state;
  state.configured.switches["vale0"] = {64, 0};
  state.wanted.ports["eth0"] = {vale::PortType::kNic, "vale0"};
  state.applied.ports["vi0"] = {vale::PortType::kPersistent, "vale0"};
  ASSERT_TRUE(save_state(path, state));
  const auto again = load_state(path);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->configured, state.configured);
  EXPECT_EQ(again->wanted, state.wanted);
  EXPECT_EQ(again->applied, state.applied);
}

TEST(StateFileTest, RubbishIsRefused) {
  const vale::testing::TempDir dir;
  const auto path = dir.file("topology.json");
  for (const char* text : {"", "[]", "{", "{\"configured\":{}}",
                           "{\"configured\":{\"switches\":{},\"ports\":{}},\"wanted\":1}"}) {
    ASSERT_TRUE(vale::replace_file(path, text));
    EXPECT_EQ(load_state(path).error().code, vale::Errc::kProtocol) << text;
  }
}

}  // namespace
}  // namespace valed
