// SPDX-License-Identifier: BSD-2-Clause
// Descriptors that come with replies: to whom they are sent, and that none is left behind.
#include <fcntl.h>
#include <linux/capability.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include <boost/json/value.hpp>
#include <filesystem>

#include "lib/daemon_control.hpp"
#include "server_fixture.hpp"

namespace valed {
namespace {

using testing::ServerTest;
using vale::varlink::Client;

TEST_F(ServerTest, APortsDescriptorComesWithItsReply) {
  kernel.persistent.insert("vi0");
  kernel.add_port("vale0:vi0", VALE_PORT_PERSISTENT);
  vale::DaemonControl control(std::make_unique<Client>(connect()));
  const auto fd = control.open_port("vale0:vi0");
  ASSERT_TRUE(fd) << fd.error().context;
  EXPECT_EQ(::fcntl(fd->get(), F_GETFD), FD_CLOEXEC);
  EXPECT_EQ(control.open_port("vale0:no").error().code, vale::Errc::kNoSuchPort);
  EXPECT_EQ(control.ports("")->size(), 1U) << "other replies come without";
}

/// How many descriptors this process has open.
std::size_t descriptors() {
  const std::filesystem::directory_iterator all("/proc/self/fd");
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

class PassingServerTest : public ServerTest {
 protected:
  PassingServerTest() {
    kernel.persistent.insert("vi0");
    kernel.add_port("vale0:vi0", VALE_PORT_PERSISTENT);
  }

  static std::string calls(int count, bool oneway = false) {
    std::string all;
    for (int i = 0; i < count; ++i) {
      all += vale::varlink::encode(
          vale::varlink::Call{"io.vale.Switch.OpenPort", {{"name", "vale0:vi0"}}, false, oneway});
    }
    return all;
  }

  /// Waits until so many have been opened.
  void handed_out(unsigned count) {
    unsigned now = 0;
    while (now < count) on_loop([&] { now = kernel.handed_out; });
    EXPECT_EQ(now, count);
  }
};

TEST_F(PassingServerTest, WhatNobodyTakesIsNotKept) {
  on_loop([] {});
  const auto before = descriptors();
  {
    const auto reading = raw();
    send(reading, calls(20));
    ASSERT_EQ(::shutdown(reading.get(), SHUT_WR), 0);
    EXPECT_EQ(messages(reading).size(), 20U) << "read without asking for descriptors";
    const auto deaf = raw();
    send(deaf, calls(20) + calls(1, true));
    handed_out(41);
  }
  for (int i = 0; i < 10'000 && descriptors() != before; ++i) on_loop([] {});
  EXPECT_EQ(descriptors(), before);
}

/// Of the calling thread, as valed under its unit has none that would lift its limits.
void give_up_capabilities() {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct none[2] = {};
  EXPECT_EQ(::syscall(SYS_capset, &header, none), 0);
}

/// While it lives, this process may open and send so many.
class FewDescriptors {
 public:
  explicit FewDescriptors(rlim_t most) {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const rlimit few{most, before_.rlim_max};
    EXPECT_EQ(::setrlimit(RLIMIT_NOFILE, &few), 0);
  }
  ~FewDescriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }
  FewDescriptors(const FewDescriptors&) = delete;
  FewDescriptors& operator=(const FewDescriptors&) = delete;

 private:
  rlimit before_{};
};

TEST_F(PassingServerTest, OnTheirWayTheyAreLimited) {
  vale::DaemonControl control(std::make_unique<Client>(connect()));
  const auto slow = raw();
  const FewDescriptors few(50);
  on_loop(give_up_capabilities);
  send(slow, calls(60));
  ASSERT_EQ(::shutdown(slow.get(), SHUT_WR), 0);
  handed_out(60);
  EXPECT_EQ(control.open_port("vale0:vi0").error().object, "descriptors");
  EXPECT_EQ(messages(slow).size(), 60U) << "nobody is cut off";
  EXPECT_TRUE(control.open_port("vale0:vi0")) << "they have been taken";
}

}  // namespace
}  // namespace valed
