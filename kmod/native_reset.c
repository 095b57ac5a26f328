// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Owns what a driver tells of its rings while programs have them: that it
 * resets them, after which programs' positions are what they were, and that
 * the hardware is done with something.
 */
#include "native.h"

/*
 * Of a ring that is on: the caller keeps it so, holding the driver's lock or
 * as its poll routine. NULL: it is not.
 */
static struct vale_native_ring *find(struct vale_native *native, int dir, u32 q)
{
	struct vale_native_ring *nr = NULL;
	struct vale_native_port *np;

	rcu_read_lock();
	np = native ? rcu_dereference(native->port) : NULL;
	if (np && q < np->nrings[dir] && READ_ONCE(np->ring[dir][q].on))
		nr = &np->ring[dir][q];
	rcu_read_unlock();
	return nr;
}

void vale_native_down(struct vale_native *native)
{
	struct vale_native_port *np;
	int dir;
	u32 i;

	rcu_read_lock();
	np = native ? rcu_dereference(native->port) : NULL;
	for (dir = 0; np && dir < VALE_DIRS; dir++)
		for (i = 0; i < np->nrings[dir]; i++)
			WRITE_ONCE(np->ring[dir][i].live, false);
	rcu_read_unlock();
	if (np)
		synchronize_net();
}
EXPORT_SYMBOL_GPL(vale_native_down);

/* A sync that is under way finds the ring not live. */
void vale_native_rx_save(struct vale_native *native, u32 q)
{
	struct vale_native_ring *nr = find(native, VALE_RX, q);

	/* Of one that is given back the host gets it. */
	if (!nr || nr->going)
		return;
	while (!vale_ring_enter(nr->ring))
		usleep_range(10, 20);
	local_bh_disable();
	vale_native_rx_import(nr);
	local_bh_enable();
	vale_ring_leave(nr->ring);
}
EXPORT_SYMBOL_GPL(vale_native_rx_save);

bool vale_native_rx_init(struct vale_native *native, u32 q)
{
	struct vale_native_ring *nr = find(native, VALE_RX, q);

	if (!nr)
		return false;
	vale_native_ring_forget(nr);
	vale_native_ring_ask(nr);
	if (vale_native_copies(native))
		nr->foreign = nr->count - 1;
	local_bh_disable();
	vale_native_rx_fill(nr);
	local_bh_enable();
	vale_native_ring_live(nr);
	return true;
}
EXPORT_SYMBOL_GPL(vale_native_rx_init);

/* What was under way counts as sent. */
bool vale_native_tx_init(struct vale_native *native, u32 q)
{
	struct vale_native_ring *nr = find(native, VALE_TX, q);

	if (!nr)
		return false;
	vale_native_ring_forget(nr);
	vale_native_ring_ask(nr);
	vale_native_ring_live(nr);
	return true;
}
EXPORT_SYMBOL_GPL(vale_native_tx_init);

static enum vale_native_irq irq(struct vale_native *native, int dir, u32 q)
{
	struct vale_native_ring *nr = find(native, dir, q);

	if (!nr)
		return VALE_NATIVE_PASS;
	vale_ring_wake(nr->ring);
	return VALE_NATIVE_COMPLETED;
}

enum vale_native_irq vale_native_rx_irq(struct vale_native *native, u32 q)
{
	return irq(native, VALE_RX, q);
}
EXPORT_SYMBOL_GPL(vale_native_rx_irq);

enum vale_native_irq vale_native_tx_irq(struct vale_native *native, u32 q)
{
	return irq(native, VALE_TX, q);
}
EXPORT_SYMBOL_GPL(vale_native_tx_irq);
