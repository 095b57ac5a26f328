// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#include "../core/bufs.h"
#include "selftest.h"

#define SIZE	64u
#define SHIFT	2u
#define CHUNKS	4u
#define MISSING	2	/* nothing of this chunk was handed out */

static u8 memory[CHUNKS][SIZE << SHIFT];
static u8 *chunk[CHUNKS];

static void make(struct vale_bufs *bufs, u32 total, u32 cut)
{
	u32 i;

	for (i = 0; i < CHUNKS; i++)
		chunk[i] = i == MISSING ? NULL : memory[i];
	*bufs = (struct vale_bufs){
		.chunk = chunk,
		.shift = SHIFT,
		.size = SIZE,
		.total = total,
		.cut = cut,
	};
}

/* 14 in a last chunk of two; buffer 7 is the last of the second. */
static bool alone(void)
{
	struct vale_bufs bufs;

	make(&bufs, 14, 0);
	CASE(!vale_buf(&bufs, 0) && !vale_buf(&bufs, 1));
	CASE(vale_buf(&bufs, 2) == memory[0] + 2 * SIZE);
	CASE(vale_buf(&bufs, 3) == memory[0] + 3 * SIZE);
	CASE(vale_buf(&bufs, 7) == memory[1] + 3 * SIZE);
	CASE(!vale_buf(&bufs, 8) && !vale_buf(&bufs, 11));
	CASE(vale_buf(&bufs, 13) == memory[3] + SIZE);
	CASE(!vale_buf(&bufs, 14) && !vale_buf(&bufs, ~0u));

	make(&bufs, 14, 1);
	CASE(vale_buf(&bufs, 2) == memory[0] + 2 * SIZE);
	CASE(!vale_buf(&bufs, 3));
	CASE(vale_buf(&bufs, 6) == memory[1] + 2 * SIZE);
	CASE(!vale_buf(&bufs, 7));
	CASE(vale_buf(&bufs, 12) == memory[3]);
	return true;
}

/* From any buffer to any other, it is what a look of its own finds. */
static bool from_chunk(const struct vale_bufs *bufs)
{
	struct vale_chunk c;
	u32 i, k;

	for (i = 0; i <= bufs->total; i++)
		for (k = 0; k <= bufs->total; k++) {
			c = (struct vale_chunk){ };
			CASE(vale_chunk_buf(&c, bufs, i) == vale_buf(bufs, i));
			CASE(vale_chunk_buf(&c, bufs, k) == vale_buf(bufs, k));
			CASE(vale_chunk_buf(&c, bufs, i) == vale_buf(bufs, i));
		}
	return true;
}

static bool in_loops(void)
{
	struct vale_bufs bufs;
	u32 total, cut;

	for (total = 3; total <= CHUNKS << SHIFT; total++)
		for (cut = 0; cut < 2; cut++) {
			make(&bufs, total, cut);
			CASE(from_chunk(&bufs));
		}
	return true;
}

/* The table is not asked for what is in the chunk at hand. */
static bool without_table(void)
{
	struct vale_bufs bufs;
	struct vale_chunk c;

	make(&bufs, 14, 1);
	CASE(!vale_chunk_of(&bufs, 7).count);
	c = vale_chunk_of(&bufs, 5);
	CASE(c.first == 4 && c.count == 3 && c.mem == memory[1]);
	chunk[1] = NULL;
	CASE(vale_chunk_buf(&c, &bufs, 4) == memory[1]);
	CASE(vale_chunk_buf(&c, &bufs, 6) == memory[1] + 2 * SIZE);
	CASE(!vale_chunk_buf(&c, &bufs, 7));
	return true;
}

static bool tradable(void)
{
	struct vale_bufs bufs;

	make(&bufs, 14, 0);
	bufs.present = 6;	/* 2 to 7 */
	CASE(!vale_buf_exists(&bufs, 1) && vale_buf_exists(&bufs, 2));
	CASE(vale_buf_exists(&bufs, 7) && !vale_buf_exists(&bufs, 8));
	CASE(vale_buf_exists(&bufs, 13) && !vale_buf_exists(&bufs, 14));
	return true;
}

bool vale_selftest_bufs(void)
{
	CASE(alone());
	CASE(in_loops());
	CASE(without_table());
	CASE(tradable());
	return true;
}
