// SPDX-License-Identifier: BSD-2-Clause
// The ring protocol of an adapter, case by case: what goes into a netdev's TX rings must come out
// of the RX rings of the netdev at the other end of its cable, and slots must come back as the ABI
// says.
#include "rig.h"

static bool fresh(struct rig* r) {
  EXPECT(r, r->tx->head == r->tx->cur && rig_all_sent(r));
  for (uint32_t i = 0; i < r->to.rx_count; i++) {
    EXPECT(r, r->to.rx[i]->head == r->to.rx[i]->cur);
    EXPECT(r, r->to.rx[i]->nr_buf_size >= CONFORM_LONG);
  }
  return true;
}

static bool one(struct rig* r, uint32_t size) {
  return rig_put(r, size, r->tx->nr_buf_size - (uint32_t)r->offset, 0) && rig_expect_sent(r) &&
         rig_expect_frame(r, size);
}

static bool sizes(struct rig* r) {
  for (uint32_t size = CONFORM_SHORT; size < r->max_size; size += 97)
    if (!one(r, size)) return false;
  return one(r, r->max_size);
}

// With a tag as long again, and the shortest that the cable carries.
static bool tags(struct rig* r) {
  bool ok;

  r->tagged = true;
  ok = one(r, CONFORM_SHORT + CONFORM_TAG) && one(r, 777) && one(r, r->max_size + CONFORM_TAG);
  r->tagged = false;
  return ok && one(r, CONFORM_SHORT);
}

// Three times around, in steps that do not divide the ring.
static bool wrap_around(struct rig* r) {
  uint32_t step = r->tx->num_slots / 5 + 1, total = 3 * r->tx->num_slots;

  if (step > 50) step = 50;
  for (uint32_t sent = 0; sent < total; sent += step) {
    for (uint32_t i = 0; i < step; i++)
      if (!rig_put(r, CONFORM_SHORT + i, CONFORM_LONG, 0)) return false;
    if (!rig_expect_sent(r)) return false;
    for (uint32_t i = 0; i < step; i++)
      if (!rig_expect_frame(r, CONFORM_SHORT + i)) return false;
  }
  return true;
}

static bool many_slots(struct rig* r) {
  static const uint32_t cuts[] = {500, 100, 64, 24};

  for (uint32_t i = 0; i < sizeof(cuts) / sizeof(cuts[0]); i++)
    if (!rig_put(r, 1500, cuts[i], 0) || !rig_expect_sent(r) || !rig_expect_frame(r, 1500))
      return false;
  return true;
}

// The flag asks for a report, and its going is the report: then all before it have been sent.
static bool report(struct rig* r) {
  uint32_t at = r->tx->head;

  if (!rig_put(r, CONFORM_SHORT, CONFORM_LONG, NS_REPORT) ||
      !rig_put(r, CONFORM_SHORT, CONFORM_LONG, 0) || !rig_expect_sent(r))
    return false;
  EXPECT(r, !(r->tx->slot[at].flags & NS_REPORT));
  return rig_expect_frame(r, CONFORM_SHORT) && rig_expect_frame(r, CONFORM_SHORT);
}

// The frame is sent from a buffer of its own. The slot keeps that one, or says that it has another.
static bool changed_tx(struct rig* r) {
  uint32_t at = r->tx->head, index = rig_spare(r);

  EXPECT(r, index != 0);
  r->tx->slot[at].buf_idx = index;
  if (!rig_put(r, 333, CONFORM_LONG, NS_BUF_CHANGED) || !rig_expect_sent(r) ||
      !rig_expect_frame(r, 333))
    return false;
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

  if (!rig_put(r, CONFORM_SHORT, CONFORM_LONG, 0)) return false;
  r->tx->slot[at].buf_idx = UINT32_MAX;
  rig_skip_frame(r);
  if (!rig_put(r, CONFORM_SHORT, CONFORM_LONG, 0)) return false;
  r->tx->slot[nm_ring_next(r->tx, at)].len = 13;
  rig_skip_frame(r);
  if (!rig_put(r, 200, CONFORM_LONG, 0) || !rig_expect_sent(r) || !rig_expect_frame(r, 200))
    return false;
  r->tx->slot[at].buf_idx = index;
  return true;
}

const struct conform_case conform_cases[] = {
    {"fresh", fresh},
    {"sizes", sizes},
    {"tags", tags},
    {"wrap_around", wrap_around},
    {"many_slots", many_slots},
    {"report", report},
    {"changed_tx", changed_tx},
    {"changed_rx", changed_rx},
    {"bad_head", bad_head},
    {"bad_slots", bad_slots},
    {"again", wrap_around},
};

const uint32_t conform_case_count = sizeof(conform_cases) / sizeof(conform_cases[0]);
