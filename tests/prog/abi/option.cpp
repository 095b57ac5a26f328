// SPDX-License-Identifier: BSD-2-Clause
// SEMANTICS.md 1.8: how lists of options are walked, and what their status says.
#include <vector>

#include "abi.hpp"

namespace abi {

namespace {

constexpr uint32_t kUnknown = 0x7001;
constexpr uint32_t kPreset = 0xabcd;  // to see which status was written at all

struct Item {
  uint32_t type;
  uint64_t size = 0;
};

// Options big enough for any known type, each in its own space.
struct Space {
  nmreq_option head{};
  char body[128] = {};
};

class List {
 public:
  explicit List(const std::vector<Item>& items) : spaces_(items.size()) {
    for (size_t i = 0; i < items.size(); i++) {
      nmreq_option& option = spaces_[i].head;
      option.nro_reqtype = items[i].type;
      option.nro_size = items[i].size;
      option.nro_status = kPreset;
      if (i > 0) spaces_[i - 1].head.nro_next = address(i);
    }
  }

  uint64_t address(size_t i) const { return reinterpret_cast<uintptr_t>(&spaces_[i]); }
  nmreq_option& at(size_t i) { return spaces_[i].head; }

  // "EINVAL: EINVAL EOPNOTSUPP", the request's answer and every option's.
  std::string ask(uint16_t type, const char* name, void* body) {
    nmreq_header header = header_of(type, name, body);
    header.nr_options = spaces_.empty() ? 0 : address(0);
    const Fd fd = open_device();
    std::string got = error_name(control(fd.get(), header)) + ":";
    for (const Space& space : spaces_) {
      const uint32_t status = space.head.nro_status;
      got += " " + (status == kPreset ? "untouched" : error_name(static_cast<int>(status)));
    }
    return got;
  }

  std::string ask_register(const Ask& ask_for = {}) {
    nmreq_register body = body_of(ask_for);
    return ask(NETMAP_REQ_REGISTER, "vale0:o", &body);
  }

  std::string ask_info() {
    nmreq_port_info_get body{};
    return ask(NETMAP_REQ_PORT_INFO_GET, "vale0:o", &body);
  }

