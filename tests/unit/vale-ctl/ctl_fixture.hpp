// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <net/netmap.h>

#include <sstream>

#include "fake_kernel.hpp"
#include "fake_nic.hpp"
#include "lib/daemon_control.hpp"
#include "lib/file.hpp"
#include "paths_below.hpp"
#include "service_caller.hpp"
#include "temp_dir.hpp"
#include "vale-ctl/commands.hpp"

namespace vale_ctl::testing {

/// Passes everything on to a fake that outlives it.
class Borrowed : public vale::Control {
 public:
  explicit Borrowed(vale::Control& to) : to_(to) {}
  vale::Result<vale::AttachResult> attach(const vale::AttachRequest& r) override {
    return to_.attach(r);
  }
  vale::Result<std::uint32_t> detach(const std::string& n) override { return to_.detach(n); }
  vale::Result<vale::PortPlace> find(const std::string& n) override { return to_.find(n); }
  vale::Result<std::vector<vale::PortPlace>> places() override { return to_.places(); }
  vale::Result<vale::PortGeometry> geometry(const std::string& n) override {
    return to_.geometry(n);
  }
  vale::Result<vale::PortGeometry> create_port(const vale::NewPort& r) override {
    return to_.create_port(r);
  }
  vale::Result<void> delete_port(const std::string& n) override { return to_.delete_port(n); }
  vale::Result<vale::UniqueFd> open_port(const std::string& n) override { return to_.open_port(n); }
  vale::Result<std::vector<vale::SwitchInfo>> switches() override { return to_.switches(); }
  vale::Result<void> set_switch(const vale::SwitchSettings& s) override {
    return to_.set_switch(s);
  }
  vale::Result<void> delete_switch(const std::string& n) override { return to_.delete_switch(n); }
  vale::Result<std::vector<vale::PortInfo>> ports(const std::string& n) override {
    return to_.ports(n);
  }
  vale::Result<vale::PortInfo> port(const std::string& n) override { return to_.port(n); }
  vale::Result<std::vector<vale::FdbEntry>> fdb(const std::string& n) override {
    return to_.fdb(n);
  }
  vale::Result<void> fdb_add(const vale::FdbEntry& e) override { return to_.fdb_add(e); }
  vale::Result<void> fdb_delete(const std::string& n, const vale::MacAddress& m) override {
    return to_.fdb_delete(n, m);
  }
  vale::Result<void> fdb_flush(const std::string& n) override { return to_.fdb_flush(n); }

 private:
  vale::Control& to_;
};

class CtlTest : public ::testing::Test {
 protected:
  int run(const std::vector<std::string>& arguments) {
    out.str("");
    err.str("");
    Context context{out, err, "/nowhere", false, false, {}, {}, {}};
    context.daemon = [this](const std::string&, bool permanent) { return reach_daemon(permanent); };
    context.kernel = [this] { return reach(module_up, vale::Errc::kKernelUnavailable); };
    context.client = [this](const std::string&) { return client(); };
    context.time = time;
    context.device = [this] { return device(); };
    return vale_ctl::run(context, arguments);
  }

  using Control = std::unique_ptr<vale::Control>;
  virtual vale::Result<Control> reach_daemon(bool /*permanent*/) {
    return reach(daemon_up, vale::Errc::kDaemonUnavailable);
  }
  vale::Result<Control> reach(bool up, vale::Errc otherwise) {
    if (!up) return vale::fail(otherwise, "", "it is not there");
    return Control(std::make_unique<Borrowed>(kernel));
  }

  using Caller = std::unique_ptr<vale::varlink::Caller>;
  virtual vale::Result<Caller> client() {
    return vale::fail(vale::Errc::kDaemonUnavailable, "", "nobody listens");
  }

  /// A device that takes polling requests and nothing else.
  vale::Result<vale::Netmap> device() {
    return vale::Netmap(vale::UniqueFd(), [this](int, unsigned long, void* argument) {
      const auto& header = *static_cast<const nmreq_header*>(argument);
      const auto& body = *reinterpret_cast<const nmreq_vale_polling*>(header.nr_body);
      device_requests.push_back(fmt::format("{} {} {},{},{}", header.nr_reqtype, header.nr_name,
                                            body.nr_mode, body.nr_first_cpu_id,
                                            body.nr_num_polling_cpus));
      return device_result;
    });
  }

  vale::testing::FakeKernel kernel;
  std::vector<std::string> device_requests;
  int device_result = 0;
  std::ostringstream out;
  std::ostringstream err;
  bool daemon_up = true;
  bool module_up = true;
  Time time = system_time();
};

/// With a whole service behind it.
class CtlServiceTest : public CtlTest {
 protected:
  vale::Result<Caller> client() override {
    return Caller(std::make_unique<valed::testing::ServiceCaller>(service, peer));
  }
  vale::Result<Control> reach_daemon(bool permanent) override {
    return Control(std::make_unique<vale::DaemonControl>(std::move(*client()), permanent));
  }
  std::string write(const std::string& name, const std::string& text) {
    EXPECT_TRUE(vale::replace_file(dir.file(name), text));
    return dir.file(name);
  }

  vale::testing::TempDir dir;
  valed::testing::FakeNic nics;
  std::chrono::steady_clock::time_point now{};
  valed::Engine engine{kernel, nics, valed::testing::paths_below(dir.path()),
                       [this] { return now; }};
  valed::EventHub hub{4};
  valed::Service service{engine, hub, valed::Authority(500, std::nullopt), [this] { return now; }};
  valed::Peer peer{0, 1, {0}};
};

}  // namespace vale_ctl::testing
