// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Owns the way into the RX rings of VALE ports. BH disabled, RCU read side; a
 * ring's lock is held to reserve and to complete, not while copying, so that
 * senders to one ring copy side by side.
 */
#include <linux/prefetch.h>

#include "core/copy.h"
#include "core/slot.h"
#include "core/vnet.h"
#include "vport.h"

/* What a port did not take, by reason. */
static void count_delivery(struct vale_member *m,
			   const struct vale_copied *done, u32 full)
{
	struct vale_stats *s = this_cpu_ptr(m->stats);
	int i;

	u64_stats_update_begin(&s->syncp);
	u64_stats_add(&s->counter[VALE_CNT_OUT_PACKETS], done->packets);
	u64_stats_add(&s->counter[VALE_CNT_OUT_BYTES], done->bytes);
	if (unlikely(full))
		u64_stats_add(&s->drop[VALE_DROP_RING_FULL], full);
	if (unlikely(done->packets + full != done->asked))
		for (i = 0; i < __VALE_DROP_MAX; i++)
			u64_stats_add(&s->drop[i], done->drops[i]);
	u64_stats_update_end(&s->syncp);
}

static void fill_empty(const struct vale_window *w, u32 n)
{
	u32 pos = w->pos;

	for (; n; n--, pos = vale_ring_next(pos, w->n)) {
		WRITE_ONCE(w->slot[pos].len, 0);
		WRITE_ONCE(w->slot[pos].flags, 0);
	}
}

/* Slots that the packets from c on take in a ring with that much room. */
static u32 fit(const struct vale_batch *b, const struct vale_cursor *c,
	       const struct vale_ring *ring, u8 header, u32 *packets)
{
	u32 room = vale_ring_room(ring);

	if (likely(header == b->header))
		return vale_batch_fit(b, *c, room, packets);
	return vale_vnet_fit(b, *c, header, &ring->bufs, room, packets);
}

bool vale_ring_publish(struct vale_ring *ring, u32 start, u32 slots,
		       const struct vale_window *w)
{
	bool moved;

	spin_lock(&ring->lock);
	if (unlikely(w->room)) {
		if (vale_lease_shrink(&ring->lease, start, slots, w->room))
			slots -= w->room;
		else
			fill_empty(w, w->room);
	}
	moved = vale_lease_complete(&ring->lease, start, slots);
	spin_unlock(&ring->lock);
	return moved;
}

/* Reserve, copy, publish; returns whether the receiver can see more. */
static bool fill_ring(struct vale_ring *ring, struct vale_batch *b,
		      struct vale_cursor *c, u8 header,
		      struct vale_copied *done)
{
	struct vale_window w = {
		.slot = ring->shared->slot,
		.bufs = &ring->bufs,
		.n = ring->pos.n,
	};
	u32 start, slots, packets;

	spin_lock(&ring->lock);
	slots = fit(b, c, ring, header, &packets);
	start = vale_lease_reserve(&ring->lease, slots);
	spin_unlock(&ring->lock);
	if (!packets)
		return false;

	w.pos = start;
	w.room = slots;
	if (likely(header == b->header))
		vale_batch_copy(b, c, packets, &w, done);
	else
		vale_vnet_copy(b, c, packets, header, &w, done);
	return vale_ring_publish(ring, start, slots, &w);
}

static void deliver_ring(struct vale_member *m, struct vale_ring *ring,
			 struct vale_batch *b, struct vale_cursor c)
{
	struct vale_copied done = { .asked = c.packets };

	if (unlikely(!smp_load_acquire(&ring->on))) { /* (E) */
		vale_count_drop(m->stats, VALE_DROP_NO_RECEIVER, c.packets);
		return;
	}
	if (fill_ring(ring, b, &c, READ_ONCE(m->header), &done))
		vale_ring_wake(ring);
	count_delivery(m, &done, c.packets);
}

