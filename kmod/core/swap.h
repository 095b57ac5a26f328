/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef VALE_CORE_SWAP_H
#define VALE_CORE_SWAP_H

#include <linux/types.h>
#include <net/netmap.h>

#include "bufs.h"

/*
 * Frames in a TX ring that shall reach the RX ring of another port by their
 * buffers: each slot takes over the buffer of the other, and both say
 * NS_BUF_CHANGED. Both rings are of the region of `bufs`, without offsets.
 */
struct vale_swap {
	struct netmap_slot *from;
	struct netmap_slot *to;
	u32 from_n;	/* slots of each ring */
	u32 to_n;
	u32 at;		/* the next frame's first slot */
	u32 head;	/* where there are none any more */
	u32 pos;	/* the slot it goes to */
	u32 room;	/* slots from there on */
	u32 max;	/* bytes of a frame */
	u32 packets;	/* so far */
	u32 bytes;
};

/*
 * Moves at, pos and room on, and counts, up to the first frame that is not
 * plain: bad, short, longer than max or than there is room for, without an
 * end, to a slot without a buffer. That one is as it was.
 */
void vale_swap_frames(struct vale_swap *s, const struct vale_bufs *bufs);

#endif /* VALE_CORE_SWAP_H */
