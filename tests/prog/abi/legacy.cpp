// SPDX-License-Identifier: BSD-2-Clause
// SEMANTICS.md 8: the calls of before API 14.
#include <sys/mman.h>

#include <cerrno>
#include <cstring>

#include "abi.hpp"

namespace abi {

namespace {

nmreq legacy(const char* name, uint32_t flags = 0, uint16_t ringid = 0) {
  nmreq req{};
  snprintf(req.nr_name, sizeof(req.nr_name), "%s", name);
  req.nr_version = NETMAP_API;
  req.nr_flags = flags;
  req.nr_ringid = ringid;
  return req;
}

nmreq command(const char* name, uint16_t number, uint16_t arg1 = 0, uint16_t arg2 = 0) {
  nmreq req = legacy(name);
  req.nr_cmd = number;
  req.nr_arg1 = arg1;
  req.nr_arg2 = arg2;
  return req;
}

std::string regif(nmreq req) {
  return legacy_call(open_device(), NIOCREGIF, req);
}

std::string ginfo(nmreq req) {
  return legacy_call(open_device(), NIOCGINFO, req);
}

std::string describe(const nmreq& req) {
  return text("size=%u tx=%ux%u rx=%ux%u ringid=%#x cmd=%u arg1=%u mem=%s arg3=%u flags=%#x ver=%u",
              req.nr_memsize, req.nr_tx_rings, req.nr_tx_slots, req.nr_rx_rings, req.nr_rx_slots,
              req.nr_ringid, req.nr_cmd, req.nr_arg1, memory_name(req.nr_arg2).c_str(), req.nr_arg3,
              req.nr_flags, req.nr_version);
}

std::string describe_regif(nmreq req) {
  const Fd fd = open_device();
  const std::string got = legacy_call(fd, NIOCREGIF, req);
  return got == "0" ? "0 " + describe(req) : got;
}

std::string describe_ginfo(nmreq req) {
  const Fd fd = open_device();
  const std::string got = legacy_call(fd, NIOCGINFO, req);
  return got == "0" ? "0 " + describe(req) : got;
}

std::string with_version(uint32_t version) {
  nmreq req = legacy("vale0:l");
  req.nr_version = version;
  return regif(req);
}

// Of version 13 with two host rings, of version 13 with one, each way.
std::string many_host_rings() {
  nmreq req = legacy("ve0");
  req.nr_version = 13;
  std::string got;
  {
    const Port port({.name = "ve0", .host_rings = 2});
    got = error_name(port.err) + " " + regif(req) + " ";
  }
  return got + regif(req);
}

// Which rings a legacy call binds, by the offsets of its netmap_if.
std::string bound(const nmreq& ask) {
  nmreq req = ask;
  const Fd fd = open_device();
  if (const std::string got = legacy_call(fd, NIOCREGIF, req); got != "0") return got;
  void* mem = mmap(nullptr, req.nr_memsize, PROT_READ, MAP_SHARED, fd.get(), 0);
  if (mem == MAP_FAILED) return error_name(errno);
  const netmap_if* nifp = NETMAP_IF(mem, req.nr_offset);
  std::string got = "0 ofs:";
  for (uint32_t i = 0; i < 4; i++) got += nifp->ring_ofs[i] != 0 ? " set" : " 0";
  munmap(mem, req.nr_memsize);
  return got;
}

std::string fields_after_failure() {
  nmreq req = legacy("vale0:l");
  req.nr_arg2 = 777;
  req.nr_tx_slots = 5;
  req.nr_memsize = 6;
  memset(req.nr_name, 'v', sizeof(req.nr_name));
  const std::string got = legacy_call(open_device(), NIOCREGIF, req);
  return text("%s slots=%u memsize=%u end=%d", got.c_str(), req.nr_tx_slots, req.nr_memsize,
              req.nr_name[sizeof(req.nr_name) - 1]);
}

std::string attach_list_detach(uint16_t host) {
  std::string got = regif(command("vale0:ve0", NETMAP_BDG_ATTACH, host));
  got += " " + ginfo(command("vale0:ve0^", NETMAP_BDG_LIST));
  nmreq req = command("vale0:ve0", NETMAP_BDG_LIST);
  got += " " + legacy_call(open_device(), NIOCGINFO, req) + text(" port=%u", req.nr_arg2);
  return got + " " + regif(command("vale0:ve0", NETMAP_BDG_DETACH));
}

std::string list_first() {
  const Port port({.name = "vale3:q"});
  nmreq req = command("", NETMAP_BDG_LIST);
  const std::string got = legacy_call(open_device(), NIOCGINFO, req);
  return got + " " + req.nr_name + text(" port=%u", req.nr_arg2);
}

std::string newif_delif() {
  nmreq req = command("pv0", NETMAP_BDG_NEWIF);
  std::string got = legacy_call(open_device(), NIOCREGIF, req);
  got += text(" tx=%ux%u rx=%ux%u mem=%s", req.nr_tx_rings, req.nr_tx_slots, req.nr_rx_rings,
              req.nr_rx_slots, memory_name(req.nr_arg2).c_str());
  got += " " + regif(command("pv0", NETMAP_BDG_DELIF));
  return got + " " + regif(command("pv0", NETMAP_BDG_DELIF));
}

std::string extra_buffers() {
  nmreq req = legacy("vale0:l");
  req.nr_arg3 = 8;
  return describe_regif(req);
}

constexpr Case kCases[] = {
    {"version 1", "EINVAL", [] { return with_version(1); }},
    {"version 3", "EINVAL", [] { return with_version(3); }},
    {"version 10", "EINVAL", [] { return with_version(10); }},
    {"version 11", "0", [] { return with_version(11); }},
    {"version 12", "0", [] { return with_version(12); }},
    {"version 13", "0", [] { return with_version(13); }},
    {"version 13 where there are more host rings", "0 EINVAL 0", many_host_rings},
    {"version 14", "0", [] { return with_version(14); }},
    {"version 15", "0", [] { return with_version(15); }},
    {"version 16", "0", [] { return with_version(16); }},
    {"version 2^32-1", "0", [] { return with_version(~0u); }},
    {"NIOCGINFO version 13", "0",
     [] {
       nmreq req = legacy("ve0");
       req.nr_version = 13;
       return ginfo(req);
     }},

    {"NIOCREGIF",
     "0 size=42369024 tx=1x1024 rx=1x1024 ringid=0 cmd=0 arg1=0 mem=private arg3=0 flags=0 ver=14",
     [] { return describe_regif(legacy("vale0:l")); }},
    {"NIOCREGIF mode ALL_NIC",
     "0 size=42369024 tx=1x1024 rx=1x1024 ringid=0 cmd=0 arg1=0 mem=private arg3=0 flags=0x1 "
     "ver=14",
     [] { return describe_regif(legacy("vale0:l", NR_REG_ALL_NIC)); }},
    {"NIOCREGIF mode SW", "EINVAL", [] { return regif(legacy("vale0:l", NR_REG_SW)); }},
    {"NIOCREGIF mode NIC_SW", "EINVAL", [] { return regif(legacy("vale0:l", NR_REG_NIC_SW)); }},
    {"NIOCREGIF mode ONE_NIC",
     "0 size=42369024 tx=1x1024 rx=1x1024 ringid=0 cmd=0 arg1=0 mem=private arg3=0 flags=0x4 "
     "ver=14",
     [] { return describe_regif(legacy("vale0:l", NR_REG_ONE_NIC)); }},
    {"NIOCREGIF 8 extra buffers",
     "0 size=42385408 tx=1x1024 rx=1x1024 ringid=0 cmd=0 arg1=0 mem=private arg3=8 flags=0 ver=14",
     extra_buffers},
    {"NIOCREGIF 64 slots",
     "0 size=8814592 tx=1x64 rx=1x64 ringid=0 cmd=0 arg1=0 mem=private arg3=0 flags=0 ver=14",
     [] {
       nmreq req = legacy("vale0:l");
       req.nr_tx_slots = req.nr_rx_slots = 64;
       return describe_regif(req);
     }},
    {"NIOCREGIF all rings of a netdev", "0 ofs: set 0 set 0", [] { return bound(legacy("ve0")); }},
    {"NIOCREGIF NETMAP_SW_RING", "0 ofs: 0 set 0 set",
     [] { return bound(legacy("ve0", 0, NETMAP_SW_RING)); }},
    {"NIOCREGIF NETMAP_HW_RING 0", "0 ofs: set 0 set 0",
     [] { return bound(legacy("ve0", 0, NETMAP_HW_RING)); }},
    {"NIOCREGIF NETMAP_HW_RING 1 of 1", "EINVAL",
     [] { return bound(legacy("ve0", 0, NETMAP_HW_RING | 1)); }},
    {"NIOCREGIF mode NIC_SW of a netdev", "0 ofs: set set set set",
     [] { return bound(legacy("ve0", NR_REG_NIC_SW)); }},
    {"NIOCREGIF mode wins over ring bits", "0 ofs: set 0 set 0",
     [] { return bound(legacy("ve0", NR_REG_ALL_NIC, NETMAP_SW_RING)); }},
    {"NIOCREGIF poll bits in nr_ringid", "0 ofs: set 0 set 0",
     [] { return bound(legacy("ve0", 0, NETMAP_NO_TX_POLL | NETMAP_DO_RX_POLL)); }},
    {"NIOCREGIF RX only", "0 ofs: 0 0 set 0",
     [] { return bound(legacy("ve0", NR_REG_ALL_NIC | NR_RX_RINGS_ONLY)); }},
    {"NIOCREGIF mode 9", "EINVAL", [] { return regif(legacy("vale0:l", 9)); }},
    {"NIOCREGIF unknown memory", "EINVAL",
     [] {
       nmreq req = legacy("vale0:l");
       req.nr_arg2 = 777;
       return regif(req);
     }},
    {"NIOCREGIF no netdev", "ENXIO", [] { return regif(legacy("nosuchif0")); }},
    {"NIOCREGIF malformed switch name", "ENOMEM", [] { return regif(legacy("vale-1:x")); }},
    {"NIOCREGIF twice", "0 EBUSY",
     [] {
       const Fd fd = open_device();
       nmreq req = legacy("vale0:l");
       nmreq again = req;
       const std::string got = legacy_call(fd, NIOCREGIF, req);
       return got + " " + legacy_call(fd, NIOCREGIF, again);
     }},
    {"NIOCREGIF failed: fields and name's end", "EINVAL slots=5 memsize=6 end=0",
     fields_after_failure},

    {"NIOCGINFO of a netdev",
     "0 size=343019520 tx=1x1024 rx=1x1024 ringid=0 cmd=0 arg1=0 mem=1 arg3=0 flags=0 ver=14",
     [] { return describe_ginfo(legacy("ve0")); }},
    {"NIOCGINFO of no netdev", "ENXIO", [] { return ginfo(legacy("nosuchif0")); }},
    {"NIOCGINFO LIST nothing", "ENOENT", [] { return ginfo(command("", NETMAP_BDG_LIST)); }},
    {"NIOCGINFO LIST first", "0 vale3:q port=0", list_first},
    {"ATTACH, LIST, DETACH", "0 0 0 port=0 0", [] { return attach_list_detach(0); }},
    {"ATTACH with host, LIST, DETACH", "0 0 0 port=0 0",
     [] { return attach_list_detach(NETMAP_BDG_HOST); }},
    {"ATTACH no netdev", "EINVAL",
     [] { return regif(command("vale0:nosuchif0", NETMAP_BDG_ATTACH)); }},
    {"DETACH nothing", "ENXIO", [] { return regif(command("vale0:ve0", NETMAP_BDG_DETACH)); }},
    {"NEWIF, DELIF, DELIF", "0 tx=1x1024 rx=1x1024 mem=private 0 ENXIO", newif_delif},
    {"NIOCREGIF REGOPS", "EINVAL", [] { return regif(command("vale0:l", NETMAP_BDG_REGOPS)); }},
    {"NIOCREGIF LIST", "EINVAL", [] { return regif(command("vale0:l", NETMAP_BDG_LIST)); }},
    {"NIOCREGIF command 13", "EINVAL", [] { return regif(command("vale0:l", 13)); }},
    {"NIOCREGIF PT_HOST_CREATE", "EOPNOTSUPP",
     [] { return regif(command("vale0:l", NETMAP_PT_HOST_CREATE)); }},
    {"NIOCREGIF PT_HOST_DELETE", "EOPNOTSUPP",
     [] { return regif(command("vale0:l", NETMAP_PT_HOST_DELETE)); }},
};

}  // namespace

Table legacy_table() {
  return kCases;
}

}  // namespace abi
