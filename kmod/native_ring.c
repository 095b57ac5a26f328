// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Owns a hardware ring's change of hands between its driver and programs. The
 * link stays as it is; docs/native.md says how. The driver's lock keeps resets
 * out of changes.
 */
#include "native.h"

void vale_native_ring_live(struct vale_native_ring *nr)
{
	/* (H) the ring's state; partner: a sync's load. */
	smp_store_release(&nr->live, true);
}

void vale_native_ring_forget(struct vale_native_ring *nr)
{
	u32 n = nr->ring->pos.n;

	nr->clean = 0;
	nr->use = 0;
	nr->foreign = 0;
	nr->busy = 0;
	nr->torn = false;
	if (nr->ring->dir == VALE_RX)
		return;
	bitmap_zero(nr->sent, n);
	bitmap_zero(nr->marked, n);
	bitmap_zero(nr->copied, n);
	nr->bounce.used = 0;
}

bool vale_native_ring_ask(struct vale_native_ring *nr)
{
	struct vale_native *native = nr->np->native;
	struct vale_native_config *c = &nr->np->config;

	native->ops->config(native->dev, c);
	nr->count = c->nslots[nr->ring->dir];
	return nr->queue < c->nrings[nr->ring->dir];
}

static void take_rx(struct vale_native_ring *nr)
{
	struct vale_native *native = nr->np->native;
	struct vale_native_start at = { };

	native->ops->rx_take(native->dev, nr->queue, &at);
	nr->clean = at.clean;
	nr->use = at.use;
	nr->torn = at.torn;
	nr->foreign = at.use > at.clean || (at.use == at.clean && !at.full) ?
		      at.use - at.clean : at.use + nr->count - at.clean;
	local_bh_disable();
	vale_native_rx_fill(nr);
	local_bh_enable();
}

/* Its first positions are what nobody has seen yet. */
static void take_tx(struct vale_native_ring *nr)
{
	struct vale_native *native = nr->np->native;
	struct vale_pos *pos = &nr->ring->pos;
	struct vale_native_start at = { };

	native->ops->tx_take(native->dev, nr->queue, &at);
	nr->clean = at.use;
	nr->use = at.use;
	pos->hwtail = pos->hwcur;
	local_bh_disable();
	vale_native_tx_reclaim(nr);
	local_bh_enable();
	pos->tail = pos->hwtail;
	WRITE_ONCE(nr->ring->shared->tail, pos->tail);
}

/* What was shown is the program's that left; the ring then has room for all. */
static void take_in(struct vale_native_ring *nr)
{
	struct vale_pos *pos = &nr->ring->pos;

	pos->hwcur = pos->head = pos->hwtail;
	local_bh_disable();
	vale_native_rx_import(nr);
	local_bh_enable();
	pos->head = pos->hwtail;
}

/* From then on the driver finds the ring its own. */
static void hand_back(struct vale_native_ring *nr)
{
	if (nr->going)
		take_in(nr);
	WRITE_ONCE(nr->on, false);
	nr->np->native->ops->rx_give(nr->np->native->dev, nr->queue);
}

/*
 * Frames that no program has seen go to the host stack, which has the ring
 * next: after the hardware goes on, before the driver's poll routine does. Not
 * if it was not live: the driver could not give it to the program, as after a
 * reset.
 */
static void tell_host(struct vale_native_ring *nr)
{
	if (!nr->going)
		return;
	nr->going = false;
	vale_host_txsync(nr->ring);
	nr->ring->pos.hwtail = nr->ring->pos.head;
}

static void give_rx(struct vale_native_ring *nr)
{
	struct vale_native *native = nr->np->native;

	if (native->ops->rx_stop)
		native->ops->rx_stop(native->dev, nr->queue);
	hand_back(nr);
	tell_host(nr);
}

static struct netdev_queue *stack_queue(const struct vale_native_ring *nr)
{
	return netdev_get_tx_queue(nr->np->native->dev, nr->queue);
}

/*
 * Nothing of the stack is in the driver's transmit routine then. False: the
 * driver had stopped it already.
 */
