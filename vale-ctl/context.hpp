// SPDX-License-Identifier: BSD-2-Clause
// What every command works with.
#pragma once

#include <functional>
#include <iosfwd>
#include <memory>
#include <string>

#include "lib/control.hpp"
#include "lib/varlink_client.hpp"

namespace vale_ctl {

inline constexpr int kOk = 0;
inline constexpr int kFailed = 1;
inline constexpr int kUsage = 2;
inline constexpr int kNotPermitted = 4;

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

  /// @p permanent: what is changed through it outlasts a reboot; only valed can do that.
  [[nodiscard]] vale::Result<std::unique_ptr<vale::Control>> control(bool permanent = false) const;
};

/// The real ones.
Context system_context(std::ostream& out, std::ostream& err);

/// Prints the error; the exit status that goes with it.
int report(const Context& context, const vale::Error& error);

}  // namespace vale_ctl
