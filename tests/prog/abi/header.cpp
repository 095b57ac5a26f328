// SPDX-License-Identifier: BSD-2-Clause
// SEMANTICS.md 2.5: the length of the header in front of a port's packets.
#include <cerrno>

#include "abi.hpp"

namespace abi {

namespace {

std::string set(const char* name, uint32_t length) {
  nmreq_port_hdr body{};
  body.nr_hdr_len = length;
  return try_request(NETMAP_REQ_PORT_HDR_SET, name, &body);
}

std::string get(const char* name) {
  nmreq_port_hdr body{};
  body.nr_hdr_len = 99;
  const std::string got = try_request(NETMAP_REQ_PORT_HDR_GET, name, &body);
  return got + text(" %u", body.nr_hdr_len);
}

std::string on_vale(uint32_t length) {
  const Port port({.name = "vale0:h"});
  const std::string done = set("vale0:h", length);
  return done + ", " + get("vale0:h");
}

std::string back_to_none() {
  const Port port({.name = "vale0:h"});
  return set("vale0:h", 12) + " " + set("vale0:h", 0) + ", " + get("vale0:h");
}

std::string gone_with_its_port() {
  {
    const Port port({.name = "vale0:h"});
    set("vale0:h", 12);
  }
  const Port port({.name = "vale0:h"});
  return get("vale0:h");
}

std::string join(uint64_t flags) {
  const Port first({.name = "vale0:h"});
  set("vale0:h", 10);
  return try_register({.name = "vale0:h", .flags = flags});
}

std::string bound_before() {
  const Port port({.name = "vale0:h"});
  set("vale0:h", 12);
  return text("%d %d", ioctl(port.fd(), NIOCTXSYNC), ioctl(port.fd(), NIOCRXSYNC));
}

std::string on_pipe() {
  const Port pipe({.name = "vale0:h{1"});
  return set("vale0:h{1", 12) + ", " + get("vale0:h{1") + ", " + get("vale0:h{2");
}

std::string on_nic(uint32_t length) {
  nmreq_vale_attach attach{};
  attach.reg = body_of({});
  if (const std::string done = try_request(NETMAP_REQ_VALE_ATTACH, "vale0:ve0", &attach);
      done != "0")
    return done;
  const std::string got = set("vale0:ve0", length) + ", " + get("vale0:ve0");
  nmreq_vale_detach detach{};
  try_request(NETMAP_REQ_VALE_DETACH, "vale0:ve0", &detach);
  return got;
}

std::string legacy(uint16_t number, uint16_t& length) {
  nmreq req{};
  snprintf(req.nr_name, sizeof(req.nr_name), "vale0:h");
  req.nr_version = NETMAP_API;
  req.nr_cmd = number;
  req.nr_arg1 = length;
  const std::string got = legacy_call(open_device(), NIOCREGIF, req);
  length = req.nr_arg1;
  return got;
}

std::string legacy_both() {
  const Port port({.name = "vale0:h"});
  uint16_t length = 12;
  std::string got = legacy(NETMAP_BDG_VNET_HDR, length) + " ";
  length = 99;
  got += legacy(NETMAP_VNET_HDR_GET, length);
  return got + text(" %u", length);
}

constexpr Case kCases[] = {
    {"none at first", "0 0",
     [] {
       const Port port({.name = "vale0:h"});
       return get("vale0:h");
     }},
    {"10 bytes", "0, 0 10", [] { return on_vale(10); }},
    {"12 bytes", "0, 0 12", [] { return on_vale(12); }},
    {"11 bytes", "EINVAL, 0 0", [] { return on_vale(11); }},
    {"more than 32 bits of them", "EINVAL, 0 0", [] { return on_vale(0x80000000); }},
    {"and none again", "0 0, 0 0", back_to_none},
    {"a new port of that name", "0 0", gone_with_its_port},
    {"SET on no port", "ENXIO", [] { return set("vale0:nobody", 12); }},
    {"SET on a netdev", "ENXIO", [] { return set("ve0", 12); }},
    {"GET of a netdev", "0 0", [] { return get("ve0"); }},
    {"GET of no port", "ENXIO 99", [] { return get("vale0:nobody"); }},
    {"GET of no netdev", "ENXIO 99", [] { return get("nobody"); }},
    {"GET of a name that is none", "ENXIO 99", [] { return get("vale0"); }},
    {"a pipe", "ENXIO, 0 0, ENODEV 99", on_pipe},
    {"an attached netdev has none", "EOPNOTSUPP, 0 0", [] { return on_nic(12); }},
    {"nor needs to be told so", "0, 0 0", [] { return on_nic(0); }},
    {"REGISTER by one who knows nothing of it", "EIO", [] { return join(0); }},
    {"REGISTER by one who does", "0", [] { return join(NR_ACCEPT_VNET_HDR); }},
    {"who was there before stays", "0 0", bound_before},
    {"legacy", "0 0 12", legacy_both},
};

}  // namespace

Table header_table() {
  return kCases;
}

}  // namespace abi
