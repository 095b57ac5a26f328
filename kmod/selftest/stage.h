/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef VALE_SELFTEST_STAGE_H
#define VALE_SELFTEST_STAGE_H

#include "../core/fwd.h"
#include "../core/ring.h"
#include "selftest.h"

/* What the tests of forwarding play on: a sender's ring and a receiver's, each with its region, and a switch. */

#define BUF	128u
#define PER_CHUNK 32u
#define CHUNKS	4u
#define NO_CHUNK 2u	/* none of its buffers was handed out */
#define BUFS	(CHUNKS * PER_CHUNK - 8)
#define SLOTS	1200u
#define BEHIND	8u	/* slots behind the receiver's ring, which nobody may touch */
#define ME	3	/* port the packets come from */

#define MAC_A	0x0000000000a2ull	/* on port 1 */
#define MAC_B	0x0000000000b2ull	/* on port 2 */
#define MAC_ME	0x0000000000c2ull	/* on port ME */
#define MAC_NEW	0x0000000000d2ull
#define MAC_ALL	0xffffffffffffull

struct vale_stage {
	u8 memory[2][CHUNKS * PER_CHUNK * BUF];
	struct vale_bufs bufs[2];		/* the sender's, the receiver's */
	struct netmap_slot tx[SLOTS], rx[SLOTS + BEHIND];
	struct vale_batch batch;
	struct vale_fdb fdb;
	struct vale_window window;
	struct vale_copied done;
};

extern struct vale_stage stage;

/* All empty; A, B and ME are known. */
void stage_reset(void);

/* The buffer of slot i, in both rings. */
u32 stage_buffer(u32 i);

/* Slot i with a fragment of len bytes, all of them `fill`. */
void stage_fragment(u32 i, u16 len, u16 flags, u8 fill);

/* Slot i with (the first fragment of) a frame from src to dst. */
void stage_packet(u32 i, u64 dst, u64 src, u16 len, u16 flags);

/* Slots from..to-1 as a batch; the slot it ends before. */
u32 stage_gather(u32 from, u32 to);

/* A batch of slots 0..n-1, classified. */
void stage_sort(u32 n);

#endif /* VALE_SELFTEST_STAGE_H */