/* Unicast by the source ring's number, flooded packets always on ring 0. */
void vale_vport_deliver(struct vale_member *m, struct vale_batch *b,
			const struct vale_queue *q, bool flood, u16 src_ring)
{
	struct vale_port *port = m->port;
	struct vale_ring *rings;
	u32 i;

	if (unlikely(!smp_load_acquire(&port->active))) { /* (F) */
		vale_count_drop(m->stats, VALE_DROP_NO_RECEIVER,
				(q ? q->packets : 0) +
				(flood ? b->flood.packets : 0));
		return;
	}
	rings = port->ring[VALE_RX];
	i = src_ring % port->nrings[VALE_RX];
	if (!flood) {
		deliver_ring(m, &rings[i], b, vale_batch_unicast(q));
	} else if (!i || !q) {
		deliver_ring(m, &rings[0], b, vale_batch_begin(b, q));
	} else {
		deliver_ring(m, &rings[i], b, vale_batch_unicast(q));
		deliver_ring(m, &rings[0], b, vale_batch_begin(b, NULL));
	}
}

/* Into the slot at the window's start, if that has a buffer. */
static void copy_one(struct vale_window *w, const u8 *data, u32 len)
{
	struct netmap_slot *slot = &w->slot[w->pos];
	u8 *to = vale_buf(w->bufs, READ_ONCE(slot->buf_idx));

	if (unlikely(!to))
		return;
	vale_copy(to, data, len);
	vale_slot_fill(slot, len, 1 << NS_PORT_SHIFT);
	w->room = 0;
}

/* The next one comes when it comes, and most likely is as long. */
static void prefetch_next(const struct vale_window *w, u32 len)
{
	struct netmap_slot *slot = &w->slot[vale_ring_next(w->pos, w->n)];

	vale_buf_prefetch(w->bufs, READ_ONCE(slot->buf_idx), len);
}

bool vale_vport_accept(struct vale_member *m, const u8 *data, u32 len,
		       u16 src_ring)
{
	struct vale_ring *ring = vale_vport_receiver(m, src_ring);
	struct vale_window w = { .room = 1 };

	if (!ring || READ_ONCE(m->header) || len > ring->bufs.size)
		return false;
	w.slot = ring->shared->slot;
	w.bufs = &ring->bufs;
	w.n = ring->pos.n;
	spin_lock(&ring->lock);
	if (!vale_ring_room(ring)) {
		spin_unlock(&ring->lock);
		return false;
	}
	w.pos = vale_lease_reserve(&ring->lease, 1);
	spin_unlock(&ring->lock);

	copy_one(&w, data, len);
	if (vale_ring_publish(ring, w.pos, 1, &w))
		vale_ring_wake(ring);
	if (unlikely(w.room))
		return false;
	prefetch_next(&w, len);
	vale_count_out(m->stats, 1, len);
	return true;
}

static struct vale_ring *prefetch_ring(const struct vale_member *m,
				       u16 src_ring)
{
	struct vale_ring *ring = vale_vport_ring_for(m, src_ring);

	if (!ring)
		return NULL;
	prefetch(ring);
	prefetch(&ring->pos);
	prefetch(&ring->wait);
	prefetchw(&ring->lock);
	return ring;
}

/* The slot that is filled next, NULL: nobody has the ring open. */
static struct netmap_slot *next_slot(const struct vale_ring *ring)
{
	struct netmap_slot *slot;

	if (!smp_load_acquire(&ring->on)) /* (E) */
		return NULL;
	slot = &ring->shared->slot[READ_ONCE(ring->lease.next)];
	prefetchw(slot);
	return slot;
}

void vale_vport_prefetch(struct vale_member *const *m, u32 n, u16 src_ring)
{
	struct vale_ring *ring[VALE_PREFETCH_MAX] __uninitialized;
	struct netmap_slot *slot[VALE_PREFETCH_MAX] __uninitialized;
	u32 i;

	for (i = 0; i < n; i++)
		prefetch(m[i]);
	for (i = 0; i < n; i++)
		prefetch(m[i]->port);
	for (i = 0; i < n; i++) {
		ring[i] = prefetch_ring(m[i], src_ring);
		prefetchw(this_cpu_ptr(m[i]->stats));
	}
	for (i = 0; i < n; i++)
		slot[i] = ring[i] ? next_slot(ring[i]) : NULL;
	for (i = 0; i < n; i++)
		if (slot[i])
			prefetchw(vale_buf(&ring[i]->bufs,
					   READ_ONCE(slot[i]->buf_idx)));
}

const struct vale_member_ops vale_vport_member_ops = {
	.deliver = vale_vport_deliver,
};
