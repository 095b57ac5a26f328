// SPDX-License-Identifier: BSD-2-Clause
// What a message of the log is about. The journal keeps it in fields of their own, SWITCH=, PORT=
// and IFNAME=.
#pragma once

#include <spdlog/spdlog.h>

#include <string>
#include <utility>

namespace valed {

struct About {
  std::string switch_name;
  std::string port;
  std::string ifname;
};

/// Of a switch ("vale0"), a port ("vale0:eth0^") or a network device ("eth0").
About about(const std::string& name);

/// While it lives, messages are about this. valed has one thread.
class AboutScope {
 public:
  explicit AboutScope(const About& now);
  ~AboutScope();
  AboutScope(const AboutScope&) = delete;
  AboutScope& operator=(const AboutScope&) = delete;

  /// The innermost one's; about nothing if there is none.
  static const About& current();

 private:
  const About* before_;
};

template <class... Args>
void log_about(const About& subject, spdlog::level::level_enum level,
               spdlog::format_string_t<Args...> format, Args&&... args) {
  const AboutScope scope(subject);
  spdlog::log(level, format, std::forward<Args>(args)...);
}

}  // namespace valed
