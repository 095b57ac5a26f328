// SPDX-License-Identifier: BSD-2-Clause
// SEMANTICS.md 2.3, 2.4, 2.12: PORT_INFO_GET, POOLS_INFO_GET, memory ids.
#include "abi.hpp"

namespace abi {

namespace {

std::string port_info(const char* name, nmreq_port_info_get body = {}) {
  const std::string got = try_request(NETMAP_REQ_PORT_INFO_GET, name, &body);
  if (got != "0") return got;
  return text("0 size=%llu tx=%ux%u rx=%ux%u host=%u,%u mem=%s",
              static_cast<unsigned long long>(body.nr_memsize), body.nr_tx_rings, body.nr_tx_slots,
              body.nr_rx_rings, body.nr_rx_slots, body.nr_host_tx_rings, body.nr_host_rx_rings,
              memory_name(body.nr_mem_id).c_str());
}

nmreq_port_info_get with_memory(uint16_t mem_id) {
  nmreq_port_info_get body{};
  body.nr_mem_id = mem_id;
  return body;
}

std::string pools_info(const char* name, uint16_t mem_id) {
  nmreq_pools_info body{};
  body.nr_mem_id = mem_id;
  const std::string got = try_request(NETMAP_REQ_POOLS_INFO_GET, name, &body);
  if (got != "0") return got;
  return text("0 size=%llu mem=%s if=%llu:%ux%u ring=%llu:%ux%u buf=%llu:%ux%u",
              static_cast<unsigned long long>(body.nr_memsize), memory_name(body.nr_mem_id).c_str(),
              static_cast<unsigned long long>(body.nr_if_pool_offset), body.nr_if_pool_objtotal,
              body.nr_if_pool_objsize, static_cast<unsigned long long>(body.nr_ring_pool_offset),
              body.nr_ring_pool_objtotal, body.nr_ring_pool_objsize,
              static_cast<unsigned long long>(body.nr_buf_pool_offset), body.nr_buf_pool_objtotal,
              body.nr_buf_pool_objsize);
}

// Moved up by some lines of a cache (docs/abi.md).
std::string where_buffers_begin() {
  nmreq_pools_info body{};
  const std::string got = try_request(NETMAP_REQ_POOLS_INFO_GET, "vale0:i", &body);
  const uint64_t moved = body.nr_buf_pool_offset - 421888;
  if (got != "0" || moved == 0 || moved >= 2048 || moved % 64 != 0)
    return text("%s, %llu", got.c_str(), static_cast<unsigned long long>(body.nr_buf_pool_offset));
  return "421888 and less than 32 lines";
}

std::string nothing_left() {
  port_info("vale7:t");
  pools_info("vale7:t", 0);
  nmreq_vale_list list{};
  return try_request(NETMAP_REQ_VALE_LIST, "vale7:t", &list);
}

std::string of_attached_netdev() {
  nmreq_vale_attach attach{};
  nmreq_vale_detach detach{};
  attach.reg = body_of({});
  if (const std::string got = try_request(NETMAP_REQ_VALE_ATTACH, "vale0:ve0", &attach); got != "0")
    return "attach: " + got;
  const std::string got = port_info("ve0");
  try_request(NETMAP_REQ_VALE_DETACH, "vale0:ve0", &detach);
  return got;
}

// The query asks for two host rings; the port must not keep them.
std::string host_rings_not_kept() {
  nmreq_port_info_get body{};
  body.nr_host_tx_rings = body.nr_host_rx_rings = 2;
  try_request(NETMAP_REQ_PORT_INFO_GET, "ve0", &body);
  const Port port({.name = "ve0", .mode = NR_REG_NIC_SW});
  return port.describe();
}

std::string second_in_memory_of_first() {
  const Port first({.name = "vale0:a"});
  const Port second({.name = "vale0:b", .mem_id = first.reg.nr_mem_id});
  if (second.err != 0) return error_name(second.err);
  const Port other({.name = "vale0:c"});
  return text("%s %s", second.reg.nr_mem_id == first.reg.nr_mem_id ? "same" : "different",
              other.reg.nr_mem_id == first.reg.nr_mem_id ? "same" : "different");
}

std::string id_gone_with_its_user() {
  uint16_t id = 0;
  {
    const Port port({.name = "vale0:a"});
    id = port.reg.nr_mem_id;
  }
  return try_register({.name = "vale0:b", .mem_id = id});
}

std::string netdev_in_other_memory() {
  const Port first({.name = "vale0:a"});
  std::string got;
  {
    const Port netdev({.name = "ve0", .mem_id = first.reg.nr_mem_id});
    got = netdev.err != 0                               ? error_name(netdev.err)
          : netdev.reg.nr_mem_id == first.reg.nr_mem_id ? "theirs"
                                                        : "own";
  }
  return got + " then " + memory_name(Port({.name = "ve0"}).reg.nr_mem_id);
}

constexpr Case kCases[] = {
    {"PORT_INFO_GET of a new VALE port", "0 size=42369024 tx=1x1024 rx=1x1024 host=0,0 mem=private",
     [] { return port_info("vale0:i"); }},
    {"PORT_INFO_GET of a VALE port", "0 size=8814592 tx=1x64 rx=1x64 host=0,0 mem=private",
     [] {
       const Port port({.name = "vale0:i", .tx_slots = 64, .rx_slots = 64});
       return port_info("vale0:i");
     }},
    {"PORT_INFO_GET leaves nothing", "ENOENT", nothing_left},
    {"PORT_INFO_GET of a netdev", "0 size=343019520 tx=1x1024 rx=1x1024 host=1,1 mem=1",
     [] { return port_info("ve0"); }},
    {"PORT_INFO_GET of an attached netdev",
     "0 size=343019520 tx=1x1024 rx=1x1024 host=1,1 mem=1 | "
     "0 size=343019520 tx=1x1024 rx=1x1024 host=0,0 mem=1",
     of_attached_netdev},
    {"PORT_INFO_GET leaves the host rings alone", "0 tx=1x1024 rx=1x1024 host=1,1 mem=1 extra=0",
     host_rings_not_kept},
    {"PORT_INFO_GET of a switch port named as a netdev", "EINVAL",
     [] { return port_info("vale1:ve0"); }},
    {"PORT_INFO_GET of no netdev", "ENXIO", [] { return port_info("nosuchif0"); }},
    {"PORT_INFO_GET of a malformed VALE name", "ENOMEM", [] { return port_info("vale-1:x"); }},
    {"PORT_INFO_GET of the global region", "0 size=343019520 tx=0x0 rx=0x0 host=0,0 mem=1",
     [] { return port_info(""); }},
    {"PORT_INFO_GET of region 1", "0 size=343019520 tx=0x0 rx=0x0 host=0,0 mem=1",
     [] { return port_info("", with_memory(1)); }},
    {"PORT_INFO_GET of an unknown region", "EINVAL",
     [] { return port_info("", with_memory(777)); }},
    {"PORT_INFO_GET in an unknown region", "EINVAL",
     [] { return port_info("vale0:i", with_memory(777)); }},

    {"POOLS_INFO_GET of a VALE port",
     "0 size=42369024 mem=private if=0:12x1024 ring=12288:20x20480 buf=421888:20482x2048",
     [] {
       const AsReference placed;
       return pools_info("vale0:i", 0);
     }},
    {"where POOLS_INFO_GET has the buffers of a VALE port", "421888 and less than 32 lines",
     where_buffers_begin},
    {"POOLS_INFO_GET of a netdev",
     "0 size=343019520 mem=1 if=0:100x1024 ring=102400:200x36864 buf=7475200:163840x2048",
     [] { return pools_info("ve0", 0); }},
    {"POOLS_INFO_GET without a name", "ENXIO", [] { return pools_info("", 0); }},
    {"POOLS_INFO_GET of region 1 without a name", "ENXIO", [] { return pools_info("", 1); }},
    {"POOLS_INFO_GET in an unknown region", "EINVAL", [] { return pools_info("vale0:i", 777); }},
    {"POOLS_INFO_GET of no netdev", "ENXIO", [] { return pools_info("nosuchif0", 0); }},

    {"a port in another's memory", "same different", second_in_memory_of_first},
    {"a memory id goes with its last user", "EINVAL", id_gone_with_its_user},
    {"an idle netdev takes the memory named, while in use", "theirs then 1",
     netdev_in_other_memory},
};

}  // namespace

Table info_table() {
  return kCases;
}

}  // namespace abi
