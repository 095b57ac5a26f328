// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#include <linux/string.h>

#include "../core/ether.h"
#include "../core/flow.h"
#include "stage.h"

#define OTHER	100u	/* first buffer of a receiver in the same region */

#define MAC_ONES 0xccddeeffffffull

static struct vale_flow flow;
static struct vale_flow_part part;

static void receiver(u32 pos, u32 room)
{
	u32 i;

	for (i = 0; i < SLOTS; i++)
		stage.rx[i].buf_idx = stage_buffer(i);
	stage.window = (struct vale_window){
		stage.rx, &stage.bufs[1], SLOTS, pos, room,
	};
}

/* What slots 0..n-1 as a batch leave behind. */
static void learn_from(u32 n, u16 now)
{
	stage_gather(0, n);
	stage.batch.flow = &flow;
	vale_batch_classify(&stage.batch, &stage.fdb, ME, now);
}

/* Packets of the flow in slots from..to-1. */
static u32 run(u32 from, u32 to)
{
	vale_flow_gather(&part, &flow, stage.tx, SLOTS, from, to,
			 &stage.bufs[0]);
	return part.packets;
}

/* Bytes copied of those. */
static u32 copy(void)
{
	return vale_flow_copy(&part, &stage.window);
}

static bool arrived(u32 from, u32 to)
{
	return stage.rx[to].len == stage.tx[from].len &&
	       stage.rx[to].flags == 0x100 &&
	       !memcmp(vale_buf(&stage.bufs[0], stage.tx[from].buf_idx),
		       vale_buf(&stage.bufs[1], stage.rx[to].buf_idx),
		       stage.tx[from].len);
}

static bool remembered(void)
{
	stage_reset();
	stage_packet(0, MAC_B, MAC_ME, 60, 0);
	stage_packet(1, MAC_A, MAC_ME, 60, 0);
	learn_from(2, 7);
	CASE(flow.dst == MAC_A && flow.src == MAC_ME && flow.port == 1);
	CASE(flow.now == 7 && flow.version == vale_fdb_version(&stage.fdb));
	stage_packet(1, MAC_NEW, MAC_ME, 60, 0);
	learn_from(2, 7);
	CASE(flow.dst == VALE_MAC_NONE);	/* flooded */
	stage_packet(1, MAC_ALL, MAC_ME, 60, 0);
	learn_from(2, 7);
	CASE(flow.dst == VALE_MAC_NONE);
	stage_packet(1, MAC_ME, MAC_ME, 60, 0);
	learn_from(2, 7);
	CASE(flow.dst == VALE_MAC_NONE);	/* to itself */
	learn_from(0, 7);
	CASE(flow.dst == VALE_MAC_NONE);
	return true;
}

/* A source nobody looked at is no part of a flow. */
static bool not_learned(void)
{
	stage_reset();
	stage_packet(0, MAC_A, MAC_NEW, 60, NS_NO_LEARN);
	learn_from(1, 0);
	CASE(flow.dst == MAC_A && flow.src == VALE_MAC_NONE);
	CASE(!run(0, 1));
	return true;
}

static bool version(void)
{
	unsigned long before;
	u8 old;

	stage_reset();
	before = vale_fdb_version(&stage.fdb);
	vale_fdb_learn(&stage.fdb, MAC_A, 1, 5, &old);
	vale_fdb_learn(&stage.fdb, MAC_NEW, 1, 5, &old);
	CASE(vale_fdb_version(&stage.fdb) == before);	/* all are there still */
	vale_fdb_learn(&stage.fdb, MAC_A, 2, 5, &old);
	CASE(vale_fdb_version(&stage.fdb) != before);
	before = vale_fdb_version(&stage.fdb);
	vale_fdb_del(&stage.fdb, MAC_A);
	CASE(vale_fdb_version(&stage.fdb) != before);
	before = vale_fdb_version(&stage.fdb);
	vale_fdb_add_static(&stage.fdb, MAC_B, 1);
	CASE(vale_fdb_version(&stage.fdb) != before);
	return true;
}

static bool runs(void)
{
	u32 i;

	stage_reset();
	flow = (struct vale_flow){ .dst = MAC_A, .src = MAC_ME };
	for (i = 0; i < 4; i++)
		stage_packet((SLOTS - 2 + i) % SLOTS, MAC_A, MAC_ME, 60 + i,
			     i == 2 ? NS_BUF_CHANGED | NS_REPORT : 0);
	CASE(run(SLOTS - 2, 2) == 4 && part.bytes == 246);
	CASE(part.half[3].len == 63);	/* around the end */
	CASE(stage.tx[0].flags == NS_REPORT);
	CASE(run(SLOTS - 2, SLOTS - 1) == 1);
	CASE(!run(1, 1));
	stage_packet(0, MAC_A, MAC_B, 60, 0);
	CASE(run(SLOTS - 2, 2) == 2);
	stage_packet(SLOTS - 1, MAC_B, MAC_ME, 60, 0);
	CASE(run(SLOTS - 2, 2) == 1);
	stage_packet(0, MAC_A, MAC_ME, 60, 0);
	CASE(run(SLOTS - 2, 2) == 1);	/* none is passed over */
	flow.dst = VALE_MAC_NONE;
	CASE(!run(SLOTS - 2, 2));
	flow.src = MAC_ONES;
	stage_packet(0, MAC_ALL, MAC_ONES, 60, 0);
	CASE(!run(0, 1));		/* its first bytes look like none */
	return true;
}

