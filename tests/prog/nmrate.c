// SPDX-License-Identifier: BSD-2-Clause
// What a frame costs from one port to another that a cable outside the machine joins: all the time
// it takes, and of that what the syncs take that send a batch or receive something. With --lockstep
// a batch has arrived before the next is sent, so that no sync waits for the device. Frames may be
// lost on the way; those that arrive count.
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "nm.h"
#include "opt.h"

struct cost {
  uint64_t sent;
  uint64_t received;
  uint64_t tx_ns;
  uint64_t rx_ns;
};

static uint64_t now_ns(void) {
  struct timespec now;

  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static uint64_t timed(int (*sync)(struct nm_port*), struct nm_port* port) {
  uint64_t start = now_ns();
  int err = sync(port);

  if (err) nm_fail("sync: %s", strerror(err));
  return now_ns() - start;
}

static void prepare(struct netmap_ring* ring) {
  for (uint32_t i = 0; i < ring->num_slots; i++) {
    char* frame = NETMAP_BUF(ring, ring->slot[i].buf_idx);

    memset(frame, 0, ring->nr_buf_size);
    memset(frame, 0xff, 6);
    frame[6] = 2;
    frame[12] = (char)0x88;
    frame[13] = (char)0xb5;
  }
}

static void send_some(struct nm_port* port, uint32_t batch, uint16_t len, struct cost* c) {
  struct netmap_ring* ring = port->tx[0];
  uint32_t n = nm_ring_space(ring) < batch ? 0 : batch;
  uint64_t ns;

  for (uint32_t i = 0; i < n; i++) {
    ring->slot[ring->head].len = len;
    ring->head = ring->cur = nm_ring_next(ring, ring->head);
  }
  ns = timed(nm_txsync, port);
  c->sent += n;
  if (n) c->tx_ns += ns;
}

static void receive_some(struct nm_port* port, struct cost* c) {
  uint64_t ns = timed(nm_rxsync, port), before = c->received;

  for (uint32_t i = 0; i < port->rx_count; i++) {
    struct netmap_ring* ring = port->rx[i];

    c->received += nm_ring_space(ring);
    ring->head = ring->cur = ring->tail;
  }
  if (c->received > before) c->rx_ns += ns;
}

enum { ARRIVAL_US = 2000, ARRIVAL_TRIES = 100 };

// What has not come by then is lost.
static void receive_all(struct nm_port* port, uint64_t batch, struct cost* c) {
  uint64_t wanted = c->received + batch;

  for (int i = 0; i < ARRIVAL_TRIES && c->received < wanted; i++) {
    usleep(ARRIVAL_US);
    receive_some(port, c);
  }
}

int main(int argc, char** argv) {
  uint32_t batch = 64, len = 60, frames = 100000, seconds = 60;
  bool lockstep = false;
  const struct opt opts[] = {
      {"batch", OPT_U32, &batch, "frames of a sync (64)"},
      {"len", OPT_U32, &len, "bytes of a frame (60)"},
      {"frames", OPT_U32, &frames, "that arrive until it ends (100000)"},
      {"lockstep", OPT_FLAG, &lockstep, "no batch before the one before has arrived"},
      {"seconds", OPT_U32, &seconds, "it takes at most (60)"},
  };
  const struct opt_command command = {"nmrate FROM TO: nanoseconds a frame, as JSON", opts,
                                      sizeof(opts) / sizeof(opts[0]), 2};
  struct opt_list operands;
  struct cost c = {0, 0, 0, 0};
  struct nm_port from, to;
  uint64_t start;

  opt_parse(&command, argc, argv, &operands);
  nm_open_or_exit(operands.text[0], &from);
  nm_open_or_exit(operands.text[1], &to);
  prepare(from.tx[0]);
  start = now_ns();
  while (c.received < frames && now_ns() - start < (uint64_t)seconds * 1000000000) {
    uint64_t before = c.sent;

    send_some(&from, batch, (uint16_t)len, &c);
    if (lockstep)
      receive_all(&to, c.sent - before, &c);
    else
      receive_some(&to, &c);
  }
  if (!c.received) nm_fail("no frame arrived");
  printf("{\"sent\":%" PRIu64 ",\"received\":%" PRIu64 ",\"all_ns\":%" PRIu64 ",\"tx_ns\":%" PRIu64
         ",\"rx_ns\":%" PRIu64 "}\n",
         c.sent, c.received, (now_ns() - start) / c.received, c.tx_ns / c.sent,
         c.rx_ns / c.received);
  nm_close(&to);
  nm_close(&from);
  return NM_OK;
}
