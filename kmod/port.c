// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Owns what all ports share: references, waking, ring memory. Everything but
 * the wakers runs under vn->lock.
 */
#include "port.h"

#include <linux/if_ether.h>
#include <linux/slab.h>

#include "monitor.h"
#include "param.h"

#define HOST_RINGS_MAX 256u

void vale_port_init(struct vale_port *port, const struct vale_port_ops *ops,
		    struct vale_net *vn, const char *name)
{
	int dir;

	kref_init(&port->ref);
	port->ops = ops;
	port->vn = vn;
	strscpy(port->name, name, sizeof(port->name));
	INIT_LIST_HEAD(&port->pipes);
	INIT_LIST_HEAD(&port->monitors);
	for (dir = 0; dir < VALE_DIRS; dir++)
		init_waitqueue_head(&port->wait[dir]);
}

static void release(struct kref *ref)
{
	struct vale_port *port = container_of(ref, struct vale_port, ref);

	port->ops->destroy(port);
}

void vale_port_put(struct vale_port *port)
{
	kref_put(&port->ref, release);
}

void vale_port_release(struct vale_port *port)
{
	lockdep_assert_held(&port->vn->lock);
	if (!vale_port_in_use(port) && port->ops->idle)
		port->ops->idle(port);
	if (port->ops->left)
		port->ops->left(port);
	vale_port_put(port);
}

/*
 * (A) orders what was published before the look at the queue; its partner is
 * the barrier in poll_wait's caller, which queues itself before it looks at
 * the rings.
 */
bool vale_ring_awaited(struct vale_ring *ring)
{
	smp_mb(); /* (A) */
	return waitqueue_active(&ring->wait) ||
	       waitqueue_active(&ring->port->wait[ring->dir]);
}

void vale_ring_wake(struct vale_ring *ring)
{
	wait_queue_head_t *all = &ring->port->wait[ring->dir];

	smp_mb(); /* (A) */
	if (waitqueue_active(&ring->wait))
		wake_up_interruptible(&ring->wait);
	if (waitqueue_active(all))
		wake_up_interruptible(all);
	if (unlikely(READ_ONCE(ring->watched)))
		vale_monitor_wake(ring);
}

void vale_port_wake(struct vale_port *port)
{
	int dir;
	u32 i;

	for (dir = 0; dir < VALE_DIRS; dir++) {
		for (i = 0; port->ring[dir] && i < vale_port_rings(port, dir);
		     i++)
			wake_up_interruptible_all(&port->ring[dir][i].wait);
		wake_up_interruptible_all(&port->wait[dir]);
	}
}

static void ring_setup(struct vale_port *port, int dir, u32 i)
{
	struct vale_ring *ring = &port->ring[dir][i];

	ring->port = port;
	ring->dir = dir;
	ring->id = i;
	ring->host = i >= port->nrings[dir];
	ring->pos.n = port->nslots[dir];
	INIT_LIST_HEAD(&ring->taps);
	init_waitqueue_head(&ring->wait);
	spin_lock_init(&ring->lock);
	skb_queue_head_init(&ring->queue);
}

static void rings_free(struct vale_port *port)
{
	int dir;

	for (dir = 0; dir < VALE_DIRS; dir++) {
		kvfree(port->ring[dir]);
		port->ring[dir] = NULL;
	}
}

static int rings_alloc(struct vale_port *port)
{
	int dir;
	u32 i;

	for (dir = 0; dir < VALE_DIRS; dir++) {
		port->ring[dir] = kvcalloc(vale_port_rings(port, dir),
					   sizeof(struct vale_ring),
					   GFP_KERNEL);
		if (!port->ring[dir]) {
			rings_free(port);
			return -ENOMEM;
		}
		for (i = 0; i < vale_port_rings(port, dir); i++)
			ring_setup(port, dir, i);
	}
	return 0;
}

static u32 host_rings(u32 wanted)
{
	return clamp(wanted, 1u, HOST_RINGS_MAX);
}

void vale_port_configure(struct vale_port *port,
			 const struct nmreq_register *reg)
{
	lockdep_assert_held(&port->vn->lock);
	if (vale_port_in_use(port) || !port->ops->config)
		return;
	port->ops->config(port);
	if (!port->ops->has_host_rings)
		return;
	port->nhost[VALE_TX] = host_rings(reg->nr_host_tx_rings);
	port->nhost[VALE_RX] = host_rings(reg->nr_host_rx_rings);
}

