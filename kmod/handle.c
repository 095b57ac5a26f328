// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Owns binding an open file to rings of a port, and unbinding. Everything runs
 * under vn->lock; senders into the rings are kept off by ring->on and a grace
 * period.
 */
#include "handle.h"

#include <linux/rtnetlink.h>

#include "monitor.h"
#include "offsets.h"
#include "vport.h"

void vale_port_lock(struct vale_net *vn, bool needs_rtnl)
{
	if (needs_rtnl)
		rtnl_lock();
	mutex_lock(&vn->lock);
}

void vale_port_unlock(struct vale_net *vn, bool needs_rtnl)
{
	mutex_unlock(&vn->lock);
	if (!needs_rtnl)
		return;
	vale_newif_reap(vn);
	rtnl_unlock();
}

#define for_each_bound_ring(ring, h, rings, dir, i)			\
	for ((i) = (h)->range[dir].first;				\
	     (i) < (h)->range[dir].last && ((ring) = &(rings)[dir][i], true); \
	     (i)++)

static int select_rings(struct vale_handle *h, const struct vale_port *port,
			const struct nmreq_register *reg)
{
	struct vale_ring_counts counts = {
		.tx = port->nrings[VALE_TX],
		.rx = port->nrings[VALE_RX],
		.host_tx = port->nhost[VALE_TX],
		.host_rx = port->nhost[VALE_RX],
	};
	struct vale_ring_select sel;
	int err;

	err = vale_req_select(&sel, reg->nr_mode, reg->nr_ringid,
			      reg->nr_flags, &counts);
	if (err)
		return err;
	h->range[VALE_TX] = sel.tx;
	h->range[VALE_RX] = sel.rx;
	h->flags = reg->nr_flags;
	return 0;
}

static int check_exclusive(const struct vale_handle *h,
			   const struct vale_port *port)
{
	bool alone = h->flags & NR_EXCLUSIVE;
	const struct vale_ring *ring;
	int dir;
	u32 i;

	for (dir = 0; dir < VALE_DIRS; dir++)
		for_each_bound_ring(ring, h, port->ring, dir, i)
			if (ring->owner || (alone && ring->users))
				return -EBUSY;
	return 0;
}

static void put_ring(struct vale_handle *h, struct vale_ring *ring)
{
	if (ring->owner == h)
		ring->owner = NULL;
	if (--ring->users)
		return;
	if (ring->kept)
		vale_offsets_clear(ring);
	else
		vale_ring_destroy(ring);
}

static void put_rings(struct vale_handle *h, struct vale_port *port)
{
	struct vale_ring *ring;
	int dir;
	u32 i;

	for (dir = 0; dir < VALE_DIRS; dir++)
		for_each_bound_ring(ring, h, port->ring, dir, i)
			put_ring(h, ring);
}

static int get_ring(struct vale_handle *h, struct vale_ring *ring)
{
	int err;

	if (!ring->shared) {
		err = vale_ring_create(ring);
		if (err)
			return err;
	}
	ring->users++;
	if (h->flags & NR_EXCLUSIVE)
		ring->owner = h;
	return 0;
}

/* RX before TX: programs have seen the objects laid out this way. */
static int get_rings(struct vale_handle *h, struct vale_port *port)
{
	struct vale_ring_range whole[VALE_DIRS];
	struct vale_ring *ring;
	int dir, err;
	u32 i;

	memcpy(whole, h->range, sizeof(whole));
	for (dir = 0; dir < VALE_DIRS; dir++) {
		for_each_bound_ring(ring, h, port->ring, dir, i) {
			err = get_ring(h, ring);
			if (err)
				goto undo;
		}
	}
	return 0;

undo:
	h->range[dir].last = i;
	for (dir++; dir < VALE_DIRS; dir++)
		h->range[dir].last = h->range[dir].first;
	put_rings(h, port);
	memcpy(h->range, whole, sizeof(whole));
	return err;
}

static ssize_t ring_offset(const struct vale_handle *h,
			   const struct vale_port *port, int dir, u32 i)
{
	const struct vale_region *region = port->region;

	if (i < h->range[dir].first || i >= h->range[dir].last)
		return 0;
	return vale_obj_offset(region, VALE_POOL_RING,
			       port->ring[dir][i].obj) -
	       vale_obj_offset(region, VALE_POOL_IF, h->nifp_obj);
}

