// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Owns the forwarding path: one batch of one source ring through the switch
 * and into the RX rings of VALE ports. BH disabled, RCU read side; a ring's
 * lock is held to reserve and to complete, never while copying. Never nests:
 * no deliver operation forwards.
 */
#include <linux/ktime.h>
#include <linux/uaccess.h>

#include "core/vnet.h"
#include "event.h"
#include "switch.h"
#include "vport.h"
#include "whole.h"

static DEFINE_PER_CPU(struct vale_batch *, batches);
static DEFINE_PER_CPU(struct vale_batch *, flat_batches);

u16 vale_switch_now(void)
{
	return ktime_get_seconds();
}

struct vale_batch *vale_batch_get(void)
{
	struct vale_batch *b = this_cpu_read(batches);

	vale_batch_init(b);
	return b;
}

struct vale_batch *vale_batch_get_flat(void)
{
	struct vale_batch *b = this_cpu_read(flat_batches);

	vale_batch_init(b);
	return b;
}

/* User memory of the sender, faulted in beforehand; the core asks for it. */
int vale_fetch_user(void *dst, const void *user, size_t len)
{
	const void __user *from = (__force const void __user *)user;
	unsigned long left;

	if (!access_ok(from, len))
		return -EFAULT;
	pagefault_disable();
	left = __copy_from_user_inatomic(dst, from, len);
	pagefault_enable();
	return left ? -EFAULT : 0;
}

static void count_in(struct vale_member *src, const struct vale_batch *b)
{
	struct vale_stats *s = this_cpu_ptr(src->stats);
	int i;

	u64_stats_update_begin(&s->syncp);
	u64_stats_add(&s->counter[VALE_CNT_IN_PACKETS],
		      b->npackets + b->nmore);
	u64_stats_add(&s->counter[VALE_CNT_IN_BYTES], b->nbytes);
	u64_stats_add(&s->counter[VALE_CNT_MULTICAST], b->nmulticast);
	u64_stats_add(&s->counter[VALE_CNT_FLOODED],
		      b->flood.packets - b->nmulticast);
	for (i = 0; i < __VALE_DROP_MAX; i++)
		if (unlikely(b->drops[i]))
			u64_stats_add(&s->drop[i], b->drops[i]);
	u64_stats_update_end(&s->syncp);
}

static void learn_one(struct vale_switch *sw, struct vale_fdb *fdb, u64 mac,
		      u8 port, u16 now)
{
	u8 old = 0;

	switch (vale_fdb_learn(fdb, mac, port, now, &old)) {
	case VALE_FDB_NEW:
		vale_event_mac(VALE_EVENT_MAC_LEARNED, sw, mac, port, port);
		break;
	case VALE_FDB_MOVED:
		vale_event_mac(VALE_EVENT_MAC_MOVED, sw, mac, port, old);
		break;
	default:
		break;
	}
}

static void learn(struct vale_switch *sw, const struct vale_batch *b, u8 port,
		  u16 now)
{
	struct vale_fdb *fdb;
	u16 i;

	spin_lock(&sw->fdb_lock);
	fdb = vale_switch_fdb(sw);
	for (i = 0; i < b->nlearn; i++)
		learn_one(sw, fdb, b->learn[i], port, now);
	spin_unlock(&sw->fdb_lock);
}

/* No indirect call for the usual kind of port. */
static void deliver(struct vale_member *m, struct vale_batch *b,
		    const struct vale_queue *q, bool flood, u16 src_ring)
{
	if (unlikely(b->opaque) && !m->ops->whole)
		vale_whole_flatten(m, b, q, flood, src_ring);
	else if (likely(m->ops == &vale_vport_member_ops))
		vale_vport_deliver(m, b, q, flood, src_ring);
	else
		m->ops->deliver(m, b, q, flood, src_ring);
}

/* To everyone but the source; with what a port's own queue holds. */
static void deliver_flood(struct vale_switch *sw, struct vale_member *src,
			  struct vale_batch *b, u16 src_ring)
{
	unsigned int i, top = READ_ONCE(sw->top);
	struct vale_member *m;
	bool any = false;

	for (i = 0; i < top; i++) {
		m = rcu_dereference(sw->member[i]);
		if (!m || m == src)
			continue;
		any = true;
		deliver(m, b, b->to[i].packets ? &b->to[i] : NULL, true,
			src_ring);
	}
	if (!any)
		b->drops[VALE_DROP_NO_DST] += b->flood.packets;
}

static void deliver_queues(struct vale_switch *sw, struct vale_batch *b,
			   u16 src_ring)
{
	struct vale_member *m;
	u16 i;

	for (i = 0; i < b->ndst; i++) {
		const struct vale_queue *q = &b->to[b->dst[i]];

		m = rcu_dereference(sw->member[b->dst[i]]);
		if (likely(m))
			deliver(m, b, q, false, src_ring);
		else
			b->drops[VALE_DROP_NO_DST] += q->packets;
	}
}

void vale_switch_forward(struct vale_member *src, struct vale_batch *b,
			 u16 src_ring)
{
	u16 now = vale_switch_now();
	struct vale_switch *sw;

	rcu_read_lock();
	sw = READ_ONCE(src->sw);
	if (unlikely(!sw)) {
		b->drops[VALE_DROP_NOT_ATTACHED] += b->npackets + b->nmore;
		goto out;
	}
	b->exchange &= READ_ONCE(sw->exchange);
	vale_batch_classify(b, rcu_dereference(sw->fdb), src->index, now);
	if (unlikely(b->nlearn))
		learn(sw, b, src->index, now);
	if (b->flood.packets)
		deliver_flood(sw, src, b, src_ring);
	else
		deliver_queues(sw, b, src_ring);
out:
	count_in(src, b);
	rcu_read_unlock();
}

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
	u32 room = vale_lease_room(&ring->lease, ring->pos.hwcur);

	if (likely(header == b->header))
		return vale_batch_fit(b, *c, room, packets);
	return vale_vnet_fit(b, *c, header, &ring->bufs, room, packets);
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
	bool moved;

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

	spin_lock(&ring->lock);
	if (unlikely(w.room)) {
		if (vale_lease_shrink(&ring->lease, start, slots, w.room))
			slots -= w.room;
		else
			fill_empty(&w, w.room);
	}
	moved = vale_lease_complete(&ring->lease, start, slots);
	spin_unlock(&ring->lock);
	return moved;
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

const struct vale_member_ops vale_vport_member_ops = {
	.deliver = vale_vport_deliver,
};

void vale_forward_fini(void)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		kvfree(per_cpu(batches, cpu));
		kvfree(per_cpu(flat_batches, cpu));
	}
}

static struct vale_batch *alloc_batch(int cpu)
{
	return kvzalloc_node(sizeof(struct vale_batch), GFP_KERNEL,
			     cpu_to_node(cpu));
}

int vale_forward_init(void)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		per_cpu(batches, cpu) = alloc_batch(cpu);
		per_cpu(flat_batches, cpu) = alloc_batch(cpu);
		if (!per_cpu(batches, cpu) || !per_cpu(flat_batches, cpu)) {
			vale_forward_fini();
			return -ENOMEM;
		}
	}
	return 0;
}
