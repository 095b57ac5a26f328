// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Owns VALE ports: ports whose other end is a switch. TX hands slots to the
 * switch at once; RX rings are filled by the senders (vport_fill.c).
 */
#include "vport.h"

#include <linux/pagemap.h>
#include <linux/slab.h>

#include "param.h"

/*
 * Senders copy indirect payload without sleeping: bring its pages in first. A
 * page that is gone again by then costs the packet, which is counted.
 */
static void fault_in_indirect(const struct vale_ring *ring)
{
	const struct netmap_slot *slots = ring->shared->slot;
	u32 i;

	for (i = ring->pos.hwcur; i != ring->pos.head;
	     i = vale_ring_next(i, ring->pos.n)) {
		if (likely(!(READ_ONCE(slots[i].flags) & NS_INDIRECT)))
			continue;
		fault_in_readable(u64_to_user_ptr(READ_ONCE(slots[i].ptr)),
				  READ_ONCE(slots[i].len));
	}
}

static void drop_all(struct vale_vport *vport, u32 n)
{
	if (!n)
		return;
	local_bh_disable();
	vale_count_drop(vport->member.stats, VALE_DROP_NOT_ATTACHED, n);
	local_bh_enable();
}

/*
 * The next batch of the ring, up to *next, with BH disabled. Only a batch is
 * known to have indirect slots or not; the first that does is given up, for
 * their pages may have to be waited for, and gathered again.
 */
static struct vale_batch *gather(struct vale_ring *ring, u32 *next,
				 bool *faulted_in)
{
	const struct vale_pos *pos = &ring->pos;
	struct vale_batch *b;

	for (;;) {
		local_bh_disable();
		b = vale_batch_get();
		*next = vale_batch_gather(b, ring->shared->slot, pos->n,
					  pos->hwcur, pos->head, &ring->bufs);
		if (likely(!b->indirect) || *faulted_in)
			return b;
		local_bh_enable();
		fault_in_indirect(ring);
		*faulted_in = true;
	}
}

/* Everything submitted is taken; what a receiver has no room for is lost. */
int vale_vport_txsync(struct vale_ring *ring, int flags)
{
	struct vale_vport *vport = vale_vport_of(ring->port);
	struct vale_pos *pos = &ring->pos;
	bool faulted_in = false;
	struct vale_batch *b;
	u32 next, followed;

	if (READ_ONCE(vale_param.bridge_batch) <= 0) {
		drop_all(vport, vale_ring_distance(pos->hwcur, pos->head,
						   pos->n));
		pos->hwcur = pos->head;
	}
	while (pos->hwcur != pos->head) {
		followed = vale_vport_follow(vport, ring, flags);
		if (followed) {
			pos->hwcur = vale_ring_add(pos->hwcur, followed, pos->n);
			continue;
		}
		b = gather(ring, &next, &faulted_in);
		pos->hwcur = next;
		b->exchange = !(flags & VALE_SYNC_KEEP);
		b->header = READ_ONCE(vport->member.header);
		b->flow = &ring->flow;
		vale_switch_forward(&vport->member, b, ring->id);
		local_bh_enable();
	}
	pos->hwtail = vale_ring_prev(pos->hwcur, pos->n);
	return 0;
}

int vale_vport_rxsync(struct vale_ring *ring, int flags)
{
	struct netmap_slot *slots = ring->shared->slot;
	struct vale_pos *pos = &ring->pos;
	u32 i;

	for (i = pos->hwcur; i != pos->head; i = vale_ring_next(i, pos->n))
		if (READ_ONCE(slots[i].flags) & NS_BUF_CHANGED)
			WRITE_ONCE(slots[i].flags,
				   slots[i].flags & ~NS_BUF_CHANGED);
	/* (R) what was read from slots and done to them; partner: senders */
	smp_store_release(&pos->hwcur, pos->head);
	pos->hwtail = vale_lease_published(&ring->lease);
	return 0;
}

