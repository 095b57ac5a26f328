/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef VALE_CORE_FLOW_H
#define VALE_CORE_FLOW_H

#include "fwd.h"
#include "slot.h"

/*
 * A TX ring remembers where its last packet went. What follows with the same
 * addresses, one slot each, goes there part by part, without a batch in
 * between; everything else takes the long way, which says what to remember.
 *
 * It holds as long as the table has the version it was taken from, in which no
 * address went elsewhere since, and within the same second, so that the source
 * does not age.
 */
struct vale_flow {
	u64 dst;	/* addresses; VALE_MAC_NONE: nothing remembered */
	u64 src;
	unsigned long version;	/* of the forwarding table */
	u16 now;
	u8 port;	/* 0..253 */
};

static inline bool vale_flow_holds(const struct vale_flow *flow,
				   const struct vale_fdb *fdb, u16 now)
{
	return flow->version == vale_fdb_version(fdb) && flow->now == now;
}

/*
 * What the stack has room for: the more slots of a ring are reserved at a time,
 * the less two senders to it get into each other's way.
 */
#define VALE_FLOW_PART	128

struct vale_flow_part {
	u32 packets;
	u32 bytes;
	const u8 *data[VALE_FLOW_PART];
	union vale_slot_half half[VALE_FLOW_PART];	/* as it was read */
};

/*
 * Read the slots from `from` on, before `to` (modulo n), that belong to the
 * flow, VALE_FLOW_PART at most. NS_BUF_CHANGED is cleared in them.
 */
void vale_flow_gather(struct vale_flow_part *part, const struct vale_flow *flow,
		      struct netmap_slot *slot, u32 n, u32 from, u32 to,
		      const struct vale_bufs *bufs);

/*
 * Copy the part's first packets into the window, as many as it has room for,
 * until one does not fit its buffer or the buffer is none. Advances the
 * window; the bytes copied.
 */
u32 vale_flow_copy(const struct vale_flow_part *part, struct vale_window *w);

/*
 * The same by exchanging buffers with the slots the part was read from: those
 * from `from` on (modulo n). The window is one of the same region.
 */
u32 vale_flow_exchange(const struct vale_flow_part *part,
		       struct netmap_slot *slot, u32 n, u32 from,
		       struct vale_window *w);

/*
 * Ask for the buffers of as many slots as a window has, 1 to 2048, behind it, as
 * if the next packets were as long as the part's: 2 KiB in all.
 */
void vale_flow_prefetch(const struct vale_flow_part *part,
			const struct vale_window *w);

#endif /* VALE_CORE_FLOW_H */
