// SPDX-License-Identifier: BSD-2-Clause
#include "lib/model_json.hpp"

#include <gtest/gtest.h>

#include <boost/json/value.hpp>
#include <set>

namespace vale {
namespace {

TEST(ModelJson, PortRoundTrips) {
  PortInfo p;
  p.switch_name = "vale0";
  p.name = "vale0:eth0";
  p.index = 3;
  p.kind = VALE_PORT_NIC;
  p.ifindex = 7;
  p.adapter = VALE_ADAPTER_NATIVE;
  p.tx_rings = 1;
  p.rx_rings = 2;
  p.tx_slots = 3;
  p.rx_slots = 4;
  p.mem_id = 5;
  p.users = 6;
  p.link = true;
  for (std::size_t i = 0; i < p.counters.size(); ++i) p.counters[i] = 100 + i;
  for (std::size_t i = 0; i < p.drops.size(); ++i) p.drops[i] = 200 + i;
  const PortInfo q = port_from_json(to_json(p));
  EXPECT_EQ(q.name, p.name);
  EXPECT_EQ(q.switch_name, p.switch_name);
  EXPECT_EQ(q.index, p.index);
  EXPECT_EQ(q.kind, p.kind);
  EXPECT_EQ(q.ifindex, p.ifindex);
  EXPECT_EQ(q.adapter, p.adapter);
  EXPECT_EQ(q.tx_rings, 1U);
  EXPECT_EQ(q.rx_rings, 2U);
  EXPECT_EQ(q.tx_slots, 3U);
  EXPECT_EQ(q.rx_slots, 4U);
  EXPECT_EQ(q.mem_id, 5U);
  EXPECT_EQ(q.users, 6U);
  EXPECT_TRUE(q.link);
  EXPECT_EQ(q.counters, p.counters);
  EXPECT_EQ(q.drops, p.drops);
}

TEST(ModelJson, EveryCounterAndReasonHasANameOfItsOwn) {
  std::set<std::string_view> names(kCounterNames.begin(), kCounterNames.end());
  names.insert(kDropNames.begin(), kDropNames.end());
  names.insert(kEventNames.begin(), kEventNames.end());
  names.insert(kKindNames.begin(), kKindNames.end());
  EXPECT_EQ(names.size(), kCounterCount + kDropCount + kEventCount + kKindCount);
  EXPECT_FALSE(names.contains(""));
  EXPECT_EQ(kDropNames[VALE_DROP_NO_LINK], "no_link");
  EXPECT_EQ(kDropNames[VALE_DROP_NO_RING], "no_ring");
}

TEST(ModelJson, FdbEntryAndSwitchRoundTrip) {
  FdbEntry e{"vale0", {2, 0, 0, 0, 0, 1}, 4, "vale0:a", false, 17};
  const FdbEntry f = fdb_entry_from_json(to_json(e));
  EXPECT_EQ(f.mac, e.mac);
  EXPECT_EQ(f.port, "vale0:a");
  EXPECT_EQ(f.port_index, 4U);
  EXPECT_EQ(f.age, 17U);
  e.is_static = true;
  EXPECT_FALSE(to_json(e).contains("age"));
  const SwitchInfo s = switch_from_json(to_json(SwitchInfo{"vale0", 1, 2, 3, 4, 5, true}));
  EXPECT_EQ(s.fdb_size, 2U);
  EXPECT_EQ(s.fdb_used, 3U);
  EXPECT_EQ(s.fdb_ageing, 4U);
  EXPECT_EQ(s.fdb_full, 5U);
  EXPECT_TRUE(s.exchange);
}

TEST(ModelJson, EventHasOnlyWhatApplies) {
  Event event;
  event.type = "mac_moved";
  event.switch_name = "vale0";
  event.mac = MacAddress{2, 0, 0, 0, 0, 1};
  event.index = 1;
  event.old_index = 0;
  const auto object = to_json(event);
  EXPECT_FALSE(object.contains("port"));
  EXPECT_FALSE(object.contains("events_lost"));
  const Event back = event_from_json(object);
  EXPECT_EQ(back.mac, event.mac);
  EXPECT_EQ(back.old_index, 0U);
  EXPECT_FALSE(back.kind);
}

TEST(ModelJson, ReadingForgivesWhatIsMissingOrOdd) {
  const PortInfo p = port_from_json({{"name", 5}, {"index", -1}, {"link", "x"}, {"counters", 3}});
  EXPECT_EQ(p.name, "");
  EXPECT_EQ(p.index, 0U);
  EXPECT_FALSE(p.link);
  EXPECT_FALSE(p.ifindex);
}

TEST(ModelJson, RequestsCarryOnlyWhatWasGiven) {
  AttachRequest request;
  request.name = "vale0:eth0";
  EXPECT_EQ(to_json(request).size(), 1U);
  request.host = true;
  request.prepare = false;
  request.rx_rings = RingSet::parse("4").value();
  const auto object = to_json(request);
  EXPECT_EQ(object.at("rx_rings"), "4");
  EXPECT_EQ(object.at("prepare"), false);
  EXPECT_FALSE(object.contains("tx_rings"));
}

}  // namespace
}  // namespace vale
