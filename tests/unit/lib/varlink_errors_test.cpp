// SPDX-License-Identifier: BSD-2-Clause
#include "lib/varlink_errors.hpp"

#include <gtest/gtest.h>

#include <boost/json/value.hpp>

namespace vale::varlink {
namespace {

TEST(VarlinkErrors, TypedErrorsRoundTrip) {
  for (const Errc code :
       {Errc::kNoSuchSwitch, Errc::kNoSuchPort, Errc::kNoSuchAddress, Errc::kNoDevice,
        Errc::kAlreadyExists, Errc::kBusy, Errc::kNoMemory, Errc::kNotPermitted,
        Errc::kInvalidParameter, Errc::kInvalidValue, Errc::kNotSupported, Errc::kKernelUnavailable,
        Errc::kTooManyClients, Errc::kLimitExceeded, Errc::kInvalidConfiguration, Errc::kKernel}) {
    const Error before{code, "object", "what, why"};
    const Error after = error_from_reply(error_reply(before));
    EXPECT_EQ(after.code, before.code);
    EXPECT_EQ(after.object, "object");
    EXPECT_EQ(after.context, "what, why");
  }
}

TEST(VarlinkErrors, NameAndFields) {
  const Reply reply = error_reply({Errc::kBusy, "vale0:eth0", "it is busy"});
  EXPECT_EQ(reply.error, "io.vale.Switch.Busy");
  EXPECT_EQ(reply.parameters.at("name"), "vale0:eth0");
  EXPECT_EQ(reply.parameters.at("message"), "it is busy");
}

TEST(VarlinkErrors, AnErrnoBecomesAKernelError) {
  const auto error = fail_errno(EIO, "x", "cannot").value();
  EXPECT_EQ(error_reply(error).error, "io.vale.Switch.KernelError");
}

TEST(VarlinkErrors, AnUnknownErrorKeepsItsName) {
  const Error error = error_from_reply({{}, "org.example.Odd", false});
  EXPECT_EQ(error.code, Errc::kProtocol);
  EXPECT_NE(error.context.find("org.example.Odd"), std::string::npos);
}

}  // namespace
}  // namespace vale::varlink
