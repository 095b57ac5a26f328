// SPDX-License-Identifier: BSD-2-Clause
// What the descriptor in NETMAP_FD lets this process do beside opening the port it is for: one line
// for each attempt, with the errno's name.
#include <fcntl.h>
#include <linux/vale.h>
#include <net/netmap.h>
#include <net/netmap_user.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "opt.h"

namespace {

struct Attempt {
  const char* what;
  uint16_t type;
  const char* name;
  uint32_t mode;
  uint64_t flags;
  uint16_t mem_id;
};

constexpr Attempt kAttempts[] = {
    {"another port", NETMAP_REQ_REGISTER, "vale0:vi1", NR_REG_ALL_NIC, 0, 0},
    {"a new port", NETMAP_REQ_REGISTER, "vale0:new", NR_REG_ALL_NIC, 0, 0},
    {"a network device", NETMAP_REQ_REGISTER, "leg-A", NR_REG_ALL_NIC, 0, 0},
    {"a monitor", NETMAP_REQ_REGISTER, "vale0:vi0", NR_REG_ALL_NIC, NR_MONITOR_RX, 0},
    {"a pipe", NETMAP_REQ_REGISTER, "vale0:vi0{1", NR_REG_ALL_NIC, 0, 0},
    {"other memory", NETMAP_REQ_REGISTER, "vale0:vi0", NR_REG_ALL_NIC, 0, 1},
    {"list", NETMAP_REQ_VALE_LIST, "", 0, 0, 0},
    {"attach", NETMAP_REQ_VALE_ATTACH, "vale0:leg-A", 0, 0, 0},
    {"detach", NETMAP_REQ_VALE_DETACH, "vale0:vi0", 0, 0, 0},
    {"create", NETMAP_REQ_VALE_NEWIF, "vi9", 0, 0, 0},
    {"header", NETMAP_REQ_PORT_HDR_SET, "vale0:vi0", 0, 0, 0},
};

void say(const char* what, int result) {
  printf("%s: %s\n", what, result >= 0 ? "0" : strerrorname_np(errno));
}

void attempt(int fd, const Attempt& a) {
  uint64_t body[64]{};
  auto& reg = *reinterpret_cast<nmreq_register*>(body);
  nmreq_header header{};
  header.nr_version = NETMAP_API;
  header.nr_reqtype = a.type;
  header.nr_body = reinterpret_cast<uintptr_t>(body);
  strncpy(header.nr_name, a.name, sizeof(header.nr_name) - 1);
  if (a.type == NETMAP_REQ_REGISTER) {
    reg.nr_mode = a.mode;
    reg.nr_flags = a.flags;
    reg.nr_mem_id = a.mem_id;
  }
  say(a.what, ioctl(fd, NIOCCTRL, &header));
}

}  // namespace

int main(int argc, char** argv) {
  const opt_command command = {
      "probe: tries what the descriptor in NETMAP_FD should not allow, with vale0:vi0", nullptr, 0,
      0};
  opt_list operands;
  opt_parse(&command, argc, argv, &operands);
  const char* number = getenv("NETMAP_FD");
  if (number == nullptr) {
    fprintf(stderr, "there is no NETMAP_FD\n");
    return 1;
  }
  const int fd = atoi(number);
  for (const Attempt& a : kAttempts) attempt(fd, a);
  vale_confine wider{"vale0:vi1"};
  say("confine again", ioctl(fd, VALE_IOC_CONFINE, &wider));
  say("open it anew", open(("/proc/self/fd/" + std::string(number)).c_str(), O_RDWR | O_CLOEXEC));
  say("open the device", open(NETMAP_DEVICE_NAME, O_RDWR | O_CLOEXEC));
  return 0;
}
