// SPDX-License-Identifier: BSD-2-Clause
// Processes that open, use and close ports of some switches without end, for kill -9 tests.
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "frame.h"
#include "opt.h"

struct stress {
  uint32_t processes;
  uint32_t switches;
  uint32_t ports;
  uint64_t seed;
  uint64_t end_ms;
};

// Reasons to be refused that are no fault: the port is taken, or the memory.
static bool is_expected(int err) {
  return err == EBUSY || err == ENOMEM;
}

static struct nm_spec choose(const struct stress* stress, uint64_t* random) {
  struct nm_spec spec = {.mode = NR_REG_ALL_NIC};

  snprintf(spec.name, sizeof(spec.name), "vale%us:p%u",
           (unsigned int)(frame_random(random) % stress->switches),
           (unsigned int)(frame_random(random) % stress->ports));
  spec.slots = 32u << frame_random(random) % 6;
  spec.rings = (uint16_t)(1 + frame_random(random) % 4);
  spec.extra_bufs = (uint32_t)(frame_random(random) % 64);
  if (frame_random(random) % 8 == 0) spec.flags |= NR_EXCLUSIVE;
  if (frame_random(random) % 8 == 0) spec.flags |= NR_RX_RINGS_ONLY;
  return spec;
}

static void send_some(struct nm_port* port, uint64_t* random) {
  const struct frame_plan plan = {
      .seed = *random, .min_size = 14, .max_size = 1514, .max_frags = 4, .buf_size = 2048};
  uint8_t bytes[1514], mac[6] = {2, 0, 0, 0, 0, 0};

  for (uint32_t i = 0; i < port->tx_count; i++) {
    struct frame frame;

    frame_plan_next(&plan, i, &frame);
    mac[5] = (uint8_t)frame_random(random);
    frame_write(&plan, &frame, mac, mac, bytes);
    bytes[5] ^= (uint8_t)frame_random(random);
    frame_put(port->tx[i], &frame, bytes, 0);
  }
}

static void drain(struct nm_port* port) {
  for (uint32_t i = 0; i < port->rx_count; i++) {
    struct frame_rx found;

    while (frame_peek(port->rx[i], &found)) frame_release(port->rx[i], &found);
  }
}

static void use(struct nm_port* port, uint64_t* random) {
  uint32_t rounds = (uint32_t)(frame_random(random) % 64);

  for (uint32_t i = 0; i < rounds; i++) {
    send_some(port, random);
    if (frame_random(random) % 2)
      nm_txsync(port);
    else
      nm_poll(port, POLLIN | POLLOUT, 0);
    drain(port);
  }
}

// Joining an existing port gives it that port's rings; two processes then share them, and the
// kernel alone answers for its integrity.
static _Noreturn void be_user(const struct stress* stress, uint64_t random) {
  while (nm_now_ms() < stress->end_ms) {
    struct nm_spec spec = choose(stress, &random);
    struct nm_port port;
    int err = nm_open(&spec, &port);

    if (err && !is_expected(err)) nm_fail("%s: %s", spec.name, strerror(err));
    if (err) continue;
    use(&port, &random);
    nm_close(&port);
  }
  exit(NM_OK);
}

// A killed child is the point of the exercise, one that failed by itself is not.
static bool reap(uint32_t children) {
  bool ok = true;

  for (uint32_t i = 0; i < children; i++) {
    int status;

    if (wait(&status) < 0) nm_fail("wait: %s", strerror(errno));
    if (WIFEXITED(status))
      ok &= WEXITSTATUS(status) == NM_OK;
    else
      ok &= WTERMSIG(status) == SIGKILL;
  }
  return ok;
}

int main(int argc, char** argv) {
  struct stress stress = {.processes = 4, .switches = 2, .ports = 8, .seed = 1};
  uint64_t seconds = 10;
  const struct opt opts[] = {
      {"processes", OPT_U32, &stress.processes, "to fork (4)"},
      {"switches", OPT_U32, &stress.switches, "to choose from (2)"},
      {"ports", OPT_U32, &stress.ports, "of each switch (8)"},
      {"seconds", OPT_U64, &seconds, "to run (10)"},
      {"seed", OPT_U64, &stress.seed, "of all choices (1)"},
  };
  const struct opt_command command = {
      "nmstress [options]: open, use and close VALE ports at random; children may be killed", opts,
      sizeof(opts) / sizeof(opts[0]), 0};
  struct opt_list operands;

  opt_parse(&command, argc, argv, &operands);
  if (!stress.switches || !stress.ports) {
    fprintf(stderr, "at least one switch and one port\n");
    return NM_USAGE;
  }
  stress.end_ms = nm_now_ms() + seconds * 1000;
  for (uint32_t i = 0; i < stress.processes; i++) {
    pid_t pid = fork();

    if (pid < 0) nm_fail("fork: %s", strerror(errno));
    if (pid == 0) be_user(&stress, stress.seed * 1000003 + i);
    printf("%d\n", (int)pid);
    fflush(stdout);
  }
  return reap(stress.processes) ? NM_OK : NM_FAILED;
}
