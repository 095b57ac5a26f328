// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Owns monitors: ports whose RX rings are filled with what passes through the
 * rings of another. A tap joins an observed ring and a ring of a monitor.
 * Taps come and go under vn->lock; the syncs of observed rings find them under
 * RCU, with the observed ring's gate held. The monitor's ring is filled under
 * its lock.
 *
 *     observed TX ring i --tap--+                      zero copy, in a chain:
 *                               +--> RX ring i         what one gives back the
 *     observed RX ring i --tap--+    of the monitor    next one sees
 */
#include "monitor.h"

#include <linux/rculist.h>
#include <linux/slab.h>

#include "core/mirror.h"
#include "param.h"
#include "vport.h"

#define MISSED 1	/* bit of gate: a monitor found it taken */

struct tap {
	struct list_head out;	/* from->taps; RCU */
	struct list_head in;	/* of the monitor's ring; RCU for copies */
	struct vale_ring *from;
	struct vale_ring *to;	/* changes when a chain closes a gap */
	struct rcu_head rcu;
};

static bool is_swap(const struct tap *tap)
{
	return vale_monitor_of(READ_ONCE(tap->to)->port)->zero_copy;
}

static void fill(const struct tap *tap, u32 begin, u32 end)
{
	struct vale_ring *from = tap->from, *to = READ_ONCE(tap->to);
	bool chained = vale_port_is_monitor(from->port);
	struct vale_mirror m = {
		.from = { from->shared->slot, &from->bufs, from->pos.n },
		.to = { to->shared->slot, &to->bufs, to->pos.n },
		.begin = begin,
		.end = end,
		.clear = chained ? 0 : NS_TXMON,
		.set = !chained && from->dir == VALE_TX ? NS_TXMON : 0,
		.swap = is_swap(tap),
		.forwards = from->dir == VALE_RX && READ_ONCE(vale_param.fwd),
		.indirect = from->dir == VALE_TX &&
			    from->port->ops->txsync == vale_vport_txsync,
	};
	u32 start, n;

	spin_lock_bh(&to->lock);
	n = vale_mirror_fit(&m, vale_ring_room(to));
	start = vale_lease_reserve(&to->lease, n);
	vale_mirror_run(&m, start);
	vale_lease_complete(&to->lease, start, n);
	spin_unlock_bh(&to->lock);
	if (n)
		vale_ring_wake(to);
}

static void show(struct vale_ring *ring, u32 begin, u32 end, bool swap)
{
	struct tap *tap;

	if (begin == end)
		return;
	rcu_read_lock();
	list_for_each_entry_rcu(tap, &ring->taps, out)
		if (is_swap(tap) == swap)
			fill(tap, begin, end);
	rcu_read_unlock();
}

/* Copies of what is sent; buffers of what was sent. */
int vale_monitor_txsync(struct vale_ring *ring, u32 before, int flags)
{
	struct vale_pos *pos = &ring->pos;
	u32 done = vale_ring_next(pos->hwtail, pos->n);
	int err;

	show(ring, before, pos->head, false);
	err = ring->port->ops->txsync(ring, flags | VALE_SYNC_KEEP);
	show(ring, done, vale_ring_next(pos->hwtail, pos->n), true);
	return err;
}

/* Buffers of what is given back; copies of what has come. */
int vale_monitor_rxsync(struct vale_ring *ring, int flags)
{
	struct vale_pos *pos = &ring->pos;
	u32 tail = pos->hwtail;
	int err;

	show(ring, pos->hwcur, pos->head, true);
	err = ring->port->ops->rxsync(ring, flags);
	show(ring, tail, pos->hwtail, false);
	return err;
}

void vale_monitor_wake(struct vale_ring *ring)
{
	struct tap *tap;

	rcu_read_lock();
	list_for_each_entry_rcu(tap, &ring->taps, out)
		if (!is_swap(tap))
			vale_ring_wake(READ_ONCE(tap->to));
	rcu_read_unlock();
}

void vale_monitor_left(struct vale_ring *ring)
{
	if (test_and_clear_bit(MISSED, &ring->gate))
		vale_monitor_wake(ring);
}

/* Whoever has the gate may be past looking: he wakes us when he leaves it. */
static bool enter(struct vale_ring *ring)
{
	if (vale_ring_enter(ring))
		return true;
	set_bit(MISSED, &ring->gate);
	smp_mb__after_atomic(); /* (I) partner: leaving, then testing */
	return vale_ring_enter(ring);
}

/*
 * Packets have come that the program does not ask for: take them in without
 * it. It sees them at its next sync.
 */
