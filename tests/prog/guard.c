// SPDX-License-Identifier: BSD-2-Clause
#include "guard.h"

enum { GUARD_BUFS = 256, GUARD_BYTE = 0xa5 };

void guard_open(const char* bridge, struct guard* guard) {
  struct nm_spec spec = {
      .mode = NR_REG_ALL_NIC, .flags = NR_TX_RINGS_ONLY, .extra_bufs = GUARD_BUFS};
  struct netmap_ring* ring;
  int err;

  snprintf(spec.name, sizeof(spec.name), "%s:guard", bridge);
  err = nm_open(&spec, &guard->port);
  if (err) nm_fail("cannot open %s: %s", spec.name, strerror(err));
  ring = guard->port.tx[0];
  for (uint32_t i = 0; i < ring->num_slots; i++)
    memset(NETMAP_BUF(ring, ring->slot[i].buf_idx), GUARD_BYTE, ring->nr_buf_size);
  for (uint32_t buf = guard->port.nifp->ni_bufs_head, next; buf; buf = next) {
    next = *(uint32_t*)(void*)NETMAP_BUF(ring, buf);
    memset(NETMAP_BUF(ring, buf) + sizeof(next), GUARD_BYTE, ring->nr_buf_size - sizeof(next));
  }
  memcpy(&guard->ring, ring, sizeof(guard->ring));
}

static uint32_t changed_bytes(const char* from, size_t size) {
  uint32_t changed = 0;

  for (size_t i = 0; i < size; i++) changed += (uint8_t)from[i] != GUARD_BYTE;
  return changed;
}

bool guard_is_intact(const struct guard* guard) {
  const struct netmap_ring* ring = guard->port.tx[0];
  uint32_t changed = 0, chain = 0;

  for (uint32_t i = 0; i < ring->num_slots; i++)
    changed += changed_bytes(NETMAP_BUF(ring, ring->slot[i].buf_idx), ring->nr_buf_size);
  for (uint32_t buf = guard->port.nifp->ni_bufs_head; buf && chain < GUARD_BUFS; chain++) {
    changed += changed_bytes(NETMAP_BUF(ring, buf) + sizeof(buf), ring->nr_buf_size - sizeof(buf));
    buf = *(const uint32_t*)(const void*)NETMAP_BUF(ring, buf);
  }
  if (memcmp(ring, &guard->ring, sizeof(*ring)) != 0) changed++;
  if (changed || chain != GUARD_BUFS)
    fprintf(stderr, "guard: %u bytes changed, %u of %u extra buffers in the list\n", changed, chain,
            GUARD_BUFS);
  return !changed && chain == GUARD_BUFS;
}
