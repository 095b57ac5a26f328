// SPDX-License-Identifier: BSD-2-Clause
#include "lib/link_events.hpp"

#include <gtest/gtest.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>

namespace vale {
namespace {

class Message {
 public:
  explicit Message(std::uint16_t type, unsigned char family = AF_UNSPEC)
      : header_(mnl_nlmsg_put_header(buffer_.data())) {
    header_->nlmsg_type = type;
    auto* info = static_cast<ifinfomsg*>(mnl_nlmsg_put_extra_header(header_, sizeof(ifinfomsg)));
    info->ifi_index = 7;
    info->ifi_family = family;
    mnl_attr_put_strz(header_, IFLA_IFNAME, "eth0");
  }
  nlmsghdr* operator->() { return header_; }
  operator nlmsghdr*() { return header_; }

 private:
  alignas(nlmsghdr) std::array<char, 1024> buffer_{};
  nlmsghdr* header_;
};

TEST(ReadLink, TakesNameIndexAndMaster) {
  Message message(RTM_NEWLINK);
  mnl_attr_put_u32(message, IFLA_MASTER, 9);
  const auto event = read_link(message);
  ASSERT_TRUE(event);
  EXPECT_EQ(event->name, "eth0");
  EXPECT_EQ(event->ifindex, 7U);
  EXPECT_EQ(event->master, 9U);
  EXPECT_FALSE(event->gone);
  Message gone(RTM_DELLINK);
  EXPECT_TRUE(read_link(gone)->gone);
}

TEST(ReadLink, SkipsWhatIsNoLink) {
  Message address(RTM_NEWADDR);
  EXPECT_FALSE(read_link(address));
  Message bridge_port(RTM_DELLINK, AF_BRIDGE);
  EXPECT_FALSE(read_link(bridge_port));
  Message cut(RTM_NEWLINK);
  cut->nlmsg_len = NLMSG_HDRLEN + 4;
  EXPECT_FALSE(read_link(cut));
}

TEST(LinkTable, SaysWhatIsWorthATry) {
  LinkTable table;
  EXPECT_TRUE(table.apply({7, "eth0", 0, false}));
  EXPECT_FALSE(table.apply({7, "eth0", 0, false})) << "some flag changed";
  EXPECT_FALSE(table.apply({7, "eth0", 9, false})) << "enslaved";
  EXPECT_TRUE(table.apply({7, "eth0", 0, false})) << "free again";
  EXPECT_TRUE(table.apply({7, "lan0", 0, false})) << "renamed";
  EXPECT_FALSE(table.apply({7, "lan0", 0, true}));
  EXPECT_TRUE(table.apply({8, "lan0", 0, false})) << "another device of the name";
}

TEST(LinkSource, TellsFirstWhatIsThere) {
  const auto source = LinkSource::open();
  ASSERT_TRUE(source);
  bool loopback = false;
  while (!loopback) {
    pollfd ready{(*source)->fd(), POLLIN, 0};
    ASSERT_EQ(::poll(&ready, 1, 5000), 1);
    const auto events = (*source)->read();
    ASSERT_TRUE(events);
    for (const auto& event : *events) loopback = loopback || event.name == "lo";
  }
}

}  // namespace
}  // namespace vale
