// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Slots belong to programs that may change them at any time. What is copied
 * is not believed: of a slot only NS_MOREFRAG matters here, as loaded once.
 */
#include <linux/compiler.h>

#include "pipe.h"
#include "slot.h"

/* NS_BUF_CHANGED goes with the descriptor: it says so to the other end. */
static inline u16 move_slot(struct netmap_slot *from, struct netmap_slot *to)
{
	union vale_slot_word w = vale_slot_read(from);

	vale_slot_write(to, w);
	WRITE_ONCE(to->ptr, READ_ONCE(from->ptr));
	if (unlikely(w.flags & NS_BUF_CHANGED))
		WRITE_ONCE(from->flags, w.flags & ~NS_BUF_CHANGED);
	return w.flags;
}

/* A run without a wrap; returns the position behind its last whole packet. */
static u32 send_run(struct netmap_slot *tx, struct netmap_slot *rx, u32 begin,
		    u32 end, u32 shown)
{
	u32 i;

	for (i = begin; i < end; i++)
		if (likely(!(move_slot(&tx[i], &rx[i]) & NS_MOREFRAG)))
			shown = i + 1;
	return shown;
}

u32 vale_pipe_send(struct netmap_slot *tx, struct netmap_slot *rx, u32 n,
		   u32 begin, u32 end, u32 shown)
{
	if (end < begin) {
		shown = send_run(tx, rx, begin, n, shown);
		begin = 0;
	}
	shown = send_run(tx, rx, begin, end, shown);
	return shown == n ? 0 : shown;
}

static void return_run(struct netmap_slot *tx, struct netmap_slot *rx,
		       u32 begin, u32 end)
{
	u32 i;

	for (i = begin; i < end; i++)
		move_slot(&rx[i], &tx[i]);
}

void vale_pipe_return(struct netmap_slot *tx, struct netmap_slot *rx, u32 n,
		      u32 begin, u32 end)
{
	if (end < begin) {
		return_run(tx, rx, begin, n);
		begin = 0;
	}
	return_run(tx, rx, begin, end);
}
