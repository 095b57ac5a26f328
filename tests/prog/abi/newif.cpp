// SPDX-License-Identifier: BSD-2-Clause
// SEMANTICS.md 2.9: VALE_NEWIF, VALE_DELIF and what may be done with the netdev between them.
#include "abi.hpp"

namespace abi {

namespace {

std::string newif(const char* name, nmreq_vale_newif body = {}) {
  const std::string got = try_request(NETMAP_REQ_VALE_NEWIF, name, &body);
  if (got != "0") return got;
  return text("0 tx=%ux%u rx=%ux%u mem=%s", body.nr_tx_rings, body.nr_tx_slots, body.nr_rx_rings,
              body.nr_rx_slots, memory_name(body.nr_mem_id).c_str());
}

std::string delif(const char* name) {
  return try_request(NETMAP_REQ_VALE_DELIF, name, nullptr);
}

// Creates pv0, asks, removes pv0 if it is still there.
template <class Question>
std::string with_pv0(Question question) {
  if (const std::string got = newif("pv0"); !got.starts_with("0 ")) return "NEWIF: " + got;
  const std::string got = question();
  delif("pv0");
  return got;
}

std::string attach(const char* name) {
  nmreq_vale_attach body{};
  body.reg = body_of({});
  const std::string got = try_request(NETMAP_REQ_VALE_ATTACH, name, &body);
  return got == "0" ? text("0 port=%u", body.port_index) : got;
}

std::string detach(const char* name) {
  nmreq_vale_detach body{};
  return try_request(NETMAP_REQ_VALE_DETACH, name, &body);
}

nmreq_vale_newif sized(uint32_t slots, uint16_t rings, uint16_t mem_id = 0) {
  return {.nr_tx_slots = slots,
          .nr_rx_slots = slots,
          .nr_tx_rings = rings,
          .nr_rx_rings = rings,
          .nr_mem_id = mem_id,
          .pad1 = 0};
}

std::string sized_then_gone(const nmreq_vale_newif& body) {
  const std::string got = newif("pv1", body);
  delif("pv1");
  return got;
}

// One frame from a to the persistent port, opened by its netdev's name.
std::string receives_when_attached() {
  return with_pv0([] {
    const std::string attached = attach("vale0:pv0");
    const Port a({.name = "vale0:a"});
    const Port persistent({.name = "pv0"});
    if (persistent.err != 0) return error_name(persistent.err);
    a.send_broadcast();
    ioctl(a.fd(), NIOCTXSYNC, 0);
    ioctl(persistent.fd(), NIOCRXSYNC, 0);
    const std::string got = text("%s tail=%u", attached.c_str(), persistent.rx().tail);
    return got;
  });
}

std::string name_kept_while_open() {
  return with_pv0([] {
    attach("vale0:pv0");
    std::string got;
    {
      const Port port({.name = "pv0"});
      nmreq_vale_list list{};
      got = try_request(NETMAP_REQ_VALE_LIST, "vale0:pv0", &list) + text(" %u", list.nr_port_idx);
    }
    return got + " " + detach("vale0:pv0");
  });
}

constexpr Case kCases[] = {
    {"NEWIF", "0 tx=1x1024 rx=1x1024 mem=private", [] { return sized_then_gone({}); }},
    {"NEWIF with 64 slots and 2 rings", "0 tx=2x64 rx=2x64 mem=private",
     [] { return sized_then_gone(sized(64, 2)); }},
    {"NEWIF beyond the limits", "0 tx=16x4096 rx=16x4096 mem=private | ENOMEM",
     [] { return sized_then_gone(sized(5000, 17)); }},
    {"NEWIF in memory 1", "0 tx=1x1024 rx=1x1024 mem=1",
     [] { return sized_then_gone(sized(0, 0, 1)); }},
    {"NEWIF in unknown memory", "EINVAL", [] { return sized_then_gone(sized(0, 0, 777)); }},
    {"NEWIF twice", "EEXIST", [] { return with_pv0([] { return newif("pv0"); }); }},
    {"NEWIF of an existing netdev", "EEXIST", [] { return newif("ve0"); }},
    {"NEWIF of a switch's name", "EINVAL", [] { return newif("vale0:x"); }},
    {"NEWIF 'vale9'", "EINVAL", [] { return newif("vale9"); }},
    {"NEWIF of 16 characters", "EINVAL", [] { return newif("a234567890123456"); }},
    {"NEWIF without a name", "EINVAL", [] { return newif(""); }},
    {"NEWIF makes an Ethernet netdev of MTU 1500", "0",
     [] {
       return with_pv0([] {
         return std::string(shell("ip link show pv0 | grep -q 'mtu 1500'") &&
                                    shell("ip link show pv0 | grep -q ether")
                                ? "0"
                                : "it is not");
       });
     }},

    {"REGISTER the netdev", "0 tx=1x1024 rx=1x1024 host=0,0 mem=private extra=0",
     [] { return with_pv0([] { return Port({.name = "pv0"}).describe(); }); }},
    {"REGISTER its host rings", "EINVAL",
     [] { return with_pv0([] { return try_register({.name = "pv0", .mode = NR_REG_SW}); }); }},
    {"ATTACH it", "0 port=0 0",
     [] {
       return with_pv0([] {
         const std::string got = attach("vale0:pv0");
         return got + " " + detach("vale0:pv0");
       });
     }},
    {"ATTACH it again", "EBUSY",
     [] {
       return with_pv0([] {
         attach("vale0:pv0");
         const std::string got = attach("vale0:pv0");
         detach("vale0:pv0");
         return got;
       });
     }},
    {"it receives when attached", "0 port=0 tail=1",
     [] {
       const std::string got = receives_when_attached();
       detach("vale0:pv0");
       delif("pv0");
       return got;
     }},
    {"its name in the switch stays while it is open", "0 0 0", name_kept_while_open},

    {"DELIF", "0",
     [] {
       newif("pv0");
       return delif("pv0");
     }},
    {"DELIF again", "ENXIO", [] { return delif("pv0"); }},
    {"DELIF of no netdev", "ENXIO", [] { return delif("nosuchif0"); }},
    {"DELIF of another's netdev", "EINVAL", [] { return delif("ve0"); }},
    {"DELIF while attached", "EBUSY",
     [] {
       return with_pv0([] {
         attach("vale0:pv0");
         const std::string got = delif("pv0");
         detach("vale0:pv0");
         return got;
       });
     }},
    {"DELIF while open", "EBUSY",
     [] {
       return with_pv0([] {
         const Port port({.name = "pv0"});
         return delif("pv0");
       });
     }},
};

}  // namespace

Table newif_table() {
  return kCases;
}

}  // namespace abi
