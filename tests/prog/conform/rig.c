// SPDX-License-Identifier: BSD-2-Clause
#include "rig.h"

#include <poll.h>
#include <string.h>

enum {
  TYPE = 0x88b7,
  MARKER = 0x88b6,
  HEADER = FRAME_HEADER + 8,
  TICK_MS = 20,
  QUIET_TICKS = 10,
  SPARE_BUFS = 4
};

static uint8_t* buffer(const struct rig* r, struct netmap_ring* ring, uint32_t at) {
  return (uint8_t*)NETMAP_BUF(ring, ring->slot[at].buf_idx) + (r->offset ? ring->slot[at].ptr : 0);
}

// The bytes of frame seq: a broadcast, whatever is behind the cable.
static void write_bytes(const struct rig* r, uint8_t* to, uint64_t seq, uint32_t size) {
  const uint8_t type[2] = {(uint8_t)(r->type >> 8), (uint8_t)r->type};
  static const uint8_t addresses[12] = {255, 255, 255, 255, 255, 255, 2, 0, 0, 0, 0, 7};
  static const uint8_t tag[CONFORM_TAG] = {0x81, 0, 0x60, 0x2a};  // priority 3, VLAN 42
  uint32_t at = sizeof(addresses);

  memcpy(to, addresses, sizeof(addresses));
  if (r->tagged) memcpy(to + at, tag, sizeof(tag));
  at += r->tagged ? CONFORM_TAG : 0;
  memcpy(to + at, type, sizeof(type));
  memcpy(to + at + sizeof(type), &seq, sizeof(seq));
  for (at += sizeof(type) + sizeof(seq); at < size; at++) to[at] = (uint8_t)(seq * 31 + at * 7);
}

static bool is_ours(const struct rig* r, const uint8_t* frame, uint32_t size) {
  uint32_t at = frame_type(frame) == 0x8100 ? 12 + CONFORM_TAG : 12;

  return size >= HEADER + CONFORM_TAG && (frame[at] << 8 | frame[at + 1]) == r->type;
}

bool rig_put(struct rig* r, uint32_t size, uint32_t cut, uint16_t flags) {
  static uint8_t bytes[FRAME_MAX];
  uint32_t head = r->tx->head;

  write_bytes(r, bytes, r->put_seq++, size);
  for (uint32_t off = 0; off < size; off += cut, head = nm_ring_next(r->tx, head)) {
    struct netmap_slot* slot = &r->tx->slot[head];
    uint32_t len = size - off < cut ? size - off : cut;

    EXPECT(r, head != r->tx->tail);
    if (r->offset) slot->ptr = r->offset;
    memcpy(buffer(r, r->tx, head), bytes + off, len);
    slot->len = (uint16_t)len;
    slot->flags = (uint16_t)(flags | (off + len < size ? NS_MOREFRAG : 0));
  }
  r->tx->head = r->tx->cur = head;
  return true;
}

// A whole frame at the head of an RX ring into r->got; its size, 0 if there is none.
static uint32_t collect(struct rig* r, struct netmap_ring* ring) {
  uint32_t at = ring->head, size = 0;
  bool more = true;

  for (; more && at != ring->tail; at = nm_ring_next(ring, at)) {
    memcpy(r->got + size, buffer(r, ring, at), ring->slot[at].len);
    size += ring->slot[at].len;
    more = ring->slot[at].flags & NS_MOREFRAG;
  }
  if (more) return 0;
  ring->head = ring->cur = at;
  return size;
}

// Any of ours: others talk on a cable too.
static uint32_t look(struct rig* r) {
  for (uint32_t i = 0; i < r->to.rx_count; i++)
    for (uint32_t size; (size = collect(r, r->to.rx[i]));)
      if (is_ours(r, r->got, size)) return size;
  return 0;
}

static uint32_t receive(struct rig* r) {
  uint64_t end = nm_now_ms() + r->patience_ms;
  uint32_t size;

  while (!(size = look(r)) && nm_now_ms() < end) {
    nm_txsync(&r->from);
    nm_poll(&r->to, POLLIN, TICK_MS);
  }
  return size;
}

bool rig_expect_frame(struct rig* r, uint32_t size) {
  static uint8_t bytes[FRAME_MAX];
  uint32_t got = receive(r);

  write_bytes(r, bytes, r->got_seq++, size);
  EXPECT(r, got != 0);
  EXPECT(r, got == size);
  EXPECT(r, !memcmp(bytes, r->got, size));
  return true;
}

bool rig_all_sent(const struct rig* r) {
  return nm_slots_used(r->tx, r->tx->head, r->tx->tail) == r->tx->num_slots - 1;
}

bool rig_expect_sent(struct rig* r) {
  uint64_t end = nm_now_ms() + r->patience_ms;

  while (!nm_txsync(&r->from) && !rig_all_sent(r) && nm_now_ms() < end) nm_poll(&r->to, POLLIN, 1);
  EXPECT(r, rig_all_sent(r));
  return true;
}

// Everything that has come: a marker, and nothing else?
static bool only_markers(struct rig* r) {
  bool marker = false, other = false;

  for (uint32_t i = 0; i < r->to.rx_count; i++)
    for (uint32_t size; (size = collect(r, r->to.rx[i]));)
      *(is_ours(r, r->got, size) ? &marker : &other) = true;
  return marker && !other;
}

bool rig_settle(struct rig* r) {
  uint64_t end = nm_now_ms() + r->patience_ms;
  uint32_t quiet = 0;

  r->type = MARKER;
  while (quiet < QUIET_TICKS && nm_now_ms() < end) {
    if (!rig_put(r, CONFORM_SHORT, CONFORM_LONG, 0) || !rig_expect_sent(r)) return false;
    poll(NULL, 0, TICK_MS);
    nm_rxsync(&r->to);
    quiet = only_markers(r) ? quiet + 1 : 0;
  }
  r->type = TYPE;
  r->got_seq = r->put_seq;
  EXPECT(r, quiet == QUIET_TICKS);
  return true;
}

void rig_skip_frame(struct rig* r) {
  r->got_seq++;
}

uint32_t rig_spare(struct rig* r) {
  uint32_t index = r->from.nifp->ni_bufs_head;

  if (index) r->from.nifp->ni_bufs_head = *(uint32_t*)(void*)NETMAP_BUF(r->tx, index);
  return index;
}

static void open_one(const struct rig* r, const char* name, struct nm_port* port) {
  struct nmreq_opt_offsets offsets = {.nro_opt.nro_reqtype = NETMAP_REQ_OPT_OFFSETS,
                                      .nro_max_offset = r->offset,
                                      .nro_initial_offset = r->offset};
  struct nm_spec spec;
  const char* why;
  int err;

  if (nm_parse(name, &spec, &why)) nm_fail("%s: %s", name, why);
  spec.extra_bufs = SPARE_BUFS;
  if (r->offset) spec.options = &offsets.nro_opt;
  err = nm_open(&spec, port);
  if (err) nm_fail("%s: %s", name, strerror(err));
}

void rig_open(struct rig* r, const char* from, const char* to) {
  open_one(r, from, &r->from);
  open_one(r, to, &r->to);
  r->tx = r->from.tx[0];
  r->type = TYPE;
}

void rig_close(struct rig* r) {
  nm_close(&r->from);
  nm_close(&r->to);
}
