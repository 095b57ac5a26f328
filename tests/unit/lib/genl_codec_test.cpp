// SPDX-License-Identifier: BSD-2-Clause
#include "lib/genl_codec.hpp"

#include <gtest/gtest.h>
#include <linux/genetlink.h>

#include <array>

namespace vale {
namespace {

/// A message as the module would send it.
class Message {
 public:
  Message() : message_(mnl_nlmsg_put_header(space_.data())) {
    mnl_nlmsg_put_extra_header(message_, sizeof(genlmsghdr));
  }
  nlmsghdr* get() { return message_; }

 private:
  alignas(nlmsghdr) std::array<char, 4096> space_{};
  nlmsghdr* message_;
};

TEST(GenlCodec, ReadsAPort) {
  Message m;
  mnl_attr_put_strz(m.get(), VALE_A_SWITCH_NAME, "vale0");
  mnl_attr_put_strz(m.get(), VALE_A_PORT_NAME, "vale0:eth0");
  mnl_attr_put_u32(m.get(), VALE_A_PORT_INDEX, 3);
  mnl_attr_put_u32(m.get(), VALE_A_PORT_KIND, VALE_PORT_NIC);
  mnl_attr_put_u32(m.get(), VALE_A_LINK, 1);
  mnl_attr_put_u32(m.get(), VALE_A_POLL_CPU, 2);
  mnl_attr_put_u32(m.get(), VALE_A_POLL_CPUS, 3);
  auto* nest = mnl_attr_nest_start(m.get(), VALE_A_COUNTERS);
  mnl_attr_put_u64(m.get(), VALE_CNT_OUT_BYTES + 1, 1ULL << 40);
  mnl_attr_put_u64(m.get(), 99, 5);
  mnl_attr_nest_end(m.get(), nest);
  nest = mnl_attr_nest_start(m.get(), VALE_A_DROPS);
  mnl_attr_put_u64(m.get(), VALE_DROP_NO_RING + 1, 8);
  mnl_attr_nest_end(m.get(), nest);
  const PortInfo p = genl_codec::read_port(m.get());
  EXPECT_EQ(p.switch_name, "vale0");
  EXPECT_EQ(p.name, "vale0:eth0");
  EXPECT_EQ(p.index, 3U);
  EXPECT_EQ(p.kind, std::uint32_t{VALE_PORT_NIC});
  EXPECT_TRUE(p.link);
  EXPECT_EQ(p.poll_cpu, 2U);
  EXPECT_EQ(p.poll_cpus, 3U);
  EXPECT_FALSE(p.ifindex);
  EXPECT_EQ(p.counters[VALE_CNT_OUT_BYTES], 1ULL << 40);
  EXPECT_EQ(p.drops[VALE_DROP_NO_RING], 8U);
  EXPECT_EQ(p.dropped(), 8U);
}

TEST(GenlCodec, ReadsAnEvent) {
  Message m;
  mnl_attr_put_u32(m.get(), VALE_A_EVENT_TYPE, VALE_EVENT_MAC_MOVED);
  const MacAddress mac{2, 0, 0, 0, 0, 9};
  genl_codec::put_mac(m.get(), mac);
  mnl_attr_put_u32(m.get(), VALE_A_OLD_PORT_INDEX, 4);
  mnl_attr_put_u64(m.get(), VALE_A_EVENTS_LOST, 2);
  const auto event = genl_codec::read_event(m.get());
  ASSERT_TRUE(event);
  EXPECT_EQ(event->type, "mac_moved");
  EXPECT_EQ(event->mac, mac);
  EXPECT_EQ(event->old_index, 4U);
  EXPECT_EQ(event->lost, 2U);
}

TEST(GenlCodec, IgnoresEventsOfTheFuture) {
  Message m;
  mnl_attr_put_u32(m.get(), VALE_A_EVENT_TYPE, 999);
  EXPECT_FALSE(genl_codec::read_event(m.get()));
}

TEST(GenlCodec, SurvivesShortAndUnterminatedAttributes) {
  Message m;
  mnl_attr_put_u16(m.get(), VALE_A_PORT_INDEX, 3);
  mnl_attr_put(m.get(), VALE_A_PORT_NAME, 3, "abc");
  mnl_attr_put(m.get(), VALE_A_MAC, 2, "xy");
  mnl_attr_put(m.get(), VALE_A_COUNTERS, 3, "xyz");
  mnl_attr_put_u32(m.get(), 4000, 1);
  const PortInfo p = genl_codec::read_port(m.get());
  EXPECT_EQ(p.index, 0U);
  EXPECT_EQ(p.name, "abc");
  EXPECT_EQ(genl_codec::read_fdb_entry(m.get()).mac, MacAddress{});
  m.get()->nlmsg_len -= 2;  // cuts the last attribute short
  EXPECT_EQ(genl_codec::read_port(m.get()).name, "abc");
}

TEST(GenlCodec, WritesSettings) {
  Message m;
  genl_codec::put_switch_settings(m.get(), {"vale0", true, 65536, std::nullopt, true});
  const SwitchInfo info = genl_codec::read_switch(m.get());
  EXPECT_EQ(info.name, "vale0");
  EXPECT_EQ(info.fdb_size, 65536U);
  EXPECT_EQ(info.fdb_ageing, 0U);
  EXPECT_TRUE(info.exchange);
}

TEST(GenlCodec, StaticEntriesRoundTrip) {
  Message m;
  genl_codec::put_fdb_entry(m.get(), {"vale0", {2, 0, 0, 0, 0, 1}, 0, "vale0:a", true, 0});
  const FdbEntry entry = genl_codec::read_fdb_entry(m.get());
  EXPECT_EQ(entry.switch_name, "vale0");
  EXPECT_EQ(entry.port, "vale0:a");
  EXPECT_EQ(entry.mac, (MacAddress{2, 0, 0, 0, 0, 1}));
  EXPECT_FALSE(entry.is_static);  // a request carries no flag: ADD is static by itself
}

}  // namespace
}  // namespace vale
