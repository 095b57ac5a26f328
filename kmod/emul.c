// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Owns the emulated adapter's rings: frames the receive handler took are
 * copied into slots by rxsync, slots are copied into socket buffers and handed
 * to the driver by txsync. Both run with the ring's gate held.
 */
#include <linux/slab.h>

#include "nic_priv.h"
#include "param.h"

#define RX_SLOT_MAX	32768	/* bytes of MTU a slot should take whole */
#define MITIGATE_MIN	32768	/* ns; below: a wake-up for every frame */

static int check_mtu(const struct vale_port *port, u32 buf_size)
{
	const struct vale_nic *nic = container_of(port, struct vale_nic, port);
	const struct net_device *dev = vale_nic_dev(nic);

	if (!dev)
		return -ENXIO;
	return buf_size < min_t(u32, dev->mtu, RX_SLOT_MAX) ? -EINVAL : 0;
}

/* A bad slot is handed over empty, or it would stay in the way for ever. */
void vale_emul_give_up(struct vale_ring *ring, u32 from, u32 to)
{
	for (; from != to; from = vale_ring_next(from, ring->pos.n)) {
		WRITE_ONCE(ring->shared->slot[from].len, 0);
		WRITE_ONCE(ring->shared->slot[from].flags, 0);
	}
}

