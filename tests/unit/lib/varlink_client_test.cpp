// SPDX-License-Identifier: BSD-2-Clause
#include "lib/varlink_client.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <boost/json/value.hpp>
#include <cstring>

#include "temp_dir.hpp"

namespace vale::varlink {
namespace {

/// A client whose server's answers are in the socket before it asks.
Client answered_with(const std::string& bytes, UniqueFd& server) {
  int ends[2] = {-1, -1};
  EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
  server.reset(ends[1]);
  EXPECT_EQ(::write(ends[1], bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
  return Client(UniqueFd(ends[0]));
}

TEST(Client, ReturnsParameters) {
  UniqueFd server;
  auto client = answered_with(encode(Reply{{{"x", 1}}, "", false}), server);
  const auto reply = client.call("a.b.C", {});
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->at("x"), 1);
}

TEST(Client, ReturnsTypedErrors) {
  UniqueFd server;
  auto client =
      answered_with(encode(Reply{{{"name", "p"}}, "io.vale.Switch.NoSuchPort", false}), server);
  const auto reply = client.call("a.b.C", {});
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, Errc::kNoSuchPort);
  EXPECT_EQ(reply.error().object, "p");
}

TEST(Client, StreamsUntilTheLast) {
  UniqueFd server;
  auto client = answered_with(
      encode(Reply{{{"n", 1}}, "", true}) + encode(Reply{{{"n", 2}}, "", false}), server);
  int seen = 0;
  const auto done = client.stream("a.b.C", {}, [&](const boost::json::object& o) {
    EXPECT_EQ(o.at("n"), ++seen);
    return true;
  });
  EXPECT_TRUE(done);
  EXPECT_EQ(seen, 2);
}

/// The same, with a descriptor that comes with the first byte.
Client answered_with_descriptor(const std::string& bytes, int descriptor, UniqueFd& server) {
  int ends[2] = {-1, -1};
  EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
  server.reset(ends[1]);
  iovec data{const_cast<char*>(bytes.data()), bytes.size()};
  alignas(cmsghdr) char room[CMSG_SPACE(sizeof(int))] = {};
  msghdr message{};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  message.msg_control = room;
  message.msg_controllen = sizeof(room);
  auto* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof(int));
  std::memcpy(CMSG_DATA(header), &descriptor, sizeof(descriptor));
  EXPECT_EQ(::sendmsg(ends[1], &message, 0), static_cast<ssize_t>(bytes.size()));
  return Client(UniqueFd(ends[0]));
}

TEST(Client, TakesADescriptor) {
  UniqueFd server;
  UniqueFd sent(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  auto client =
      answered_with_descriptor(encode(Reply{{{"descriptor", 0}}, "", false}), sent.get(), server);
  const auto got = client.call_for_descriptor("a.b.C", {});
  ASSERT_TRUE(got);
  EXPECT_NE(got->get(), sent.get());
  EXPECT_EQ(::fcntl(got->get(), F_GETFD), FD_CLOEXEC);
}

TEST(Client, MissesADescriptorThatDoesNotCome) {
  UniqueFd server;
  auto client = answered_with(encode(Reply{{{"descriptor", 0}}, "", false}), server);
  EXPECT_EQ(client.call_for_descriptor("a.b.C", {}).error().code, Errc::kProtocol);
}

TEST(Client, SaysThatTheServerWent) {
  UniqueFd server;
  auto client = answered_with("", server);
  server.reset();
  const auto reply = client.call("a.b.C", {});
  ASSERT_FALSE(reply);
}

TEST(Client, SaysThatNobodyListens) {
  const testing::TempDir dir;
  const auto client = Client::connect(dir.file("nothing"));
  ASSERT_FALSE(client);
  EXPECT_EQ(client.error().code, Errc::kDaemonUnavailable);
  EXPECT_FALSE(Client::connect(std::string(200, 'x')));
}

}  // namespace
}  // namespace vale::varlink
