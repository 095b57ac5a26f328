// SPDX-License-Identifier: BSD-2-Clause
// Sends frames between two ports, now and then opening the receiver anew, and prints how many of
// them came in the sender's own buffer. Fails if a frame is not what was sent, if sender and
// receiver are told different things, or if two slots of the same region ever hold the same buffer.
#include <inttypes.h>
#include <stdlib.h>

#include "frame.h"
#include "opt.h"

enum { BURST = 37, AGAIN_EVERY = 64, INDICES = 1 << 20 };

struct ends {
  struct nm_port from;
  struct nm_port to;
  const char* to_name;
};

struct result {
  uint64_t frames;
  uint64_t exchanged;
};

static void mark(uint8_t* seen, const struct netmap_ring* ring) {
  for (uint32_t i = 0; i < ring->num_slots; i++) {
    uint32_t index = ring->slot[i].buf_idx;

    if (index < 2 || index >= INDICES || seen[index])
      nm_fail("buffer %u stands in two slots", index);
    seen[index] = 1;
  }
}

static void check_buffers(const struct ends* e) {
  uint8_t* seen;

  if (e->from.reg.nr_mem_id != e->to.reg.nr_mem_id) return;
  seen = calloc(INDICES, 1);
  if (!seen) nm_fail("no memory");
  mark(seen, e->from.tx[0]);
  mark(seen, e->from.rx[0]);
  mark(seen, e->to.tx[0]);
  mark(seen, e->to.rx[0]);
  free(seen);
}

static void put(struct netmap_ring* ring, uint64_t seq) {
  static const uint8_t header[FRAME_HEADER] = {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x88, 0xb5};
  struct netmap_slot* slot = &ring->slot[ring->head];
  char* bytes = NETMAP_BUF(ring, slot->buf_idx);

  slot->len = (uint16_t)(60 + seq % 1400);
  slot->flags = 0;
  memset(bytes, (int)(seq % 251), slot->len);
  memcpy(bytes, header, sizeof(header));
  ring->head = ring->cur = nm_ring_next(ring, ring->head);
}

static bool is_frame(const struct netmap_ring* ring, const struct netmap_slot* slot, uint64_t seq) {
  const uint8_t* bytes = (const uint8_t*)NETMAP_BUF(ring, slot->buf_idx);

  return slot->len == 60 + seq % 1400 && bytes[FRAME_HEADER] == seq % 251 &&
         bytes[slot->len - 1] == seq % 251;
}

static void take(const struct netmap_slot* sent, struct netmap_ring* ring, struct result* result) {
  const struct netmap_slot* slot = &ring->slot[ring->head];
  bool exchanged = slot->flags & NS_BUF_CHANGED;

  if (!is_frame(ring, slot, result->frames))
    nm_fail("frame %" PRIu64 " is another", result->frames);
  if (exchanged != !!(sent->flags & NS_BUF_CHANGED)) nm_fail("one side alone is told");
  result->frames++;
  result->exchanged += exchanged;
  ring->head = ring->cur = nm_ring_next(ring, ring->head);
}

static void burst(struct ends* e, struct result* result) {
  struct netmap_ring *tx = e->from.tx[0], *rx = e->to.rx[0];
  uint32_t first = tx->head;

  for (uint32_t i = 0; i < BURST; i++) put(tx, result->frames + i);
  if (nm_txsync(&e->from) || nm_rxsync(&e->to)) nm_fail("sync failed");
  if (nm_ring_space(rx) != BURST) nm_fail("%u frames came of %u", nm_ring_space(rx), BURST);
  for (uint32_t i = 0; i < BURST; i++) take(&tx->slot[(first + i) % tx->num_slots], rx, result);
  if (nm_rxsync(&e->to)) nm_fail("sync failed");
  check_buffers(e);
}

// The receiver, whose address the switch then knows.
static void open_receiver(struct ends* e) {
  static const uint8_t hello[60] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2,
                                    0,    0,    0,    0,    2,    0x88, 0xb5};
  struct netmap_ring* ring;

  nm_open_or_exit(e->to_name, &e->to);
  ring = e->to.tx[0];
  memcpy(NETMAP_BUF(ring, ring->slot[ring->head].buf_idx), hello, sizeof(hello));
  ring->slot[ring->head].len = sizeof(hello);
  ring->head = ring->cur = nm_ring_next(ring, ring->head);
  nm_txsync(&e->to);
}

int main(int argc, char** argv) {
  struct result result = {0, 0};
  uint64_t bursts = 1000;
  const struct opt opts[] = {{"bursts", OPT_U64, &bursts, "of 37 frames each (1000)"}};
  const struct opt_command command = {
      "nmexchange FROM TO [options]: whose buffers do frames come in?", opts,
      sizeof(opts) / sizeof(opts[0]), 2};
  struct opt_list operands;
  struct ends e;

  opt_parse(&command, argc, argv, &operands);
  e.to_name = operands.text[1];
  nm_open_or_exit(operands.text[0], &e.from);
  open_receiver(&e);
  for (uint64_t i = 1; i <= bursts; i++) {
    burst(&e, &result);
    if (i % AGAIN_EVERY) continue;
    nm_close(&e.to);
    open_receiver(&e);
    check_buffers(&e);
  }
  printf("{\"frames\":%" PRIu64 ",\"exchanged\":%" PRIu64 "}\n", result.frames, result.exchanged);
  nm_close(&e.to);
  nm_close(&e.from);
  return NM_OK;
}