 private:
  std::vector<Space> spaces_;
};

List list_of(const std::vector<Item>& items) {
  return List(items);
}

std::string first_word(const std::string& text) {
  return text.substr(0, text.find(':'));
}

std::string many_unknown(size_t count, bool info) {
  std::vector<Item> items;
  for (size_t i = 0; i < count; i++) items.push_back({.type = kUnknown + static_cast<uint32_t>(i)});
  List list(items);
  return first_word(info ? list.ask_info() : list.ask_register());
}

std::string circle(uint32_t type) {
  List list = list_of({{.type = type}});
  list.at(0).nro_next = list.address(0);
  return list.ask_register();
}

std::string bad_pointer(uint64_t pointer) {
  nmreq_register body = body_of({});
  nmreq_header header = header_of(NETMAP_REQ_REGISTER, "vale0:o", &body);
  header.nr_options = pointer;
  const Fd fd = open_device();
  return error_name(control(fd.get(), header));
}

std::string bad_next() {
  List list = list_of({{.type = kUnknown}});
  list.at(0).nro_next = reinterpret_cast<uintptr_t>(missing_page());
  return list.ask_register();
}

std::string next_after(uint16_t mem_id) {
  List list = list_of({{.type = kUnknown}, {.type = kUnknown}});
  const uint64_t before = list.at(0).nro_next;
  list.ask_register({.mem_id = mem_id});
  return list.at(0).nro_next == before ? "same" : "changed";
}

// A refused REGISTER must leave neither a binding nor a port behind.
std::string undone() {
  List list = list_of({{.type = kUnknown}});
  list.ask_register();
  nmreq_vale_list body{};
  return try_request(NETMAP_REQ_VALE_LIST, "vale0:o", &body);
}

std::string attach_with_unknown() {
  List list = list_of({{.type = kUnknown}});
  nmreq_vale_attach body{};
  body.reg = body_of({});
  const std::string got = list.ask(NETMAP_REQ_VALE_ATTACH, "vale0:ve0", &body);
  nmreq_vale_detach detach{};
  return got + " " + try_request(NETMAP_REQ_VALE_DETACH, "vale0:ve0", &detach);
}

std::string unknown_and(uint32_t type) {
  return list_of({{.type = kUnknown}, {.type = type}}).ask_register();
}

constexpr Case kCases[] = {
    {"list at a bad address", "EFAULT",
     [] { return bad_pointer(reinterpret_cast<uintptr_t>(missing_page())); }},
    {"list at address 1", "EFAULT", [] { return bad_pointer(1); }},
    {"list in the kernel's memory", "EFAULT", [] { return bad_pointer(0xffff888000000000u); }},
    {"second option at a bad address", "EFAULT: 0", bad_next},
    {"type 0", "EINVAL: EINVAL", [] { return list_of({{.type = 0}}).ask_register(); }},
    {"type 0 after another", "EINVAL: 0 EINVAL", [] { return unknown_and(0); }},
    {"unknown type on REGISTER", "EOPNOTSUPP: EOPNOTSUPP",
     [] { return list_of({{.type = kUnknown}}).ask_register(); }},
    {"such a REGISTER is undone", "ENOENT", undone},
    {"type 6 on REGISTER", "EOPNOTSUPP: EOPNOTSUPP",
     [] { return list_of({{.type = NETMAP_REQ_OPT_MAX}}).ask_register(); }},
    {"unknown type twice on REGISTER", "EOPNOTSUPP: EOPNOTSUPP EOPNOTSUPP",
     [] { return unknown_and(kUnknown); }},
    {"unknown type on PORT_INFO_GET", "0: EOPNOTSUPP",
     [] { return list_of({{.type = kUnknown}}).ask_info(); }},
    {"known type not used by PORT_INFO_GET", "0: EOPNOTSUPP",
     [] { return list_of({{.type = NETMAP_REQ_OPT_OFFSETS}}).ask_info(); }},
    {"unknown type on VALE_ATTACH", "0: EOPNOTSUPP 0", attach_with_unknown},
    {"known type twice", "EINVAL: EINVAL EINVAL",
     [] {
       return list_of({{.type = NETMAP_REQ_OPT_CSB}, {.type = NETMAP_REQ_OPT_CSB}}).ask_register();
     }},
    {"known type twice on PORT_INFO_GET", "EINVAL: EINVAL EINVAL",
     [] {
       return list_of({{.type = NETMAP_REQ_OPT_CSB}, {.type = NETMAP_REQ_OPT_CSB}}).ask_info();
     }},
    {"an earlier error leaves EOPNOTSUPP", "EINVAL: EOPNOTSUPP",
     [] { return list_of({{.type = NETMAP_REQ_OPT_CSB}}).ask_register({.mem_id = 777}); }},
    {"EVENTFDS above 4096 bytes", "EMSGSIZE",
     [] {
       return first_word(
           list_of({{.type = NETMAP_REQ_OPT_SYNC_KLOOP_EVENTFDS, .size = 4097}}).ask_register());
     }},
    {"EVENTFDS of a size near 2^64", "EMSGSIZE",
     [] {
       return first_word(
           list_of({{.type = NETMAP_REQ_OPT_SYNC_KLOOP_EVENTFDS, .size = ~0ull}}).ask_register());
     }},
    {"168 unknown options beside 56 bytes of body fit", "EOPNOTSUPP",
     [] { return many_unknown(168, false); }},
    {"169 do not", "EMSGSIZE", [] { return many_unknown(169, false); }},
    {"169 unknown options beside 32 bytes of body fit", "0",
     [] { return many_unknown(169, true); }},
    {"170 do not", "EMSGSIZE", [] { return many_unknown(170, true); }},
    {"circle of an unknown type", "EMSGSIZE: untouched", [] { return circle(kUnknown); }},
    {"circle of a known type", "EINVAL: EINVAL", [] { return circle(NETMAP_REQ_OPT_CSB); }},
    {"nro_next comes back after success", "same", [] { return next_after(0); }},
    {"nro_next comes back after failure", "same", [] { return next_after(777); }},
};

}  // namespace

Table option_table() {
  return kCases;
}

}  // namespace abi
