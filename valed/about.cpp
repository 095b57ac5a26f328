// SPDX-License-Identifier: BSD-2-Clause
#include "valed/about.hpp"

namespace valed {
namespace {

const About kNothing;
const About* innermost = &kNothing;

}  // namespace

About about(const std::string& name) {
  const auto colon = name.find(':');
  if (colon == std::string::npos) {
    return name.starts_with("vale") ? About{name, "", ""} : About{"", "", name};
  }
  About found{name.substr(0, colon), name, name.substr(colon + 1)};
  // The host's side is a port of its own, and not a device.
  if (found.ifname.ends_with('^')) found.ifname.pop_back();
  return found;
}

AboutScope::AboutScope(const About& now) : before_(innermost) {
  innermost = &now;
}

AboutScope::~AboutScope() {
  innermost = before_;
}

const About& AboutScope::current() {
  return *innermost;
}

}  // namespace valed
