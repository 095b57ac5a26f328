/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef VALE_CORE_EXCHANGE_H
#define VALE_CORE_EXCHANGE_H

#include "fwd.h"
#include "slot.h"

/*
 * The packet that `from` was read to have changes owners with its buffer, which
 * exists; the receiver's index is read once. False: that is none; nothing
 * changed.
 */
static inline bool vale_exchange(struct netmap_slot *from,
				 struct netmap_slot *to, union vale_slot_word w,
				 const struct vale_bufs *bufs)
{
	u32 taken = READ_ONCE(to->buf_idx);

	if (unlikely(!vale_buf_exists(bufs, taken)))
		return false;
	WRITE_ONCE(from->buf_idx, taken);
	WRITE_ONCE(to->buf_idx, w.buf_idx);
	vale_slot_fill(from, w.len, w.flags | NS_BUF_CHANGED);
	vale_slot_fill(to, w.len, 1 << NS_PORT_SHIFT | NS_BUF_CHANGED);
	return true;
}

/* One region, and one destination? Flooded ones have others. */
bool vale_batch_may_exchange(const struct vale_batch *b,
			     const struct vale_cursor *c,
			     const struct vale_window *w);

/*
 * Part of vale_batch_copy: as many of the next `most` packets as are plain, of
 * one good fragment each, give their buffers away; returns how many.
 */
u32 vale_batch_exchange(const struct vale_batch *b, struct vale_cursor *c,
			u32 most, struct vale_window *w,
			struct vale_copied *done);

#endif /* VALE_CORE_EXCHANGE_H */
