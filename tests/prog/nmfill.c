// SPDX-License-Identifier: BSD-2-Clause
// Opens VALE ports until the kernel refuses one, says how many and why, and holds them until a
// signal ends it.
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "nm.h"
#include "opt.h"

enum { SWITCH_PORTS = 254 };

static void many_files(void) {
  struct rlimit limit = {1 << 16, 1 << 16};

  if (setrlimit(RLIMIT_NOFILE, &limit)) nm_fail("setrlimit: %s", strerror(errno));
}

// A new descriptor for the nth port; 0 or an errno.
static int open_port(const char* prefix, uint32_t n, struct nmreq_register* reg) {
  char name[NETMAP_REQ_IFNAMSIZ];
  int fd = open("/dev/netmap", O_RDWR | O_CLOEXEC), err;

  if (fd < 0) return errno;
  snprintf(name, sizeof(name), "%s%u:p%u", prefix, n / SWITCH_PORTS, n % SWITCH_PORTS);
  err = nm_request_simple(fd, NETMAP_REQ_REGISTER, name, reg);
  if (err) close(fd);
  return err;
}

int main(int argc, char** argv) {
  uint32_t slots = 0, extra = 0, n = 0;
  const struct opt opts[] = {
      {"slots", OPT_U32, &slots, "of each ring (the port's default)"},
      {"extra", OPT_U32, &extra, "extra buffers of each port"},
  };
  const struct opt_command command = {
      "nmfill PREFIX [options]: opens PREFIX0:p0 and on until refused", opts,
      sizeof(opts) / sizeof(opts[0]), 1};
  struct opt_list operands;
  int err = 0;

  opt_parse(&command, argc, argv, &operands);
  many_files();
  for (; !err; n += !err) {
    struct nmreq_register reg = {
        .nr_mode = NR_REG_ALL_NIC,
        .nr_tx_slots = slots,
        .nr_rx_slots = slots,
        .nr_extra_bufs = extra,
    };

    err = open_port(operands.text[0], n, &reg);
  }
  printf("%u %s\n", n, strerrorname_np(err));
  fflush(stdout);
  pause();
  return NM_OK;
}
