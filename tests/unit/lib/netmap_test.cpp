// SPDX-License-Identifier: BSD-2-Clause
#include "lib/netmap.hpp"

#include <gtest/gtest.h>
#include <linux/vale.h>
#include <net/netmap.h>
#include <unistd.h>

#include <cstring>
#include <vector>

namespace vale {
namespace {

template <class T>
T* at(std::uint64_t address) {
  return reinterpret_cast<T*>(static_cast<std::uintptr_t>(address));
}

struct Seen {
  nmreq_header header;
  nmreq_vale_attach attach;
  vale_opt_rings rings;
  bool has_rings;
};

class NetmapTest : public ::testing::Test {
 protected:
  Netmap netmap() {
    return Netmap(UniqueFd(), [this](int, unsigned long request, void* argument) {
      EXPECT_EQ(request, NIOCCTRL);
      return answer(*static_cast<nmreq_header*>(argument));
    });
  }

  int answer(nmreq_header& header) {
    EXPECT_EQ(header.nr_version, NETMAP_API);
    EXPECT_EQ(header.nr_reserved, 0U);
    Seen one{header, {}, {}, header.nr_options != 0};
    if (header.nr_options != 0) one.rings = *at<vale_opt_rings>(header.nr_options);
    if (header.nr_reqtype == NETMAP_REQ_VALE_ATTACH) {
      auto* body = at<nmreq_vale_attach>(header.nr_body);
      one.attach = *body;
      body->port_index = 5;
      if (header.nr_options != 0) at<vale_opt_rings>(header.nr_options)->nro_status = option_status;
    }
    if (header.nr_reqtype == NETMAP_REQ_VALE_LIST) list(header);
    if (header.nr_reqtype == NETMAP_REQ_PORT_INFO_GET) {
      at<nmreq_port_info_get>(header.nr_body)->nr_rx_rings = 4;
      at<nmreq_port_info_get>(header.nr_body)->nr_tx_rings = 2;
    }
    seen.push_back(one);
    return header.nr_reqtype == NETMAP_REQ_VALE_LIST ? list_result : result;
  }

  /// Two ports on switch 0, one on switch 3.
  void list(nmreq_header& header) {
    auto* body = at<nmreq_vale_list>(header.nr_body);
    list_result = 0;
    if (body->nr_bridge_idx == 0 && body->nr_port_idx < 2) {
      std::strcpy(header.nr_name, body->nr_port_idx == 0 ? "vale0:a" : "vale0:b");
    } else if (body->nr_bridge_idx < 3 || (body->nr_bridge_idx == 3 && body->nr_port_idx == 0)) {
      body->nr_bridge_idx = 3;
      body->nr_port_idx = 0;
      std::strcpy(header.nr_name, "vale3:c");
    } else {
      list_result = ENOENT;
    }
  }

  std::vector<Seen> seen;
  std::uint32_t option_status = 0;
  int result = 0;
  int list_result = 0;
};

TEST_F(NetmapTest, AttachesAllRings) {
  AttachRequest request;
  request.name = "vale0:eth0";
  EXPECT_EQ(netmap().attach(request).value(), 5U);
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_STREQ(seen[0].header.nr_name, "vale0:eth0");
  EXPECT_EQ(seen[0].attach.reg.nr_mode, std::uint32_t{NR_REG_ALL_NIC});
  EXPECT_EQ(seen[0].attach.reg.nr_ringid, 0);
  EXPECT_FALSE(seen[0].has_rings);
}

TEST_F(NetmapTest, AttachesTheHostToo) {
  AttachRequest request;
  request.name = "vale0:eth0";
  request.host = true;
  request.mem_id = 9;
  EXPECT_TRUE(netmap().attach(request));
  EXPECT_EQ(seen[0].attach.reg.nr_mode, std::uint32_t{NR_REG_NIC_SW});
  EXPECT_EQ(seen[0].attach.reg.nr_mem_id, 9);
}

TEST_F(NetmapTest, OneRingSetGivenMeansTheOtherIsEmpty) {
  AttachRequest request;
  request.name = "vale0:eth0";
  request.rx_rings = RingSet::parse("4").value();
  EXPECT_TRUE(netmap().attach(request));
  ASSERT_EQ(seen.size(), 1U);
  ASSERT_TRUE(seen[0].has_rings);
  EXPECT_EQ(seen[0].rings.nro_reqtype, std::uint32_t{VALE_REQ_OPT_RINGS});
  EXPECT_EQ(seen[0].rings.nro_size, sizeof(vale_opt_rings));
  EXPECT_EQ(seen[0].rings.rx[0], 0x10U);
  EXPECT_EQ(seen[0].rings.tx[0], 0U);
}

TEST_F(NetmapTest, AllRingsAreCountedFirst) {
  AttachRequest request;
  request.name = "vale0:eth0";
  request.rx_rings = RingSet::parse("1").value();
  request.tx_rings = RingSet::all();
  EXPECT_TRUE(netmap().attach(request));
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_STREQ(seen[0].header.nr_name, "eth0");
  EXPECT_EQ(seen[1].rings.rx[0], 2U);
  EXPECT_EQ(seen[1].rings.tx[0], 3U);
}

TEST_F(NetmapTest, DetachesIfTheModuleIgnoredTheRingSet) {
  option_status = EOPNOTSUPP;
  AttachRequest request;
  request.name = "vale0:eth0";
  request.rx_rings = RingSet::parse("1").value();
  const auto done = netmap().attach(request);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().errnum(), EOPNOTSUPP);
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen[1].header.nr_reqtype, NETMAP_REQ_VALE_DETACH);
}

TEST_F(NetmapTest, ListsUntilTheEnd) {
  const auto all = netmap().list();
  ASSERT_TRUE(all);
  ASSERT_EQ(all->size(), 3U);
  EXPECT_EQ((*all)[1].name, "vale0:b");
  EXPECT_EQ((*all)[1].index, 1U);
  EXPECT_EQ((*all)[2].name, "vale3:c");
  EXPECT_EQ((*all)[2].bridge, 3U);
}

TEST_F(NetmapTest, ErrorsCarryTheErrno) {
  result = EBUSY;
  EXPECT_EQ(netmap().detach("vale0:x").error().errnum(), EBUSY);
  EXPECT_EQ(netmap().delete_port("vi0").error().errnum(), EBUSY);
  EXPECT_EQ(netmap().detach(std::string(64, 'x')).error().errnum(), ENAMETOOLONG);
}

TEST_F(NetmapTest, ConfinesItsDescriptor) {
  std::string name;
  const auto ioctl = [&](int, unsigned long request, void* argument) {
    EXPECT_EQ(request, VALE_IOC_CONFINE);
    name = static_cast<vale_confine*>(argument)->name;
    return result;
  };
  const auto fd = Netmap(UniqueFd(::dup(0)), ioctl).confine("vale0:vi0");
  ASSERT_TRUE(fd);
  EXPECT_GE(fd->get(), 0);
  EXPECT_EQ(name, "vale0:vi0");
  result = ENXIO;
  EXPECT_EQ(Netmap(UniqueFd(::dup(0)), ioctl).confine("vale0:vi0").error().errnum(), ENXIO);
  EXPECT_EQ(Netmap(UniqueFd(::dup(0)), ioctl).confine(std::string(64, 'x')).error().errnum(),
            ENAMETOOLONG);
}

TEST_F(NetmapTest, DeletingHasNoBody) {
  EXPECT_TRUE(netmap().delete_port("vi0"));
  EXPECT_EQ(seen[0].header.nr_body, 0U);
}

}  // namespace
}  // namespace vale
