// SPDX-License-Identifier: BSD-2-Clause
// valed, as programs use it: vale-ctl, and yours with the package libvale-dev.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "lib/control.hpp"
#include "lib/model.hpp"
#include "lib/result.hpp"

namespace vale {

inline constexpr const char* kDefaultSocket = "/run/vale/valed.sock";

/// What a client may ask for beside the calls that the kernel answers too. Calls block; an object
/// belongs to one thread.
class Client : public Control {
 public:
  /// kDaemonUnavailable if nobody listens there, kNotPermitted if the socket's mode keeps us out.
  /// @p permanent: what is changed through this client outlasts a reboot.
  static Result<std::unique_ptr<Client>> connect(const std::string& socket = kDefaultSocket,
                                                 bool permanent = false);

  /// Hands every event (of one switch, if named) to @p sink until that returns false, which ends
  /// the conversation: connect again for more. The first event, "watching", says that none will be
  /// missed from now on.
  virtual Result<void> watch(const std::string& switch_name,
                             const std::function<bool(const Event&)>& sink) = 0;
};

}  // namespace vale
