// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Owns the short way between the two ends of a veth whose rings programs have
 * open: frames are copied from slot to slot, without socket buffers, and what
 * the receiver has no room for waits in the sender's ring, as in a pipe. With
 * admode=1, which is for programs that expect it, slots exchange their buffers
 * instead. Who moves frames holds the gates of both rings, the second of which
 * is only tried for. Whatever would look at the frames on the usual way (taps,
 * filters, XDP, monitors) keeps them there, and so does what is on that way
 * already.
 */
#include "core/swap.h"
#include "nic_priv.h"

#define SPINS 256			/* for a gate that is held elsewhere */
#define RETRY_NS (5 * NSEC_PER_MSEC)	/* should the receiver not pull */

struct twin_way {
	struct vale_nic_ring *from;
	struct vale_nic_ring *to;
	struct net_device *dev;		/* from's */
	struct net_device *peer;	/* to's */
	bool exchanges;			/* buffers, rather than copying */
	u64 packets;
	u64 bytes;
};

static bool looked_at(struct net_device *dev)
{
	return vale_dev_filters(dev) || dev_xdp_prog_count(dev) ||
	       !list_empty(&dev->ptype_all);
}

/* The adapter of the netdev at the other end; RCU read side, BH disabled. */
static struct vale_nic *other_end(const struct vale_nic *nic,
				  struct net_device *dev,
				  struct net_device **peer)
{
	struct vale_nic *other;

	if (!dev || !vale_nic_running(nic, dev))
		return NULL;
	*peer = READ_ONCE(dev->netdev_ops)->ndo_get_peer_dev(dev);
	other = *peer ? vale_hook_nic(*peer) : NULL;
	if (!other || other->att || !vale_nic_running(other, *peer))
		return NULL;
	return other;
}

/* A ring that programs have open and nobody watches. */
static struct vale_ring *open_ring(const struct vale_nic *nic, int dir, u32 i)
{
	struct vale_ring *ring = &nic->port.ring[dir][i];

	/* (E) the ring's memory; partner: turn_on() in handle.c */
	if (!smp_load_acquire(&ring->on) || READ_ONCE(ring->watched))
		return NULL;
	return ring;
}

static bool enter(struct vale_ring *ring, u32 spins)
{
	while (!vale_ring_enter(ring)) {
		if (!spins--)
			return false;
		cpu_relax();
	}
	return true;
}

/* False: it has to wait for room. */
static bool deliver(struct twin_way *w, const struct vale_found *f)
{
	struct vale_ring *ring = w->to->ring;
	const struct vale_pos *pos = &ring->pos;
	u32 room = vale_bufs_room(&ring->bufs);
	u32 need = room ? DIV_ROUND_UP(f->len, room) : pos->n;

	if (need >= pos->n || !vale_frame_fits(w->peer, f->len)) {
		vale_nic_drop(w->to, VALE_DROP_TOO_LONG, 1);
		return true;
	}
	/* So that it is cut as its sender did, whenever there is room. */
	if (w->exchanges && f->slots < pos->n)
		need = f->slots;
	if (need > vale_nic_rx_room(pos))
		return false;
	if (!vale_slots_refill(w->from, f, ring)) {
		vale_nic_drop(w->to, VALE_DROP_BAD_BUFFER, 1);
		return true;
	}
	w->packets++;
	w->bytes += f->len;
	return true;
}

/* Both ends are to exchange buffers, and have them in one region. */
static bool may_exchange(const struct twin_way *w)
{
	const struct vale_bufs *from = &w->from->ring->bufs;
	const struct vale_bufs *to = &w->to->ring->bufs;

	return vale_nic_of(w->from->ring->port)->swaps &&
	       vale_nic_of(w->to->ring->port)->swaps &&
	       from->chunk == to->chunk &&
	       !(from->offset_mask | to->offset_mask);
}

/* As far as frames are plain. */
static void exchange(struct twin_way *w)
{
	struct vale_ring *from = w->from->ring, *to = w->to->ring;
	struct vale_swap s = {
		.from = from->shared->slot,
		.to = to->shared->slot,
		.from_n = from->pos.n,
		.to_n = to->pos.n,
		.at = from->pos.hwcur,
		.head = from->pos.head,
		.pos = to->pos.hwtail,
		.room = vale_nic_rx_room(&to->pos),
		.max = min(vale_frame_max(w->dev), vale_frame_max(w->peer)),
	};

	vale_swap_frames(&s, &from->bufs);
	from->pos.hwcur = s.at;
	to->pos.hwtail = s.pos;
	w->packets += s.packets;
	w->bytes += s.bytes;
}

