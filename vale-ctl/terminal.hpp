// SPDX-License-Identifier: BSD-2-Clause
// A terminal that is drawn on as a whole, and is as before afterwards, however the program ends:
// return, exception, or any signal that can be caught.
#pragma once

#include <chrono>
#include <string_view>

#include "lib/result.hpp"
#include "vale-ctl/top_screen.hpp"

namespace vale_ctl {

class Terminal {
 public:
  using Clock = std::chrono::steady_clock;
  enum class Wake { kKey, kTime, kResize, kGone };
  struct Input {
    Wake wake;
    char key = '\0';
  };

  /// Both are terminals, and TERM names one that can be drawn on.
  static bool usable(int in, int out);

  /// Takes the terminal; only one at a time.
  Terminal(int in, int out);
  ~Terminal();
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  [[nodiscard]] ScreenSize size() const;
  vale::Result<void> draw(std::string_view bytes);
  /// Whatever comes first. After a stop (Ctrl-Z) and its continuation, too, kResize: all is to be
  /// drawn again.
  Input wait(Clock::time_point until);

 private:
  int in_;
  int out_;
};

}  // namespace vale_ctl