int vale_port_activate(struct vale_port *port, const struct nmreq_register *reg)
{
	struct vale_region *region = port->region;
	bool found = false;
	int err;

	vale_port_configure(port, reg);
	if (!region) {
		region = vale_region_get(reg->nr_mem_id ?: VALE_REGION_GLOBAL);
		if (IS_ERR(region))
			return PTR_ERR(region);
		found = true;
	}
	err = vale_region_use(region);
	if (err)
		goto err_put_region;
	err = rings_alloc(port);
	if (err)
		goto err_unuse_region;
	port->region = region;
	return 0;

err_unuse_region:
	vale_region_unuse(region);
err_put_region:
	if (found)
		vale_region_put(region);
	return err;
}

void vale_port_deactivate(struct vale_port *port)
{
	struct vale_region *region = port->region;

	rings_free(port);
	vale_region_unuse(region);
	/* A NIC chooses again next time; a VALE port keeps its own. */
	if (port->ops->config) {
		port->region = NULL;
		vale_region_put(region);
	}
}

int vale_port_hold(struct vale_port *port, const struct nmreq_register *reg)
{
	int err;

	lockdep_assert_held(&port->vn->lock);
	if (!vale_port_in_use(port)) {
		err = vale_port_activate(port, reg);
		if (err)
			return err;
	}
	port->holds++;
	return 0;
}

void vale_port_unhold(struct vale_port *port)
{
	lockdep_assert_held(&port->vn->lock);
	port->holds--;
	if (!vale_port_in_use(port) && port->ops->idle)
		port->ops->idle(port);
	vale_port_left(port);
}

void vale_port_left(struct vale_port *port)
{
	if (!vale_port_in_use(port))
		vale_port_deactivate(port);
	if (port->ops->left)
		port->ops->left(port);
}

static void free_buffers(struct vale_ring *ring, u32 n)
{
	u32 i;

	for (i = 0; i < n; i++)
		vale_buf_free(ring->port->region,
			      READ_ONCE(ring->shared->slot[i].buf_idx));
}

static int fill_buffers(struct vale_ring *ring)
{
	struct vale_region *region = ring->port->region;
	u32 i, idx;

	if (ring->borrows)
		return 0;
	for (i = 0; i < ring->pos.n; i++) {
		idx = vale_buf_alloc(region);
		if (!idx) {
			free_buffers(ring, i);
			return -ENOMEM;
		}
		ring->shared->slot[i].buf_idx = idx;
		ring->shared->slot[i].len = region->bufs.size;
	}
	return 0;
}

static void set_positions(struct vale_ring *ring)
{
	struct vale_pos *pos = &ring->pos;

	pos->head = 0;
	pos->cur = 0;
	pos->hwcur = 0;
	pos->hwtail = ring->dir == VALE_TX ? pos->n - 1 : 0;
	pos->tail = pos->hwtail;
	ring->shared->tail = pos->tail;
}

static void describe(struct vale_ring *ring)
{
	const struct vale_region *region = ring->port->region;
	struct netmap_ring *shared = ring->shared;

	shared->buf_ofs = vale_obj_offset(region, VALE_POOL_BUF, 0) -
			  vale_obj_offset(region, VALE_POOL_RING, ring->obj);
	shared->num_slots = ring->pos.n;
	shared->nr_buf_size = region->bufs.size;
	shared->ringid = ring->id;
	shared->dir = ring->dir;
}

int vale_ring_create(struct vale_ring *ring)
{
	struct vale_region *region = ring->port->region;
	int err = -ENOMEM;
	u32 *done = NULL;

	ring->shared = vale_obj_alloc(region, VALE_POOL_RING, &ring->obj);
	if (!ring->shared)
		return -ENOMEM;
	if (struct_size(ring->shared, slot, ring->pos.n) >
	    region->pool[VALE_POOL_RING].objsize)
		goto err_free_ring;
	err = fill_buffers(ring);
	if (err)
		goto err_free_ring;
	if (ring->dir == VALE_RX && !ring->borrows) {
		err = -ENOMEM;
		done = kvcalloc(ring->pos.n, sizeof(*done), GFP_KERNEL);
		if (!done)
			goto err_free_buffers;
		vale_lease_init(&ring->lease, done, ring->pos.n);
	}
	ring->bufs = region->bufs;
	ring->bufs.home = vale_chunk_of(&ring->bufs,
					ring->shared->slot[0].buf_idx);
	describe(ring);
	set_positions(ring);
	return 0;

err_free_buffers:
	free_buffers(ring, ring->pos.n);
err_free_ring:
	vale_obj_free(region, VALE_POOL_RING, ring->obj);
	ring->shared = NULL;
	return err;
}

void vale_ring_destroy(struct vale_ring *ring)
{
	if (!ring->borrows)
		free_buffers(ring, ring->pos.n);
	kvfree(ring->lease.done);
	ring->lease.done = NULL;
	vale_obj_free(ring->port->region, VALE_POOL_RING, ring->obj);
	ring->shared = NULL;
	skb_queue_purge(&ring->queue);
}
