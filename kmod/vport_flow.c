// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Owns the short way between VALE ports: packets that go where the one before
 * went (core/flow.h). Locks as in vport_fill.c.
 */
#include "vport.h"

/*
 * While so few are copied, as many buffers are asked for that come next: what
 * a small batch waits for is the first lines, not the copying. More are on
 * their way together anyhow.
 */
#define FEW 16u

/* As many go the short way even if a batch is needed for what is behind them. */
#define MANY 32u

/* From which ring to which, and what became of the packets. */
struct way {
	struct vale_ring *from;
	struct vale_ring *to;
	bool exchange;		/* buffers, instead of copying */
	bool moved;		/* the receiver can see more */
	u32 taken;
	u32 taken_bytes;
	u32 copied;		/* the rest of those taken found no room */
	u32 copied_bytes;
};

/* Who gets what the flow of a TX ring has. NULL: it needs the long way. */
static struct vale_member *flow_member(const struct vale_member *src,
				       const struct vale_switch *sw,
				       const struct vale_flow *flow)
{
	struct vale_member *m;

	if (!vale_flow_holds(flow, rcu_dereference(sw->fdb), vale_switch_now()))
		return NULL;
	m = rcu_dereference(sw->member[flow->port]);
	if (unlikely(!m) || m->ops != &vale_vport_member_ops ||
	    unlikely(READ_ONCE(m->header) | READ_ONCE(src->header)))
		return NULL;
	return m;
}

/* The slot the next packet comes from. */
static u32 position(const struct way *way)
{
	const struct vale_pos *pos = &way->from->pos;

	return vale_ring_add(pos->hwcur, way->taken, pos->n);
}

static u32 transfer(const struct way *way, const struct vale_flow_part *part,
		    struct vale_window *w)
{
	if (unlikely(way->exchange))
		return vale_flow_exchange(part, way->from->shared->slot,
					  way->from->pos.n, position(way), w);
	if (w->room <= FEW)
		vale_flow_prefetch(part, w);
	return vale_flow_copy(part, w);
}

/*
 * A part into the ring, or what that has room for. False: one of its packets
 * must go the long way, which knows what to do with it.
 */
static bool fill(struct way *way, const struct vale_flow_part *part)
{
	struct vale_ring *to = way->to;
	struct vale_window w = {
		.slot = to->shared->slot,
		.bufs = &to->bufs,
		.n = to->pos.n,
	};
	u32 start, slots, bytes;

	spin_lock(&to->lock);
	slots = min(vale_ring_room(to), part->packets);
	start = vale_lease_reserve(&to->lease, slots);
	spin_unlock(&to->lock);

	w.pos = start;
	w.room = slots;
	bytes = transfer(way, part, &w);
	way->moved |= slots && vale_ring_publish(to, start, slots, &w);
	way->copied += slots - w.room;
	way->copied_bytes += bytes;
	way->taken += w.room ? slots - w.room : part->packets;
	way->taken_bytes += w.room ? bytes : part->bytes;
	return !w.room;
}

static void count(struct vale_member *src, struct vale_member *dst,
		  const struct way *way)
{
	vale_count_in(src->stats, way->taken, way->taken_bytes);
	vale_count_out(dst->stats, way->copied, way->copied_bytes);
	if (unlikely(way->taken != way->copied))
		vale_count_drop(dst->stats, VALE_DROP_RING_FULL,
				way->taken - way->copied);
}

static void gather(struct vale_ring *ring, u32 from,
		   struct vale_flow_part *part)
{
	vale_flow_gather(part, &ring->flow, ring->shared->slot, ring->pos.n,
			 from, ring->pos.head, &ring->bufs);
}

/* The first part is read already. Returns the slots taken. */
static u32 go(struct vale_member *src, struct vale_ring *from,
	      struct vale_flow_part *part, int flags)
{
	const struct vale_switch *sw = READ_ONCE(src->sw);
	struct vale_member *dst = sw ? flow_member(src, sw, &from->flow) : NULL;
	struct way way = { .from = from };

	way.to = dst ? vale_vport_receiver(dst, from->id) : NULL;
	if (!way.to)
		return 0;
	way.exchange = READ_ONCE(sw->exchange) && !(flags & VALE_SYNC_KEEP) &&
		       from->bufs.chunk == way.to->bufs.chunk;
	while (fill(&way, part) && part->packets == VALE_FLOW_PART)
		gather(from, position(&way), part);
	if (way.moved)
		vale_ring_wake(way.to);
	count(src, dst, &way);
	return way.taken;
}

/* Few, and a batch is needed for what comes behind them in any case? */
static bool is_short(const struct vale_pos *pos,
		     const struct vale_flow_part *part)
{
	return part->packets < MANY &&
	       vale_ring_add(pos->hwcur, part->packets, pos->n) != pos->head;
}

u32 vale_vport_follow(struct vale_vport *vport, struct vale_ring *ring,
		      int flags)
{
	struct vale_flow_part part __uninitialized;
	u32 taken;

	gather(ring, ring->pos.hwcur, &part);
	if (!part.packets || is_short(&ring->pos, &part))
		return 0;
	local_bh_disable();
	rcu_read_lock();
	taken = go(&vport->member, ring, &part, flags);
	rcu_read_unlock();
	local_bh_enable();
	return taken;
}
