// SPDX-License-Identifier: BSD-2-Clause
#include "valed/peer.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/unique_fd.hpp"

namespace valed {
namespace {

TEST(PeerOf, ReadsWhatTheKernelRecorded) {
  int ends[2] = {-1, -1};
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
  const vale::UniqueFd a(ends[0]);
  const vale::UniqueFd b(ends[1]);
  const auto peer = peer_of(a.get());
  ASSERT_TRUE(peer);
  EXPECT_EQ(peer->uid, ::getuid());
  EXPECT_EQ(peer->pid, ::getpid());
  EXPECT_EQ(peer->groups.at(0), ::getgid());
  EXPECT_FALSE(peer_of(-1));
}

TEST(FindUser, FindsRootAndNotNonsense) {
  EXPECT_EQ(find_user("root"), uid_t{0});
  EXPECT_FALSE(find_user("no-such-user-here"));
  EXPECT_EQ(user_name(0), "root");
  EXPECT_EQ(user_name(4'000'000'000), "uid 4000000000");
}

TEST(FindGroup, FindsRootAndNotNonsense) {
  EXPECT_EQ(find_group("root"), gid_t{0});
  EXPECT_FALSE(find_group("no-such-group-here"));
}

}  // namespace
}  // namespace valed
