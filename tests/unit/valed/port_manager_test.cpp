// SPDX-License-Identifier: BSD-2-Clause
#include "valed/port_manager.hpp"

#include <gtest/gtest.h>

#include "fake_kernel.hpp"
#include "fake_nic.hpp"
#include "temp_dir.hpp"

namespace valed {
namespace {

class PortManagerTest : public ::testing::Test {
 protected:
  static vale::AttachRequest request(const std::string& name) {
    vale::AttachRequest r;
    r.name = name;
    return r;
  }
  [[nodiscard]] bool promiscuous() { return nics.nics["eth0"]["promiscuous"]; }

  vale::testing::TempDir dir;
  vale::testing::FakeKernel kernel;
  testing::FakeNic nics;
  NicPreparer preparer{nics, dir.path()};
  PortManager manager{kernel, preparer};
};

TEST_F(PortManagerTest, PreparesAndRestores) {
  const auto attached = manager.attach(request("vale0:eth0"));
  ASSERT_TRUE(attached);
  EXPECT_EQ(attached->prepared.size(), 2U);
  EXPECT_TRUE(promiscuous());
  ASSERT_TRUE(manager.detach("vale0:eth0"));
  EXPECT_FALSE(promiscuous());
}

TEST_F(PortManagerTest, AFailedAttachUndoesItsOwnPreparationOnly) {
  kernel.nics.erase("eth0");
  EXPECT_FALSE(manager.attach(request("vale0:eth0")));
  EXPECT_FALSE(promiscuous());
  kernel.nics.insert("eth0");
  ASSERT_TRUE(manager.attach(request("vale0:eth0")));
  EXPECT_EQ(manager.attach(request("vale0:eth0")).error().code, vale::Errc::kBusy);
  EXPECT_TRUE(promiscuous());
}

TEST_F(PortManagerTest, WhatIsGoneIsRestored) {
  ASSERT_TRUE(manager.attach(request("vale0:eth0")));
  manager.restore_others(kernel.port_table);
  EXPECT_TRUE(promiscuous());
  manager.restore_others({});
  EXPECT_FALSE(promiscuous());
}

TEST_F(PortManagerTest, ALateWordOfADetachUndoesNothingOfTheNextAttach) {
  ASSERT_TRUE(manager.attach(request("vale0:eth0")));
  manager.port_gone("vale0:eth0");
  EXPECT_TRUE(promiscuous());
  ASSERT_TRUE(kernel.detach("vale0:eth0"));
  manager.port_gone("vale0:eth0");
  EXPECT_FALSE(promiscuous());
}

TEST_F(PortManagerTest, PersistentPortsAndBadNamesAreNotPrepared) {
  kernel.persistent.insert("eth0");
  kernel.nics.erase("eth0");
  const auto attached = manager.attach(request("vale0:eth0"));
  ASSERT_TRUE(attached);
  EXPECT_TRUE(attached->prepared.empty());
  EXPECT_FALSE(promiscuous());
  EXPECT_FALSE(manager.attach(request("eth0")));
}

}  // namespace
}  // namespace valed
