// SPDX-License-Identifier: BSD-2-Clause
// The life of libnetmap's ports, against a device that remembers what it was asked.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <libnetmap.h>
#include <net/netmap_user.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <string>
#include <vector>

#include "fake_device.hpp"

namespace {

struct Closer {
  void operator()(nmport_d* d) const { nmport_close(d); }
};
using Port = std::unique_ptr<nmport_d, Closer>;

class Nmport : public ::testing::Test {
 protected:
  void SetUp() override { nmctx_get()->verbose = 0; }
  void TearDown() override {
    EXPECT_EQ(nmctx_get()->mem_descs, nullptr) << "a mapping is left";
    nmctx_get()->verbose = 1;
  }
  Port open(const char* spec) { return Port(nmport_open(spec)); }
  FakeDevice device_;
};

TEST_F(Nmport, OpensAndCloses) {
  const Port d = open("vale0:a@conf=2");
  ASSERT_TRUE(d);
  EXPECT_EQ(device_.registers.at(0).nr_tx_rings, 2);
  EXPECT_TRUE(d->register_done && d->mmap_done);
  EXPECT_GE(d->fd, 0);
  EXPECT_EQ(d->last_tx_ring, 1);
  EXPECT_EQ(d->nifp->ni_tx_rings, 2u);
  nmport_close(nullptr);
}

TEST_F(Nmport, StepsInOrder) {
  nmport_d* d = nmport_prepare("netmap:eth0");
  ASSERT_NE(d, nullptr);
  EXPECT_EQ(nmport_mmap(d), -1);
  EXPECT_EQ(errno, EINVAL);
  d->reg.nr_extra_bufs = 17;
  d->reg.nr_flags |= NR_ACCEPT_VNET_HDR;
  EXPECT_EQ(nmport_register(d), 0);
  EXPECT_EQ(device_.registers[0].nr_extra_bufs, 17u);
  EXPECT_EQ(nmport_register(d), -1);
  EXPECT_EQ(errno, EINVAL);
  EXPECT_EQ(nmport_mmap(d), 0);
  EXPECT_EQ(nmport_mmap(d), -1);
  EXPECT_EQ(errno, EINVAL);
  nmport_undo_mmap(d);
  EXPECT_EQ(d->nifp, nullptr);
  EXPECT_EQ(nmport_mmap(d), 0);
  nmport_undo_open_desc(d);
  EXPECT_EQ(d->fd, -1);
  nmport_undo_prepare(d);
}

TEST_F(Nmport, KernelErrorsArrive) {
  device_.fail = EBUSY;
  EXPECT_FALSE(open("netmap:eth0"));
  EXPECT_EQ(errno, EBUSY);
}

TEST_F(Nmport, TakesTheDescriptorThatWasPassed) {
  setenv("NETMAP_FD", "1000000", 1);
  EXPECT_EQ(open("vale0:a"), nullptr);
  EXPECT_EQ(errno, EBADF);
  unsetenv("NETMAP_FD");
  EXPECT_TRUE(device_.headers.empty());
}

TEST_F(Nmport, RingRanges) {
  device_.tx_rings = 3;
  device_.rx_rings = 4;
  device_.host_rings = 2;
  const auto range = [&](const char* spec, std::vector<int> want) {
    const Port d = open(spec);
    ASSERT_TRUE(d) << spec;
    EXPECT_EQ(
        (std::vector<int>{d->first_tx_ring, d->last_tx_ring, d->first_rx_ring, d->last_rx_ring}),
        want)
        << spec;
  };
  range("netmap:eth0", {0, 2, 0, 3});
  range("netmap:eth0^", {3, 4, 4, 5});
  range("netmap:eth0^1", {4, 4, 5, 5});
  range("netmap:eth0*/R", {1, 0, 0, 5});
  range("netmap:eth0-2/T", {2, 2, 1, 0});
}

TEST_F(Nmport, OneMappingForOneRegion) {
  const Port a = open("vale0:a");
  const Port b = open("vale0:b");
  const Port c = open("vale0:c@8");
  EXPECT_EQ(a->mem, b->mem);
  EXPECT_EQ(a->mem->refcount, 2);
  EXPECT_NE(a->mem, c->mem);
}

TEST_F(Nmport, ClonesAskForTheSame) {
  const Port a = open("vale0:a-1/x");
  Port b(nmport_clone(a.get()));
  ASSERT_TRUE(b);
  EXPECT_EQ(b->reg.nr_mode, static_cast<std::uint32_t>(NR_REG_ONE_NIC));
  EXPECT_EQ(b->reg.nr_mem_id, a->reg.nr_mem_id);
  EXPECT_EQ(b->hdr.nr_options, 0u);
  b->reg.nr_ringid = 0;
  ASSERT_EQ(nmport_open_desc(b.get()), 0);
  EXPECT_EQ(device_.registers.at(1).nr_ringid, 0);
  EXPECT_EQ(device_.registers.at(1).nr_flags, static_cast<std::uint64_t>(NR_EXCLUSIVE));
  EXPECT_EQ(a->mem, b->mem);
}

TEST_F(Nmport, ExternalMemory) {
  std::vector<char> memory(1 << 20);
  Port d(nmport_prepare("vale0:a"));
  EXPECT_EQ(nmport_extmem_getinfo(d.get()), nullptr);
  ASSERT_EQ(nmport_extmem(d.get(), memory.data(), memory.size()), 0);
  EXPECT_EQ(nmport_extmem(d.get(), memory.data(), memory.size()), -1);
  EXPECT_EQ(errno, EINVAL);
  EXPECT_EQ(nmport_clone(d.get()), nullptr);
  EXPECT_EQ(errno, EINVAL);
  nmport_extmem_getinfo(d.get())->nr_buf_pool_objtotal = 100;
  ASSERT_EQ(nmport_register(d.get()), 0);
  EXPECT_EQ(device_.options, std::vector<std::uint32_t>{NETMAP_REQ_OPT_EXTMEM});
  EXPECT_EQ(device_.extmem.nro_usrptr, reinterpret_cast<std::uintptr_t>(memory.data()));
  EXPECT_EQ(device_.extmem.nro_info.nr_memsize, memory.size());
  EXPECT_EQ(device_.extmem.nro_info.nr_buf_pool_objtotal, 100u);
  ASSERT_EQ(nmport_mmap(d.get()), 0);
  EXPECT_EQ(d->mem->mem, memory.data());
  EXPECT_EQ(nmport_extmem(d.get(), memory.data(), memory.size()), -1);
}

TEST_F(Nmport, ExternalMemoryFromAFile) {
  char path[] = "/tmp/nmport-extmem-XXXXXX";
  const int fd = ::mkstemp(path);
  ASSERT_EQ(::ftruncate(fd, 65536), 0);
  const std::string spec =
      std::string("vale0:a@extmem:file=") + path + ",ring-num=5,ring_size=512,buf-size=2048";
  Port d(nmport_prepare(spec.c_str()));
  ::unlink(path);
  ASSERT_TRUE(d);
  const nmreq_pools_info* info = nmport_extmem_getinfo(d.get());
  EXPECT_EQ(info->nr_memsize, 65536u);
  EXPECT_EQ(info->nr_ring_pool_objtotal, 5u);
  EXPECT_EQ(info->nr_ring_pool_objsize, 512u);
  EXPECT_EQ(info->nr_buf_pool_objsize, 2048u);
  ASSERT_EQ(::pwrite(fd, "x", 1, 4096), 1);
  EXPECT_EQ(reinterpret_cast<char*>(d->extmem->nro_usrptr)[4096], 'x');
  ::close(fd);
  EXPECT_EQ(nmport_prepare(spec.c_str()), nullptr);
  EXPECT_EQ(errno, ENOENT);
}

TEST_F(Nmport, OptionErrorsAreReportedByName) {
  static std::vector<std::string> messages;
  nmctx context = *nmctx_get();
  context.verbose = 1;
  context.error = [](nmctx*, const char* message) { messages.emplace_back(message); };
  nmctx* old = nmctx_set_default(&context);
  {
    Port d(nmport_prepare("vale0:a"));
    ASSERT_EQ(nmport_offset(d.get(), 10, 20, 16, 5), 0);
    device_.option_error = EOPNOTSUPP;
    EXPECT_EQ(nmport_open_desc(d.get()), -1);
    EXPECT_EQ(errno, EOPNOTSUPP);
    EXPECT_EQ(device_.offsets.nro_max_offset, 20u);
    EXPECT_EQ(device_.offsets.nro_min_gap, 5u);
    EXPECT_EQ(d->fd, -1);
  }
  nmctx_set_default(old);
  ASSERT_EQ(messages.size(), 2u);
  EXPECT_NE(messages[1].find("option offsets"), std::string::npos) << messages[1];
}

TEST_F(Nmport, Injects) {
  const Port d = open("vale0:a");
  for (int i = 0; i < 14; i++) EXPECT_EQ(nmport_inject(d.get(), "abc", 3), 3);
  EXPECT_EQ(nmport_inject(d.get(), "abc", 3), 0);
  ASSERT_EQ(ioctl(d->fd, NIOCTXSYNC), 0);
  const auto* ring = NETMAP_RXRING(d->nifp, 1);
  EXPECT_EQ(nm_ring_space(ring), 7u);
  EXPECT_EQ(std::string(NETMAP_BUF(ring, ring->slot[0].buf_idx), 3), "abc");
}

TEST_F(Nmport, ContextsOfOnesOwn) {
  static int balance;
  static int locks;
  nmctx context = *nmctx_get();
  context.malloc = [](nmctx*, std::size_t size) { return ++balance, std::malloc(size); };
  context.free = [](nmctx*, void* memory) { --balance, std::free(memory); };
  context.lock = [](nmctx*, int lock) { locks += lock ? 1 : 1000; };
  context.mem_descs = nullptr;
  nmctx* old = nmctx_set_default(&context);
  nmport_d* d = nmport_open("vale0:a@conf=1");
  EXPECT_GT(balance, 0);
  nmport_close(d);
  EXPECT_EQ(balance, 0);
  EXPECT_EQ(locks, 2002);
  context.malloc = [](nmctx*, std::size_t) -> void* { return nullptr; };
  EXPECT_EQ(nmport_open("vale0:a"), nullptr);
  EXPECT_EQ(errno, ENOMEM);
  EXPECT_EQ(nmctx_set_default(old), &context);
  EXPECT_NE(nmctx_get()->lock, nullptr);  // as linking the library has it
}

}  // namespace
