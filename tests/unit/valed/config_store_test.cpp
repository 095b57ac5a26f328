// SPDX-License-Identifier: BSD-2-Clause
#include "valed/config_store.hpp"

#include <gtest/gtest.h>

#include "lib/file.hpp"
#include "temp_dir.hpp"

namespace valed {
namespace {

class ConfigStoreTest : public ::testing::Test {
 protected:
  void write(const std::string& name, const std::string& text) {
    ASSERT_TRUE(vale::replace_file(dir.file(name), text));
  }
  vale::testing::TempDir dir;
  ConfigStore store{{dir.file("valed.toml"), dir.file("lib/permanent.toml")}};
};

TEST_F(ConfigStoreTest, NoFilesWantNothing) {
  ASSERT_TRUE(store.load());
  EXPECT_EQ(store.load()->topology, vale::Topology{});
}

TEST_F(ConfigStoreTest, DropInsAndWhatIsPermanentComeAfter) {
  write("valed.toml", "[switch.vale0]\nageing = 1\n[nic.eth0]\nswitch = 'vale0'\n");
  write("valed.d/more.toml", "[switch.vale0]\nageing = 2\n");
  auto wanted = store.load()->topology;
  EXPECT_EQ(wanted.switches.at("vale0").ageing, 2U);
  wanted.switches["vale0"].ageing = 3;
  wanted.ports.erase("eth0");
  wanted.ports["eth1"] = {vale::PortType::kNic, "vale0"};
  ASSERT_TRUE(store.make_permanent(wanted));
  EXPECT_EQ(store.load()->topology, wanted);
  ASSERT_TRUE(store.make_permanent(wanted));
  EXPECT_EQ(store.load()->topology, wanted) << "not on top of itself";
}

TEST_F(ConfigStoreTest, BadFilesAreRefusedWithTheirPlaces) {
  write("valed.toml", "[switch.vale0]\nagein = 1\n");
  const auto loaded = store.load();
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().code, vale::Errc::kInvalidConfiguration);
  EXPECT_NE(loaded.error().context.find("valed.toml:2:1: "), std::string::npos);
  EXPECT_FALSE(store.make_permanent({}));
  EXPECT_FALSE(std::filesystem::exists(dir.file("lib/permanent.toml")));
}

}  // namespace
}  // namespace valed
