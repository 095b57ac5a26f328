// SPDX-License-Identifier: BSD-2-Clause
// SEMANTICS.md 2.10: threads that poll a netdev on a switch.
#include <cerrno>
#include <cstdio>

#include "abi.hpp"

namespace abi {

namespace {

constexpr const char* kNic = "vale0:poll0";
constexpr uint32_t kSingle = NETMAP_POLLING_MODE_SINGLE_CPU, kMulti = NETMAP_POLLING_MODE_MULTI_CPU;

// One ring each way, on a switch with its host side, for as long as a row takes.
class Nic {
 public:
  Nic() : made_(make_netdev("poll0")) {
    nmreq_vale_attach body{};
    body.reg.nr_mode = NR_REG_NIC_SW;
    if (made_) try_request(NETMAP_REQ_VALE_ATTACH, kNic, &body);
  }
  Nic(const Nic&) = delete;
  Nic& operator=(const Nic&) = delete;
  ~Nic() { shell("ip link del poll0"); }
  bool made() const { return made_; }

 private:
  bool made_;
};

std::string enable(uint32_t mode, uint32_t cpu, uint32_t count, const char* name = kNic) {
  nmreq_vale_polling body{};
  body.nr_mode = mode;
  body.nr_first_cpu_id = cpu;
  body.nr_num_polling_cpus = count;
  return try_request(NETMAP_REQ_VALE_POLLING_ENABLE, name, &body);
}

std::string disable(const char* name = kNic) {
  nmreq_vale_polling body{};
  return try_request(NETMAP_REQ_VALE_POLLING_DISABLE, name, &body);
}

std::string detach() {
  nmreq_vale_detach body{};
  return try_request(NETMAP_REQ_VALE_DETACH, kNic, &body);
}

std::string on_nic(uint32_t mode, uint32_t cpu, uint32_t count, const char* name = kNic) {
  const Nic nic;
  return nic.made() ? enable(mode, cpu, count, name) : "SKIP no netdev can be made here";
}

std::string life() {
  const Nic nic;
  if (!nic.made()) return "SKIP no netdev can be made here";
  std::string got = disable();
  got += " on " + enable(kSingle, 0, 1);
  got += " again " + enable(kSingle, 0, 1);
  got += " detach " + detach();
  got += " off " + disable();
  got += " again " + disable();
  return got + " detach " + detach();
}

std::string of_ephemeral() {
  const Port port({.name = "vale0:e"});
  return enable(kSingle, 0, 1, "vale0:e") + " " + disable("vale0:e");
}

std::string of_persistent() {
  nmreq_vale_newif newif{};
  nmreq_vale_attach body{};
  body.reg.nr_mode = NR_REG_ALL_NIC;
  try_request(NETMAP_REQ_VALE_NEWIF, "pollp0", &newif);
  try_request(NETMAP_REQ_VALE_ATTACH, "vale0:pollp0", &body);
  const std::string got = enable(kSingle, 0, 1, "vale0:pollp0");
  nmreq_vale_detach off{};
  try_request(NETMAP_REQ_VALE_DETACH, "vale0:pollp0", &off);
  try_request(NETMAP_REQ_VALE_DELIF, "pollp0", nullptr);
  return got;
}

std::string legacy(uint16_t command, uint32_t flags, uint16_t cpu, uint16_t count) {
  nmreq req{};
  snprintf(req.nr_name, sizeof(req.nr_name), "%s", kNic);
  req.nr_version = NETMAP_API;
  req.nr_cmd = command;
  req.nr_flags = flags;
  req.nr_ringid = cpu;
  req.nr_arg1 = count;
  return legacy_call(open_device(), NIOCREGIF, req);
}

std::string legacy_life(uint32_t flags) {
  const Nic nic;
  if (!nic.made()) return "SKIP no netdev can be made here";
  const std::string on = legacy(NETMAP_BDG_POLLING_ON, flags, 0, 1);
  const std::string off = legacy(NETMAP_BDG_POLLING_OFF, 0, 0, 0);
  return on + " " + off + " " + detach();
}

constexpr Case kCases[] = {
    {"on and off", "EFAULT on 0 again EFAULT detach EBUSY off 0 again EFAULT detach 0", life},
    {"ring 0 on CPU 0", "0", [] { return on_nic(kMulti, 0, 1); }},
    {"more CPUs than rings", "EINVAL", [] { return on_nic(kMulti, 0, 2); }},
    {"no ring of that CPU's number", "EINVAL", [] { return on_nic(kMulti, 1, 1); }},
    {"two CPUs for all rings", "EINVAL", [] { return on_nic(kSingle, 0, 2); }},
    {"no CPU", "EINVAL", [] { return on_nic(kSingle, 0, 0); }},
    {"a CPU that is not there", "EINVAL", [] { return on_nic(kSingle, 100000, 1); }},
    {"CPUs beyond all numbers", "EINVAL", [] { return on_nic(kMulti, ~0u, 2); }},
    {"more CPUs than there are", "EINVAL", [] { return on_nic(kMulti, 0, ~0u); }},
    {"mode 0", "EINVAL", [] { return on_nic(0, 0, 1); }},
    {"mode 3", "EINVAL", [] { return on_nic(3, 0, 1); }},
    {"the host's side", "EOPNOTSUPP", [] { return on_nic(kSingle, 0, 1, "vale0:poll0^"); }},
    {"a port of a program", "EOPNOTSUPP EOPNOTSUPP", of_ephemeral},
    {"a persistent port", "EOPNOTSUPP", of_persistent},
    {"no such port", "ENXIO", [] { return enable(kSingle, 0, 1, "vale0:none"); }},
    {"off without such a port", "ENXIO", [] { return disable("vale0:none"); }},
    {"no switch's name", "EINVAL", [] { return enable(kSingle, 0, 1, "poll0"); }},
    {"a malformed name", "ENXIO", [] { return enable(kSingle, 0, 1, "vale0"); }},
    {"legacy: all rings", "0 0 0", [] { return legacy_life(NR_REG_ALL_NIC); }},
    {"legacy: a CPU a ring", "0 0 0", [] { return legacy_life(NR_REG_ONE_NIC); }},
    {"legacy: another mode", "EINVAL EFAULT 0", [] { return legacy_life(NR_REG_SW); }},
};

}  // namespace

Table polling_table() {
  return kCases;
}

}  // namespace abi
