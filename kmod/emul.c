// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Owns the emulated adapter's rings as they come and go. Frames get into slots
 * in emul_rx.c, slots become socket buffers in emul_tx.c.
 */
#include <linux/slab.h>

#include "nic_priv.h"
#include "param.h"

#define RX_SLOT_MAX	32768	/* bytes of MTU a slot should take whole */

static int check_mtu(const struct vale_port *port, u32 buf_size)
{
	const struct vale_nic *nic = container_of(port, struct vale_nic, port);
	const struct net_device *dev = vale_nic_dev(nic);

	if (!dev)
		return -ENXIO;
	return buf_size < min_t(u32, dev->mtu, RX_SLOT_MAX) ? -EINVAL : 0;
}

void vale_nic_drop(struct vale_nic_ring *nr, enum vale_drop why, u64 n)
{
	struct vale_nic *nic = vale_nic_of(nr->ring->port);
	struct net_device *dev;

	rcu_read_lock_bh();
	dev = rcu_dereference_bh(nic->dev);
	vale_count_drop(nr->sink.stats, why, n);
	if (dev)
		vale_netdev_drop(dev, (nr->ring->dir == VALE_TX) !=
				 nr->ring->host, n);
	rcu_read_unlock_bh();
}

int vale_emul_txsync(struct vale_ring *ring, int flags)
{
	return ring->host ? vale_host_txsync(ring) : vale_emul_send(ring);
}

static enum hrtimer_restart retry(struct hrtimer *timer)
{
	struct vale_nic_ring *nr =
		container_of(timer, struct vale_nic_ring, timer);

	vale_ring_wake(nr->ring);
	return HRTIMER_NORESTART;
}

static void setup_ring(struct vale_nic *nic, int dir, u32 i)
{
	struct vale_nic_ring *nr = &nic->rings[dir][i];
	struct vale_ring *ring = &nic->port.ring[dir][i];
	u32 size = nic->port.region->bufs.size;

	nr->ring = ring;
	ring->adapter = nr;
	ring->filled = dir == VALE_RX && !ring->host;
	__skb_queue_head_init(&nr->ready);
	hrtimer_setup(&nr->timer, dir == VALE_RX ? vale_emul_interval_over : retry,
		      CLOCK_MONOTONIC, HRTIMER_MODE_REL_SOFT);
	nr->sink = (struct vale_sink){
		.queue = &ring->queue,
		.stats = ring->host ? nic->host.stats : nic->wire.stats,
		.limit = ring->host ? ring->pos.n - 1 : ring->pos.n + 1,
		.max_len = ring->host ? size : size * (ring->pos.n - 1),
		.from_host = ring->host,
	};
}

/* Their TX frames without copying, where that can be. */
static void create_zcopy(struct vale_nic *nic, const struct net_device *dev)
{
	u32 i;

	for (i = 0; i < nic->port.nrings[VALE_TX]; i++)
		nic->rings[VALE_TX][i].zcopy =
			vale_zcopy_create(&nic->port.ring[VALE_TX][i], dev);
}

static void free_rings(struct vale_nic *nic)
{
	int dir;
	u32 i;

	for (i = 0; nic->rings[VALE_TX] && i < nic->port.nrings[VALE_TX]; i++)
		vale_zcopy_destroy(nic->rings[VALE_TX][i].zcopy);
	for (dir = 0; dir < VALE_DIRS; dir++) {
		kvfree(nic->rings[dir]);
		nic->rings[dir] = NULL;
	}
}

static int alloc_rings(struct vale_nic *nic)
{
	u32 i, n;
	int dir;

	for (dir = 0; dir < VALE_DIRS; dir++) {
		n = vale_port_rings(&nic->port, dir);
		nic->rings[dir] = kvcalloc(n, sizeof(struct vale_nic_ring),
					   GFP_KERNEL);
		if (!nic->rings[dir]) {
			free_rings(nic);
			return -ENOMEM;
		}
		for (i = 0; i < n; i++)
			setup_ring(nic, dir, i);
	}
	return 0;
}

int vale_emul_start(struct vale_port *port)
{
	struct vale_nic *nic = vale_nic_of(port);
	struct net_device *dev = vale_nic_dev(nic);
	int err;

	if (!dev)
		return -ENXIO;
	err = alloc_rings(nic);
	if (err)
		return err;
	if (!nic->native)
		create_zcopy(nic, dev);
	err = vale_hook_install(nic, dev);
	if (err)
		free_rings(nic);
	return err;
}

/* Nothing is enqueued any more, and no sync runs. */
static void empty_ring(struct vale_nic_ring *nr)
{
	hrtimer_cancel(&nr->timer);
	nr->armed = false;
	nr->missed = false;
	nr->torn = false;
	nr->bad = false;
	nr->built = 0;
	__skb_queue_purge(&nr->ready);
	skb_queue_purge(nr->sink.queue);
}

void vale_emul_stop(struct vale_port *port)
{
	struct vale_nic *nic = vale_nic_of(port);
	struct net_device *dev = vale_nic_dev(nic);
	int dir;
	u32 i;

	if (dev)
		vale_hook_remove(nic, dev);
	for (dir = 0; dir < VALE_DIRS; dir++)
		for (i = 0; i < vale_port_rings(port, dir); i++)
			empty_ring(&nic->rings[dir][i]);
	free_rings(nic);
}

static bool any_on(const struct vale_port *port, int dir, u32 from, u32 to)
{
	u32 i;

	for (i = from; i < to; i++)
		if (READ_ONCE(port->ring[dir][i].on))
			return true;
	return false;
}

static bool wants_intercept(const struct vale_port *port,
			    const struct net_device *dev)
{
	if (!any_on(port, VALE_TX, 0, port->nrings[VALE_TX]))
		return false;
	return !vale_dev_is_tun(dev) ||
	       any_on(port, VALE_RX, port->nrings[VALE_RX],
		      vale_port_rings(port, VALE_RX));
}

static void empty_nic_ring(struct vale_nic_ring *nr,
			   const struct net_device *dev)
{
	empty_ring(nr);
	nr->zcopy = vale_zcopy_renew(nr->zcopy, dev);
}

/* Host RX rings keep collecting while anybody uses the port. */
void vale_emul_rings_changed(struct vale_port *port)
{
	struct vale_nic *nic = vale_nic_of(port);
	struct net_device *dev = vale_nic_dev(nic);
	int dir;
	u32 i;

	if (dev)
		vale_hook_intercept(nic, dev, wants_intercept(port, dev));
	for (dir = 0; dir < VALE_DIRS; dir++)
		for (i = 0; i < port->nrings[dir]; i++)
			if (!port->ring[dir][i].on)
				empty_nic_ring(&nic->rings[dir][i], dev);
}

const struct vale_port_ops vale_emul_ops = {
	.kind = "nic",
	.needs_rtnl = true,
	.has_host_rings = true,
	.config = vale_nic_config,
	.check_mtu = check_mtu,
	.start = vale_emul_start,
	.stop = vale_emul_stop,
	.rings_changed = vale_emul_rings_changed,
	.txsync = vale_emul_txsync,
	.rxsync = vale_emul_rxsync,
	.destroy = vale_nic_destroy,
};