int vale_vport_start(struct vale_port *port)
{
	vale_member_set_link(&vale_vport_of(port)->member, true);
	return 0;
}

void vale_vport_stop(struct vale_port *port)
{
	vale_member_set_link(&vale_vport_of(port)->member, false);
}

static void ephemeral_idle(struct vale_port *port)
{
	vale_switch_leave(&vale_vport_of(port)->member);
}

static void ephemeral_destroy(struct vale_port *port)
{
	struct vale_vport *vport = vale_vport_of(port);

	vale_vport_teardown(vport);
	kfree(vport);
}

static const struct vale_port_ops ephemeral_ops = {
	.kind = "vale",
	.start = vale_vport_start,
	.stop = vale_vport_stop,
	.idle = ephemeral_idle,
	.txsync = vale_vport_txsync,
	.rxsync = vale_vport_rxsync,
	.destroy = ephemeral_destroy,
};

/* A region of its own: with room for the pipes it may get (SEMANTICS 6.1). */
static struct vale_region *make_region(const struct vale_vport_spec *spec)
{
	const struct vale_layout_need need = {
		.tx_rings = spec->nrings[VALE_TX],
		.rx_rings = spec->nrings[VALE_RX],
		.tx_slots = spec->nslots[VALE_TX],
		.rx_slots = spec->nslots[VALE_RX],
		.pipes = VALE_PIPES_PER_PORT,
		.extra_bufs = spec->extra_bufs,
	};

	if (spec->mem_id)
		return vale_region_get(spec->mem_id);
	return vale_region_create_private(&need);
}

int vale_vport_setup(struct vale_vport *vport, struct vale_net *vn,
		     const char *name, const struct vale_vport_spec *spec)
{
	struct vale_port *port = &vport->port;
	struct vale_region *region;

	vport->member.stats = vale_stats_alloc();
	if (!vport->member.stats)
		return -ENOMEM;
	region = make_region(spec);
	if (IS_ERR(region)) {
		free_percpu(vport->member.stats);
		return PTR_ERR(region);
	}
	vale_port_init(port, &ephemeral_ops, vn, name);
	memcpy(port->nrings, spec->nrings, sizeof(port->nrings));
	memcpy(port->nslots, spec->nslots, sizeof(port->nslots));
	port->region = region;
	INIT_LIST_HEAD(&vport->helper);
	vport->member.kind = VALE_PORT_EPHEMERAL;
	vport->member.ops = &vale_vport_member_ops;
	vport->member.port = port;
	strscpy(vport->member.name, name, sizeof(vport->member.name));
	return 0;
}

void vale_vport_teardown(struct vale_vport *vport)
{
	vale_region_put(vport->port.region);
	free_percpu(vport->member.stats);
}

struct vale_vport_spec vale_vport_spec_of(const struct nmreq_register *reg)
{
	return (struct vale_vport_spec){
		.nrings = { reg->nr_rx_rings, reg->nr_tx_rings },
		.nslots = { reg->nr_rx_slots, reg->nr_tx_slots },
		.extra_bufs = reg->nr_extra_bufs,
		.mem_id = reg->nr_mem_id,
	};
}

struct vale_vport *vale_vport_alloc(struct vale_net *vn, const char *name,
				    const struct vale_vport_spec *spec)
{
	struct vale_vport *vport = kzalloc(sizeof(*vport), GFP_KERNEL);
	int err;

	if (!vport)
		return ERR_PTR(-ENOMEM);
	err = vale_vport_setup(vport, vn, name, spec);
	if (err) {
		kfree(vport);
		return ERR_PTR(err);
	}
	return vport;
}

struct vale_vport *vale_vport_create(struct vale_net *vn, const char *name,
				     const struct vale_vport_spec *spec)
{
	struct vale_vport *vport = vale_vport_alloc(vn, name, spec);
	int err;

	if (IS_ERR(vport))
		return vport;
	err = vale_switch_join(vn, &vport->member);
	if (err) {
		vale_port_put(&vport->port);
		return ERR_PTR(err);
	}
	return vport;
}
