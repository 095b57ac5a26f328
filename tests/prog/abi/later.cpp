// SPDX-License-Identifier: BSD-2-Clause
// What this version does not do yet and says so: when it does, the row moves to its section.
#include <cerrno>

#include "abi.hpp"

namespace abi {

namespace {

std::string polling(uint16_t type) {
  nmreq_vale_polling body{};
  body.nr_mode = NETMAP_POLLING_MODE_SINGLE_CPU;
  body.nr_num_polling_cpus = 1;
  return try_request(type, "vale0:ve0", &body);
}

std::string legacy(uint16_t number, uint32_t flags) {
  nmreq req{};
  snprintf(req.nr_name, sizeof(req.nr_name), "vale0:l");
  req.nr_version = NETMAP_API;
  req.nr_cmd = number;
  req.nr_flags = flags;
  return legacy_call(open_device(), NIOCREGIF, req);
}

constexpr Case kCases[] = {
    {"VALE_POLLING_ENABLE", "EOPNOTSUPP", [] { return polling(NETMAP_REQ_VALE_POLLING_ENABLE); }},
    {"VALE_POLLING_DISABLE", "EOPNOTSUPP", [] { return polling(NETMAP_REQ_VALE_POLLING_DISABLE); }},
    {"legacy POLLING_ON", "EOPNOTSUPP",
     [] { return legacy(NETMAP_BDG_POLLING_ON, NR_REG_ALL_NIC); }},
    {"legacy POLLING_OFF", "EOPNOTSUPP",
     [] { return legacy(NETMAP_BDG_POLLING_OFF, NR_REG_ALL_NIC); }},
};

}  // namespace

Table later_table() {
  return kCases;
}

}  // namespace abi
