// SPDX-License-Identifier: BSD-2-Clause
#include "lib/control.hpp"

#include <gtest/gtest.h>

#include "fake_kernel.hpp"

namespace vale {
namespace {

using testing::FakeKernel;

TEST(CreateAndAttach, PlainNameOnlyCreates) {
  FakeKernel kernel;
  EXPECT_TRUE(create_and_attach(kernel, {"vi0", 0, 0, 0, 0, 0}));
  EXPECT_TRUE(kernel.persistent.contains("vi0"));
  EXPECT_TRUE(kernel.port_table.empty());
}

TEST(CreateAndAttach, PortNameAttachesToo) {
  FakeKernel kernel;
  const auto made = create_and_attach(kernel, {"vale0:vi0", 64, 0, 0, 2, 0});
  ASSERT_TRUE(made);
  EXPECT_EQ(made->tx_slots, 64U);
  EXPECT_NE(kernel.find_port("vale0:vi0"), nullptr);
  EXPECT_FALSE(kernel.attached.at(0).prepare);
}

TEST(CreateAndAttach, AFailedAttachLeavesNothing) {
  FakeKernel kernel;
  kernel.add_port("vale0:vi0", VALE_PORT_EPHEMERAL);
  const auto made = create_and_attach(kernel, {"vale0:vi0", 0, 0, 0, 0, 0});
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, Errc::kBusy);
  EXPECT_TRUE(kernel.persistent.empty());
}

TEST(DetachAndDelete, UndoesBoth) {
  FakeKernel kernel;
  ASSERT_TRUE(create_and_attach(kernel, {"vale0:vi0", 0, 0, 0, 0, 0}));
  EXPECT_TRUE(detach_and_delete(kernel, "vale0:vi0"));
  EXPECT_TRUE(kernel.persistent.empty());
  EXPECT_TRUE(kernel.port_table.empty());
  EXPECT_EQ(detach_and_delete(kernel, "vale0:vi0").error().code, Errc::kNoSuchPort);
}

}  // namespace
}  // namespace vale
