// SPDX-License-Identifier: BSD-2-Clause
// The grammar of libnetmap's port specs: what a parsed port asks for.
#include <gtest/gtest.h>
#include <libnetmap.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "fake_device.hpp"

namespace {

struct Closer {
  void operator()(nmport_d* d) const { nmport_undo_prepare(d); }
};
using Port = std::unique_ptr<nmport_d, Closer>;

struct Good {
  const char* spec;
  const char* name;
  std::uint32_t mode;
  std::uint16_t ring;
  std::uint64_t flags;
  std::uint16_t mem_id;
};

const Good kGood[] = {
    {"netmap:eth0", "eth0", NR_REG_ALL_NIC, 0, 0, 0},
    {"netmap:eth0^", "eth0", NR_REG_SW, 0, 0, 0},
    {"netmap:eth0^2", "eth0", NR_REG_ONE_SW, 2, 0, 0},
    {"netmap:eth0*", "eth0", NR_REG_NIC_SW, 0, 0, 0},
    {"netmap:eth0-4094", "eth0", NR_REG_ONE_NIC, 4094, 0, 0},
    {"netmap:eth0-3/R", "eth0", NR_REG_ONE_NIC, 3, NR_RX_RINGS_ONLY, 0},
    {"netmap:eth0/xz/T", "eth0", NR_REG_ALL_NIC, 0, NR_EXCLUSIVE | NR_ZCOPY_MON | NR_TX_RINGS_ONLY,
     0},
    {"netmap:eth0@3/rt", "eth0", NR_REG_ALL_NIC, 0, NR_MONITOR_RX | NR_MONITOR_TX, 3},
    {"netmap:eth0/x@3@3", "eth0", NR_REG_ALL_NIC, 0, NR_EXCLUSIVE, 3},
    {"netmap:eth0{a", "eth0{a", NR_REG_ALL_NIC, 0, 0, 0},
    {"netmap:eth0}_1x/x", "eth0}_1x", NR_REG_ALL_NIC, 0, NR_EXCLUSIVE, 0},
    {"netmap:a b.c:d", "a b.c:d", NR_REG_ALL_NIC, 0, 0, 0},
    {"vale0:a", "vale0:a", NR_REG_ALL_NIC, 0, 0, 0},
    {"vale:a", "vale:a", NR_REG_ALL_NIC, 0, 0, 0},
    {"vale_X9:some.port{12-1", "vale_X9:some.port{12", NR_REG_ONE_NIC, 1, 0, 0},
    {"vale0:a@conf:rings=2", "vale0:a", NR_REG_ALL_NIC, 0, 0, 0},
    {"vale0:a@12@conf=2", "vale0:a", NR_REG_ALL_NIC, 0, 0, 12},
    {"netmap:123456789012345678901234567890123456789012345678901234567890123",
     "123456789012345678901234567890123456789012345678901234567890123", NR_REG_ALL_NIC, 0, 0, 0},
};

const char* const kBad[] = {
    "",
    "eth0",
    "netmap",
    "netmap:",
    "vale0",
    "vale-0:a",
    "vale0:",
    "val0:a",
    "netmap:^",
    "netmap:{1",
    "netmap:eth0{",
    "netmap:eth0}",
    "netmap:eth0{a.b",
    "netmap:a{1{2",
    "netmap:eth0-",
    "netmap:eth0-4095",
    "netmap:eth0-x",
    "netmap:eth0^4095",
    "netmap:eth0^x",
    "netmap:eth0*1",
    "netmap:eth0--1",
    "netmap:eth0/",
    "netmap:eth0/q",
    "netmap:eth0/x/",
    "netmap:eth0@0",
    "netmap:eth0@65536",
    "netmap:eth0@1@2",
    "netmap:eth0@",
    "netmap:eth0@conf",
    "netmap:eth0@conf=",
    "netmap:eth0@conf=x",
    "netmap:eth0@conf=65536",
    "netmap:eth0@conf:",
    "netmap:eth0@conf:rings",
    "netmap:eth0@conf:rings=",
    "netmap:eth0@conf:rings=1,rings=2",
    "netmap:eth0@conf:rings=1,",
    "netmap:eth0@conf:wings=1",
    "netmap:eth0@share",
    "netmap:eth0@nope=1",
    "netmap:eth0@conf=1@",
    "netmap:eth0@conf=1@@",
    "netmap:eth0@extmem:buf-num=1",
    "netmap:1234567890123456789012345678901234567890123456789012345678901234",
    "vale0:12345678901234567890123456789012345678901234567890123456789"};

class NmportSpec : public ::testing::Test {
 protected:
  void SetUp() override {
    context_ = *nmctx_get();
    context_.error = [](nmctx*, const char* message) { messages().emplace_back(message); };
    old_ = nmctx_set_default(&context_);
    messages().clear();
  }
  void TearDown() override { nmctx_set_default(old_); }
  static std::vector<std::string>& messages() {
    static std::vector<std::string> all;
    return all;
  }
  Port prepare(const char* spec) { return Port(nmport_prepare(spec)); }

