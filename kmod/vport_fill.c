// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Owns the way into the RX rings of VALE ports. BH disabled, RCU read side; a
 * ring's lock is held to reserve and to complete, never while copying.
 */
#include "core/flow.h"
#include "core/vnet.h"
#include "vport.h"

/*
 * So few buffers are asked for before anything is written into them, and with
 * them some that come next: what a batch waits for is the first lines, not the
 * copying. More are on their way together anyhow.
 */
#define FEW 16u

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

/*
 * `slots` reserved at `start` are filled but for what the window has left;
 * returns whether the receiver can see more.
 */
static bool publish(struct vale_ring *ring, u32 start, u32 slots,
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

	return publish(ring, start, slots, &w);
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

/* Whose RX ring the flow of a TX ring leads to. NULL: it needs the long way. */
static struct vale_member *flow_member(const struct vale_member *src,
				       const struct vale_flow *flow)
{
	const struct vale_switch *sw = READ_ONCE(src->sw);
	struct vale_member *m;

	if (unlikely(!sw || READ_ONCE(sw->exchange)) ||
	    flow->version != vale_fdb_version(rcu_dereference(sw->fdb)) ||
	    flow->now != vale_switch_now())
		return NULL;
	m = rcu_dereference(sw->member[flow->port]);
	if (unlikely(!m) || m->ops != &vale_vport_member_ops ||
	    unlikely(READ_ONCE(m->header) | READ_ONCE(src->header)))
		return NULL;
	return m;
}

static struct vale_ring *flow_ring(const struct vale_member *m, u16 src_ring)
{
	const struct vale_port *port = m->port;
	struct vale_ring *ring;

	if (unlikely(!smp_load_acquire(&port->active))) /* (F) */
		return NULL;
	ring = &port->ring[VALE_RX][src_ring % port->nrings[VALE_RX]];
	if (unlikely(!smp_load_acquire(&ring->on) || /* (E) */
		     ring->bufs.offset_mask))
		return NULL;
	return ring;
}

/* What became of the packets of a flow. */
struct followed {
	u32 taken;
	u32 taken_bytes;
	u32 copied;	/* the rest of those taken found no room */
	u32 copied_bytes;
	bool moved;	/* the receiver can see more */
};

/*
 * A part into the ring, or what that has room for. False: one of its packets
 * must go the long way, which knows what to do with it.
 */
static bool fill_part(struct vale_ring *ring, const struct vale_flow_part *part,
		      struct followed *f)
{
	struct vale_window w = {
		.slot = ring->shared->slot,
		.bufs = &ring->bufs,
		.n = ring->pos.n,
	};
	u32 start, slots, bytes;

	spin_lock(&ring->lock);
	slots = min(vale_lease_room(&ring->lease, ring->pos.hwcur),
		    part->packets);
	start = vale_lease_reserve(&ring->lease, slots);
	spin_unlock(&ring->lock);

	w.pos = start;
	w.room = slots;
	if (slots <= FEW)
		vale_flow_prefetch(&w, min(2 * slots, FEW));
	bytes = vale_flow_copy(part, &w);
	f->moved |= slots && publish(ring, start, slots, &w);
	f->copied += slots - w.room;
	f->copied_bytes += bytes;
	f->taken += w.room ? slots - w.room : part->packets;
	f->taken_bytes += w.room ? bytes : part->bytes;
	return !w.room;
}

static void count_flow(struct vale_member *from, struct vale_member *to,
		       const struct followed *f)
{
	vale_count_in(from->stats, f->taken, f->taken_bytes);
	vale_count_out(to->stats, f->copied, f->copied_bytes);
	if (unlikely(f->taken != f->copied))
		vale_count_drop(to->stats, VALE_DROP_RING_FULL,
				f->taken - f->copied);
}

/* From slot hwcur + skip of the ring on. */
static void gather_flow(struct vale_ring *ring, u32 skip,
			struct vale_flow_part *part)
{
	const struct vale_pos *pos = &ring->pos;

	vale_flow_gather(part, &ring->flow, ring->shared->slot, pos->n,
			 vale_ring_add(pos->hwcur, skip, pos->n), pos->head,
			 &ring->bufs);
}

static u32 follow(struct vale_member *src, struct vale_ring *from,
		  struct vale_member *dst, struct vale_ring *to,
		  struct vale_flow_part *part)
{
	struct followed f = { 0 };

	while (fill_part(to, part, &f) && part->packets == VALE_FLOW_PART)
		gather_flow(from, f.taken, part);
	if (f.moved)
		vale_ring_wake(to);
	count_flow(src, dst, &f);
	return f.taken;
}

/* Is a batch needed for what comes behind it in any case? */
static bool is_short(const struct vale_pos *pos,
		     const struct vale_flow_part *part)
{
	return part->packets < VALE_FLOW_PART &&
	       vale_ring_add(pos->hwcur, part->packets, pos->n) != pos->head;
}

u32 vale_vport_follow(struct vale_vport *vport, struct vale_ring *ring)
{
	struct vale_flow_part part;
	struct vale_member *m;
	struct vale_ring *to;
	u32 taken = 0;

	gather_flow(ring, 0, &part);
	if (!part.packets || is_short(&ring->pos, &part))
		return 0;
	local_bh_disable();
	rcu_read_lock();
	m = flow_member(&vport->member, &ring->flow);
	to = m ? flow_ring(m, ring->id) : NULL;
	if (likely(to))
		taken = follow(&vport->member, ring, m, to, &part);
	rcu_read_unlock();
	local_bh_enable();
	return taken;
}

const struct vale_member_ops vale_vport_member_ops = {
	.deliver = vale_vport_deliver,
};
