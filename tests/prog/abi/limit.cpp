// SPDX-License-Identifier: BSD-2-Clause
// SEMANTICS.md 5.1 and DESIGN.md: how many ports a switch, how many switches a namespace.
#include <sys/resource.h>

#include <deque>

#include "abi.hpp"

namespace abi {

namespace {

// Opens names made from the format until one is refused: "254 then ENOMEM".
std::string until_refused(const char* format, unsigned int end) {
  const rlimit files{.rlim_cur = 4096, .rlim_max = 4096};
  setrlimit(RLIMIT_NOFILE, &files);
  std::deque<Port> ports;
  for (unsigned int i = 0; i < end; i++) {
    char name[NETMAP_REQ_IFNAMSIZ];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    snprintf(name, sizeof(name), format, i);
#pragma GCC diagnostic pop
    ports.emplace_back(Ask{.name = name, .tx_slots = 64, .rx_slots = 64});
    if (ports.back().err != 0) return text("%u then %s", i, error_name(ports.back().err).c_str());
  }
  return "no end";
}

constexpr Case kCases[] = {
    {"ports of 64 slots on a switch", "254 then ENOMEM",
     [] { return until_refused("vale0:p%u", 300); }},
    {"switches of one port", "256 then ENOMEM", [] { return until_refused("valeL%u:p", 300); }},
    {"a port again after all that", "0", [] { return try_register({.name = "vale0:a"}); }},
};

}  // namespace

Table limit_table() {
  return kCases;
}

}  // namespace abi
