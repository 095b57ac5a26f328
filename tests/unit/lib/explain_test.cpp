// SPDX-License-Identifier: BSD-2-Clause
#include "lib/explain.hpp"

#include <gtest/gtest.h>

namespace vale {
namespace {

Error raw(int errnum) {
  return fail_errno(errnum, "x", "x").value();
}

TEST(Explain, AttachNamesTheBridgeInTheWay) {
  const Error e = explain_attach(raw(EBUSY), "vale0:eth0", {true, "br0"});
  EXPECT_EQ(e.code, Errc::kBusy);
  EXPECT_EQ(e.context,
            "cannot attach vale0:eth0: eth0 is a member of br0: remove it with `ip link set eth0 "
            "nomaster`");
}

TEST(Explain, AttachTellsAMissingDeviceFromABadValue) {
  EXPECT_EQ(explain_attach(raw(EINVAL), "vale0:eth9", {false, ""}).code, Errc::kNoDevice);
  EXPECT_EQ(explain_attach(raw(EINVAL), "vale0:eth0", {true, ""}).code, Errc::kInvalidValue);
  EXPECT_EQ(explain_attach(raw(EOPNOTSUPP), "vale0:eth0", {true, ""}).code, Errc::kNotSupported);
  EXPECT_EQ(explain_attach(raw(ENOMEM), "vale0:eth0", {true, ""}).code, Errc::kNoMemory);
}

TEST(Explain, EveryRequestHasItsOwnWords) {
  EXPECT_EQ(explain_detach(raw(ENXIO), "vale0:a").code, Errc::kNoSuchPort);
  EXPECT_EQ(explain_detach(raw(EBUSY), "vale0:a").code, Errc::kBusy);
  EXPECT_EQ(explain_lookup(raw(ENOENT), "vale0:a").code, Errc::kNoSuchPort);
  EXPECT_EQ(explain_geometry(raw(ENXIO), "eth9").code, Errc::kNoDevice);
  EXPECT_EQ(explain_create(raw(EEXIST), "vi0").code, Errc::kAlreadyExists);
  EXPECT_EQ(explain_delete(raw(EINVAL), "eth0").code, Errc::kInvalidValue);
  EXPECT_EQ(explain_open(raw(ENXIO), "vale0:a").code, Errc::kNoSuchPort);
  EXPECT_EQ(explain_open(raw(EPERM), "vale0:a").code, Errc::kNotSupported);
  EXPECT_EQ(explain_open(raw(EOPNOTSUPP), "vale0:a").code, Errc::kNotSupported);
  EXPECT_EQ(explain_open(raw(EINVAL), "eth0").code, Errc::kInvalidValue);
  EXPECT_EQ(explain_netlink(raw(ENOENT), "set", "vale0").code, Errc::kNoSuchSwitch);
  EXPECT_EQ(explain_netlink(raw(ENOENT), "show", "vale0:a").code, Errc::kNoSuchPort);
  EXPECT_EQ(explain_netlink(raw(EPERM), "set", "vale0").code, Errc::kNotPermitted);
}

TEST(Explain, UnexpectedErrnoKeepsTheKernelsWords) {
  const Error e = explain_detach(raw(EIO), "vale0:a");
  EXPECT_EQ(e.code, Errc::kKernel);
  EXPECT_NE(e.context.find("Input/output error"), std::string::npos);
}

TEST(Explain, WhatIsExplainedStays) {
  const Error before{Errc::kKernelUnavailable, "x", "load it"};
  EXPECT_EQ(explain_detach(before, "vale0:a").context, "load it");
}

TEST(LookAtNetdev, KnowsLoopbackAndRefusesPaths) {
  EXPECT_TRUE(look_at_netdev("lo").exists);
  EXPECT_EQ(look_at_netdev("lo").master, "");
  EXPECT_FALSE(look_at_netdev("no-such-dev").exists);
  EXPECT_FALSE(look_at_netdev("../net/lo").exists);
  EXPECT_FALSE(look_at_netdev("").exists);
}

}  // namespace
}  // namespace vale
