// SPDX-License-Identifier: BSD-2-Clause
// linux/vale.h: VALE_IOC_CONFINE, and what a confined descriptor may do.
#include <fcntl.h>
#include <linux/vale.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "abi.hpp"

namespace abi {

namespace {

int confine(int fd, const char* name) {
  vale_confine to{};
  strncpy(to.name, name, sizeof(to.name) - 1);
  return ioctl(fd, VALE_IOC_CONFINE, &to) == 0 ? 0 : errno;
}

std::string newif(const char* name, uint16_t mem_id = 0) {
  nmreq_vale_newif body{};
  body.nr_mem_id = mem_id;
  return try_request(NETMAP_REQ_VALE_NEWIF, name, &body);
}

std::string attach(const char* name) {
  nmreq_vale_attach body{};
  body.reg = body_of({});
  return try_request(NETMAP_REQ_VALE_ATTACH, name, &body);
}

// "0", or what failed first.
std::string make_port(const char* name, uint16_t mem_id = 0) {
  const std::string got = newif(strchr(name, ':') + 1, mem_id);
  return got == "0" ? attach(name) : got;
}

void remove_port(const char* name) {
  nmreq_vale_detach body{};
  try_request(NETMAP_REQ_VALE_DETACH, name, &body);
  try_request(NETMAP_REQ_VALE_DELIF, strchr(name, ':') + 1, nullptr);
}

// Persistent ports cp0 and cp1 on vale0, while the question is asked of a descriptor that is
// confined to vale0:cp0.
template <class Question>
std::string confined(Question question) {
  std::string got = make_port("vale0:cp0");
  if (got == "0") got = make_port("vale0:cp1");
  if (got == "0") {
    Fd fd = open_device();
    const int err = confine(fd.get(), "vale0:cp0");
    got = err == 0 ? question(std::move(fd)) : "confine: " + error_name(err);
  }
  remove_port("vale0:cp0");
  remove_port("vale0:cp1");
  return got;
}

std::string try_confine(const char* name) {
  return error_name(confine(open_device().get(), name));
}

std::string open_as(const Ask& ask) {
  return confined([&](Fd fd) { return Port(std::move(fd), ask).describe(); });
}

std::string asked(uint16_t type, const char* name, void* body) {
  return confined([&](const Fd& fd) { return error_name(request(fd.get(), type, name, body)); });
}

std::string asked(uint16_t type, const char* name) {
  uint64_t body[32]{};
  return asked(type, name, body);
}

std::string legacy(const char* name, uint16_t command) {
  return confined([&](Fd fd) {
    nmreq req{};
    snprintf(req.nr_name, sizeof(req.nr_name), "%s", name);
    req.nr_version = NETMAP_API;
    req.nr_cmd = command;
    return legacy_call(fd, NIOCREGIF, req);
  });
}

std::string info(const char* name, uint16_t mem_id) {
  return confined([&](Fd fd) {
    nmreq_port_info_get body{};
    body.nr_mem_id = mem_id;
    const int err = request(fd.get(), NETMAP_REQ_PORT_INFO_GET, name, &body);
    return err != 0 ? error_name(err) : "0 mem=" + memory_name(body.nr_mem_id);
  });
}

// The address is never looked at.
std::string in_own_memory() {
  nmreq_opt_extmem option{};
  option.nro_opt.nro_reqtype = NETMAP_REQ_OPT_EXTMEM;
  return open_as({.name = "vale0:cp0", .option = &option.nro_opt});
}

// In a namespace without any switch.
std::string opened_elsewhere() {
  return confined([](Fd fd) {
    const Fd home(open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC));
    if (unshare(CLONE_NEWNET) != 0) return std::string("SKIP no namespaces");
    std::string got;
    {
      const Port port(std::move(fd), {.name = "vale0:cp0"});
      got = error_name(port.err) + " " + try_confine("vale0:cp0");
    }
    return setns(home.get(), CLONE_NEWNET) == 0 ? got : "cannot go back";
  });
}

std::string exchanged() {
  return confined([](Fd fd) {
    const Port own(std::move(fd), {.name = "vale0:cp0"});
    const Port other({.name = "vale0:cp1"});
    if (own.err != 0 || other.err != 0) return error_name(own.err) + error_name(other.err);
    send(own, 2);
    send(other, 1, 7);
    ioctl(own.fd(), NIOCTXSYNC, 0);
    ioctl(other.fd(), NIOCTXSYNC, 0);
    ioctl(other.fd(), NIOCRXSYNC, 0);
    ioctl(own.fd(), NIOCRXSYNC, 0);
    return receive(other) + "/ " + receive(own);
  });
}

// What has the name now is another port.
std::string after_it_was_made_anew() {
  return confined([](Fd fd) {
    remove_port("vale0:cp0");
    nmreq_register body = body_of({});
    std::string got = error_name(request(fd.get(), NETMAP_REQ_REGISTER, "vale0:cp0", &body));
    if (make_port("vale0:cp0") != "0") return std::string("cannot make it anew");
    body = body_of({});
    got += " " + error_name(request(fd.get(), NETMAP_REQ_REGISTER, "vale0:cp0", &body));
    nmreq_port_info_get asked{};
    got += " " + error_name(request(fd.get(), NETMAP_REQ_PORT_INFO_GET, "vale0:cp0", &asked));
    nmreq_port_hdr header{};
    return got + " " + error_name(request(fd.get(), NETMAP_REQ_PORT_HDR_GET, "vale0:cp0", &header));
  });
}

std::string after_it_left_its_switch() {
  return confined([](Fd fd) {
    nmreq_vale_detach body{};
    try_request(NETMAP_REQ_VALE_DETACH, "vale0:cp0", &body);
    nmreq_register reg = body_of({});
    std::string got = error_name(request(fd.get(), NETMAP_REQ_REGISTER, "vale0:cp0", &reg));
    attach("vale0:cp0");
    reg = body_of({});
    return got + " " + error_name(request(fd.get(), NETMAP_REQ_REGISTER, "vale0:cp0", &reg));
  });
}

std::string in_the_global_region() {
  std::string got = make_port("vale0:cp2", 1);
  if (got == "0") got = try_confine("vale0:cp2");
  remove_port("vale0:cp2");
  return got;
}

std::string on_a_nic() {
  std::string got = attach("vale0:ve0");
  if (got == "0") got = try_confine("vale0:ve0");
  nmreq_vale_detach body{};
  try_request(NETMAP_REQ_VALE_DETACH, "vale0:ve0", &body);
  return got;
}

std::string unterminated() {
  vale_confine to{};
  memset(to.name, 'x', sizeof(to.name));
  memcpy(to.name, "vale0:", 6);
  return ioctl(open_device().get(), VALE_IOC_CONFINE, &to) == 0 ? "0" : error_name(errno);
}

constexpr Case kCases[] = {
    {"to a port", "0", [] { return confined([](const Fd&) { return std::string("0"); }); }},
    {"to no port", "ENXIO", [] { return try_confine("vale0:cp0"); }},
    {"to a netdev", "EINVAL", [] { return try_confine("ve0"); }},
    {"to a switch", "EINVAL", [] { return try_confine("vale0"); }},
    {"to a pipe", "EINVAL", [] { return try_confine("vale0:cp0{1"); }},
    {"to nothing", "EINVAL", [] { return try_confine(""); }},
    {"a name without its NUL", "EINVAL", unterminated},
    {"a bad address", "EFAULT",
     [] {
       return error_name(ioctl(open_device().get(), VALE_IOC_CONFINE, missing_page()) == 0 ? 0
                                                                                           : errno);
     }},
    {"to a NIC", "EINVAL", on_a_nic},
    {"to a port in the global region", "EPERM", in_the_global_region},
    {"twice", "EBUSY",
     [] {
       return confined([](const Fd& fd) { return error_name(confine(fd.get(), "vale0:cp1")); });
     }},
    {"after REGISTER", "EBUSY",
     [] {
       const Port port({.name = "vale0:a"});
       return error_name(confine(port.fd(), "vale0:a"));
     }},

    {"REGISTER it", "0 tx=1x1024 rx=1x1024 host=0,0 mem=private extra=0",
     [] { return open_as({.name = "vale0:cp0"}); }},
    {"REGISTER a ring of it, alone", "0 tx=1x1024 rx=1x1024 host=0,0 mem=private extra=0",
     [] { return open_as({.name = "vale0:cp0", .mode = NR_REG_ONE_NIC, .flags = NR_EXCLUSIVE}); }},
    {"REGISTER it twice", "EBUSY",
     [] {
       return confined([](Fd fd) {
         const Port port(std::move(fd), {.name = "vale0:cp0"});
         nmreq_register body = body_of({});
         return error_name(request(port.fd(), NETMAP_REQ_REGISTER, "vale0:cp0", &body));
       });
     }},
    {"REGISTER another", "EPERM", [] { return open_as({.name = "vale0:cp1"}); }},
    {"REGISTER a new one", "EPERM", [] { return open_as({.name = "vale0:cp9"}); }},
    {"REGISTER it by its netdev's name", "EPERM", [] { return open_as({.name = "cp0"}); }},
    {"REGISTER a netdev", "EPERM", [] { return open_as({.name = "ve0"}); }},
    {"REGISTER a pipe on it", "EPERM", [] { return open_as({.name = "vale0:cp0{1"}); }},
    {"REGISTER in memory 1", "EPERM", [] { return open_as({.name = "vale0:cp0", .mem_id = 1}); }},
    {"REGISTER in its own memory", "EPERM", in_own_memory},
    {"REGISTER a monitor", "EPERM",
     [] { return open_as({.name = "vale0:cp0", .flags = NR_MONITOR_RX}); }},
    {"REGISTER a null port", "EPERM",
     [] { return open_as({.name = "vale0:cp0", .mode = NR_REG_NULL}); }},
    {"REGISTER host rings", "EPERM",
     [] { return open_as({.name = "vale0:cp0", .mode = NR_REG_NIC_SW}); }},
    {"its frames and those for it", "1 2 / 7 ", exchanged},
    {"REGISTER it from another namespace", "0 ENXIO", opened_elsewhere},
    {"REGISTER and queries after it was made anew", "ENXIO ENXIO ENXIO ENXIO",
     after_it_was_made_anew},
    {"REGISTER while it is off its switch, and on it", "ENXIO 0", after_it_left_its_switch},

    {"PORT_INFO_GET", "0 mem=private", [] { return info("vale0:cp0", 0); }},
    {"PORT_INFO_GET of another", "EPERM", [] { return info("vale0:cp1", 0); }},
    {"PORT_INFO_GET of a region", "EPERM", [] { return info("", 1); }},
    {"PORT_INFO_GET in another region", "EPERM", [] { return info("vale0:cp0", 1); }},
    {"VALE_ATTACH", "EPERM", [] { return asked(NETMAP_REQ_VALE_ATTACH, "vale0:ve0"); }},
    {"VALE_DETACH", "EPERM", [] { return asked(NETMAP_REQ_VALE_DETACH, "vale0:cp0"); }},
    {"VALE_LIST", "EPERM", [] { return asked(NETMAP_REQ_VALE_LIST, ""); }},
    {"VALE_NEWIF", "EPERM", [] { return asked(NETMAP_REQ_VALE_NEWIF, "cp9"); }},
    {"VALE_DELIF", "EPERM", [] { return asked(NETMAP_REQ_VALE_DELIF, "cp0", nullptr); }},
    {"PORT_HDR_SET", "EPERM", [] { return asked(NETMAP_REQ_PORT_HDR_SET, "vale0:cp0"); }},
    {"PORT_HDR_GET", "0", [] { return asked(NETMAP_REQ_PORT_HDR_GET, "vale0:cp0"); }},
    {"SYNC_KLOOP_STOP, with nothing open", "ENXIO",
     [] { return asked(NETMAP_REQ_SYNC_KLOOP_STOP, "", nullptr); }},
    {"legacy REGISTER", "0", [] { return legacy("vale0:cp0", 0); }},
    {"legacy REGISTER of another", "EPERM", [] { return legacy("vale0:cp1", 0); }},
    {"legacy ATTACH", "EPERM", [] { return legacy("vale0:ve0", NETMAP_BDG_ATTACH); }},
    {"legacy DELIF", "EPERM", [] { return legacy("cp0", NETMAP_BDG_DELIF); }},
};

}  // namespace

Table confine_table() {
  return kCases;
}

}  // namespace abi
