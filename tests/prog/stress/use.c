// SPDX-License-Identifier: BSD-2-Clause
// What a worker does with a port it has opened. Others may share its rings: only the kernel keeps
// them in order.
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../frame.h"
#include "stress.h"

static void count(uint64_t* counter, uint64_t n) {
  __atomic_fetch_add(counter, n, __ATOMIC_RELAXED);
}

void stress_claim(bool* busy) {
  while (__atomic_test_and_set(busy, __ATOMIC_ACQUIRE)) usleep(100);
}

void stress_release(bool* busy) {
  __atomic_clear(busy, __ATOMIC_RELEASE);
}

pid_t stress_fork(struct stress_worker* worker) {
  pid_t pid;

  stress_claim(worker->busy);
  pid = nm_fork();
  if (pid > 0) stress_release(worker->busy);
  return pid;
}

// Addresses of few stations, so that switches learn and forget them.
static void write_frame(struct stress_worker* worker, struct netmap_ring* ring,
                        const struct netmap_slot* slot) {
  uint64_t lot = frame_random(&worker->random);
  uint8_t header[14] = {
      2, 0, 0, 0, 0, (uint8_t)(lot & 15), 2, 0, 0, 0, 0, (uint8_t)(lot >> 8 & 15), 0x88, 0xb5};

  if ((lot >> 16) % 4 == 0) memset(header, 0xff, 6);
  memcpy(NETMAP_BUF(ring, slot->buf_idx), header, sizeof(header));
}

static void fill_slot(struct stress_worker* worker, struct netmap_ring* ring,
                      struct netmap_slot* slot) {
  static uint8_t elsewhere[2048] = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x88, 0xb5};

  write_frame(worker, ring, slot);
  slot->len = (uint16_t)(14 + stress_below(worker, ring->nr_buf_size - 13));
  slot->flags = 0;
  if (stress_one_in(worker, 8)) slot->flags |= NS_MOREFRAG;
  if (stress_one_in(worker, 16)) slot->flags |= NS_FORWARD;
  if (stress_one_in(worker, 16)) slot->flags |= NS_REPORT;
  if (stress_one_in(worker, 64)) {
    slot->flags |= NS_INDIRECT;
    slot->ptr = (uintptr_t)elsewhere;
  }
}

static void send_some(struct stress_worker* worker, struct netmap_ring* ring) {
  uint32_t most = 1 + stress_below(worker, 32), n = 0;
  uint32_t head = ring->head % ring->num_slots, tail = ring->tail;

  for (; n < most && head != tail; n++) {
    fill_slot(worker, ring, &ring->slot[head]);
    head = nm_ring_next(ring, head);
  }
  ring->head = ring->cur = head;
  if (stress_one_in(worker, 8)) ring->flags |= NR_TIMESTAMP | NR_FORWARD;
  count(&worker->shared->slots_sent, n);
}

// Zero copy, as bridges do it: the received slot's buffer is sent, and the sent one's receives
// next.
static void exchange(struct netmap_ring* rx, struct netmap_ring* tx) {
  struct netmap_slot* in = &rx->slot[rx->head % rx->num_slots];
  struct netmap_slot* out = &tx->slot[tx->head % tx->num_slots];
  uint32_t buf = in->buf_idx;

  in->buf_idx = out->buf_idx;
  out->buf_idx = buf;
  out->len = in->len;
  in->flags |= NS_BUF_CHANGED;
  out->flags = NS_BUF_CHANGED;
  tx->head = tx->cur = nm_ring_next(tx, tx->head % tx->num_slots);
}

static void receive_some(struct stress_worker* worker, struct nm_port* port,
                         struct netmap_ring* rx) {
  struct netmap_ring* tx = port->tx_count && stress_one_in(worker, 2)
                               ? port->tx[stress_below(worker, port->tx_count)]
                               : NULL;
  uint32_t most = 1 + stress_below(worker, 64), n = 0;

  for (; n < most && !nm_ring_empty(rx); n++) {
    if (tx && !nm_ring_empty(tx)) exchange(rx, tx);
    rx->head = rx->cur = nm_ring_next(rx, rx->head % rx->num_slots);
  }
  if (stress_one_in(worker, 4)) rx->cur = rx->tail;
  count(&worker->shared->slots_received, n);
}

static void sync_some(struct stress_worker* worker, struct nm_port* port) {
  static const short events[] = {0, POLLIN, POLLOUT, POLLIN | POLLOUT};
  uint32_t how = stress_below(worker, 4);

  count(&worker->shared->syncs, 1);
  if (how == 0)
    nm_txsync(port);
  else if (how == 1)
    nm_rxsync(port);
  else
    nm_poll(port, events[stress_below(worker, 4)], how == 2 ? 0 : (int)stress_below(worker, 3));
}

void stress_use(struct stress_worker* worker, struct nm_port* port, uint32_t rounds) {
  for (uint32_t i = 0; i < rounds; i++) {
    if (port->tx_count) send_some(worker, port->tx[stress_below(worker, port->tx_count)]);
    sync_some(worker, port);
    if (port->rx_count) receive_some(worker, port, port->rx[stress_below(worker, port->rx_count)]);
  }
}

// Another process with the same descriptor and mapping, which ends without closing them.
static void use_by_two(struct stress_worker* worker, struct nm_port* port, uint32_t rounds) {
  pid_t pid = stress_fork(worker);

  if (pid == 0) {
    worker->random ^= 0x9e3779b97f4a7c15u;
    stress_use(worker, port, rounds);
    _exit(NM_OK);
  }
  stress_use(worker, port, rounds / 2);
  if (stress_one_in(worker, 2)) kill(pid, SIGKILL);
  waitpid(pid, NULL, 0);
}

int stress_port(struct stress_worker* worker, const struct nm_spec* spec) {
  uint32_t rounds = stress_below(worker, 64);
  struct nm_port port;
  int err = nm_open(spec, &port);

  if (err) return err;
  if (stress_one_in(worker, 16))
    use_by_two(worker, &port, rounds);
  else
    stress_use(worker, &port, rounds);
  if (stress_one_in(worker, 4)) {  // a mapping keeps the port
    close(port.fd);
    stress_use(worker, &port, 0);
    munmap(port.mem, port.mem_size);
    return 0;
  }
  nm_close(&port);
  return 0;
}
