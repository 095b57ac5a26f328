// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Owns the option OFFSETS of REGISTER. A ring has offsets from its first user
 * on or never: who uses it without would look for packets in the wrong place.
 */
#include "core/offsets.h"

#include "core/req.h"
#include "offsets.h"

static int check_ring(const struct vale_ring *ring,
		      const struct vale_offsets *o, u64 mask)
{
	if (ring->bufs.offset_mask)
		return vale_offsets_join(&ring->bufs, o, mask);
	return ring->users > 1 ? -EBUSY : 0;
}

/* Slots that borrow their buffers get the offsets with these. */
static void set_initial(struct vale_ring *ring, u64 offset)
{
	u32 i;

	if (!offset || ring->users > 1 || ring->borrows)
		return;
	for (i = 0; i < ring->pos.n; i++)
		WRITE_ONCE(ring->shared->slot[i].ptr, offset);
}

static void set_ring(struct vale_ring *ring, struct vale_offsets *o, u64 mask)
{
	if (!ring->bufs.offset_mask) {
		vale_offsets_set(&ring->bufs, o, mask);
		ring->shared->offset_mask = mask;
	}
	set_initial(ring, o->initial);
}

/* The effective values are those of the ring that has the largest. */
static void answer(struct vale_offsets *o, const struct vale_ring *ring)
{
	o->max = max_t(u64, o->max, ring->bufs.offset_max);
	o->bits = max_t(u32, o->bits, fls64(ring->bufs.offset_mask));
}

static int install(struct vale_handle *h, struct vale_port *port,
		   struct vale_offsets *o)
{
	struct vale_offsets wanted = *o;
	int dir, err;
	u64 mask;
	u32 i;

	if (port->no_offsets)
		return -EOPNOTSUPP;
	err = vale_offsets_check(&wanted, port->region->bufs.size, &mask);
	if (err)
		return err;
	for (dir = 0; dir < VALE_DIRS; dir++)
		for (i = h->range[dir].first; i < h->range[dir].last; i++) {
			err = check_ring(&port->ring[dir][i], &wanted, mask);
			if (err)
				return err;
		}
	o->bits = fls64(mask);
	for (dir = 0; dir < VALE_DIRS; dir++)
		for (i = h->range[dir].first; i < h->range[dir].last; i++) {
			set_ring(&port->ring[dir][i], &wanted, mask);
			answer(o, &port->ring[dir][i]);
		}
	return 0;
}

int vale_offsets_install(struct vale_handle *h, struct vale_port *port,
			 struct vale_opts *opts)
{
	struct vale_opt *opt = opts ?
		vale_opts_find(opts, NETMAP_REQ_OPT_OFFSETS) : NULL;
	int err;

	lockdep_assert_held(&port->vn->lock);
	if (!opt)
		return 0;
	err = install(h, port, (struct vale_offsets *)opt->body);
	opt->hdr.nro_status = -err;
	return err;
}

void vale_offsets_clear(struct vale_ring *ring)
{
	ring->bufs.offset_mask = 0;
	ring->shared->offset_mask = 0;
}