/* Slots that need the long way. */
static bool odd(void)
{
	stage_reset();
	flow = (struct vale_flow){ .dst = MAC_A, .src = MAC_ME };
	stage_packet(0, MAC_A, MAC_ME, 13, 0);
	CASE(!run(0, 1));
	stage_packet(0, MAC_A, MAC_ME, BUF + 1, 0);
	CASE(!run(0, 1));
	stage_packet(0, MAC_A, MAC_ME, 60, NS_MOREFRAG);
	CASE(!run(0, 1));
	stage_packet(0, MAC_A, MAC_ME, 60, NS_INDIRECT);
	CASE(!run(0, 1));
	stage_packet(0, MAC_A, MAC_ME, BUF, 0);
	CASE(run(0, 1) && part.bytes == BUF);
	stage.tx[0].buf_idx = BUFS;
	CASE(!run(0, 1));
	stage_packet(0, MAC_A, MAC_ME, 60, 0);
	stage.bufs[0].offset_mask = 0xff;
	CASE(!run(0, 1));
	return true;
}

static bool long_run(void)
{
	u32 i;

	stage_reset();
	flow = (struct vale_flow){ .dst = MAC_A, .src = MAC_ME };
	for (i = 0; i < VALE_FLOW_PART + 2; i++)
		stage_packet(i, MAC_A, MAC_ME, 60, 0);
	CASE(run(0, VALE_FLOW_PART + 2) == VALE_FLOW_PART);
	CASE(run(2, VALE_FLOW_PART + 2) == VALE_FLOW_PART);
	CASE(run(3, VALE_FLOW_PART + 2) == VALE_FLOW_PART - 1);
	return true;
}

static bool copies(void)
{
	u32 i;

	stage_reset();
	flow = (struct vale_flow){ .dst = MAC_A, .src = MAC_ME };
	for (i = 0; i < 5; i++)
		stage_packet((SLOTS - 3 + i) % SLOTS, MAC_A, MAC_ME, 60 + i, 0);
	receiver(SLOTS - 2, 5);		/* both end, one before the other */
	CASE(run(SLOTS - 3, 2) == 5);
	CASE(copy() == 310);
	CASE(stage.window.pos == 3 && stage.window.room == 0);
	for (i = 0; i < 5; i++)
		CASE(arrived((SLOTS - 3 + i) % SLOTS, (SLOTS - 2 + i) % SLOTS));
	receiver(100, 2);		/* less room than packets */
	CASE(copy() == 121);
	CASE(stage.window.pos == 102 && stage.window.room == 0);
	CASE(stage.rx[102].len == 0);
	return true;
}

/* Slots that changed since, and bad ones of the receiver's. */
static bool hostile(void)
{
	u32 i;

	stage_reset();
	flow = (struct vale_flow){ .dst = MAC_A, .src = MAC_ME };
	for (i = 0; i < 3; i++)
		stage_packet(i, MAC_A, MAC_ME, 60, 0);
	CASE(run(0, 3) == 3);
	stage.tx[1].buf_idx = 1;
	stage.tx[2].len = 14;
	receiver(0, 3);
	CASE(copy() == 180 && stage.rx[2].len == 60);
	receiver(0, 3);
	stage.rx[0].len = 0;
	stage.rx[1].len = 0;
	stage.rx[1].buf_idx = BUFS;
	CASE(copy() == 60 && stage.rx[0].len == 60);
	CASE(stage.window.pos == 1 && stage.window.room == 2);
	CASE(stage.rx[1].len == 0);
	stage.rx[3].buf_idx = BUFS;	/* behind it */
	vale_flow_prefetch(&part, &stage.window);
	stage.rx[1].buf_idx = stage_buffer(1);
	stage.bufs[1].size = 59;
	CASE(!copy());
	CASE(stage.window.room == 2);
	return true;
}

static bool exchanged(u32 from, u32 to)
{
	return stage.tx[from].buf_idx == OTHER + to &&
	       stage.rx[to].buf_idx == stage_buffer(from) &&
	       stage.tx[from].flags & NS_BUF_CHANGED &&
	       stage.rx[to].flags == (0x100 | NS_BUF_CHANGED) &&
	       stage.rx[to].len == stage.tx[from].len;
}

/* Within the sender's region; its slots' other flags stay. */
static bool exchanges(void)
{
	u32 i;

	stage_reset();
	flow = (struct vale_flow){ .dst = MAC_A, .src = MAC_ME };
	for (i = 0; i < 3; i++)
		stage_packet((SLOTS - 2 + i) % SLOTS, MAC_A, MAC_ME, 60 + i,
			     NS_REPORT);
	CASE(run(SLOTS - 2, 1) == 3);
	receiver(SLOTS - 1, 3);
	stage.window.bufs = &stage.bufs[0];
	stage.rx[SLOTS - 1].buf_idx = OTHER + SLOTS - 1;
	stage.rx[0].buf_idx = OTHER;
	stage.rx[1].buf_idx = 1;
	stage.bufs[0].total = OTHER + SLOTS;
	stage.bufs[0].shift = 11;	/* all of them in one chunk */
	CASE(vale_flow_exchange(&part, stage.tx, SLOTS, SLOTS - 2,
				&stage.window) == 121);
	CASE(exchanged(SLOTS - 2, SLOTS - 1) && exchanged(SLOTS - 1, 0));
	CASE(stage.tx[SLOTS - 2].flags == (NS_REPORT | NS_BUF_CHANGED));
	CASE(stage.window.pos == 1 && stage.window.room == 1);
	CASE(stage.rx[1].buf_idx == 1 && stage.tx[0].flags == NS_REPORT);
	CASE(stage.tx[0].buf_idx == stage_buffer(0));
	return true;
}

bool vale_selftest_flow(void)
{
	CASE(remembered());
	CASE(not_learned());
	CASE(version());
	CASE(runs());
	CASE(odd());
	CASE(long_run());
	CASE(copies());
	CASE(hostile());
	CASE(exchanges());
	return true;
}
