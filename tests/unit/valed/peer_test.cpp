// SPDX-License-Identifier: BSD-2-Clause
#include "valed/peer.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/unique_fd.hpp"

namespace valed {
namespace {

constexpr uid_t kDaemonUid = 500;
constexpr gid_t kVale = 42;

TEST(Authority, RootTheDaemonAndTheGroupMayChange) {
  const Authority authority(kDaemonUid, kVale);
  EXPECT_TRUE(authority.may_change({0, 1, {0}}));
  EXPECT_TRUE(authority.may_change({kDaemonUid, 1, {1000}}));
  EXPECT_TRUE(authority.may_change({1000, 1, {1000, kVale}}));
  EXPECT_FALSE(authority.may_change({1000, 1, {1000, 27}}));
  EXPECT_FALSE(authority.may_change({1000, 1, {0}}));
}

TEST(Authority, WithoutTheGroupOnlyRoot) {
  const Authority authority(0, std::nullopt);
  EXPECT_FALSE(authority.may_change({1000, 1, {kVale}}));
  EXPECT_TRUE(authority.may_change({0, 1, {}}));
}

TEST(Authority, RefusalSaysWhoMay) {
  const auto error = Authority(0, kVale).refusal({65534, 1, {}}, "attach ports");
  EXPECT_EQ(error.code, vale::Errc::kNotPermitted);
  EXPECT_EQ(error.object, "attach ports");
  EXPECT_NE(error.context.find("group vale"), std::string::npos);
  EXPECT_NE(error.context.find("may not attach ports"), std::string::npos);
}

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

TEST(FindGroup, FindsRootAndNotNonsense) {
  EXPECT_EQ(find_group("root"), gid_t{0});
  EXPECT_FALSE(find_group("no-such-group-here"));
}

}  // namespace
}  // namespace valed
