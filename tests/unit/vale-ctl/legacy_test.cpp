// SPDX-License-Identifier: BSD-2-Clause
#include "vale-ctl/legacy.hpp"

#include "ctl_fixture.hpp"

namespace vale_ctl {
namespace {

using testing::CtlTest;
using ::testing::HasSubstr;

TEST(IsLegacy, SingleDashesAndNothing) {
  EXPECT_TRUE(is_legacy({}));
  EXPECT_TRUE(is_legacy({"-a", "vale0:eth0"}));
  EXPECT_TRUE(is_legacy({"-h"}));
  EXPECT_FALSE(is_legacy({"--help"}));
  EXPECT_FALSE(is_legacy({"attach"}));
}

TEST_F(CtlTest, NoArgumentListsPortsAndSucceeds) {
  kernel.add_port("vale0:a", VALE_PORT_EPHEMERAL);
  kernel.add_port("vale0:b", VALE_PORT_EPHEMERAL);
  EXPECT_EQ(run({}), 0);
  EXPECT_EQ(out.str(), "bridge 0 port 0 vale0:a\nbridge 0 port 1 vale0:b\n");
}

TEST_F(CtlTest, AttachAndDetach) {
  EXPECT_EQ(run({"-a", "vale0:eth0"}), 0);
  EXPECT_FALSE(kernel.attached.at(0).host);
  EXPECT_EQ(run({"-d", "vale0:eth0"}), 0);
  EXPECT_EQ(run({"-hvale0:eth0"}), 0);
  EXPECT_TRUE(kernel.attached.at(1).host);
  EXPECT_EQ(out.str() + err.str(), "");
}

TEST_F(CtlTest, SizesFillUpFromTheLeft) {
  const struct {
    const char* text;
    std::uint32_t tx_slots, rx_slots;
    std::uint16_t tx_rings, rx_rings;
  } cases[] = {{"64", 64, 64, 0, 0},
               {"64,128", 64, 128, 0, 0},
               {"64,128,2", 64, 128, 2, 2},
               {"64,128,2,3", 64, 128, 2, 3}};
  for (const auto& c : cases) {
    kernel.port_table.clear();
    kernel.attached.clear();
    EXPECT_EQ(run({"-C", c.text, "-a", "vale0:eth0"}), 0);
    const auto& r = kernel.attached.at(0);
    EXPECT_EQ(r.tx_slots, c.tx_slots) << c.text;
    EXPECT_EQ(r.rx_slots, c.rx_slots) << c.text;
    EXPECT_EQ(r.tx_ring_count, c.tx_rings) << c.text;
    EXPECT_EQ(r.rx_ring_count, c.rx_rings) << c.text;
  }
  EXPECT_EQ(run({"-n", "vi0", "-C", "1,2,3,4,5"}), 1);
  EXPECT_EQ(run({"-n", "vi0", "-C", "x"}), 1);
}

TEST_F(CtlTest, MemoryByNumberOrByPort) {
  EXPECT_EQ(run({"-a", "vale0:eth0", "-m", "3"}), 0);
  EXPECT_EQ(kernel.attached.at(0).mem_id, 3);
  EXPECT_EQ(run({"-a", "vale0:eth1", "-m", "eth0"}), 0);
  EXPECT_EQ(kernel.attached.at(1).mem_id, 7);
  EXPECT_EQ(run({"-a", "vale0:eth1", "-m", "nothing"}), 1);
}

TEST_F(CtlTest, PersistentPortsComeAndGo) {
  EXPECT_EQ(run({"-n", "vi0", "-v"}), 0);
  EXPECT_THAT(out.str(), HasSubstr("vi0: 1 TX rings of 1024 slots"));
  EXPECT_EQ(run({"-n", "vi0"}), 1);
  EXPECT_EQ(run({"-r", "vi0"}), 0);
  EXPECT_EQ(run({"-r", "vi0"}), 1);
}

TEST_F(CtlTest, ShowAndLookUp) {
  kernel.add_port("vale0:a", VALE_PORT_EPHEMERAL);
  EXPECT_EQ(run({"-g", "eth0"}), 0);
  EXPECT_THAT(out.str(), HasSubstr("4 RX rings"));
  EXPECT_EQ(run({"-l", "vale0:a"}), 0);
  EXPECT_EQ(out.str(), "bridge 0 port 0 vale0:a\n");
  EXPECT_EQ(run({"-l", "vale0:x"}), 1);
}

TEST_F(CtlTest, PollingGoesToTheDevice) {
  EXPECT_EQ(run({"-p", "vale0:eth0", "-C", "0,3"}), 0);
  EXPECT_EQ(run({"-p", "vale0:eth0", "-C", "1,2,2"}), 0);
  EXPECT_EQ(run({"-P", "vale0:eth0"}), 0);
  EXPECT_EQ(device_requests, (std::vector<std::string>{"10 vale0:eth0 1,3,1", "10 vale0:eth0 2,2,2",
                                                       "11 vale0:eth0 0,0,0"}));
}

TEST_F(CtlTest, PollingOfNoCpuIsRefused) {
  for (const char* spec : {"0", "2,0", "0,1,2", "1,0,0", "1,0,1,1", "x,1", ""}) {
    EXPECT_EQ(run({"-p", "vale0:eth0", "-C", spec}), 1) << spec;
    EXPECT_THAT(err.str(), HasSubstr("-C")) << spec;
  }
  EXPECT_EQ(run({"-p", "vale0:eth0"}), 1);
  EXPECT_THAT(err.str(), HasSubstr("-C mode,cpu[,count]"));
  EXPECT_TRUE(device_requests.empty());
}

TEST_F(CtlTest, PollingThatFailsSaysWhy) {
  device_result = EFAULT;
  EXPECT_EQ(run({"-p", "vale0:eth0", "-C", "0,3"}), 1);
  EXPECT_THAT(err.str(), HasSubstr("polled already"));
  EXPECT_EQ(run({"-P", "vale0:eth0"}), 1);
  EXPECT_THAT(err.str(), HasSubstr("not polled"));
  device_result = EINVAL;
  EXPECT_EQ(run({"-p", "vale0:eth0", "-C", "0,3"}), 1);
  EXPECT_THAT(err.str(), HasSubstr("no such CPU"));
  device_result = EOPNOTSUPP;
  EXPECT_EQ(run({"-P", "vale0:a"}), 1);
  EXPECT_THAT(err.str(), HasSubstr("no network device"));
  device_result = ENXIO;
  EXPECT_EQ(run({"-P", "vale0:a"}), 1);
  EXPECT_THAT(err.str(), HasSubstr("no such port"));
}

TEST_F(CtlTest, WithoutValedItGoesStraightToTheDevice) {
  daemon_up = false;
  EXPECT_EQ(run({"-a", "vale0:eth0"}), 0);
  EXPECT_EQ(err.str(), "");
  EXPECT_EQ(run({"-v"}), 0);
  EXPECT_THAT(err.str(), HasSubstr("talking to /dev/netmap directly"));
  module_up = false;
  EXPECT_EQ(run({"-a", "vale0:eth0"}), 1);
  EXPECT_EQ(err.str(), "vale-ctl: it is not there\n");
}

TEST_F(CtlTest, WrongUsageFailsAsEver) {
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"-x"},
                                                    {"-a"},
                                                    {"-a", "vale0:eth0", "-d", "vale0:eth0"},
                                                    {"-v", "word"}}) {
    EXPECT_EQ(run(arguments), 1);
    EXPECT_THAT(err.str(), HasSubstr("usage: vale-ctl"));
  }
  EXPECT_TRUE(kernel.attached.empty());
}

}  // namespace
}  // namespace vale_ctl