/* Host rings are shown as at least one per direction (SEMANTICS 0.2). */
static u32 shown_host_rings(const struct vale_port *port, int dir)
{
	return max(port->nhost[dir], 1u);
}

static void fill_offsets(struct vale_handle *h, const struct vale_port *port)
{
	static const int order[] = { VALE_TX, VALE_RX };
	u32 at = 0, i;
	int k;

	for (k = 0; k < VALE_DIRS; k++) {
		int dir = order[k];
		u32 n = port->nrings[dir] + shown_host_rings(port, dir);

		for (i = 0; i < n; i++)
			h->nifp->ring_ofs[at++] = ring_offset(h, port, dir, i);
	}
}

static int create_nifp(struct vale_handle *h, const struct vale_port *port)
{
	struct vale_region *region = port->region;
	u32 entries = port->nrings[VALE_TX] + shown_host_rings(port, VALE_TX) +
		      port->nrings[VALE_RX] + shown_host_rings(port, VALE_RX);
	struct netmap_if *nifp;

	nifp = vale_obj_alloc(region, VALE_POOL_IF, &h->nifp_obj);
	if (!nifp)
		return -ENOMEM;
	if (struct_size(nifp, ring_ofs, entries) >
	    region->pool[VALE_POOL_IF].objsize) {
		vale_obj_free(region, VALE_POOL_IF, h->nifp_obj);
		return -ENOMEM;
	}
	strscpy(nifp->ni_name, port->name, sizeof(nifp->ni_name));
	nifp->ni_version = NETMAP_API;
	nifp->ni_flags = region->id == VALE_REGION_GLOBAL ? 0 : NI_PRIV_MEM;
	nifp->ni_tx_rings = port->nrings[VALE_TX];
	nifp->ni_rx_rings = port->nrings[VALE_RX];
	nifp->ni_host_tx_rings = shown_host_rings(port, VALE_TX);
	nifp->ni_host_rx_rings = shown_host_rings(port, VALE_RX);
	h->nifp = nifp;
	fill_offsets(h, port);
	return 0;
}

/* A list through the first word of each buffer; a shortfall is no error. */
static u32 get_extra_bufs(struct vale_handle *h, struct vale_region *region,
			  u32 wanted)
{
	u32 got, idx, head = 0;

	for (got = 0; got < wanted; got++) {
		idx = vale_buf_alloc(region);
		if (!idx)
			break;
		*(u32 *)vale_buf(&region->bufs, idx) = head;
		head = idx;
	}
	h->nifp->ni_bufs_head = head;
	return got;
}

/* The program may have relinked the list: stop at the first bad index. */
static void put_extra_bufs(struct vale_handle *h, struct vale_region *region)
{
	u32 idx = READ_ONCE(h->nifp->ni_bufs_head);
	const u8 *buf;
	u32 next;

	while ((buf = vale_buf(&region->bufs, idx))) {
		next = READ_ONCE(*(const u32 *)buf);
		if (!vale_buf_free(region, idx))
			break;
		idx = next;
		cond_resched();
	}
}

static bool turn_on(struct vale_handle *h, struct vale_port *port)
{
	struct vale_ring *ring;
	bool changed = false;
	int dir;
	u32 i;

	for (dir = 0; dir < VALE_DIRS; dir++) {
		for_each_bound_ring(ring, h, port->ring, dir, i) {
			if (ring->on)
				continue;
			/* (E) the ring's memory; partner: a sender's load. */
			smp_store_release(&ring->on, true);
			changed = true;
		}
	}
	return changed;
}

/* The rings nobody else has open. */
static bool turn_off(struct vale_handle *h, struct vale_port *port)
{
	struct vale_ring *ring;
	bool changed = false;
	int dir;
	u32 i;

	for (dir = 0; dir < VALE_DIRS; dir++) {
		for_each_bound_ring(ring, h, port->ring, dir, i) {
			if (ring->users > 1)
				continue;
			WRITE_ONCE(ring->on, false);
			changed = true;
		}
	}
	return changed;
}

static void answer(const struct vale_handle *h, const struct vale_port *port,
		   struct nmreq_register *reg)
{
	const struct vale_region *region = port->region;

