// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Only indices of existing buffers change places. A program that has an index
 * twice spoils its region's bookkeeping of free buffers no more than one that
 * writes it into two slots.
 */
#include <linux/compiler.h>

#include "exchange.h"
#include "ring.h"

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
	/* a program may have written another index since it was gathered */
	const union vale_slot_word w = {
		.buf_idx = READ_ONCE(from->buf_idx),
		.len_flags = f->len_flags,
	};

	return likely(!(f->flags & (NS_MOREFRAG | NS_INDIRECT))) &&
	       vale_buf_exists(bufs, w.buf_idx) &&
	       vale_exchange(from, to, w, bufs);
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
