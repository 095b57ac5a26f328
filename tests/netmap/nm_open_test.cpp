// SPDX-License-Identifier: BSD-2-Clause
// nm_open and its grammar, against a device that remembers what it was asked.
#include <gtest/gtest.h>

#define NETMAP_WITH_LIBS
#include <net/netmap_user.h>

#include <memory>

#include "fake_device.hpp"

namespace {

struct Closer {
  void operator()(nm_desc* d) const { nm_close(d); }
};
using Desc = std::unique_ptr<nm_desc, Closer>;

struct Good {
  const char* spec;
  const char* name;
  std::uint32_t flags;  // as the request carries them
  std::uint16_t ring;
  std::uint16_t mem_id;
};

const Good kGood[] = {
    {"netmap:eth0", "eth0", NR_REG_ALL_NIC, 0, 0},
    {"netmap:eth0^", "eth0", NR_REG_SW, 0, 0},
    {"netmap:eth0*", "eth0", NR_REG_NIC_SW, 0, 0},
    {"netmap:eth0-0", "eth0", NR_REG_ONE_NIC, 0, 0},
    {"netmap:eth0-4094", "eth0", NR_REG_ONE_NIC, 4094, 0},
    {"netmap:eth0{3", "eth0", NR_REG_PIPE_MASTER, 3, 0},
    {"netmap:eth0}12", "eth0", NR_REG_PIPE_SLAVE, 12, 0},
    {"netmap:eth0/x", "eth0", NR_REG_ALL_NIC | NR_EXCLUSIVE, 0, 0},
    {"netmap:eth0/rt", "eth0", NR_REG_ALL_NIC | NR_MONITOR_RX | NR_MONITOR_TX, 0, 0},
    {"netmap:eth0/z", "eth0", NR_REG_ALL_NIC | NR_ZCOPY_MON, 0, 0},
    {"netmap:eth0-2/R", "eth0", NR_REG_ONE_NIC | NR_RX_RINGS_ONLY, 2, 0},
    {"netmap:eth0/Tx", "eth0", NR_REG_ALL_NIC | NR_TX_RINGS_ONLY | NR_EXCLUSIVE, 0, 0},
    {"netmap:eth0@3", "eth0", NR_REG_ALL_NIC, 0, 3},
    {"netmap:eth0@65535", "eth0", NR_REG_ALL_NIC, 0, 65535},
    {"netmap:eth0^/x@9", "eth0", NR_REG_SW | NR_EXCLUSIVE, 0, 9},
    {"netmap:eth0-1@9/x", "eth0", NR_REG_ONE_NIC | NR_EXCLUSIVE, 1, 9},
    {"netmap:123456789012345", "123456789012345", NR_REG_ALL_NIC, 0, 0},
    {"netmap:en.100", "en.100", NR_REG_ALL_NIC, 0, 0},
    {"vale0:a", "vale0:a", NR_REG_ALL_NIC, 0, 0},
    {"vale:a", "vale:a", NR_REG_ALL_NIC, 0, 0},
    {"valeA_1:p_2", "valeA_1:p_2", NR_REG_ALL_NIC, 0, 0},
    {"vale0:a{1", "vale0:a", NR_REG_PIPE_MASTER, 1, 0},
    {"vale0:a}1", "vale0:a", NR_REG_PIPE_SLAVE, 1, 0},
    {"vale0:a-1/rt@2", "vale0:a", NR_REG_ONE_NIC | NR_MONITOR_RX | NR_MONITOR_TX, 1, 2},
    {"vale012345:abcd", "vale012345:abcd", NR_REG_ALL_NIC, 0, 0},
};

const char* const kBad[] = {"netmap:",
                            "netmap:^",
                            "vale0",
                            "vale0:",
                            "vale-0:a",
                            "vale0:a.b",
                            "vale0123456:abcd",
                            "netmap:1234567890123456",
                            "netmap:eth0-",
                            "netmap:eth0-x",
                            "netmap:eth0-4095",
                            "netmap:eth0--1",
                            "netmap:eth0- 1",
                            "netmap:eth0-99999999999999999999",
                            "netmap:eth0{",
                            "netmap:eth0{a",
                            "netmap:eth0}",
                            "netmap:eth0^1",
                            "netmap:eth0*x",
                            "netmap:eth0^*",
                            "netmap:eth0/",
                            "netmap:eth0/q",
                            "netmap:eth0/x@",
                            "netmap:eth0/@1",
                            "netmap:eth0@",
                            "netmap:eth0@0",
                            "netmap:eth0@65536",
                            "netmap:eth0@x",
                            "netmap:eth0@1@1",
                            "netmap:eth0@1@2",
                            "netmap:eth0/x/z",
                            "netmap:eth0-1-2",
                            "netmap:eth0-1x",
                            "vale0:a b"};

class NmOpen : public ::testing::Test {
 protected:
  Desc open(const char* spec, std::uint64_t flags = 0, const nm_desc* arg = nullptr) {
    return Desc(nm_open(spec, nullptr, flags, arg));
  }
  FakeDevice device_;
};

TEST_F(NmOpen, Grammar) {
  for (const Good& good : kGood) {
    SCOPED_TRACE(good.spec);
    device_.legacy.clear();
    const Desc d = open(good.spec);
    ASSERT_EQ(device_.legacy.size(), 1u);
    const nmreq& asked = device_.legacy[0];
    EXPECT_STREQ(asked.nr_name, good.name);
    EXPECT_EQ(asked.nr_flags, good.flags);
    EXPECT_EQ(asked.nr_ringid, good.ring);
    EXPECT_EQ(asked.nr_arg2, good.mem_id);
    EXPECT_EQ(asked.nr_version, static_cast<std::uint32_t>(NETMAP_API));
    EXPECT_EQ(asked.nr_cmd, 0);
  }
}

TEST_F(NmOpen, BadNamesAreInvalid) {
  for (const char* spec : kBad) {
    SCOPED_TRACE(spec);
    errno = 0;
    EXPECT_EQ(nm_open(spec, nullptr, 0, nullptr), nullptr);
    EXPECT_EQ(errno, EINVAL);
  }
  EXPECT_TRUE(device_.legacy.empty());
}

TEST_F(NmOpen, ForeignNamesAreNoError) {
  for (const char* spec : {"eth0", "", "pcap:x", "tap:", "netma:x", "val:a"}) {
    errno = EBUSY;
    EXPECT_EQ(nm_open(spec, nullptr, 0, nullptr), nullptr);
    EXPECT_EQ(errno, 0) << spec;
  }
}

TEST_F(NmOpen, KernelErrorsArrive) {
  device_.fail = ENXIO;
  EXPECT_EQ(nm_open("netmap:eth0", nullptr, 0, nullptr), nullptr);
  EXPECT_EQ(errno, ENXIO);
}

// While it lives, programs are passed this.
class Passed {
 public:
  explicit Passed(const std::string& number) { setenv("NETMAP_FD", number.c_str(), 1); }
  ~Passed() { unsetenv("NETMAP_FD"); }
};

TEST_F(NmOpen, TakesTheDescriptorThatWasPassed) {
  const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  const Passed passed(std::to_string(null));
  EXPECT_EQ(open("vale0:a"), nullptr);
  EXPECT_EQ(errno, ENOTTY) << "it is no /dev/netmap, and that was not opened";
  EXPECT_TRUE(device_.legacy.empty());
  EXPECT_EQ(::fcntl(null, F_GETFD), FD_CLOEXEC) << "whose it is stays whose it was";
  ::close(null);
}

TEST_F(NmOpen, WhatIsNoDescriptorIsSaid) {
  for (const char* number : {"", "x", "-1", "3x", "99999999999", "1000000"}) {
    const Passed passed(number);
    EXPECT_EQ(open("vale0:a"), nullptr) << number;
    EXPECT_EQ(errno, EBADF) << number;
  }
}

TEST_F(NmOpen, RequestAndPollFlags) {
  nmreq base{};
  base.nr_flags = NR_ACCEPT_VNET_HDR | NR_REG_SW;
  base.nr_arg3 = 5;
  base.nr_tx_slots = 99;
  const Desc d(nm_open("netmap:eth0-1", &base, NETMAP_NO_TX_POLL | NETMAP_DO_RX_POLL, nullptr));
  ASSERT_TRUE(d);
  EXPECT_EQ(device_.legacy[0].nr_flags,
            static_cast<std::uint32_t>(NR_REG_ONE_NIC | NR_ACCEPT_VNET_HDR));
  EXPECT_EQ(device_.legacy[0].nr_ringid, 1 | NETMAP_NO_TX_POLL | NETMAP_DO_RX_POLL);
  EXPECT_EQ(device_.legacy[0].nr_arg3, 5u);
  EXPECT_EQ(device_.legacy[0].nr_tx_slots, 99u);
}

TEST_F(NmOpen, TakesWhatTheFlagsSayFromArg) {
  nm_desc arg{};
  arg.self = &arg;
  arg.req.nr_arg1 = 9;
  arg.req.nr_arg2 = 8;
  arg.req.nr_arg3 = 6;
  arg.req.nr_tx_slots = 512;
  arg.req.nr_ringid = 1;
  arg.req.nr_flags = NR_REG_ONE_NIC;
  strcpy(arg.req.nr_name, "eth7");
  ASSERT_TRUE(open("netmap:eth0", NM_OPEN_ARG2, &arg));
  EXPECT_EQ(device_.legacy[0].nr_arg1, 4);
  EXPECT_EQ(device_.legacy[0].nr_arg2, 8);
  EXPECT_EQ(device_.legacy[0].nr_arg3, 0u);
  EXPECT_EQ(device_.legacy[0].nr_tx_slots, 0u);
  ASSERT_TRUE(
      open("ignored", NM_OPEN_IFNAME | NM_OPEN_ARG1 | NM_OPEN_ARG3 | NM_OPEN_RING_CFG, &arg));
  EXPECT_STREQ(device_.legacy[1].nr_name, "eth7");
  EXPECT_EQ(device_.legacy[1].nr_flags, static_cast<std::uint32_t>(NR_REG_ONE_NIC));
  EXPECT_EQ(device_.legacy[1].nr_ringid, 1);
  EXPECT_EQ(device_.legacy[1].nr_arg1, 9);
  EXPECT_EQ(device_.legacy[1].nr_arg2, 0);
  EXPECT_EQ(device_.legacy[1].nr_arg3, 6u);
  EXPECT_EQ(device_.legacy[1].nr_tx_slots, 512u);
  EXPECT_EQ(nm_open("x", nullptr, NM_OPEN_IFNAME, nullptr), nullptr);
  EXPECT_EQ(errno, EINVAL);
}

TEST_F(NmOpen, RingRanges) {
  device_.tx_rings = 3;
  device_.rx_rings = 4;
  device_.host_rings = 2;
  const auto range = [&](const char* spec, std::vector<int> want) {
    const Desc d = open(spec);
    ASSERT_TRUE(d) << spec;
    EXPECT_EQ(
        (std::vector<int>{d->first_tx_ring, d->last_tx_ring, d->first_rx_ring, d->last_rx_ring}),
        want)
        << spec;
    EXPECT_EQ(d->cur_tx_ring, d->first_tx_ring);
    EXPECT_EQ(d->cur_rx_ring, d->first_rx_ring);
  };
  range("netmap:eth0", {0, 2, 0, 3});
  range("netmap:eth0^", {3, 4, 4, 5});
  range("netmap:eth0*", {0, 4, 0, 5});
  range("netmap:eth0-1", {1, 1, 1, 1});
  range("netmap:eth0/R", {1, 0, 0, 3});
  range("netmap:eth0/T", {0, 2, 1, 0});
}

TEST_F(NmOpen, RangesWithoutAMappingFollowTheRequest) {
  const Desc all = open("netmap:eth0", NM_OPEN_NO_MMAP);
  ASSERT_TRUE(all);
  EXPECT_EQ(all->mem, nullptr);
  EXPECT_EQ(all->last_tx_ring, 1);
  const Desc host = open("netmap:eth0^", NM_OPEN_NO_MMAP);
  EXPECT_EQ(host->first_rx_ring, 2);
  EXPECT_EQ(nm_mmap(all.get(), nullptr), 0);
  EXPECT_EQ(nm_mmap(all.get(), nullptr), EINVAL);
  EXPECT_NE(all->nifp, nullptr);
}

TEST_F(NmOpen, SharesTheMappingOfAnEqualRegion) {
  const Desc first = open("netmap:eth0");
  const Desc second = open("netmap:eth0-1", NM_OPEN_NO_MMAP, first.get());
  ASSERT_TRUE(second);
  EXPECT_EQ(second->mem, first->mem);
  EXPECT_EQ(second->done_mmap, 0);
  const Desc third = open("netmap:eth0@3", 0, first.get());
  ASSERT_TRUE(third);
  EXPECT_NE(third->mem, first->mem);
  EXPECT_EQ(third->done_mmap, 1);
}

TEST_F(NmOpen, CloseRefusesWhatIsNoDescriptor) {
  nm_desc stranger{};
  EXPECT_EQ(nm_close(nullptr), EINVAL);
  EXPECT_EQ(nm_close(&stranger), EINVAL);
  EXPECT_EQ(nm_mmap(&stranger, nullptr), EINVAL);
}

}  // namespace
