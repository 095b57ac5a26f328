// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Owns native adapters: what drivers offer (under RTNL for who opens them, and
 * a lock of its own for drivers that come and go), and ports whose NIC rings
 * are the hardware's. Host rings and all else are as in an emulated adapter.
 */
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "native.h"

static DEFINE_SPINLOCK(natives_lock);
static LIST_HEAD(natives);

static struct vale_native *find(const struct net_device *dev)
{
	struct vale_native *native;

	spin_lock(&natives_lock);
	list_for_each_entry(native, &natives, list)
		if (native->dev == dev)
			goto found;
	native = NULL;
found:
	spin_unlock(&natives_lock);
	return native;
}

/* As long as RTNL is held it stays: it goes after its netdev. */
bool vale_native_offered(struct net_device *dev, const char **why)
{
	const struct vale_native *native = find(dev);

	ASSERT_RTNL();
	*why = "its driver has none";
	if (native)
		*why = native->ops->refusal ? native->ops->refusal(dev) : NULL;
	return !*why;
}

struct vale_native *vale_native_attach(struct net_device *dev,
				       struct device *dma,
				       const struct vale_native_ops *ops)
{
	struct vale_native *native = kzalloc(sizeof(*native), GFP_KERNEL);

	if (!native)
		return NULL;
	native->dev = dev;
	native->dma_dev = dma;
	native->ops = ops;
	spin_lock(&natives_lock);
	list_add(&native->list, &natives);
	spin_unlock(&natives_lock);
	return native;
}
EXPORT_SYMBOL_GPL(vale_native_attach);

void vale_native_detach(struct vale_native *native)
{
	if (!native)
		return;
	spin_lock(&natives_lock);
	list_del(&native->list);
	spin_unlock(&natives_lock);
	WARN_ON_ONCE(rcu_access_pointer(native->port));
	kfree(native);
}
EXPORT_SYMBOL_GPL(vale_native_detach);

static void config(struct vale_port *port)
{
	const struct vale_nic *nic = vale_nic_of(port);
	struct net_device *dev = vale_nic_dev(nic);
	struct vale_native *native = dev ? find(dev) : NULL;
	struct vale_native_config c = { };
	int dir;

	/* A switch counts on the numbers it was attached with. */
	if (!native || nic->att)
		return;
	native->ops->config(dev, &c);
	for (dir = 0; dir < VALE_DIRS; dir++) {
		port->nrings[dir] = min(c.nrings[dir], (u32)VALE_NIC_RINGS_MAX);
		port->nslots[dir] = min(c.nslots[dir], (u32)VALE_NIC_MAX_SLOTS);
		port->nhost[dir] = 1;
	}
}

/* The hardware must not write beyond a buffer. */
static int check_mtu(const struct vale_port *port, u32 buf_size)
{
	const struct vale_nic *nic = container_of(port, struct vale_nic, port);
	struct net_device *dev = vale_nic_dev(nic);
	struct vale_native *native = dev ? find(dev) : NULL;
	struct vale_native_config c = { };

	if (!native)
		return -ENXIO;
	native->ops->config(dev, &c);
	return buf_size < c.rx_size ? -EINVAL : 0;
}

static void free_rings(struct vale_native_port *np)
{
	int dir;
	u32 i;

	for (dir = 0; dir < VALE_DIRS; dir++) {
		for (i = 0; np->ring[dir] && i < np->nrings[dir]; i++) {
			kvfree(np->ring[dir][i].posted);
			bitmap_free(np->ring[dir][i].sent);
			bitmap_free(np->ring[dir][i].marked);
			bitmap_free(np->ring[dir][i].copied);
		}
		kvfree(np->ring[dir]);
	}
}

static int setup_ring(struct vale_native_port *np, int dir, u32 i)
{
	struct vale_native_ring *nr = &np->ring[dir][i];

	nr->np = np;
	nr->ring = &np->nic->port.ring[dir][i];
	nr->queue = i;
	if (dir == VALE_RX) {
		nr->posted = kvcalloc(nr->ring->pos.n, sizeof(*nr->posted),
				      GFP_KERNEL);
		return nr->posted ? 0 : -ENOMEM;
	}
	nr->sent = bitmap_zalloc(nr->ring->pos.n, GFP_KERNEL);
	nr->marked = bitmap_zalloc(nr->ring->pos.n, GFP_KERNEL);
	nr->copied = bitmap_zalloc(nr->ring->pos.n, GFP_KERNEL);
	if (!nr->sent || !nr->marked || !nr->copied)
		return -ENOMEM;
	return np->config.tx_parts ?
	       vale_bounce_init(&nr->bounce, np->dma.dev) : 0;
}

static int alloc_rings(struct vale_native_port *np)
{
	int dir, err = 0;
	u32 i;

	for (dir = 0; dir < VALE_DIRS; dir++) {
		np->nrings[dir] = np->nic->port.nrings[dir];
		np->ring[dir] = kvcalloc(np->nrings[dir],
					 sizeof(struct vale_native_ring),
					 GFP_KERNEL);
		if (!np->ring[dir])
			return -ENOMEM;
		for (i = 0; i < np->nrings[dir] && !err; i++)
			err = setup_ring(np, dir, i);
	}
	return err;
}

