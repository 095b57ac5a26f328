// SPDX-License-Identifier: BSD-2-Clause
// Two processes for each port named: one overwrites indices, flags, lengths and pointers in its
// rings, the other syncs and polls it meanwhile. They are to live until the end, and so is the
// kernel.
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "frame.h"
#include "opt.h"

enum { MAX_PORTS = OPT_LIST_MAX };

static const uint32_t odd[] = {0, 1, 2, 15, 16, 255, 256, 0x7fffffff, 0xffffffff};

static uint32_t value(uint64_t* random, uint32_t slots) {
  uint64_t what = frame_random(random);

  return what & 3 ? (uint32_t)(what >> 8) % slots
                  : odd[(what >> 8) % (sizeof(odd) / sizeof(odd[0]))];
}

static void scribble_slot(struct netmap_ring* ring, uint64_t* random) {
  volatile struct netmap_slot* slot = &ring->slot[frame_random(random) % ring->num_slots];
  uint64_t what = frame_random(random);

  if (what & 1) slot->buf_idx = value(random, 4096);
  if (what & 2) slot->len = (uint16_t)(what >> 16);
  if (what & 4) slot->flags = (uint16_t)(what >> 32);
  if (what & 8) slot->ptr = frame_random(random);
}

static void scribble_head(struct netmap_ring* ring, uint64_t* random) {
  volatile struct netmap_ring* shared = ring;
  uint64_t what = frame_random(random);

  if (what & 1) shared->head = value(random, ring->num_slots);
  if (what & 2) shared->cur = value(random, ring->num_slots);
  if (what & 4) shared->tail = value(random, ring->num_slots);
  if (what & 8) shared->head = shared->cur = shared->tail;
  if (what & 16) shared->flags = (uint32_t)(what >> 32);
}

static struct netmap_ring* some_ring(const struct nm_port* port, uint64_t* random) {
  uint32_t i = (uint32_t)(frame_random(random) % (port->tx_count + port->rx_count));

  return i < port->tx_count ? port->tx[i] : port->rx[i - port->tx_count];
}

// Not the number of slots, which this program itself believes.
static _Noreturn void be_scribbler(const struct nm_port* port, uint64_t random) {
  for (;;) {
    for (int i = 0; i < 8; i++) scribble_slot(some_ring(port, &random), &random);
    scribble_head(some_ring(port, &random), &random);
  }
}

static _Noreturn void be_syncer(struct nm_port* port, uint64_t* calls, uint64_t random) {
  for (;;) {
    uint64_t what = frame_random(&random);

    if (what & 1) nm_txsync(port);
    if (what & 2) nm_rxsync(port);
    if (what & 4) nm_poll(port, POLLIN | POLLOUT, 0);
    ++*calls;
  }
}

static bool call_off(pid_t pid) {
  int status;

  kill(pid, SIGKILL);
  if (waitpid(pid, &status, 0) < 0) nm_fail("waitpid: %s", strerror(errno));
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

int main(int argc, char** argv) {
  static struct nm_port port[MAX_PORTS];
  pid_t pid[2 * MAX_PORTS];
  uint64_t seconds = 5, seed = 1, *calls;
  struct opt_list ports = {.count = 0};
  const struct opt opts[] = {
      {"seconds", OPT_U64, &seconds, "to run (5)"},
      {"seed", OPT_U64, &seed, "of all choices (1)"},
      {"port", OPT_LIST, &ports, "to scribble over; may be repeated"},
  };
  const struct opt_command command = {"scribble [options]: nonsense in the rings of ports", opts,
                                      sizeof(opts) / sizeof(opts[0]), 0};
  struct opt_list operands;
  bool ok = true;

  opt_parse(&command, argc, argv, &operands);
  if (!ports.count) return NM_USAGE;
  calls = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (calls == MAP_FAILED) nm_fail("mmap: %s", strerror(errno));
  for (size_t i = 0; i < ports.count; i++) nm_open_or_exit(ports.text[i], &port[i]);
  for (size_t i = 0; i < ports.count; i++) {
    pid[2 * i] = nm_fork();
    if (!pid[2 * i]) be_scribbler(&port[i], seed * 7919 + i);
    pid[2 * i + 1] = nm_fork();
    if (!pid[2 * i + 1]) be_syncer(&port[i], &calls[i], seed * 104729 + i);
  }
  sleep((unsigned int)seconds);
  for (size_t i = 0; i < 2 * ports.count; i++) ok &= call_off(pid[i]);
  for (size_t i = 0; i < ports.count; i++) {
    printf("%s: %" PRIu64 " calls\n", ports.text[i], calls[i]);
    ok &= calls[i] > 0;
  }
  return ok ? NM_OK : NM_FAILED;
}
