// SPDX-License-Identifier: BSD-2-Clause
// SEMANTICS.md 1.6 and 1.7: what NIOCCTRL does with header and body whatever the request.
#include <cstring>

#include "abi.hpp"

namespace abi {

namespace {

std::string with_version(uint16_t version) {
  nmreq_register body = body_of({});
  nmreq_header header = header_of(NETMAP_REQ_REGISTER, "vale0:e", &body);
  header.nr_version = version;
  const Fd fd = open_device();
  return error_name(control(fd.get(), header));
}

std::string with_type(uint16_t type, bool has_body) {
  nmreq_register body = body_of({});
  return try_request(type, "vale0:e", has_body ? &body : nullptr);
}

// The answer, and what is left in nr_reserved.
std::string reserved_after(uint32_t reserved, uint16_t type, void* body) {
  nmreq_header header = header_of(type, "vale0:e", body);
  header.nr_reserved = reserved;
  const Fd fd = open_device();
  const std::string got = error_name(control(fd.get(), header));
  return text("%s reserved=%u", got.c_str(), header.nr_reserved);
}

std::string last_byte_of_name(uint16_t mem_id) {
  nmreq_register body = body_of({.mem_id = mem_id});
  nmreq_header header = header_of(NETMAP_REQ_REGISTER, "", &body);
  memset(header.nr_name, 'n', sizeof(header.nr_name));
  const Fd fd = open_device();
  const std::string got = error_name(control(fd.get(), header));
  return text("%s %d", got.c_str(), header.nr_name[sizeof(header.nr_name) - 1]);
}

std::string body_after_failure() {
  nmreq_register body = body_of({.mem_id = 777});
  body.nr_offset = 0x1234;
  body.nr_memsize = 0x5678;
  nmreq_register before = body;
  const std::string got = try_request(NETMAP_REQ_REGISTER, "vale0:e", &body);
  return got + (memcmp(&before, &body, sizeof(body)) == 0 ? " unchanged" : " changed");
}

std::string pointers_after(uint16_t mem_id) {
  nmreq_register body = body_of({.mem_id = mem_id});
  nmreq_header header = header_of(NETMAP_REQ_REGISTER, "vale0:e", &body);
  const nmreq_header before = header;
  const Fd fd = open_device();
  const std::string got = error_name(control(fd.get(), header));
  const bool same = header.nr_body == before.nr_body && header.nr_options == before.nr_options &&
                    header.nr_version == before.nr_version &&
                    header.nr_reqtype == before.nr_reqtype;
  return got + (same ? " same" : " changed");
}

// The header cannot be written back: the call fails, what it did stays.
std::string header_not_writable() {
  nmreq_register body = body_of({});
  const nmreq_header header = header_of(NETMAP_REQ_REGISTER, "vale0:e", &body);
  void* page = read_only_page(&header, sizeof(header));
  const Fd fd = open_device();
  const std::string got = ioctl(fd.get(), NIOCCTRL, page) == 0 ? "0" : error_name(errno);
  const std::string again = error_name(request(fd.get(), NETMAP_REQ_REGISTER, "vale0:e", &body));
  return got + " " + again;
}

std::string body_not_writable() {
  const nmreq_port_info_get info{};
  return try_request(NETMAP_REQ_PORT_INFO_GET, "vale0:e", read_only_page(&info, sizeof(info)));
}

constexpr Case kCases[] = {
    {"version 0", "EINVAL", [] { return with_version(0); }},
    {"version 10", "EINVAL", [] { return with_version(10); }},
    {"version 11", "EINVAL", [] { return with_version(11); }},
    {"version 12", "EINVAL", [] { return with_version(12); }},
    {"version 13", "EINVAL", [] { return with_version(13); }},
    {"version 14", "0", [] { return with_version(14); }},
    {"version 15", "0", [] { return with_version(15); }},
    {"version 16", "EINVAL", [] { return with_version(16); }},
    {"version comes before a bad type", "EINVAL", [] { return with_version(65535); }},

    {"nr_reserved 1", "EINVAL reserved=1 | EINVAL reserved=0",
     [] {
       nmreq_register body = body_of({});
       return reserved_after(1, NETMAP_REQ_REGISTER, &body);
     }},
    {"nr_reserved comes back 0 on success", "0 reserved=0",
     [] {
       nmreq_register body = body_of({});
       return reserved_after(0, NETMAP_REQ_REGISTER, &body);
     }},
    {"nr_reserved comes back 0 if the body is missing", "EINVAL reserved=0",
     [] { return reserved_after(0, NETMAP_REQ_REGISTER, nullptr); }},

    {"REGISTER without body", "EINVAL", [] { return with_type(NETMAP_REQ_REGISTER, false); }},
    {"PORT_INFO_GET without body", "EINVAL",
     [] { return with_type(NETMAP_REQ_PORT_INFO_GET, false); }},
    {"VALE_ATTACH without body", "EINVAL", [] { return with_type(NETMAP_REQ_VALE_ATTACH, false); }},
    {"VALE_DETACH without body", "EINVAL", [] { return with_type(NETMAP_REQ_VALE_DETACH, false); }},
    {"VALE_LIST without body", "EINVAL", [] { return with_type(NETMAP_REQ_VALE_LIST, false); }},
    {"PORT_HDR_SET without body", "EINVAL",
     [] { return with_type(NETMAP_REQ_PORT_HDR_SET, false); }},
    {"PORT_HDR_GET without body", "EINVAL",
     [] { return with_type(NETMAP_REQ_PORT_HDR_GET, false); }},
    {"VALE_NEWIF without body", "EINVAL", [] { return with_type(NETMAP_REQ_VALE_NEWIF, false); }},
    {"VALE_POLLING_ENABLE without body", "EINVAL",
     [] { return with_type(NETMAP_REQ_VALE_POLLING_ENABLE, false); }},
    {"VALE_POLLING_DISABLE without body", "EINVAL",
     [] { return with_type(NETMAP_REQ_VALE_POLLING_DISABLE, false); }},
    {"POOLS_INFO_GET without body", "EINVAL",
     [] { return with_type(NETMAP_REQ_POOLS_INFO_GET, false); }},
    {"SYNC_KLOOP_START without body", "EINVAL",
     [] { return with_type(NETMAP_REQ_SYNC_KLOOP_START, false); }},
    {"VALE_DELIF with body", "EINVAL", [] { return with_type(NETMAP_REQ_VALE_DELIF, true); }},
    {"SYNC_KLOOP_STOP with body", "EINVAL",
     [] { return with_type(NETMAP_REQ_SYNC_KLOOP_STOP, true); }},
    {"CSB_ENABLE with body", "EINVAL", [] { return with_type(NETMAP_REQ_CSB_ENABLE, true); }},
    {"type 0", "EINVAL", [] { return with_type(0, false); }},
    {"type 16", "EINVAL", [] { return with_type(16, false); }},
    {"type 100", "EINVAL", [] { return with_type(100, false); }},
    {"type 65535 with body", "EINVAL", [] { return with_type(65535, true); }},

    // the specification says EFAULT, the reference was seen to answer EINVAL
    {"body at a bad address", "EFAULT | EINVAL",
     [] { return try_request(NETMAP_REQ_REGISTER, "vale0:e", missing_page()); }},
    {"body half there", "EFAULT | EINVAL",
     [] { return try_request(NETMAP_REQ_REGISTER, "vale0:e", missing_page() - 8); }},
    {"body that cannot be written back", "EFAULT", body_not_writable},
    {"header that cannot be written back", "EFAULT EBUSY", header_not_writable},

    {"name without an end, success or not", "ENXIO 0", [] { return last_byte_of_name(0); }},
    {"name without an end, bad memory id", "EINVAL 0", [] { return last_byte_of_name(777); }},
    {"body is not written back after a failure", "EINVAL unchanged", body_after_failure},
    {"pointers come back after success", "0 same", [] { return pointers_after(0); }},
    {"pointers come back after failure", "EINVAL same", [] { return pointers_after(777); }},
};

}  // namespace

Table envelope_table() {
  return kCases;
}

}  // namespace abi
