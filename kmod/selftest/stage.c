// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#include <linux/string.h>

#include "stage.h"

struct vale_stage stage;

static u8 *chunk[2][CHUNKS];
static u8 table[VALE_FDB_BYTES_MIN] __aligned(64);

static void make_region(u32 r)
{
	u32 i;

	for (i = 0; i < CHUNKS; i++)
		chunk[r][i] = stage.memory[r] + i * PER_CHUNK * BUF;
	chunk[r][NO_CHUNK] = NULL;
	stage.bufs[r] = (struct vale_bufs){
		.chunk = chunk[r],
		.shift = 5,
		.size = BUF,
		.total = BUFS,
	};
}

static void make_switch(void)
{
	static const u64 key[2] = { 1, 0x9e3779b97f4a7c15 };
	u8 old;

	memset(table, 0, sizeof(table));
	vale_fdb_init(&stage.fdb, table, 64, key);
	vale_fdb_learn(&stage.fdb, MAC_A, 1, 0, &old);
	vale_fdb_learn(&stage.fdb, MAC_B, 2, 0, &old);
	vale_fdb_learn(&stage.fdb, MAC_ME, ME, 0, &old);
}

void stage_reset(void)
{
	make_region(0);
	make_region(1);
	make_switch();
	memset(stage.memory, 0, sizeof(stage.memory));
	memset(stage.tx, 0, sizeof(stage.tx));
	memset(stage.rx, 0, sizeof(stage.rx));
	memset(&stage.done, 0, sizeof(stage.done));
	vale_batch_init(&stage.batch);
}

u32 stage_buffer(u32 i)
{
	return VALE_BUF_FIRST + i % (NO_CHUNK * PER_CHUNK - VALE_BUF_FIRST);
}

void stage_fragment(u32 i, u16 len, u16 flags, u8 fill)
{
	stage.tx[i] = (struct netmap_slot){ stage_buffer(i), len, flags, 0 };
	memset(vale_buf(&stage.bufs[0], stage_buffer(i)), fill, BUF);
}

void stage_packet(u32 i, u64 dst, u64 src, u16 len, u16 flags)
{
	u8 *data = vale_buf(&stage.bufs[0], stage_buffer(i));
	u32 k;

	stage_fragment(i, len, flags, i);
	for (k = 0; k < 6; k++) {
		data[k] = dst >> 8 * k;
		data[6 + k] = src >> 8 * k;
	}
}

u32 stage_gather(u32 from, u32 to)
{
	vale_batch_init(&stage.batch);
	return vale_batch_gather(&stage.batch, stage.tx, SLOTS, from, to,
				 &stage.bufs[0]);
}

void stage_sort(u32 packets)
{
	stage_gather(0, packets);
	vale_batch_classify(&stage.batch, &stage.fdb, ME, 0);
}
