// SPDX-License-Identifier: BSD-2-Clause
// What every command works with.
#pragma once

#include <chrono>
#include <functional>
#include <iosfwd>
#include <memory>
#include <string>

#include "lib/control.hpp"
#include "lib/netmap.hpp"
#include "lib/varlink_client.hpp"

namespace vale_ctl {

inline constexpr int kOk = 0;
inline constexpr int kFailed = 1;
inline constexpr int kUsage = 2;
inline constexpr int kNotPermitted = 4;

/// Time, for the commands that go on; tests put their own here.
struct Time {
  std::function<std::chrono::steady_clock::time_point()> now;
  std::function<void(std::chrono::steady_clock::time_point)> sleep_until;
  std::function<std::chrono::system_clock::time_point()> calendar;
};
Time system_time();

struct Context {
  std::ostream& out;
  std::ostream& err;
  std::string socket;
  bool json = false;
  bool direct = false;  // straight to the kernel, without valed

  /// How to reach valed and the kernel; tests put fakes here.
  std::function<vale::Result<std::unique_ptr<vale::Control>>(const std::string& socket,
                                                             bool permanent)>
      daemon;
  std::function<vale::Result<std::unique_ptr<vale::Control>>()> kernel;
  std::function<vale::Result<std::unique_ptr<vale::varlink::Caller>>(const std::string& socket)>
      client;
  Time time = system_time();
  bool screen = false;  // standard input and output are a terminal that can be drawn on
  /// The device itself, for what only the netmap interface has.
  std::function<vale::Result<vale::Netmap>()> device = vale::Netmap::open;

  /// @p permanent: what is changed through it outlasts a reboot; only valed can do that.
  [[nodiscard]] vale::Result<std::unique_ptr<vale::Control>> control(bool permanent = false) const;
};

/// The real ones.
Context system_context(std::ostream& out, std::ostream& err);

/// Prints the error; the exit status that goes with it.
int report(const Context& context, const vale::Error& error);

}  // namespace vale_ctl