/* The next frame as it is. False: it has to wait for room. */
static bool copy(struct twin_way *w)
{
	struct vale_pos *pos = &w->from->ring->pos;
	struct vale_found f = vale_slots_read(w->from, pos->hwcur);

	if (f.bad)
		vale_nic_drop(w->from, f.why, 1);
	else if (!vale_frame_fits(w->dev, f.len))
		vale_nic_drop(w->from, VALE_DROP_TOO_LONG, 1);
	else if (!deliver(w, &f))
		return false;
	pos->hwcur = vale_ring_add(pos->hwcur, f.slots, pos->n);
	return true;
}

static void move(struct twin_way *w)
{
	const struct vale_pos *pos = &w->from->ring->pos;

	w->exchanges = may_exchange(w);
	do {
		if (w->exchanges)
			exchange(w);
	} while (pos->hwcur != pos->head && copy(w));
	if (!w->packets)
		return;
	vale_count_out(w->from->sink.stats, w->packets, w->bytes);
	vale_count_in(w->to->sink.stats, w->packets, w->bytes);
	vale_veth_count(w->dev, w->packets, w->bytes);
}

/* Both gates are held. What came the usual way is first. */
static void move_in_order(struct twin_way *w)
{
	vale_emul_import(w->to);
	if (skb_queue_empty(&w->to->ready))
		move(w);
}

static bool send(struct vale_nic_ring *nr, struct net_device *dev)
{
	struct vale_nic *nic = vale_nic_of(nr->ring->port);
	struct twin_way w = { .from = nr, .dev = dev };
	struct vale_nic *other = other_end(nic, dev, &w.peer);
	struct vale_ring *to;

	if (!other || !skb_queue_empty(&nr->ready) || looked_at(w.peer))
		return false;
	to = open_ring(other, VALE_RX,
		       nr->ring->id % other->port.nrings[VALE_RX]);
	if (!to)
		return false;
	if (enter(to, SPINS)) {
		w.to = to->adapter;
		move_in_order(&w);
		vale_ring_leave(to);
		if (w.packets)
			vale_ring_wake(to);
	}
	if (nr->ring->pos.hwcur != nr->ring->pos.head)
		hrtimer_start(&nr->timer, ns_to_ktime(RETRY_NS),
			      HRTIMER_MODE_REL_SOFT);
	return true;
}

bool vale_twin_send(struct vale_nic_ring *nr)
{
	struct vale_nic *nic = vale_nic_of(nr->ring->port);
	bool sent;

	if (!nic->veth)
		return false;
	rcu_read_lock_bh();
	rcu_read_lock();	/* as the driver asks of who wants its peer */
	sent = send(nr, rcu_dereference(nic->dev));
	rcu_read_unlock();
	rcu_read_unlock_bh();
	return sent;
}

static void pull_from(struct twin_way *w, struct vale_ring *from)
{
	const struct vale_pos *pos = &from->pos;
	u32 before = READ_ONCE(pos->hwcur);

	if (before == READ_ONCE(pos->head) || !enter(from, 0))
		return;
	w->from = from->adapter;
	w->packets = 0;
	w->bytes = 0;
	if (skb_queue_empty(&w->from->ready))
		move_in_order(w);
	from->pos.hwtail = vale_ring_prev(pos->hwcur, pos->n);
	vale_ring_leave(from);
	if (w->packets)
		vale_ring_wake(from);
}

static void pull(struct vale_nic_ring *nr, struct net_device *dev)
{
	struct vale_nic *nic = vale_nic_of(nr->ring->port);
	struct twin_way w = { .to = nr, .peer = dev };
	struct vale_nic *other = other_end(nic, dev, &w.dev);
	struct vale_ring *from;
	u32 i;

	if (!other || READ_ONCE(nr->ring->watched) || looked_at(dev))
		return;
	for (i = nr->ring->id; i < other->port.nrings[VALE_TX];
	     i += nic->port.nrings[VALE_RX]) {
		from = open_ring(other, VALE_TX, i);
		if (from)
			pull_from(&w, from);
	}
}

void vale_twin_pull(struct vale_nic_ring *nr)
{
	struct vale_nic *nic = vale_nic_of(nr->ring->port);

	if (!nic->veth)
		return;
	rcu_read_lock_bh();
	rcu_read_lock();	/* as above */
	pull(nr, rcu_dereference(nic->dev));
	rcu_read_unlock();
	rcu_read_unlock_bh();
}
