// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Both slots belong to programs: each is read once here, whatever was read
 * before, and only indices of existing buffers change places. A program that
 * has an index twice spoils its region's bookkeeping of free buffers no more
 * than one that writes it into two slots.
 */
#include <linux/compiler.h>

#include "exchange.h"
#include "ring.h"
#include "slot.h"

bool vale_batch_may_exchange(const struct vale_batch *b,
			     const struct vale_cursor *c,
			     const struct vale_window *w)
{
	return b->origin.slot && b->origin.chunk == w->bufs->chunk &&
	       !w->bufs->offset_mask &&
	       c->flood == VALE_BATCH_END;
}

/* False: one of the buffers is none, or the packet is not a plain one. */
static inline bool exchange_one(const struct vale_batch *b, u32 i,
				struct netmap_slot *to,
				const struct vale_bufs *bufs)
{
	const struct vale_origin *o = &b->origin;
	struct netmap_slot *from = &o->slot[vale_ring_add(o->first, i, o->n)];
	const struct vale_frag *f = &b->frag[i];
	u32 given = READ_ONCE(from->buf_idx);
	u32 taken = READ_ONCE(to->buf_idx);

	if (unlikely(!vale_buf_chunk(bufs, given) ||
		     !vale_buf_chunk(bufs, taken) ||
		     f->flags & (NS_MOREFRAG | NS_INDIRECT)))
		return false;
	WRITE_ONCE(from->buf_idx, taken);
	WRITE_ONCE(to->buf_idx, given);
	vale_slot_fill(from, f->len, f->flags | NS_BUF_CHANGED);
	vale_slot_fill(to, f->len, 1 << NS_PORT_SHIFT | NS_BUF_CHANGED);
	return true;
}

u32 vale_batch_exchange(const struct vale_batch *b, struct vale_cursor *c,
			u32 most, struct vale_window *w,
			struct vale_copied *done)
{
	const struct vale_bufs bufs = *w->bufs;
	u32 at = c->unicast;
	u32 pos = w->pos;
	u32 bytes = 0;
	u32 i;

	for (i = 0; i < most; i++) {
		if (!exchange_one(b, at, &w->slot[pos], &bufs))
			break;
		bytes += b->frag[at].len;
		at = b->frag[at].next;
		pos = vale_ring_next(pos, w->n);
	}
	c->unicast = at;
	c->slots -= i;
	c->packets -= i;
	w->pos = pos;
	w->room -= i;
	done->slots += i;
	done->packets += i;
	done->bytes += bytes;
	return i;
}