  FakeDevice device_;
  nmctx context_{};
  nmctx* old_ = nullptr;
};

TEST_F(NmportSpec, Grammar) {
  for (const Good& good : kGood) {
    SCOPED_TRACE(good.spec);
    const Port d = prepare(good.spec);
    ASSERT_TRUE(d) << messages().back();
    EXPECT_STREQ(d->hdr.nr_name, good.name);
    EXPECT_EQ(d->reg.nr_mode, good.mode);
    EXPECT_EQ(d->reg.nr_ringid, good.ring);
    EXPECT_EQ(d->reg.nr_flags, good.flags);
    EXPECT_EQ(d->reg.nr_mem_id, good.mem_id);
    EXPECT_EQ(d->fd, -1);
  }
  EXPECT_TRUE(messages().empty());
}

TEST_F(NmportSpec, BadOnesAreInvalidAndExplained) {
  for (const char* spec : kBad) {
    SCOPED_TRACE(spec);
    messages().clear();
    errno = 0;
    EXPECT_EQ(nmport_prepare(spec), nullptr);
    EXPECT_EQ(errno, EINVAL);
    EXPECT_EQ(messages().size(), 1u);
  }
}

TEST_F(NmportSpec, FailureLeavesZeroes) {
  nmport_d* d = nmport_new();
  EXPECT_EQ(d->hdr.nr_version, NETMAP_API);
  EXPECT_EQ(d->hdr.nr_reqtype, NETMAP_REQ_REGISTER);
  EXPECT_EQ(d->hdr.nr_body, reinterpret_cast<std::uintptr_t>(&d->reg));
  EXPECT_EQ(nmport_parse(d, "vale0:a-1@7@nope=1"), -1);
  const nmreq_header no_header{};
  const nmreq_register no_register{};
  EXPECT_EQ(std::memcmp(&d->hdr, &no_header, sizeof(no_header)), 0);
  EXPECT_EQ(std::memcmp(&d->reg, &no_register, sizeof(no_register)), 0);
  nmport_delete(d);
}

TEST_F(NmportSpec, SilentContextSaysNothing) {
  context_.verbose = 0;
  EXPECT_EQ(nmport_prepare("eth0"), nullptr);
  EXPECT_TRUE(messages().empty());
}

TEST_F(NmportSpec, LongMessagesAreCut) {
  EXPECT_EQ(nmport_prepare(("netmap:" + std::string(2000, 'x')).c_str()), nullptr);
  EXPECT_EQ(messages().at(0).size(), 999u);
}

TEST_F(NmportSpec, Conf) {
  const Port d =
      prepare("vale0:a@conf:rings=2,host-rings=3,slots=64,tx_rings=5,rx-slots=128,host_rx-rings=4");
  ASSERT_TRUE(d);
  EXPECT_EQ(d->reg.nr_tx_rings, 5);
  EXPECT_EQ(d->reg.nr_rx_rings, 2);
  EXPECT_EQ(d->reg.nr_host_tx_rings, 3);
  EXPECT_EQ(d->reg.nr_host_rx_rings, 4);
  EXPECT_EQ(d->reg.nr_tx_slots, 64u);
  EXPECT_EQ(d->reg.nr_rx_slots, 128u);
  EXPECT_EQ(prepare("vale0:a@conf=3")->reg.nr_rx_rings, 3);
}

TEST_F(NmportSpec, Share) {
  device_.mem_id = 21;
  const Port d = prepare("vale0:a@share=vale1:b");
  ASSERT_TRUE(d);
  EXPECT_EQ(d->reg.nr_mem_id, 21);
  EXPECT_EQ(device_.headers.back().nr_reqtype, NETMAP_REQ_PORT_INFO_GET);
  EXPECT_STREQ(device_.headers.back().nr_name, "vale1:b");
  EXPECT_TRUE(prepare("vale0:a@21@share:port=netmap:eth0"));
  EXPECT_FALSE(prepare("vale0:a@22@share=netmap:eth0"));
  EXPECT_EQ(errno, EINVAL);
  EXPECT_FALSE(prepare("vale0:a@share=eth0"));
  EXPECT_FALSE(prepare("vale0:a@share=netmap:eth0-1"));
  device_.fail = ENXIO;
  EXPECT_FALSE(prepare("vale0:a@share=netmap:eth0"));
  EXPECT_EQ(errno, ENXIO);
}

TEST_F(NmportSpec, OffsetIsOffUntilEnabled) {
  EXPECT_FALSE(prepare("vale0:a@offset=64"));
  EXPECT_EQ(errno, EOPNOTSUPP);
  ASSERT_EQ(nmport_enable_option("offset"), 0);
  const Port d = prepare("vale0:a@offset:initial=64,bits=16");
  ASSERT_TRUE(d);
  const auto* option =
      reinterpret_cast<nmreq_opt_offsets*>(nmreq_find_option(&d->hdr, NETMAP_REQ_OPT_OFFSETS));
  ASSERT_NE(option, nullptr);
  EXPECT_EQ(option->nro_initial_offset, 64u);
  EXPECT_EQ(option->nro_max_offset, 64u);
  EXPECT_EQ(option->nro_offset_bits, 16u);
  EXPECT_FALSE(prepare("vale0:a@offset:bits=16"));
  EXPECT_EQ(errno, EINVAL);
  nmport_disable_option("offset");
  EXPECT_FALSE(prepare("vale0:a@offset=64"));
  EXPECT_EQ(nmport_enable_option("nope"), -1);
  EXPECT_EQ(errno, EOPNOTSUPP);
  nmport_disable_option("nope");
}

TEST_F(NmportSpec, PartsOnTheirOwn) {
  nmreq_header hdr;
  nmreq_register reg{};
  nmreq_header_init(&hdr, NETMAP_REQ_VALE_ATTACH, &reg);
  EXPECT_EQ(hdr.nr_reqtype, NETMAP_REQ_VALE_ATTACH);
  const char* text = "netmap:eth0-1/x@conf=2";
  EXPECT_EQ(nmreq_header_decode(&text, &hdr, nmctx_get()), 0);
  EXPECT_STREQ(text, "-1/x@conf=2");
  reg.nr_mem_id = 5;
  EXPECT_EQ(nmreq_register_decode(&text, &reg, nmctx_get()), 0);
  EXPECT_STREQ(text, "@conf=2");
  EXPECT_EQ(reg.nr_mem_id, 5);
  const char* conflict = "@6";
  EXPECT_EQ(nmreq_register_decode(&conflict, &reg, nmctx_get()), -1);
  EXPECT_STREQ(conflict, "@6");
  const char* name = "vale0:b rest";
  device_.mem_id = 9;
  EXPECT_EQ(nmreq_get_mem_id(&name, nmctx_get()), 9);
  EXPECT_STREQ(name, "");
}

int parse_two(nmreq_parse_ctx* parse) {
  auto& seen = *static_cast<std::string*>(parse->token);
  for (int i = 0; i < 2; i++) seen += std::string(parse->keys[i] ? parse->keys[i] : "-") + ";";
  return 0;
}

TEST_F(NmportSpec, ParsersOfOnesOwn) {
  nmreq_opt_parser parser{};
  parser.prefix = "two";
  parser.parse = parse_two;
  parser.default_key = -1;
  parser.nr_keys = 2;
  parser.flags = NMREQ_OPTF_ALLOWEMPTY;
  parser.keys[0] = {"a", 0, NMREQ_OPTK_ALLOWEMPTY};
  parser.keys[1] = {"b", 1, 0};
  std::string seen;
  EXPECT_EQ(nmreq_options_decode("@two@two:a,b=x@two:b=y", &parser, &seen, nmctx_get()), 0);
  EXPECT_EQ(seen, "-;-;;x;-;y;");
  EXPECT_EQ(nmreq_options_decode("@two=x", &parser, &seen, nmctx_get()), -1);
  EXPECT_EQ(nmreq_options_decode("@two:b", &parser, &seen, nmctx_get()), -1);
  EXPECT_EQ(nmreq_options_decode("two", &parser, &seen, nmctx_get()), -1);
  EXPECT_EQ(nmreq_options_decode("", &parser, &seen, nmctx_get()), 0);
}

TEST_F(NmportSpec, OptionLists) {
  nmreq_header hdr{};
  auto* first = static_cast<nmreq_option*>(std::calloc(1, sizeof(nmreq_option)));
  auto* second = static_cast<nmreq_option*>(std::calloc(1, sizeof(nmreq_option)));
  first->nro_reqtype = NETMAP_REQ_OPT_CSB;
  second->nro_reqtype = NETMAP_REQ_OPT_EXTMEM;
  nmreq_push_option(&hdr, first);
  nmreq_push_option(&hdr, second);
  int count = 0;
  nmreq_option* option = nullptr;
  nmreq_foreach_option(&hdr, option) count++;
  EXPECT_EQ(count, 2);
  EXPECT_EQ(nmreq_find_option(&hdr, NETMAP_REQ_OPT_CSB), first);
  EXPECT_EQ(nmreq_find_option(&hdr, NETMAP_REQ_OPT_OFFSETS), nullptr);
  nmreq_remove_option(&hdr, first);
  EXPECT_EQ(nmreq_find_option(&hdr, NETMAP_REQ_OPT_CSB), nullptr);
  std::free(first);
  nmreq_free_options(&hdr);
  EXPECT_EQ(hdr.nr_options, 0u);
  EXPECT_STREQ(nmreq_option_name(NETMAP_REQ_OPT_SYNC_KLOOP_EVENTFDS), "sync-kloop-eventfds");
  EXPECT_STREQ(nmreq_option_name(99), "unknown");
}

}  // namespace
