/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef VALE_CORE_MIRROR_H
#define VALE_CORE_MIRROR_H

#include <linux/types.h>
#include <net/netmap.h>

#include "bufs.h"

/* Slots of a ring, with the buffers they refer to. */
struct vale_mirror_ring {
	struct netmap_slot *slot;
	const struct vale_bufs *bufs;
	u32 n;
};

/* What to do with each of the slots begin..end of the observed ring. */
struct vale_mirror {
	struct vale_mirror_ring from;
	struct vale_mirror_ring to;
	u32 begin;
	u32 end;
	u16 clear;	/* flags the monitor does not see */
	u16 set;	/* flags it sees in each slot */
	bool swap;	/* give buffers in exchange, do not copy; both rings are
			 * in one region */
	bool forwards;	/* slots' contents are still needed: copy all */
	bool indirect;	/* NS_INDIRECT means something there. Elsewhere it must
			 * not: whoever wrote it would have bytes of the syncing
			 * process copied to the monitor */
};

/* Slots to mirror: the newest of them if there is not room for all. */
u32 vale_mirror_fit(struct vale_mirror *m, u32 room);

/*
 * Mirror begin..end into the ring `to` from pos on; there is room. A slot whose
 * buffer is invalid or unreadable shows empty. What is longer than a buffer is
 * cut.
 */
void vale_mirror_run(const struct vale_mirror *m, u32 pos);

#endif /* VALE_CORE_MIRROR_H */