static bool stop_stack(struct vale_native_ring *nr)
{
	struct netdev_queue *txq = stack_queue(nr);
	bool stopped;

	__netif_tx_lock_bh(txq);
	stopped = netif_tx_queue_stopped(txq);
	netif_tx_stop_queue(txq);
	__netif_tx_unlock_bh(txq);
	return !stopped;
}

static struct napi_struct *stop_napi(struct vale_native_ring *nr)
{
	struct vale_native *native = nr->np->native;
	struct napi_struct *napi;

	napi = native->ops->napi(native->dev, nr->ring->dir, nr->queue);
	napi_disable(napi);
	return napi;
}

/* Interrupts that came meanwhile have been lost on it. */
static void start_napi(struct napi_struct *napi)
{
	napi_enable(napi);
	local_bh_disable();
	napi_schedule(napi);
	local_bh_enable();
}

static void take(struct vale_native_ring *nr)
{
	struct napi_struct *napi = stop_napi(nr);
	bool ours;

	if (nr->ring->dir == VALE_RX) {
		take_rx(nr);
		WRITE_ONCE(nr->on, true);
	} else {
		ours = stop_stack(nr);
		take_tx(nr);
		WRITE_ONCE(nr->on, true);
		/* From now on the stack's frames do not come to the driver. */
		if (ours)
			netif_tx_wake_queue(stack_queue(nr));
	}
	vale_native_ring_live(nr);
	start_napi(napi);
}

static void give(struct vale_native_ring *nr)
{
	struct vale_native *native = nr->np->native;
	struct napi_struct *napi = stop_napi(nr);

	nr->going = nr->live && nr->ring->dir == VALE_RX;
	WRITE_ONCE(nr->live, false);
	if (nr->ring->dir == VALE_RX) {
		give_rx(nr);
	} else {
		stop_stack(nr);
		WRITE_ONCE(nr->on, false);
		native->ops->tx_give(native->dev, nr->queue);
		netif_tx_wake_queue(stack_queue(nr));
	}
	start_napi(napi);
}

/* A queue that is down, or not there, takes notice when it comes up. */
void vale_native_ring_on(struct vale_native_ring *nr)
{
	struct vale_native *native = nr->np->native;

	if (!native)
		return;
	vale_native_ring_forget(nr);
	if (native->ops->lock(native->dev) && vale_native_ring_ask(nr))
		take(nr);
	else
		WRITE_ONCE(nr->on, true);
	native->ops->unlock(native->dev);
}

void vale_native_ring_off(struct vale_native_ring *nr)
{
	struct vale_native *native = nr->np->native;

	if (native && native->ops->lock(native->dev) &&
	    vale_native_ring_ask(nr))
		give(nr);
	WRITE_ONCE(nr->live, false);
	WRITE_ONCE(nr->on, false);
	if (native)
		native->ops->unlock(native->dev);
}

/* The RX rings that programs have left; the i-th, or NULL. */
static struct vale_native_ring *leaving(struct vale_native_port *np, u32 i)
{
	struct vale_native_ring *nr = &np->ring[VALE_RX][i];

	return nr->on && !nr->ring->on && vale_native_ring_ask(nr) ? nr : NULL;
}

static void give_rx_together(struct vale_native_port *np)
{
	struct vale_native *native = np->native;
	u32 n = np->nrings[VALE_RX], i;
	struct vale_native_ring *nr;

	for (i = 0; i < n; i++) {
		nr = leaving(np, i);
		if (nr)
			nr->going = nr->live;
	}
	for (i = 0; i < n; i++) {
		if (leaving(np, i)) {
			WRITE_ONCE(np->ring[VALE_RX][i].live, false);
			native->ops->rx_stop(native->dev, i);
		}
	}
	for (i = 0; i < n; i++) {
		nr = leaving(np, i);
		if (nr)
			hand_back(nr);
	}
	for (i = 0; i < n; i++)
		tell_host(&np->ring[VALE_RX][i]);
}

void vale_native_rx_off(struct vale_native_port *np)
{
	struct vale_native *native = np->native;

	if (native->ops->lock(native->dev))
		give_rx_together(np);
	native->ops->unlock(native->dev);
}
