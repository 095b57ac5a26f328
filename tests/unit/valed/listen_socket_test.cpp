// SPDX-License-Identifier: BSD-2-Clause
#include "valed/listen_socket.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "lib/varlink_client.hpp"
#include "temp_dir.hpp"

namespace valed {
namespace {

class ListenSocketTest : public ::testing::Test {
 protected:
  [[nodiscard]] mode_t mode() const {
    struct stat st = {};
    return ::stat(path.c_str(), &st) == 0 ? st.st_mode & 0777U : 0;
  }
  vale::testing::TempDir dir;
  std::string path = dir.file("sub/valed.sock");
};

TEST_F(ListenSocketTest, OpensToTheGroupOnly) {
  const auto socket = listen_at(path, ::getgid());
  ASSERT_TRUE(socket) << socket.error().context;
  EXPECT_EQ(socket->path, path);
  EXPECT_EQ(mode(), mode_t{0660});
  EXPECT_TRUE(vale::varlink::Client::connect(path));
}

TEST_F(ListenSocketTest, WithoutGroupOnlyTheOwner) {
  const auto socket = listen_at(path, std::nullopt);
  ASSERT_TRUE(socket);
  EXPECT_EQ(mode(), mode_t{0600});
}

TEST_F(ListenSocketTest, OpensToEverybodyIfAsked) {
  for (const auto group : {std::optional<gid_t>(::getgid()), std::optional<gid_t>()}) {
    const auto socket = listen_at(path, group, kEveryoneMode);
    ASSERT_TRUE(socket) << socket.error().context;
    EXPECT_EQ(mode(), mode_t{0666});
  }
}

TEST_F(ListenSocketTest, LeavesALiveSocketAlone) {
  const auto first = listen_at(path, std::nullopt);
  ASSERT_TRUE(first);
  const auto second = listen_at(path, std::nullopt);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, vale::Errc::kBusy);
  EXPECT_TRUE(vale::varlink::Client::connect(path));
}

TEST_F(ListenSocketTest, ReplacesAStaleSocket) {
  ASSERT_TRUE(listen_at(path, std::nullopt));  // closed at once, the file stays
  ASSERT_EQ(::access(path.c_str(), F_OK), 0);
  EXPECT_TRUE(listen_at(path, std::nullopt));
}

TEST_F(ListenSocketTest, NeverRemovesAFile) {
  std::ofstream(dir.file("file")) << "precious";
  const auto socket = listen_at(dir.file("file"), std::nullopt);
  ASSERT_FALSE(socket);
  EXPECT_EQ(socket.error().code, vale::Errc::kAlreadyExists);
  EXPECT_EQ(::access(dir.file("file").c_str(), F_OK), 0);
}

TEST_F(ListenSocketTest, RefusesPathsThatDoNotFit) {
  EXPECT_EQ(listen_at(std::string(108, 'x'), std::nullopt).error().code, vale::Errc::kInvalidValue);
  EXPECT_FALSE(listen_at("", std::nullopt));
}

}  // namespace
}  // namespace valed
