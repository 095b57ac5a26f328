// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Owns one sync of one ring: the gate, reading and checking what the program
 * wrote, publishing what the kernel did. Shared fields are read once.
 */
#include "sync.h"

#include <linux/poll.h>
#include <linux/ktime.h>

#include "monitor.h"
#include "param.h"
#include "port.h"

#define SPINS 256	/* while a frame is put into the ring */

/* Make every slot harmless after the program lost track (SEMANTICS 4.2). */
static void repair(struct vale_ring *ring)
{
	const struct vale_bufs *bufs = &ring->port->region->bufs;
	struct netmap_ring *shared = ring->shared;
	u32 i, idx;

	for (i = 0; i < ring->pos.n; i++) {
		struct netmap_slot *slot = &shared->slot[i];

		idx = READ_ONCE(slot->buf_idx);
		if (idx < VALE_BUF_FIRST || idx >= bufs->total) {
			WRITE_ONCE(slot->buf_idx, 0);
			WRITE_ONCE(slot->len, 0);
		} else if (READ_ONCE(slot->len) > bufs->size) {
			WRITE_ONCE(slot->len, 0);
		}
	}
	WRITE_ONCE(shared->head, ring->pos.head);
	WRITE_ONCE(shared->cur, ring->pos.cur);
}

static int publish(struct vale_ring *ring, int err)
{
	struct vale_pos *pos = &ring->pos;

	pos->tail = pos->hwtail;
	/* (B) slots before tail; partner: the program's load of tail. */
	smp_store_release(&ring->shared->tail, pos->tail);
	return (err < 0 ? VALE_SYNC_BAD : 0) |
	       (err > 0 ? VALE_SYNC_MOVED : 0) |
	       (pos->cur != pos->tail ? VALE_SYNC_READY : 0);
}

/* The gate is held; head and cur are as the program wrote them. */
static int txsync(struct vale_ring *ring, u32 head, u32 cur, int flags)
{
	u32 before = ring->pos.head;
	int err;

	if (vale_ring_accept_tx(&ring->pos, head, cur)) {
		err = likely(!READ_ONCE(ring->watched)) ?
		      ring->port->ops->txsync(ring, flags) :
		      vale_monitor_txsync(ring, before, flags);
	} else {
		repair(ring);
		err = -EINVAL;
	}
	return publish(ring, err);
}

int vale_ring_txsync(struct vale_ring *ring, int flags)
{
	struct netmap_ring *shared = ring->shared;
	u32 head, cur;
	int result;

	if (!vale_ring_enter(ring))
		return 0;
	cur = READ_ONCE(shared->cur);
	/* (C) slots after head; partner: the program's store of head. */
	head = smp_load_acquire(&shared->head);
	result = txsync(ring, head, cur, flags);
	vale_ring_leave(ring);
	return result;
}

static void stamp(struct vale_ring *ring)
{
	struct netmap_ring *shared = ring->shared;
	struct timespec64 now;

	if (READ_ONCE(vale_param.no_timestamp) &&
	    !(READ_ONCE(shared->flags) & NR_TIMESTAMP))
		return;
	ktime_get_real_ts64(&now);
	WRITE_ONCE(shared->ts.tv_sec, now.tv_sec);
	WRITE_ONCE(shared->ts.tv_usec, now.tv_nsec / NSEC_PER_USEC);
}

static int rxsync(struct vale_ring *ring, u32 head, u32 cur, int flags)
{
	int err, bad = 0, result;

	if (!vale_ring_accept_rx(&ring->pos, head, cur)) {
		repair(ring);
		bad = -EINVAL;
	}
	err = likely(!READ_ONCE(ring->watched)) ?
	      ring->port->ops->rxsync(ring, flags) :
	      vale_monitor_rxsync(ring, flags);
	result = publish(ring, bad ?: err);
	stamp(ring);
	return result;
}

/* Only other syncs are a reason to skip the ring. */
static bool enter(struct vale_ring *ring)
{
	u32 spins = IS_ENABLED(CONFIG_SMP) && ring->filled ? SPINS : 0;

	while (!vale_ring_enter(ring)) {
		if (!spins--)
			return false;
		cpu_relax();
	}
	return true;
}

int vale_ring_rxsync(struct vale_ring *ring, int flags)
{
	struct netmap_ring *shared = ring->shared;
	u32 head, cur;
	int result;

	if (!enter(ring))
		return 0;
	cur = READ_ONCE(shared->cur);
	/* (D) what the program did to the slots it gives back. */
	head = smp_load_acquire(&shared->head);
	result = rxsync(ring, head, cur, flags);
	vale_ring_leave(ring);
	if (unlikely(READ_ONCE(ring->watched)))
		vale_monitor_left(ring);
	return result;
}

int vale_ring_sync_at(struct vale_ring *ring, u32 head, u32 cur, int flags,
		      struct vale_pos *now)
{
	int result = 0;

	if (enter(ring)) {
		result = ring->dir == VALE_TX ?
			 txsync(ring, head, cur, flags) :
			 rxsync(ring, head, cur, flags);
		vale_ring_leave(ring);
	}
	*now = ring->pos;
	/* Behind what was published, frames may be on their way in. */
	now->hwtail = now->tail;
	if (unlikely(READ_ONCE(ring->watched)))
		vale_monitor_left(ring);
	return result;
}