static void sync_for(struct vale_ring *ring)
{
	if (!smp_load_acquire(&ring->on) || !enter(ring)) /* (E) */
		return;
	vale_monitor_rxsync(ring, 0);
	vale_ring_leave(ring);
	clear_bit(MISSED, &ring->gate);
}

void vale_monitor_sync_observed(struct vale_ring *ring)
{
	struct vale_monitor *m = vale_monitor_of(ring->port);
	struct tap *tap;

	rcu_read_lock();
	list_for_each_entry_rcu(tap, &m->taps[ring->id], in)
		if (tap->from->dir == VALE_RX)
			sync_for(tap->from);
	rcu_read_unlock();
}

static void remove_tap(struct tap *tap)
{
	list_del_rcu(&tap->out);
	list_del_rcu(&tap->in);
	WRITE_ONCE(tap->from->watched, !list_empty(&tap->from->taps));
	kfree_rcu(tap, rcu);
}

/* The next of the chain, behind the monitor's ring. */
static struct tap *next_of(struct vale_ring *ring)
{
	return list_first_entry_or_null(&ring->taps, struct tap, out);
}

static struct tap *swapping_tap(struct vale_ring *ring)
{
	struct tap *tap;

	list_for_each_entry(tap, &ring->taps, out)
		if (is_swap(tap))
			return tap;
	return NULL;
}

/* The last ring of the chain that begins at the observed one. */
static struct vale_ring *end_of_chain(struct vale_ring *ring)
{
	struct tap *tap;

	while ((tap = swapping_tap(ring)))
		ring = tap->to;
	return ring;
}

static int add_tap(struct vale_monitor *m, struct vale_ring *from,
		   struct vale_ring *to)
{
	struct tap *tap = kzalloc(sizeof(*tap), GFP_KERNEL);

	if (!tap)
		return -ENOMEM;
	tap->from = from;
	tap->to = to;
	list_add_tail_rcu(&tap->in, &m->taps[to->id]);
	list_add_tail_rcu(&tap->out, &from->taps);
	WRITE_ONCE(from->watched, true);
	return 0;
}

/* The first of a chain has a tap from each direction, the next one from it. */
static int tap_ring(struct vale_monitor *m, struct vale_ring *from,
		    struct vale_ring *to)
{
	if (m->zero_copy)
		from = end_of_chain(from);
	return from == to ? 0 : add_tap(m, from, to);
}

static struct vale_ring *ring_at(struct vale_port *port, int dir, u32 i,
				 bool host)
{
	u32 n = host ? port->nhost[dir] : port->nrings[dir];

	if (i >= n)
		return NULL;
	return &port->ring[dir][host ? port->nrings[dir] + i : i];
}

static int tap_both(struct vale_monitor *m, struct vale_ring *to)
{
	u32 i = to->host ? to->id - m->port.nrings[VALE_RX] : to->id;
	struct vale_ring *from;
	int err = 0;

	from = ring_at(m->observed, VALE_TX, i, to->host);
	if (from && m->directions & NR_MONITOR_TX)
		err = tap_ring(m, from, to);
	from = ring_at(m->observed, VALE_RX, i, to->host);
	if (!err && from && m->directions & NR_MONITOR_RX)
		err = tap_ring(m, from, to);
	return err;
}

/* Behind the monitor's ring another one may look on: join it to ours. */
static void close_gap(struct vale_monitor *m, struct vale_ring *ring)
{
	struct tap *tap, *tmp, *next = next_of(ring);
	struct list_head *to;

	if (!next)
		return;
	to = &vale_monitor_of(next->to->port)->taps[next->to->id];
	list_for_each_entry_safe(tap, tmp, &m->taps[ring->id], in) {
		WRITE_ONCE(tap->to, next->to);
		list_move_tail(&tap->in, to);
	}
	remove_tap(next);
}

static void untap_ring(struct vale_monitor *m, struct vale_ring *ring)
{
	struct tap *tap, *tmp;

	close_gap(m, ring);
	list_for_each_entry_safe(tap, tmp, &m->taps[ring->id], in)
		remove_tap(tap);
}

void vale_monitor_untap(struct vale_monitor *m)
{
	u32 i;

	if (!m->port.ring[VALE_RX])
		return;
	for (i = 0; i < vale_port_rings(&m->port, VALE_RX); i++)
		untap_ring(m, &m->port.ring[VALE_RX][i]);
}

int vale_monitor_tap(struct vale_monitor *m)
{
	int err = 0;
	u32 i;

	for (i = 0; !err && i < vale_port_rings(&m->port, VALE_RX); i++)
		if (m->port.ring[VALE_RX][i].shared)
			err = tap_both(m, &m->port.ring[VALE_RX][i]);
	if (!err)
		return 0;
	vale_monitor_untap(m);
	vale_net_quiesce();
	return err;
}
