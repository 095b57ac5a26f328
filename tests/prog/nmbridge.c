// SPDX-License-Identifier: BSD-2-Clause
// Carries frames between two netmap ports, both ways, by copying slot for slot.
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <string.h>

#include "nm.h"
#include "opt.h"

enum { TICK_MS = 50 };

static volatile sig_atomic_t stop;

static void on_signal(int number) {
  (void)number;
  stop = 1;
}

static void carry_slot(struct netmap_ring* from, struct netmap_ring* to) {
  struct netmap_slot* in = &from->slot[from->head];
  struct netmap_slot* out = &to->slot[to->head];

  memcpy(NETMAP_BUF(to, out->buf_idx), NETMAP_BUF(from, in->buf_idx), in->len);
  out->len = in->len;
  out->flags = in->flags & NS_MOREFRAG;
  from->head = from->cur = nm_ring_next(from, from->head);
  to->head = to->cur = nm_ring_next(to, to->head);
}

// Slots from every ring to the ring of the same number, as far as there is room.
static uint64_t carry(struct nm_port* from, struct nm_port* to) {
  uint64_t slots = 0;

  for (uint32_t i = 0; i < from->rx_count; i++) {
    struct netmap_ring* out = to->tx[i % to->tx_count];

    for (; !nm_ring_empty(from->rx[i]) && !nm_ring_empty(out); slots++)
      carry_slot(from->rx[i], out);
  }
  return slots;
}

static bool waiting(const struct nm_port* port) {
  for (uint32_t i = 0; i < port->rx_count; i++)
    if (!nm_ring_empty(port->rx[i])) return true;
  return false;
}

// What is left over waits for room on the other side.
static bool wait_for_more(struct nm_port* a, struct nm_port* b) {
  struct pollfd items[] = {
      {.fd = a->fd, .events = (short)(POLLIN | (waiting(b) ? POLLOUT : 0))},
      {.fd = b->fd, .events = (short)(POLLIN | (waiting(a) ? POLLOUT : 0))},
  };

  poll(items, 2, TICK_MS);
  return !((items[0].revents | items[1].revents) & POLLERR);
}

int main(int argc, char** argv) {
  struct nm_port a, b;
  uint64_t there = 0, back = 0;
  bool ok = true;
  const struct opt_command command = {"nmbridge PORT PORT: carry frames between them, JSON counts",
                                      NULL, 0, 2};
  struct opt_list operands;

  opt_parse(&command, argc, argv, &operands);
  signal(SIGINT, on_signal);
  signal(SIGTERM, on_signal);
  nm_open_or_exit(operands.text[0], &a);
  nm_open_or_exit(operands.text[1], &b);
  fprintf(stderr, "nmbridge: ready\n");
  while (ok && !stop) {
    there += carry(&a, &b);
    back += carry(&b, &a);
    ok = !nm_txsync(&a) && !nm_txsync(&b) && wait_for_more(&a, &b);
  }
  printf("{\"there\":%" PRIu64 ",\"back\":%" PRIu64 "}\n", there, back);
  nm_close(&a);
  nm_close(&b);
  return ok ? NM_OK : NM_FAILED;
}
