// SPDX-License-Identifier: BSD-2-Clause
// SEMANTICS.md 2.0: which names are ports of a switch, which are netdevs, which are nothing.
#include "abi.hpp"

namespace abi {

namespace {

std::string with_netdev(const char* netdev, const char* name) {
  if (!make_netdev(netdev)) return "SKIP cannot make a netdev";
  const std::string got = try_register({.name = name});
  shell(text("ip link del %s", netdev).c_str());
  return got;
}

constexpr Case kCases[] = {
    {"''", "ENXIO", [] { return try_register({.name = ""}); }},
    {"'vale0:' (empty port name)", "0", [] { return try_register({.name = "vale0:"}); }},
    {"'vale:x' (empty switch id)", "0", [] { return try_register({.name = "vale:x"}); }},
    {"'vale0' (no colon)", "ENOMEM", [] { return try_register({.name = "vale0"}); }},
    {"'valeAB_9:x'", "0", [] { return try_register({.name = "valeAB_9:x"}); }},
    {"'vale-1:x' (bad character)", "ENOMEM", [] { return try_register({.name = "vale-1:x"}); }},
    {"'vale0:a b'", "0", [] { return try_register({.name = "vale0:a b"}); }},
    {"port name of 15 characters", "0",
     [] { return try_register({.name = "vale0:a23456789012345"}); }},
    {"port name of 16 characters", "ENOMEM",
     [] { return try_register({.name = "vale0:a234567890123456"}); }},
    {"port name of 23 characters", "ENOMEM",
     [] { return try_register({.name = "vale0:averyveryverylongname123"}); }},
    {"switch name of 15 characters", "0",
     [] { return try_register({.name = "vale01234567890:x"}); }},
    {"switch name of 16 characters", "ENOMEM",
     [] { return try_register({.name = "vale012345678901:x"}); }},
    {"'verylongvalename:x'", "ENXIO", [] { return try_register({.name = "verylongvalename:x"}); }},
    {"'valX:p' is no switch", "ENXIO", [] { return try_register({.name = "valX:p"}); }},
    {"'valley0' without such a netdev", "ENXIO", [] { return try_register({.name = "valley0"}); }},
    {"'valley0' with such a netdev", "0", [] { return with_netdev("valley0", "valley0"); }},
    {"'nosuchif0'", "ENXIO", [] { return try_register({.name = "nosuchif0"}); }},
    {"'netmap:ve0' is library syntax", "ENXIO",
     [] { return try_register({.name = "netmap:ve0"}); }},
    {"'ve0-0' is library syntax", "ENXIO", [] { return try_register({.name = "ve0-0"}); }},
    {"'ve0^' is library syntax", "ENXIO", [] { return try_register({.name = "ve0^"}); }},
    {"netdev of another namespace", "ENXIO",
     [] {
       if (!make_netdev("far0") || !shell("ip netns add abi_far") ||
           !shell("ip link set far0 netns abi_far"))
         return std::string("SKIP cannot make another namespace");
       const std::string got = try_register({.name = "far0"});
       shell("ip netns del abi_far");
       return got;
     }},
    {"switch port named as a netdev not attached", "EINVAL",
     [] { return try_register({.name = "vale1:ve0"}); }},
};

}  // namespace

Table name_table() {
  return kCases;
}

}  // namespace abi