/* While the device still exists. */
static void unmap(struct vale_native_port *np)
{
	u32 i;

	for (i = 0; np->ring[VALE_TX] && i < np->nrings[VALE_TX]; i++)
		vale_bounce_fini(&np->ring[VALE_TX][i].bounce);
	vale_dma_unmap(&np->dma);
}

static void free_port(struct vale_native_port *np)
{
	unmap(np);
	vale_dma_fini(&np->dma);
	free_rings(np);
	kfree(np);
}

static struct vale_native_port *create_port(struct vale_nic *nic,
					    struct vale_native *native)
{
	struct vale_native_port *np = kzalloc(sizeof(*np), GFP_KERNEL);
	int err = 0;

	if (!np)
		return ERR_PTR(-ENOMEM);
	np->nic = nic;
	np->native = native;
	native->ops->config(native->dev, &np->config);
	if (!vale_native_copies(native))
		err = vale_dma_init(&np->dma, native->dma_dev,
				    nic->port.region);
	if (err) {
		kfree(np);
		return ERR_PTR(err);
	}
	err = alloc_rings(np);
	if (err) {
		free_port(np);
		return ERR_PTR(err);
	}
	return np;
}

static void close_driver(struct vale_native *native)
{
	if (native->ops->close)
		native->ops->close(native->dev);
}

static int start(struct vale_port *port)
{
	struct vale_nic *nic = vale_nic_of(port);
	struct net_device *dev = vale_nic_dev(nic);
	struct vale_native *native = dev ? find(dev) : NULL;
	struct vale_native_port *np;
	int err;

	if (!native)
		return -ENXIO;
	np = create_port(nic, native);
	if (IS_ERR(np))
		return PTR_ERR(np);
	err = native->ops->open ? native->ops->open(dev) : 0;
	if (err)
		goto err_free;
	nic->native = np;
	err = vale_emul_start(port);
	if (err)
		goto err_close;
	rcu_assign_pointer(native->port, np);
	return 0;

err_close:
	nic->native = NULL;
	close_driver(native);
err_free:
	free_port(np);
	return err;
}

/* No ring is on. Interrupts of queues that never were may look at the port. */
static void stop(struct vale_port *port)
{
	struct vale_nic *nic = vale_nic_of(port);
	struct vale_native_port *np = nic->native;

	vale_emul_stop(port);
	nic->native = NULL;
	if (np->native) {
		RCU_INIT_POINTER(np->native->port, NULL);
		synchronize_net();
		close_driver(np->native);
	}
	free_port(np);
}

void vale_native_gone(struct vale_nic *nic)
{
	struct vale_native_port *np = nic->native;
	struct vale_native *native = np->native;
	int dir;
	u32 i;

	ASSERT_RTNL();
	for (dir = 0; dir < VALE_DIRS; dir++) {
		for (i = 0; i < np->nrings[dir]; i++) {
			WRITE_ONCE(np->ring[dir][i].live, false);
			WRITE_ONCE(np->ring[dir][i].on, false);
		}
	}
	RCU_INIT_POINTER(native->port, NULL);
	synchronize_net();
	np->native = NULL;
	unmap(np);
}

bool vale_native_takes(const struct vale_nic *nic, int dir, u32 ring)
{
	/* What the driver delivers is the stack's. */
	return dir == VALE_TX && READ_ONCE(nic->native->ring[dir][ring].on);
}

static void change_rings(struct vale_native_port *np, bool on)
{
	struct vale_native_ring *nr;
	int dir;
	u32 i;

	for (dir = 0; dir < VALE_DIRS; dir++) {
		for (i = 0; i < np->nrings[dir]; i++) {
			nr = &np->ring[dir][i];
			if (nr->ring->on == nr->on || nr->ring->on != on)
				continue;
			if (on)
				vale_native_ring_on(nr);
			else
				vale_native_ring_off(nr);
		}
	}
}

/* The stack's frames are intercepted as long as any ring is a program's. */
static void rings_changed(struct vale_port *port)
{
	struct vale_native_port *np = vale_nic_of(port)->native;

	if (np->native && np->native->ops->rx_together)
		vale_native_rx_off(np);
	change_rings(np, false);
	vale_emul_rings_changed(port);
	change_rings(np, true);
}

static int txsync(struct vale_ring *ring, int flags)
{
	return ring->host ? vale_emul_txsync(ring, flags) :
			    vale_native_txsync(ring);
}

static int rxsync(struct vale_ring *ring, int flags)
{
	return ring->host ? vale_emul_rxsync(ring, flags) :
			    vale_native_rxsync(ring);
}

const struct vale_port_ops vale_nic_native_ops = {
	.kind = "nic",
	.needs_rtnl = true,
	.has_host_rings = true,
	.config = config,
	.check_mtu = check_mtu,
	.start = start,
	.stop = stop,
	.rings_changed = rings_changed,
	.txsync = txsync,
	.rxsync = rxsync,
	.destroy = vale_nic_destroy,
};
