// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Owns forwarding from host RX rings to the NIC: marked slots that a program
 * gives back change buffers with free slots of NIC TX rings, as if the program
 * had filled these. The gate of the host ring is held; that of a TX ring is
 * taken for the time it is filled, and a busy one is passed over.
 */
#include "nic_priv.h"
#include "param.h"

/* The TX ring that frames are put into. */
struct outlet {
	struct vale_port *port;
	struct vale_ring *ring;	/* its gate is ours; NULL: none is open */
	u32 next;		/* the ring to try next */
	u32 at;			/* first free slot */
	u32 room;
};

/* A program may be filling slots too: go on where it stands. */
static bool try_ring(struct outlet *o, struct vale_ring *ring)
{
	const struct vale_pos *pos = &ring->pos;
	u32 used, room;

	if (!vale_ring_enter(ring))
		return false;
	o->at = READ_ONCE(ring->shared->head);
	room = vale_ring_distance(pos->head, pos->tail, pos->n);
	if (o->at < pos->n) {
		used = vale_ring_distance(pos->head, o->at, pos->n);
		/* Positions out of order are for its next sync to repair. */
		if (used < room) {
			o->room = room - used;
			o->ring = ring;
			return true;
		}
	}
	vale_ring_leave(ring);
	return false;
}

static void close_outlet(struct outlet *o)
{
	struct vale_ring *ring = o->ring;

	if (!ring)
		return;
	WRITE_ONCE(ring->shared->cur, o->at);
	/* (C) the slots before it. */
	smp_store_release(&ring->shared->head, o->at);
	vale_ring_leave(ring);
	o->ring = NULL;
}

/* The next free slot of any ring. NULL: there is none. */
static struct netmap_slot *free_slot(struct outlet *o)
{
	struct netmap_slot *slot;

	if (o->ring && !o->room)
		close_outlet(o);
	while (!o->ring && o->next < o->port->nrings[VALE_TX])
		try_ring(o, &o->port->ring[VALE_TX][o->next++]);
	if (!o->ring)
		return NULL;
	slot = &o->ring->shared->slot[o->at];
	o->at = vale_ring_next(o->at, o->ring->pos.n);
	o->room--;
	return slot;
}

/* Whatever index the program left in `to` is judged when it is used. */
static void swap_buffers(struct netmap_slot *from, struct netmap_slot *to,
			 u32 idx, u32 len)
{
	u32 spare = READ_ONCE(to->buf_idx);

	WRITE_ONCE(to->buf_idx, idx);
	WRITE_ONCE(to->len, len);
	WRITE_ONCE(to->ptr, READ_ONCE(from->ptr));
	WRITE_ONCE(to->flags, NS_BUF_CHANGED);
	WRITE_ONCE(from->buf_idx, spare);
	WRITE_ONCE(from->flags, NS_BUF_CHANGED);
}

static bool move(struct outlet *o, struct vale_ring *ring,
		 struct netmap_slot *slot)
{
	const struct vale_bufs *bufs = &ring->bufs;
	struct vale_nic *nic = vale_nic_of(ring->port);
	u32 idx = READ_ONCE(slot->buf_idx);
	u32 len = READ_ONCE(slot->len);
	u32 offset = vale_bufs_offset(bufs, READ_ONCE(slot->ptr));
	struct netmap_slot *to;

	if (!vale_buf(bufs, idx) || len < ETH_HLEN ||
	    len > bufs->size - offset) {
		vale_nic_drop(ring->adapter, VALE_DROP_BAD_SLOT, 1);
		return false;
	}
	to = free_slot(o);
	if (!to) {
		vale_nic_drop(nic->rings[VALE_TX], VALE_DROP_TX_BUSY, 1);
		return false;
	}
	swap_buffers(slot, to, idx, len);
	return true;
}

bool vale_host_forward_down(struct vale_ring *ring)
{
	bool all = READ_ONCE(vale_param.fwd), moved = false;
	struct outlet o = { .port = ring->port };
	u32 i;

	if (!all && !(READ_ONCE(ring->shared->flags) & NR_FORWARD))
		return false;
	for (i = ring->pos.hwcur; i != ring->pos.head;
	     i = vale_ring_next(i, ring->pos.n)) {
		struct netmap_slot *slot = &ring->shared->slot[i];
		u16 flags = READ_ONCE(slot->flags);

		if (!all && !(flags & NS_FORWARD))
			continue;
		WRITE_ONCE(slot->flags, flags & ~NS_FORWARD);
		moved |= move(&o, ring, slot);
	}
	close_outlet(&o);
	return moved;
}
