// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <exception>

namespace valed {

/// To the journal, with fields, if standard error leads there; else to standard error, with time
/// stamps.
void set_up_log(bool plain, bool verbose);

/// Completion handler of every co_spawn: an exception out of a coroutine is a bug and ends valed.
struct LogAndThrow {
  const char* what;
  void operator()(const std::exception_ptr& thrown) const;
};

}  // namespace valed
