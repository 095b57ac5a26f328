// SPDX-License-Identifier: BSD-2-Clause
// The calls a program makes while traffic flows, apart so that tests can put a switch in memory
// here.
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "nm.h"

uint64_t nm_now_ms(void) {
  struct timespec now;

  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

int nm_txsync(struct nm_port* port) {
  return ioctl(port->fd, NIOCTXSYNC) ? errno : 0;
}

int nm_rxsync(struct nm_port* port) {
  return ioctl(port->fd, NIOCRXSYNC) ? errno : 0;
}

short nm_poll(struct nm_port* port, short events, int timeout_ms) {
  struct pollfd item = {.fd = port->fd, .events = events};
  int ready = poll(&item, 1, timeout_ms);

  if (ready < 0 && errno != EINTR) nm_fail("poll: %s", strerror(errno));
  return ready > 0 ? item.revents : 0;
}

pid_t nm_fork(void) {
  pid_t parent = getpid();
  pid_t pid = fork();

  if (pid < 0) nm_fail("fork: %s", strerror(errno));
  if (pid > 0) return pid;
  // The parent may have died in between.
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent) _exit(NM_FAILED);
  return 0;
}
