// SPDX-License-Identifier: BSD-2-Clause
// SEMANTICS.md 2.6 to 2.8: VALE_ATTACH, VALE_DETACH, VALE_LIST.
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

#include "abi.hpp"

namespace abi {

namespace {

std::string attach(const char* name, const Ask& ask = {}) {
  nmreq_vale_attach body{};
  body.reg = body_of(ask);
  const std::string got = try_request(NETMAP_REQ_VALE_ATTACH, name, &body);
  return got == "0" ? text("0 port=%u", body.port_index) : got;
}

std::string detach(const char* name) {
  nmreq_vale_detach body{};
  const std::string got = try_request(NETMAP_REQ_VALE_DETACH, name, &body);
  return got == "0" ? text("0 port=%u", body.port_index) : got;
}

// For what must be refused: a success is undone, so that it spoils no other row.
std::string refused(const char* name, const Ask& ask = {}) {
  const std::string got = attach(name, ask);
  if (got.starts_with("0 ")) detach(name);
  return got;
}

// The first answer of two ATTACHes must be success; gives the second's.
std::string attach_twice(const char* first, const char* second) {
  const std::string one = attach(first);
  const std::string two = attach(second);
  detach(first);
  return one.starts_with("0 ") ? two : "first: " + one;
}

std::string attach_open_netdev() {
  const Port port({.name = "ve0"});
  return refused("vale0:ve0");
}

std::string list(const char* name) {
  nmreq_vale_list body{};
  const std::string got = try_request(NETMAP_REQ_VALE_LIST, name, &body);
  return got == "0" ? text("0 port=%u", body.nr_port_idx) : got;
}

// All names, sorted, then how the enumeration ended.
std::string list_all() {
  std::vector<std::string> names;
  nmreq_vale_list body{};
  int err = 0;
  while (err == 0 && names.size() < 1000) {
    nmreq_header header = header_of(NETMAP_REQ_VALE_LIST, "", &body);
    const Fd fd = open_device();
    err = control(fd.get(), header);
    if (err == 0) names.emplace_back(header.nr_name);
    body.nr_port_idx++;
  }
  std::sort(names.begin(), names.end());
  std::string got;
  for (const std::string& name : names) got += name + " ";
  return got + error_name(err);
}

std::string list_with_host_side() {
  const std::string attached = attach("vale0:ve0", {.mode = NR_REG_NIC_SW});
  const Port port({.name = "vale1:p"});
  const std::string got = list_all();
  detach("vale0:ve0");
  return attached.starts_with("0 ") ? got : attached;
}

std::string list_after(const char* name, const char* asked) {
  const Port port({.name = name});
  return list(asked);
}

// Indices are handed out lowest first, a freed one is the next to be used.
std::string indices() {
  const Port a({.name = "vale0:a"});
  std::string got;
  {
    const Port b({.name = "vale0:b"});
    const Port c({.name = "vale0:c"});
    got = list("vale0:a") + " " + list("vale0:b") + " " + list("vale0:c");
  }
  return got;
}

std::string seen_from_another_namespace() {
  const Port port({.name = "vale0:a"});
  const pid_t pid = fork();
  if (pid == 0) {
    nmreq_vale_list body{};
    _exit(unshare(CLONE_NEWNET) == 0 &&
                  try_request(NETMAP_REQ_VALE_LIST, "vale0:a", &body) == "ENOENT"
              ? 0
              : 1);
  }
  int status = 0;
  waitpid(pid, &status, 0);
  return status == 0 ? "unseen" : "seen";
}

constexpr Case kCases[] = {
    {"ATTACH and DETACH a netdev", "0 port=0 0 port=0",
     [] {
       const std::string attached = attach("vale0:ve0");
       return attached + " " + detach("vale0:ve0");
     }},
    {"ATTACH with the host side", "0 port=0 0 port=0",
     [] {
       const std::string attached = attach("vale0:ve0", {.mode = NR_REG_NIC_SW});
       return attached + " " + detach("vale0:ve0");
     }},
    {"ATTACH after a port", "0 port=1",
     [] {
       const Port port({.name = "vale0:a"});
       std::string got = attach("vale0:ve0");
       detach("vale0:ve0");
       return got;
     }},
    {"ATTACH a netdev again", "EBUSY", [] { return attach_twice("vale0:ve0", "vale0:ve0"); }},
    {"ATTACH a netdev to another switch", "EBUSY",
     [] { return attach_twice("vale0:ve0", "vale1:ve0"); }},
    {"ATTACH a netdev a program has open", "EBUSY", attach_open_netdev},
    {"ATTACH the name of a program's port", "EBUSY",
     [] {
       const Port port({.name = "vale0:a"});
       return refused("vale0:a");
     }},
    {"ATTACH no netdev", "EINVAL", [] { return refused("vale0:nosuchif0"); }},
    {"ATTACH without a switch", "EINVAL", [] { return refused("ve0"); }},
    {"ATTACH a malformed name", "ENOMEM", [] { return refused("vale-1:ve0"); }},
    {"ATTACH a name without colon", "ENOMEM", [] { return refused("vale0"); }},
    {"ATTACH in unknown memory", "EINVAL", [] { return refused("vale0:ve0", {.mem_id = 777}); }},
    {"ATTACH with mode DEFAULT", "EINVAL",
     [] { return refused("vale0:ve0", {.mode = NR_REG_DEFAULT}); }},
    {"ATTACH with mode SW", "EINVAL", [] { return refused("vale0:ve0", {.mode = NR_REG_SW}); }},
    {"ATTACH with mode ONE_SW", "EINVAL",
     [] { return refused("vale0:ve0", {.mode = NR_REG_ONE_SW}); }},
    {"ATTACH with mode NULL", "EINVAL", [] { return refused("vale0:ve0", {.mode = NR_REG_NULL}); }},
    {"ATTACH with mode 9", "EINVAL", [] { return refused("vale0:ve0", {.mode = 9}); }},
    {"ATTACH all rings and a ring number", "EINVAL",
     [] { return refused("vale0:ve0", {.ringid = 1}); }},
    {"ATTACH ring 1 of 1", "EINVAL",
     [] { return refused("vale0:ve0", {.mode = NR_REG_ONE_NIC, .ringid = 1}); }},
    {"ATTACH ring 0 (more than the reference can)", "0 port=0 0 port=0",
     [] {
       const std::string attached = attach("vale0:ve0", {.mode = NR_REG_ONE_NIC});
       return attached + " " + detach("vale0:ve0");
     }},
    {"ATTACH lo, whose MTU does not fit", "EINVAL", [] { return refused("vale0:lo"); }},
    {"nothing is left of refused ATTACHes", "ENOENT", list_all},

    {"DETACH nothing", "ENXIO", [] { return detach("vale0:ve0"); }},
    {"DETACH an unknown port of a switch", "ENXIO",
     [] {
       const Port port({.name = "vale0:a"});
       return detach("vale0:ve0");
     }},
    {"DETACH without a switch", "EINVAL", [] { return detach("ve0"); }},
    {"DETACH a program's port", "EBUSY",
     [] {
       const Port port({.name = "vale0:a"});
       return detach("vale0:a");
     }},
    {"DETACH twice", "ENXIO",
     [] {
       attach("vale0:ve0");
       detach("vale0:ve0");
       return detach("vale0:ve0");
     }},
    {"a detached netdev can be opened", "0",
     [] {
       attach("vale0:ve0");
       detach("vale0:ve0");
       return try_register({.name = "ve0"});
     }},

    {"LIST without switches", "ENOENT", list_all},
    {"LIST of a netdev with host side and a port", "vale0:ve0 vale0:ve0^ vale1:p ENOENT",
     list_with_host_side},
    {"a switch from another namespace", "unseen", seen_from_another_namespace},
    {"LIST by name", "0 port=0", [] { return list_after("vale0:a", "vale0:a"); }},
    {"LIST by the name of no port", "0 port=255", [] { return list_after("vale0:a", "vale0:b"); }},
    {"LIST by switch", "0 port=255", [] { return list_after("vale0:a", "vale0:"); }},
    {"LIST by an unknown switch", "ENOENT", [] { return list_after("vale0:a", "vale1:a"); }},
    {"LIST by a name without colon", "ENOENT", [] { return list_after("vale0:a", "vale0"); }},
    {"LIST by a netdev's name", "EINVAL", [] { return list("ve0"); }},
    {"indices count up", "0 port=0 0 port=1 0 port=2", indices},
};

}  // namespace

Table vale_table() {
  return kCases;
}

}  // namespace abi
