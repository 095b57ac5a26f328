// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Owns the short way between VALE ports: packets that go where the one before
 * went (core/flow.h). A sender that is alone at the receiver's ring holds the
 * ring's lock while it copies; senders that meet there reserve slots, and copy
 * side by side, as in vport_fill.c.
 */
#include "core/flow_one.h"
#include "vport.h"

/* Fewer do not go the short way if a batch is needed for what is behind them. */
#define MANY 32u

/* Slots filled under the lock at a time: 128 KiB with buffers as usual. */
#define PART 64u
#define PART_LARGE 8u	/* of buffers of more than a page, up to 64 KiB */

/* Slots reserved at a time where others are; the more, the less they meet. */
#define BESIDE 256u

/* Syncs for which a sender that met others expects them. */
#define CROWD 64u

/* From which ring to which, and what went that way. */
struct way {
	struct vale_ring *from;
	struct vale_ring *to;
	const struct vale_fdb *fdb;
	u32 pos;		/* of the slot to be read next */
	u32 left;		/* slots from there on */
	u32 packets;
	u32 bytes;
	bool exchange;		/* buffers, instead of copying */
	bool moved;		/* the receiver can see more */
};

/* Who gets what the flow of a TX ring has. NULL: it needs the long way. */
static struct vale_member *flow_member(const struct vale_member *src,
				       const struct vale_switch *sw,
				       const struct vale_fdb *fdb,
				       const struct vale_flow *flow)
{
	struct vale_member *m;

	if (!vale_flow_holds(flow, fdb, vale_switch_now()))
		return NULL;
	m = rcu_dereference(sw->member[flow->port]);
	if (unlikely(!m) || m->ops != &vale_vport_member_ops ||
	    unlikely(READ_ONCE(m->header) | READ_ONCE(src->header)))
		return NULL;
	return m;
}

/* Slots from pos on, `most` of them or up to where the sender's ring ends. */
static struct vale_stretch stretch(const struct way *way, u32 most)
{
	const struct vale_ring *from = way->from;

	return (struct vale_stretch){
		.from = &from->shared->slot[way->pos],
		.from_bufs = &from->bufs,
		.to_bufs = &way->to->bufs,
		.slots = min3(most, way->left, from->pos.n - way->pos),
	};
}

/* To the slots from `start` on, as far as there is room. The lock is held. */
static void aim(struct vale_stretch *s, const struct vale_ring *to, u32 start)
{
	s->to = &to->shared->slot[start];
	s->slots = min3(s->slots, vale_ring_room(to), to->pos.n - start);
}

/* Returns the packets moved. */
static u32 transfer(struct way *way, struct vale_stretch *s)
{
	const struct vale_flow *flow = &way->from->flow;
	u32 n;

	if (unlikely(flow->varied))
		n = vale_flow_copy_varied(flow, way->fdb, s);
	else if (unlikely(way->exchange))
		n = vale_flow_exchange(flow, s);
	else
		n = vale_flow_copy(flow, s);
	way->pos = vale_ring_add(way->pos, n, way->from->pos.n);
	way->left -= n;
	way->packets += n;
	way->bytes += s->bytes;
	return n;
}

static u32 part_of(const struct vale_bufs *bufs)
{
	return likely(bufs->size <= PAGE_SIZE) ? PART : PART_LARGE;
}

static bool is_single(const struct way *way)
{
	return way->left == 1 && !way->exchange && !way->from->flow.varied;
}

/* As fill_alone: a packet alone, whose way is made of as few calls as may be. */
static bool fill_one(struct way *way)
{
	struct vale_ring *to = way->to;
	struct vale_stretch s = stretch(way, 1);
	u32 len;

	aim(&s, to, to->lease.next);
	len = s.slots ? vale_flow_copy_one(&way->from->flow, &s) : 0;
	if (!len)
		return false;
	vale_lease_pass(&to->lease, 1);
	way->left = 0;
	way->packets++;
	way->bytes += len;
	way->moved = true;
	return false;
}