	reg->nr_offset = vale_obj_offset(region, VALE_POOL_IF, h->nifp_obj);
	reg->nr_memsize = region->size;
	reg->nr_tx_slots = port->nslots[VALE_TX];
	reg->nr_rx_slots = port->nslots[VALE_RX];
	reg->nr_tx_rings = port->nrings[VALE_TX];
	reg->nr_rx_rings = port->nrings[VALE_RX];
	reg->nr_host_tx_rings = port->nhost[VALE_TX];
	reg->nr_host_rx_rings = port->nhost[VALE_RX];
	reg->nr_mem_id = region->id;
}

/* Rings, netmap_if and extra buffers of an active port. */
static int bind_memory(struct vale_handle *h, struct vale_port *port,
		       struct nmreq_register *reg, struct vale_opts *opts)
{
	bool rx = h->range[VALE_RX].first < h->range[VALE_RX].last;
	int err;

	if (rx && port->ops->check_mtu) {
		err = port->ops->check_mtu(port, port->region->bufs.size);
		if (err)
			return err;
	}
	err = check_exclusive(h, port);
	if (err)
		return err;
	err = get_rings(h, port);
	if (err)
		return err;
	err = vale_offsets_install(h, port, opts) ?: create_nifp(h, port);
	if (err) {
		put_rings(h, port);
		return err;
	}
	reg->nr_extra_bufs = get_extra_bufs(h, port->region,
					    reg->nr_extra_bufs);
	return 0;
}

static void unbind_memory(struct vale_handle *h, struct vale_port *port)
{
	put_extra_bufs(h, port->region);
	vale_obj_free(port->region, VALE_POOL_IF, h->nifp_obj);
	put_rings(h, port);
}

int vale_handle_bind(struct vale_handle *h, struct vale_port *port,
		     struct nmreq_register *reg, struct vale_opts *opts)
{
	bool first = !port->users;
	bool activated = !vale_port_in_use(port);
	int err;

	lockdep_assert_held(&port->vn->lock);
	if (port->kernel_owned)
		return -EBUSY;
	if (port->dead)
		return -ENXIO;
	if (vale_port_header(port) && !(reg->nr_flags & NR_ACCEPT_VNET_HDR))
		return -EIO;
	if (activated) {
		err = vale_port_activate(port, reg);
		if (err)
			return err;
	}
	err = select_rings(h, port, reg);
	if (!err)
		err = bind_memory(h, port, reg, opts);
	if (err)
		goto err_deactivate;
	if (first && port->ops->start) {
		err = port->ops->start(port);
		if (err)
			goto err_unbind_memory;
	}
	port->users++;
	/* (F) ring[]; partner: a sender's load. */
	smp_store_release(&port->active, true);
	if (turn_on(h, port) && port->ops->rings_changed)
		port->ops->rings_changed(port);
	answer(h, port, reg);
	h->net = get_net(port->vn->net);
	return 0;

err_unbind_memory:
	unbind_memory(h, port);
err_deactivate:
	if (activated)
		vale_port_deactivate(port);
	return err;
}

static void unbind(struct vale_handle *h, struct vale_port *port)
{
	bool changed = turn_off(h, port);
	bool last = !--port->users;

	if (last) {
		WRITE_ONCE(port->active, false);
		vale_monitor_orphan(port);
	}
	/* Both wait until no sender is in the rings any more. */
	if (!vale_port_in_use(port) && port->ops->idle)
		port->ops->idle(port);
	else if (changed || last)
		vale_net_quiesce();
	if (changed && port->ops->rings_changed)
		port->ops->rings_changed(port);
	if (last && port->ops->stop)
		port->ops->stop(port);
	unbind_memory(h, port);
	vale_port_left(port);
}

void vale_handle_publish(struct vale_handle *h, struct vale_port *port)
{
	smp_store_release(&h->port, port);
}

void vale_handle_revert(struct vale_handle *h, struct vale_port *port)
{
	lockdep_assert_held(&port->vn->lock);
	vale_csb_drop(h);
	unbind(h, port);
	put_net(h->net);
}

void vale_handle_unbind(struct vale_handle *h)
{
	struct vale_port *port = h->port;
	struct vale_net *vn;
	bool needs_rtnl;

	if (!port)
		return;
	vn = port->vn;
	needs_rtnl = port->ops->needs_rtnl;
	vale_csb_drop(h);
	vale_port_lock(vn, needs_rtnl);
	unbind(h, port);
	vale_port_unlock(vn, needs_rtnl);
	vale_port_put(port);
	put_net(h->net);
	h->port = NULL;
}
