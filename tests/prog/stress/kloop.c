// SPDX-License-Identifier: BSD-2-Clause
// The loop in the kernel: a process of its own is in it while the worker moves heads, then stops or
// kills it.
#include <errno.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "stress.h"

enum { RINGS = 2 * 5 };

struct blocks {
  struct nm_csb_atok atok[RINGS];
  struct nm_csb_ktoa ktoa[RINGS];
};

struct events {
  struct nmreq_option head;
  int32_t fd[2 * RINGS];
};

// Descriptors of the events are the looping process's: they go with it.
static _Noreturn void be_loop(const struct nm_port* port, uint32_t sleep_us, bool with_events) {
  uint32_t rings = port->tx_count + port->rx_count;
  struct events events = {.head = {.nro_reqtype = NETMAP_REQ_OPT_SYNC_KLOOP_EVENTFDS}};
  struct nmreq_sync_kloop_start body = {.sleep_us = sleep_us};
  struct nmreq_header hdr = {.nr_version = NETMAP_API,
                             .nr_reqtype = NETMAP_REQ_SYNC_KLOOP_START,
                             .nr_body = (uintptr_t)&body};

  events.head.nro_size = sizeof(events.head) + rings * 2 * sizeof(events.fd[0]);
  for (uint32_t i = 0; i < 2 * rings; i++) events.fd[i] = eventfd(1, EFD_CLOEXEC);
  if (with_events) hdr.nr_options = (uintptr_t)&events;
  _exit(nm_request(port->fd, &hdr) ? NM_FAILED : NM_OK);
}

static void move_heads(struct stress_worker* worker, struct blocks* blocks,
                       const struct nm_port* port) {
  for (uint32_t i = 0; i < port->tx_count + port->rx_count; i++) {
    uint32_t slots =
        i < port->tx_count ? port->tx[i]->num_slots : port->rx[i - port->tx_count]->num_slots;
    uint32_t head = stress_below(worker, slots + 1);

    blocks->atok[i].appl_need_kick = stress_below(worker, 2);
    nm_sync_kloop_appl_write(&blocks->atok[i], head, head);
  }
}

static void loop(struct stress_worker* worker, struct blocks* blocks, const struct nm_port* port) {
  uint32_t rounds = stress_below(worker, 200);
  bool with_events = stress_one_in(worker, 2);
  uint32_t sleep_us = with_events ? 0 : stress_below(worker, 200);
  pid_t pid = stress_fork(worker);

  if (pid == 0) be_loop(port, sleep_us, with_events);
  while (rounds--) {
    move_heads(worker, blocks, port);
    usleep(stress_below(worker, 200));
  }
  if (stress_one_in(worker, 2))
    kill(pid, SIGKILL);
  else
    nm_request_simple(port->fd, NETMAP_REQ_SYNC_KLOOP_STOP, "", NULL);
  waitpid(pid, NULL, 0);
}

int stress_kloop(struct stress_worker* worker) {
  struct blocks* blocks =
      mmap(NULL, sizeof(*blocks), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  struct nmreq_opt_csb option = {.nro_opt = {.nro_reqtype = NETMAP_REQ_OPT_CSB},
                                 .csb_atok = (uintptr_t)blocks->atok,
                                 .csb_ktoa = (uintptr_t)blocks->ktoa};
  struct nm_spec spec = {.mode = NR_REG_ALL_NIC,
                         .flags = NR_EXCLUSIVE | NR_ACCEPT_VNET_HDR,
                         .slots = 64,
                         .options = &option.nro_opt};
  struct nm_port port;
  int err;

  if (blocks == MAP_FAILED) return ENOMEM;
  if (stress_one_in(worker, 2))
    stress_vale_name(worker, spec.name, sizeof(spec.name));
  else
    stress_any_name(worker, spec.name, sizeof(spec.name));
  err = nm_open(&spec, &port);
  if (!err) {
    loop(worker, blocks, &port);
    nm_close(&port);
  }
  munmap(blocks, sizeof(*blocks));
  return err;
}