/* Spreads skb over the slots from hwtail on; there is room. */
static int fill_slots(struct vale_ring *ring, struct sk_buff *skb)
{
	const struct vale_bufs *bufs = &ring->bufs;
	u32 start = ring->pos.hwtail, off = 0, len;
	struct netmap_slot *slot;
	u8 *buf;

	do {
		slot = &ring->shared->slot[ring->pos.hwtail];
		len = min(skb->len - off, vale_bufs_room(bufs));
		buf = vale_buf(bufs, READ_ONCE(slot->buf_idx));
		if (buf)
			buf += vale_bufs_offset(bufs, READ_ONCE(slot->ptr));
		ring->pos.hwtail = vale_ring_next(ring->pos.hwtail,
						  ring->pos.n);
		if (!buf || skb_copy_bits(skb, off, buf, len)) {
			vale_emul_give_up(ring, start, ring->pos.hwtail);
			return -EINVAL;
		}
		off += len;
		WRITE_ONCE(slot->len, len);
		WRITE_ONCE(slot->flags, off < skb->len ? NS_MOREFRAG : 0);
	} while (off < skb->len);
	return 0;
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

/* How many a frame takes; too many if the ring never has as many. */
static u32 slots_for(const struct vale_ring *ring, const struct sk_buff *skb)
{
	u32 room = vale_bufs_room(&ring->bufs);

	if (!room || (ring->host && skb->len > room))
		return ring->pos.n;
	return DIV_ROUND_UP(skb->len, room);
}

static int import(struct vale_nic_ring *nr)
{
	struct vale_ring *ring = nr->ring;
	u64 packets = 0, bytes = 0;
	struct sk_buff *skb;
	int err = 0;
	u32 need;

	while ((skb = skb_peek(&nr->ready))) {
		need = slots_for(ring, skb);
		if (need >= ring->pos.n) {
			/* Less room than when it was let in: offsets. */
			__skb_unlink(skb, &nr->ready);
			vale_nic_drop(nr, VALE_DROP_TOO_LONG, 1);
			kfree_skb(skb);
			continue;
		}
		if (need > vale_nic_rx_room(&ring->pos))
			break;
		__skb_unlink(skb, &nr->ready);
		packets++;
		bytes += skb->len;
		if (fill_slots(ring, skb)) {
			vale_nic_drop(nr, VALE_DROP_BAD_BUFFER, 1);
			err = -EINVAL;
		}
		consume_skb(skb);
	}
	if (packets) {
		local_bh_disable();
		vale_count_in(nr->sink.stats, packets, bytes);
		local_bh_enable();
	}
	return err;
}

int vale_emul_import(struct vale_nic_ring *nr)
{
	/* What waits here has left the queue, whose limit it would escape. */
	if (skb_queue_empty(&nr->ready))
		vale_sink_take(&nr->sink, &nr->ready);
	return import(nr);
}

int vale_emul_rxsync(struct vale_ring *ring, int flags)
{
	struct vale_nic_ring *nr = ring->adapter;
	bool moved = false;
	int err;

	if (!ring->host)
		vale_host_forward_up(ring);
	else if (flags & VALE_SYNC_ALL_TX)
		moved = vale_host_forward_down(ring);
	ring->pos.hwcur = ring->pos.head;
	err = vale_emul_import(nr);
	if (!ring->host)
		vale_twin_pull(nr);
	return err ?: moved;
}

int vale_emul_txsync(struct vale_ring *ring, int flags)
{
	return ring->host ? vale_host_txsync(ring) : vale_emul_send(ring);
}

void vale_emul_notify(struct vale_nic_ring *nr)
{
	u32 ns = max(READ_ONCE(vale_param.generic_mit), 0);
	unsigned long flags;
	bool wake = true;

	/* No timer either: who comes later looks at the queue first. */
	if (!vale_ring_awaited(nr->ring))
		return;
	if (ns >= MITIGATE_MIN) {
		spin_lock_irqsave(&nr->sink.queue->lock, flags);
		wake = !nr->armed;
		nr->missed = nr->armed;
		nr->armed = true;
		if (wake)
			hrtimer_start(&nr->timer, ns_to_ktime(ns),
				      HRTIMER_MODE_REL_SOFT);
		spin_unlock_irqrestore(&nr->sink.queue->lock, flags);
	}
	if (wake)
		vale_ring_wake(nr->ring);
}

static enum hrtimer_restart interval_over(struct hrtimer *timer)
{
	struct vale_nic_ring *nr =
		container_of(timer, struct vale_nic_ring, timer);
	u32 ns = max(READ_ONCE(vale_param.generic_mit), MITIGATE_MIN);
	unsigned long flags;
	bool again;

	spin_lock_irqsave(&nr->sink.queue->lock, flags);
	again = nr->missed;
	nr->missed = false;
	nr->armed = again;
	if (again)
		hrtimer_forward_now(timer, ns_to_ktime(ns));
	spin_unlock_irqrestore(&nr->sink.queue->lock, flags);
	if (!again)
		return HRTIMER_NORESTART;
	vale_ring_wake(nr->ring);
	return HRTIMER_RESTART;
}

static enum hrtimer_restart retry(struct hrtimer *timer)
{
	struct vale_nic_ring *nr =
		container_of(timer, struct vale_nic_ring, timer);

	vale_ring_wake(nr->ring);
	return HRTIMER_NORESTART;
}

void vale_emul_receive(struct vale_nic *nic, u32 ring, struct sk_buff *skb)
{
	struct vale_nic_ring *nr = &nic->rings[VALE_RX][ring];

	vale_sink_put(&nr->sink, skb);
	vale_emul_notify(nr);
}

static void setup_ring(struct vale_nic *nic, int dir, u32 i)
{
	struct vale_nic_ring *nr = &nic->rings[dir][i];
	struct vale_ring *ring = &nic->port.ring[dir][i];
	u32 size = nic->port.region->bufs.size;

	nr->ring = ring;
	ring->adapter = nr;
	__skb_queue_head_init(&nr->ready);
	hrtimer_setup(&nr->timer, dir == VALE_RX ? interval_over : retry,
		      CLOCK_MONOTONIC, HRTIMER_MODE_REL_SOFT);
	nr->sink = (struct vale_sink){
		.queue = &ring->queue,
		.stats = ring->host ? nic->host.stats : nic->wire.stats,
		.limit = ring->host ? ring->pos.n - 1 : ring->pos.n + 1,
		.max_len = ring->host ? size : size * (ring->pos.n - 1),
		.from_host = ring->host,
	};
}

static void free_rings(struct vale_nic *nic)
{
	int dir;

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
	nic->twin = vale_twin_possible(dev);
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
				empty_ring(&nic->rings[dir][i]);
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
