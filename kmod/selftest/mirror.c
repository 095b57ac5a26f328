// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#include <linux/string.h>

#include "../core/mirror.h"
#include "selftest.h"

#define N 8u
#define BUFS 32u
#define SIZE 64u

/* One region; buffers 2..9 are the observed ring's, 10..17 the monitor's. */
static u8 memory[BUFS * SIZE];
static u8 *chunk[] = { memory };
static const struct vale_bufs bufs = {
	.chunk = chunk,
	.shift = 5,
	.size = SIZE,
	.total = BUFS,
};
static struct netmap_slot from[N], to[N];

static struct vale_mirror fresh(bool swap, u32 begin, u32 end)
{
	u32 i;

	memset(to, 0, sizeof(to));
	for (i = 0; i < BUFS; i++)
		memset(memory + i * SIZE, i, SIZE);
	for (i = 0; i < N; i++) {
		from[i] = (struct netmap_slot){ .buf_idx = 2 + i, .len = 60 };
		to[i].buf_idx = 10 + i;
	}
	return (struct vale_mirror){
		.from = { from, &bufs, N },
		.to = { to, &bufs, N },
		.begin = begin,
		.end = end,
		.clear = NS_TXMON,
		.set = 0,
		.swap = swap,
	};
}

static bool fits(void)
{
	struct vale_mirror m = fresh(false, 6, 3);

	CASE(vale_mirror_fit(&m, 5) == 5 && m.begin == 6);
	CASE(vale_mirror_fit(&m, 7) == 5 && m.begin == 6);
	CASE(vale_mirror_fit(&m, 2) == 2 && m.begin == 1);
	CASE(vale_mirror_fit(&m, 0) == 0 && m.begin == 3);
	return true;
}

static bool copies(void)
{
	struct vale_mirror m = fresh(false, 7, 2);

	from[7].flags = NS_MOREFRAG | NS_BUF_CHANGED;
	m.set = NS_TXMON;
	vale_mirror_run(&m, 6);
	CASE(to[6].buf_idx == 16 && to[6].len == 60);
	CASE(to[6].flags == (NS_MOREFRAG | NS_TXMON));
	CASE(memory[16 * SIZE] == 9 && memory[16 * SIZE + 59] == 9);
	CASE(memory[16 * SIZE + 60] == 16);
	CASE(memory[17 * SIZE] == 2 && memory[10 * SIZE] == 3);
	CASE(from[7].buf_idx == 9 && from[7].flags & NS_BUF_CHANGED);
	CASE(to[1].len == 0);
	return true;
}

/* Whatever a program writes, nothing is read outside a buffer. */
static bool bad_slots(void)
{
	struct vale_mirror m = fresh(false, 0, 4);

	from[0].buf_idx = 0;
	from[1].buf_idx = BUFS;
	from[2].len = SIZE + 1;
	to[3].buf_idx = ~0u;
	vale_mirror_run(&m, 0);
	CASE(to[0].len == 0 && to[1].len == 0 && to[2].len == 0);
	CASE(to[3].len == 0 && to[3].buf_idx == ~0u);
	m = fresh(true, 0, 2);
	from[0].buf_idx = BUFS;
	to[1].buf_idx = 1;
	vale_mirror_run(&m, 0);
	CASE(from[0].buf_idx == BUFS && to[0].buf_idx == 10 && !to[0].len);
	CASE(from[1].buf_idx == 3 && to[1].buf_idx == 1 && !to[1].len);
	return true;
}

static bool swaps(void)
{
	struct vale_mirror m = fresh(true, 0, 2);

	from[0].ptr = 5;
	from[1].flags = NS_TXMON | 0x100;
	vale_mirror_run(&m, 7);
	CASE(to[7].buf_idx == 2 && to[7].len == 60 && to[7].ptr == 5);
	CASE(from[0].buf_idx == 17 && from[0].flags == NS_BUF_CHANGED);
	CASE(to[0].buf_idx == 3 && to[0].flags == 0x100);
	CASE(from[1].buf_idx == 10);
	return true;
}

/* What is yet to be forwarded is copied. */
static bool keeps(void)
{
	struct vale_mirror m = fresh(true, 0, 1);

	from[0].flags = NS_FORWARD;
	vale_mirror_run(&m, 0);
	CASE(from[0].buf_idx == 2 && from[0].flags == NS_FORWARD);
	CASE(to[0].buf_idx == 10 && to[0].len == 60);
	CASE(memory[10 * SIZE] == 2);
	m = fresh(true, 0, 1);
	m.forwards = true;
	vale_mirror_run(&m, 0);
	CASE(from[0].buf_idx == 2 && to[0].buf_idx == 10);
	return true;
}

/* The flag is believed only where it means something. */
static bool not_indirect(void)
{
	struct vale_mirror m = fresh(false, 0, 1);

	from[0].flags = NS_INDIRECT;
	from[0].ptr = (u64)(uintptr_t)(memory + 20 * SIZE);
	vale_mirror_run(&m, 0);
	CASE(to[0].len == 60 && to[0].flags == 0);
	CASE(memory[10 * SIZE] == 2);
	m = fresh(true, 0, 1);
	from[0].flags = NS_INDIRECT;
	vale_mirror_run(&m, 0);
	CASE(to[0].buf_idx == 2 && from[0].buf_idx == 10);
	return true;
}

bool vale_selftest_mirror(void)
{
	CASE(fits());
	CASE(copies());
	CASE(bad_slots());
	CASE(swaps());
	CASE(keeps());
	CASE(not_indirect());
	return true;
}