/* The ring's lock is held, and nobody else is there. Returns as fill. */
static bool fill_alone(struct way *way)
{
	struct vale_ring *to = way->to;
	struct vale_stretch s = stretch(way, part_of(&to->bufs));
	u32 n;

	if (is_single(way))
		return fill_one(way);
	aim(&s, to, to->lease.next);
	n = transfer(way, &s);
	if (!n)
		return false;
	vale_lease_pass(&to->lease, n);
	way->moved = true;
	return n == s.slots && way->left;
}

/*
 * Slots for packets that are there for sure, so that none stays empty unless a
 * program takes them back. Returns as fill.
 */
static bool fill_beside(struct way *way)
{
	struct vale_ring *to = way->to;
	struct vale_window w = { .slot = to->shared->slot, .n = to->pos.n };
	struct vale_stretch s = stretch(way, BESIDE);
	u32 start, n;

	s.slots = vale_flow_count(&way->from->flow, &s);
	spin_lock(&to->lock);
	start = to->lease.next;
	aim(&s, to, start);
	vale_lease_reserve(&to->lease, s.slots);
	spin_unlock(&to->lock);
	if (!s.slots)
		return false;
	n = transfer(way, &s);
	w.room = s.slots - n;
	w.pos = vale_ring_add(start, n, w.n);
	way->moved |= vale_ring_publish(to, start, s.slots, &w);
	return !w.room && way->left;
}

/*
 * Fill some slots. False: nothing is left, the ring is full, or the next packet
 * must go the long way, which knows what to do with it; so does what would have
 * to be looked up twice.
 */
static bool fill(struct way *way)
{
	struct vale_ring *to = way->to;
	u32 *crowd = &way->from->crowd;
	bool more;

	if (likely(!*crowd)) {
		if (likely(spin_trylock(&to->lock))) {
			if (likely(vale_lease_is_idle(&to->lease))) {
				more = fill_alone(way);
				spin_unlock(&to->lock);
				return more;
			}
			spin_unlock(&to->lock);
		}
		*crowd = CROWD;
	}
	return !way->from->flow.varied && fill_beside(way);
}

static void go(struct vale_member *src, struct way *way, int flags)
{
	const struct vale_switch *sw = READ_ONCE(src->sw);
	struct vale_ring *from = way->from;
	struct vale_member *dst;

	if (unlikely(!sw))
		return;
	way->fdb = rcu_dereference(sw->fdb);
	dst = flow_member(src, sw, way->fdb, &from->flow);
	way->to = dst ? vale_vport_receiver(dst, from->id) : NULL;
	if (!way->to)
		return;
	way->exchange = READ_ONCE(sw->exchange) && !(flags & VALE_SYNC_KEEP) &&
			from->bufs.chunk == way->to->bufs.chunk;
	if (unlikely(way->exchange) && from->flow.varied)
		return;
	while (fill(way))
		;
	if (way->moved)
		vale_ring_wake(way->to);
	vale_count_in(src->stats, way->packets, way->bytes);
	vale_count_out(dst->stats, way->packets, way->bytes);
}

/* Is it likely that the packets begin with a run of the flow? */
static bool follows(const struct vale_ring *ring, u32 left)
{
	const struct vale_pos *pos = &ring->pos;
	const struct netmap_slot *slot = ring->shared->slot;
	u32 last;

	if (ring->bufs.offset_mask ||
	    !vale_flow_seems(&ring->flow, &slot[pos->hwcur], &ring->bufs))
		return false;
	last = vale_ring_add(pos->hwcur, min(left - 1, MANY), pos->n);
	return last == pos->hwcur ||
	       vale_flow_seems(&ring->flow, &slot[last], &ring->bufs);
}

u32 vale_vport_follow(struct vale_vport *vport, struct vale_ring *ring,
		      int flags)
{
	const struct vale_pos *pos = &ring->pos;
	struct way way = {
		.from = ring,
		.pos = pos->hwcur,
		.left = vale_ring_distance(pos->hwcur, pos->head, pos->n),
	};

	if (!follows(ring, way.left))
		return 0;
	if (unlikely(ring->crowd))
		ring->crowd--;
	local_bh_disable();
	rcu_read_lock();
	go(&vport->member, &way, flags);
	rcu_read_unlock();
	local_bh_enable();
	return way.packets;
}
