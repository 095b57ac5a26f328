// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/value.hpp>

#include "fake_kernel.hpp"
#include "fake_nic.hpp"
#include "paths_below.hpp"
#include "temp_dir.hpp"
#include "valed/service.hpp"

namespace valed::testing {

inline constexpr gid_t kValeGroup = 42;

/// A service on fakes, with a clock that the test sets.
class ServiceTest : public ::testing::Test {
 protected:
  vale::varlink::Reply call(const std::string& method, boost::json::object parameters = {}) {
    return as(root, method, std::move(parameters)).reply;
  }
  Answer as(const Peer& peer, const std::string& method, boost::json::object parameters = {},
            bool more = false) {
    const std::string full =
        method.find('.') == std::string::npos ? "io.vale.Switch." + method : method;
    return service.handle(peer, {full, std::move(parameters), more, false});
  }

  vale::testing::TempDir dir;
  vale::testing::FakeKernel kernel;
  FakeNic nics;
  std::chrono::steady_clock::time_point now{};
  Paths paths = paths_below(dir.path());
  Engine engine{kernel, nics, paths, [this] { return now; }};
  NicPreparer& preparer = engine.preparer;
  EventHub hub{4};
  Service service{engine, hub, Authority(500, kValeGroup), [this] { return now; }};
  Peer root{0, 1, {0}};
  Peer member{1000, 2, {1000, kValeGroup}};
  Peer stranger{1001, 3, {1001}};
};

}  // namespace valed::testing
