// SPDX-License-Identifier: BSD-2-Clause
// The ring protocol of an adapter, case by case: what goes into a netdev's TX rings must come out
// of the RX rings of the netdev at the other end of its cable, and slots must come back as the ABI
// says. One JSON object a case; the first failure ends it.
#include <inttypes.h>
#include <poll.h>
#include <string.h>

#include "frame.h"
#include "opt.h"

enum { TYPE = 0x88b7, HEADER = FRAME_HEADER + 8, SHORT = 60, TICK_MS = 20 };

struct rig {
  struct nm_port from, to;
  struct netmap_ring* tx;
  uint64_t put_seq, got_seq;
  uint64_t patience_ms;
  bool exchanges;  // sending takes the buffer away and gives another
  uint8_t got[FRAME_MAX];
  const char* why;
};

static bool fail(struct rig* r, const char* why) {
  r->why = why;
  return false;
}

#define EXPECT(r, condition)                      \
  do {                                            \
    if (!(condition)) return fail(r, #condition); \
  } while (0)

static uint8_t* buffer(struct netmap_ring* ring, uint32_t at) {
  return (uint8_t*)NETMAP_BUF(ring, ring->slot[at].buf_idx);
}

// The bytes of frame seq: a broadcast, whatever is behind the cable.
static void write_bytes(uint8_t* to, uint64_t seq, uint32_t size) {
  static const uint8_t head[FRAME_HEADER] = {255, 255, 255, 255, 255, 255,       2,
                                             0,   0,   0,   0,   7,   TYPE >> 8, TYPE & 255};

  memcpy(to, head, sizeof(head));
  memcpy(to + FRAME_HEADER, &seq, sizeof(seq));
  for (uint32_t i = HEADER; i < size; i++) to[i] = (uint8_t)(seq * 31 + i * 7);
}

// The next frame, in slots of at most `cut` bytes. The caller syncs.
static bool put(struct rig* r, uint32_t size, uint32_t cut, uint16_t flags) {
  static uint8_t bytes[FRAME_MAX];
  uint32_t head = r->tx->head;

  write_bytes(bytes, r->put_seq++, size);
  for (uint32_t off = 0; off < size; off += cut, head = nm_ring_next(r->tx, head)) {
    struct netmap_slot* slot = &r->tx->slot[head];
    uint32_t len = size - off < cut ? size - off : cut;

    EXPECT(r, head != r->tx->tail);
    memcpy(buffer(r->tx, head), bytes + off, len);
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
    memcpy(r->got + size, buffer(ring, at), ring->slot[at].len);
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
      if (size >= HEADER && frame_type(r->got) == TYPE) return size;
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

// The next frame, of that size, byte by byte. Padding of short ones is the driver's.
static bool expect_frame(struct rig* r, uint32_t size) {
  static uint8_t bytes[FRAME_MAX];
  uint32_t got = receive(r);

  write_bytes(bytes, r->got_seq++, size);
  EXPECT(r, got != 0);
  EXPECT(r, got == size);
  EXPECT(r, !memcmp(bytes, r->got, size));
  return true;
}

static bool all_sent(const struct rig* r) {
  return nm_slots_used(r->tx, r->tx->head, r->tx->tail) == r->tx->num_slots - 1;
}

// Every slot comes back.
static bool expect_sent(struct rig* r) {
  uint64_t end = nm_now_ms() + r->patience_ms;

  while (!nm_txsync(&r->from) && !all_sent(r) && nm_now_ms() < end) nm_poll(&r->to, POLLIN, 1);
  EXPECT(r, all_sent(r));
  return true;
}

static bool fresh(struct rig* r) {
  EXPECT(r, r->tx->head == r->tx->cur && all_sent(r));
  for (uint32_t i = 0; i < r->to.rx_count; i++) {
    EXPECT(r, r->to.rx[i]->head == r->to.rx[i]->cur);
    EXPECT(r, r->to.rx[i]->nr_buf_size >= 1514);
  }
  return true;
}

static bool sizes(struct rig* r) {
  for (uint32_t size = SHORT; size <= 1514; size += 97) {
    if (!put(r, size, 2048, 0) || !expect_sent(r) || !expect_frame(r, size)) return false;
  }
  return put(r, 1514, 2048, 0) && expect_sent(r) && expect_frame(r, 1514);
}

// Three times around, in steps that do not divide the ring.
static bool wrap_around(struct rig* r) {
  uint32_t step = r->tx->num_slots / 5 + 1, total = 3 * r->tx->num_slots;

  if (step > 50) step = 50;
  for (uint32_t sent = 0; sent < total; sent += step) {
    for (uint32_t i = 0; i < step; i++)
      if (!put(r, SHORT + i, 2048, 0)) return false;
    if (!expect_sent(r)) return false;
    for (uint32_t i = 0; i < step; i++)
      if (!expect_frame(r, SHORT + i)) return false;
  }
  return true;
}

static bool many_slots(struct rig* r) {
  static const uint32_t cuts[] = {500, 100, 64, 24};

  for (uint32_t i = 0; i < sizeof(cuts) / sizeof(cuts[0]); i++)
    if (!put(r, 1500, cuts[i], 0) || !expect_sent(r) || !expect_frame(r, 1500)) return false;
  return true;
}

// The flag asks for a report, and its going is the report: then all before it have been sent.
static bool report(struct rig* r) {
  uint32_t at = r->tx->head;

  if (!put(r, SHORT, 2048, NS_REPORT) || !put(r, SHORT, 2048, 0) || !expect_sent(r)) return false;
  EXPECT(r, !(r->tx->slot[at].flags & NS_REPORT));
  return expect_frame(r, SHORT) && expect_frame(r, SHORT);
}

static uint32_t spare(struct rig* r, struct nm_port* port) {
  uint32_t index = port->nifp->ni_bufs_head;

  if (index) port->nifp->ni_bufs_head = *(uint32_t*)(void*)NETMAP_BUF(r->tx, index);
  return index;
}

// The frame is sent from a buffer of its own. The slot keeps that one, or says that it has another.
static bool changed_tx(struct rig* r) {
  uint32_t at = r->tx->head, index = spare(r, &r->from);

  EXPECT(r, index != 0);
  r->tx->slot[at].buf_idx = index;
  if (!put(r, 333, 2048, NS_BUF_CHANGED) || !expect_sent(r) || !expect_frame(r, 333)) return false;
  EXPECT(r, (r->tx->slot[at].buf_idx != index) == r->exchanges);
  EXPECT(r, !!(r->tx->slot[at].flags & NS_BUF_CHANGED) == r->exchanges);
  return true;
}

// Every buffer of the RX rings changes places with its neighbour; what comes then comes into those.
static bool changed_rx(struct rig* r) {
  for (uint32_t i = 0; i < r->to.rx_count; i++) {
    struct netmap_ring* ring = r->to.rx[i];
    uint32_t next = nm_ring_next(ring, ring->head), index = ring->slot[ring->head].buf_idx;

    ring->slot[ring->head].buf_idx = ring->slot[next].buf_idx;
    ring->slot[next].buf_idx = index;
    ring->slot[ring->head].flags = ring->slot[next].flags = NS_BUF_CHANGED;
  }
  return wrap_around(r);
}

// A sync puts the ring in order, and all goes on.
static bool bad_head(struct rig* r) {
  uint32_t head = r->tx->head;

  r->tx->head = r->tx->cur = r->tx->num_slots + 3;
  EXPECT(r, nm_txsync(&r->from) == 0);
  EXPECT(r, r->tx->head == head && r->tx->cur == head);
  return sizes(r);
}

// Slots that are no frame are dropped; they come back, and their neighbours arrive.
static bool bad_slots(struct rig* r) {
  uint32_t at = r->tx->head, index = r->tx->slot[at].buf_idx;

  if (!put(r, SHORT, 2048, 0)) return false;
  r->tx->slot[at].buf_idx = UINT32_MAX;
  r->got_seq++;
  if (!put(r, SHORT, 2048, 0)) return false;
  r->tx->slot[nm_ring_next(r->tx, at)].len = 13;
  r->got_seq++;
  if (!put(r, 200, 2048, 0) || !expect_sent(r) || !expect_frame(r, 200)) return false;
  r->tx->slot[at].buf_idx = index;
  return true;
}

static const struct {
  const char* name;
  bool (*run)(struct rig* r);
} cases[] = {
    {"fresh", fresh},           {"sizes", sizes},       {"wrap_around", wrap_around},
    {"many_slots", many_slots}, {"report", report},     {"changed_tx", changed_tx},
    {"changed_rx", changed_rx}, {"bad_head", bad_head}, {"bad_slots", bad_slots},
    {"again", wrap_around},
};

static bool run_all(struct rig* r) {
  for (uint32_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
    bool ok = cases[i].run(r);

    printf("{\"case\":\"%s\",\"ok\":%s,\"why\":\"%s\"}\n", cases[i].name, ok ? "true" : "false",
           ok ? "" : r->why);
    if (!ok) return false;
  }
  return true;
}

static void open_with_spare(const char* name, struct nm_port* port) {
  struct nm_spec spec;
  const char* why;
  int err;

  if (nm_parse(name, &spec, &why)) nm_fail("%s: %s", name, why);
  spec.extra_bufs = 4;
  err = nm_open(&spec, port);
  if (err) nm_fail("%s: %s", name, strerror(err));
}

int main(int argc, char** argv) {
  static struct rig r;
  uint32_t seconds = 5;
  const struct opt opts[] = {
      {"patience", OPT_U32, &seconds, "seconds to wait for a frame (5)"},
      {"exchanges", OPT_FLAG, &r.exchanges, "slots exchange buffers"},
  };
  const struct opt_command command = {
      "nmconform FROM TO [options]: two netdevs joined by a cable keep to the ring protocol", opts,
      2, 2};
  struct opt_list operands;
  bool ok;

  opt_parse(&command, argc, argv, &operands);
  r.patience_ms = seconds * 1000ull;
  open_with_spare(operands.text[0], &r.from);
  open_with_spare(operands.text[1], &r.to);
  r.tx = r.from.tx[0];
  ok = run_all(&r);
  nm_close(&r.from);
  nm_close(&r.to);
  return ok ? NM_OK : NM_FAILED;
}
