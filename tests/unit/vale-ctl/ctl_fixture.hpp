// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "fake_kernel.hpp"
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
    context.daemon = [this](const std::string&) {
      return reach(daemon_up, vale::Errc::kDaemonUnavailable);
    };
    context.kernel = [this] { return reach(module_up, vale::Errc::kKernelUnavailable); };
    context.client = [](const std::string& socket) -> vale::Result<vale::varlink::Client> {
      return vale::fail(vale::Errc::kDaemonUnavailable, socket, "nobody listens");
    };
    return vale_ctl::run(context, arguments);
  }

  vale::Result<std::unique_ptr<vale::Control>> reach(bool up, vale::Errc otherwise) {
    if (!up) return vale::fail(otherwise, "", "it is not there");
    return std::unique_ptr<vale::Control>(std::make_unique<Borrowed>(kernel));
  }

  vale::testing::FakeKernel kernel;
  std::ostringstream out;
  std::ostringstream err;
  bool daemon_up = true;
  bool module_up = true;
};

}  // namespace vale_ctl::testing
