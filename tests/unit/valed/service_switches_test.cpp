// SPDX-License-Identifier: BSD-2-Clause
#include "service_fixture.hpp"

namespace valed {
namespace {

using testing::ServiceTest;

TEST_F(ServiceTest, SwitchesAreMadeSetAndLetGo) {
  EXPECT_EQ(call("SwitchCreate", {{"name", "vale0"}, {"fdb_size", 65536}}).error, "");
  EXPECT_EQ(call("SwitchSet", {{"name", "vale0:"}, {"ageing", 0}}).error, "");
  const auto list = call("ListSwitches").parameters.at("switches").as_array();
  ASSERT_EQ(list.size(), 1U);
  EXPECT_EQ(list[0].at("fdb_size"), 65536U);
  EXPECT_EQ(list[0].at("exchange"), false);
  EXPECT_EQ(call("SwitchSet", {{"name", "vale0"}, {"exchange", true}}).error, "");
  EXPECT_TRUE(kernel.switch_table.at("vale0").exchange);
  EXPECT_EQ(call("SwitchSet", {{"name", "vale1"}}).error, "io.vale.Switch.NoSuchSwitch");
  EXPECT_EQ(call("SwitchDelete", {{"name", "vale0"}}).error, "");
}

TEST_F(ServiceTest, SettingsAreCheckedBeforeTheKernelSeesThem) {
  for (const std::uint32_t size : {0U, 63U, 100U, 2097152U}) {
    EXPECT_EQ(call("SwitchCreate", {{"name", "vale0"}, {"fdb_size", size}}).error,
              "io.vale.Switch.InvalidValue")
        << size;
  }
  EXPECT_EQ(call("SwitchCreate", {{"name", "vale0"}, {"ageing", 16384}}).error,
            "io.vale.Switch.InvalidValue");
  EXPECT_EQ(call("SwitchCreate", {{"name", "br0"}}).error, "io.vale.Switch.InvalidValue");
  EXPECT_EQ(call("SwitchCreate", {{"name", "vale0"}, {"size", 64}}).error,
            "org.varlink.service.InvalidParameter");
  EXPECT_EQ(call("SwitchCreate", {{"name", "vale0"}, {"exchange", 1}}).error,
            "org.varlink.service.InvalidParameter");
  EXPECT_TRUE(kernel.switch_table.empty());
}

TEST_F(ServiceTest, AddressesAreAddedListedAndDeleted) {
  kernel.add_port("vale0:a", VALE_PORT_EPHEMERAL);
  const boost::json::object entry{
      {"switch", "vale0"}, {"mac", "02:00:00:00:00:01"}, {"port", "vale0:a"}};
  ASSERT_EQ(call("FdbAdd", entry).error, "");
  const auto list = call("FdbList", {{"switch", "vale0"}}).parameters.at("entries").as_array();
  ASSERT_EQ(list.size(), 1U);
  EXPECT_EQ(list[0].at("static"), true);
  EXPECT_EQ(call("FdbFlush", {{"name", "vale0"}}).error, "");
  EXPECT_EQ(kernel.fdb_table.size(), 1U);
  const boost::json::object address{{"switch", "vale0"}, {"mac", "02:00:00:00:00:01"}};
  EXPECT_EQ(call("FdbDelete", address).error, "");
  const auto gone = call("FdbDelete", address);
  EXPECT_EQ(gone.error, "io.vale.Switch.NoSuchAddress");
  EXPECT_EQ(gone.parameters.at("mac"), "02:00:00:00:00:01");
  EXPECT_EQ(call("FdbDelete", {{"switch", "vale0"}, {"mac", "x"}}).error,
            "io.vale.Switch.InvalidValue");
}

TEST_F(ServiceTest, LargeTablesComeInParts) {
  kernel.fdb_table.resize(10'000);
  const auto refused = call("FdbList");
  EXPECT_EQ(refused.error, "io.vale.Switch.InvalidValue");
  const Answer answer = as(root, "FdbList", {}, true);
  ASSERT_TRUE(answer.parts);
  std::size_t entries = 0;
  std::size_t parts = 0;
  while (const auto part = answer.parts()) {
    entries += part->at("entries").as_array().size();
    ++parts;
  }
  EXPECT_EQ(entries, 10'000U);
  EXPECT_EQ(parts, 10U);
}

TEST_F(ServiceTest, AnEmptyTableIsOnePart) {
  const Answer answer = as(root, "FdbList", {}, true);
  ASSERT_TRUE(answer.parts);
  EXPECT_TRUE(answer.parts()->at("entries").as_array().empty());
  EXPECT_FALSE(answer.parts());
}

TEST_F(ServiceTest, WatchBeginsWithAMark) {
  const Answer answer = as(stranger, "Watch", {{"events", {"port_add"}}}, true);
  ASSERT_TRUE(answer.watcher);
  EXPECT_EQ(answer.watcher->pop().type, "watching");
  vale::Event event;
  event.type = "port_del";
  service.on_event(event);
  EXPECT_TRUE(answer.watcher->empty());
  event.type = "port_add";
  service.on_event(event);
  EXPECT_EQ(answer.watcher->pop().type, "port_add");
}

}  // namespace
}  // namespace valed
