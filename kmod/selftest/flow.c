// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#include <linux/string.h>

#include "../core/ether.h"
#include "../core/fdb_find.h"
#include "../core/flow_one.h"
#include "stage.h"

#define OTHER	100u	/* first buffer of a receiver in the same region */

#define MAC_A2	0x0000000000e2ull	/* on port 1, as A */

#define MAC_LONG (MAC_ME | 0x123456000000ull)	/* alike in its first bytes */

static struct vale_flow flow;
static struct vale_stretch stretch;

static void address(u64 dst, u64 src)
{
	vale_flow_address(&flow, dst, src);
}

/* The sender's slots from `from` on, the receiver's from `to` on. */
static void meet(u32 from, u32 to, u32 slots)
{
	u32 i;

	for (i = 0; i < SLOTS; i++)
		stage.rx[i].buf_idx = stage_buffer(i);
	stretch = (struct vale_stretch){
		.from = &stage.tx[from],
		.to = &stage.rx[to],
		.from_bufs = &stage.bufs[0],
		.to_bufs = &stage.bufs[1],
		.slots = slots,
	};
}

/* What slots 0..n-1 as a batch leave behind. */
static void learn_from(u32 n, u16 now)
{
	stage_gather(0, n);
	stage.batch.flow = &flow;
	vale_batch_classify(&stage.batch, &stage.fdb, ME, now);
}

/* Packets of the flow at the beginning of slots from..to-1. */
static u32 run(u32 from, u32 to)
{
	meet(from, 0, to - from);
	return vale_flow_count(&flow, &stretch);
}

static bool seems(u32 slot)
{
	return vale_flow_seems(&flow, &stage.tx[slot], &stage.bufs[0]);
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
	CASE(flow.port == 1 && flow.now == 7);
	CASE(seems(1) && !seems(0));
	CASE(vale_flow_holds(&flow, &stage.fdb, 7));
	CASE(!vale_flow_holds(&flow, &stage.fdb, 8));
	flow.version++;
	CASE(!vale_flow_holds(&flow, &stage.fdb, 7));
	return true;
}

static bool holds_not(void)
{
	return flow.port >= VALE_PORT_MAX &&
	       !vale_flow_holds(&flow, &stage.fdb, 7);
}

static bool not_remembered(void)
{
	stage_reset();
	stage_packet(0, MAC_A, MAC_ME, 60, 0);
	stage_packet(1, MAC_NEW, MAC_ME, 60, 0);
	learn_from(2, 7);
	CASE(holds_not());	/* flooded */
	stage_packet(1, MAC_ALL, MAC_ME, 60, 0);
	learn_from(2, 7);
	CASE(holds_not());
	stage_packet(1, MAC_ME, MAC_ME, 60, 0);
	learn_from(2, 7);
	CASE(holds_not());	/* to itself */
	learn_from(0, 7);
	CASE(holds_not());
	stage_packet(0, MAC_A, MAC_NEW, 60, NS_NO_LEARN);
	learn_from(1, 7);
	CASE(holds_not());	/* a source nobody looked at */
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
	address(MAC_A, MAC_ME);
	for (i = 0; i < 4; i++)
		stage_packet(i, MAC_A, MAC_ME, 60 + i,
			     i == 2 ? NS_BUF_CHANGED | NS_REPORT : 0);
	CASE(run(0, 4) == 4 && run(1, 3) == 2 && !run(1, 1));
	CASE(stage.tx[2].flags == (NS_BUF_CHANGED | NS_REPORT));
	stage_packet(2, MAC_A, MAC_B, 60, 0);
	CASE(run(0, 4) == 2 && seems(3) && !seems(2));
	stage_packet(1, MAC_B, MAC_ME, 60, 0);
	CASE(run(0, 4) == 1);
	stage_packet(2, MAC_A, MAC_ME, 60, 0);
	CASE(run(0, 4) == 1);		/* none is passed over */
	stage_packet(0, MAC_A, MAC_LONG, 60, 0);
	CASE(!run(0, 1) && !seems(0));
	address(MAC_A, MAC_LONG);
	CASE(run(0, 1) == 1 && seems(0));
	return true;
}

/* Slots that need the long way. */
static bool odd(void)
{
	stage_reset();
	address(MAC_A, MAC_ME);
	stage_packet(0, MAC_A, MAC_ME, 13, 0);
	CASE(!run(0, 1));
	stage_packet(0, MAC_A, MAC_ME, BUF + 1, 0);
	CASE(!run(0, 1));
	stage_packet(0, MAC_A, MAC_ME, 60, NS_MOREFRAG);
	CASE(!run(0, 1));
	stage_packet(0, MAC_A, MAC_ME, 60, NS_INDIRECT);
	CASE(!run(0, 1));
	stage_packet(0, MAC_A, MAC_ME, BUF, 0);
	CASE(run(0, 1));
	stage.bufs[1].size = BUF - 1;	/* the receiver's */
	CASE(!run(0, 1));
	stage.tx[0].len = BUF - 1;
	CASE(run(0, 1));
	stage.bufs[1].size = BUF + 1;
	stage.tx[0].len = BUF + 1;
	CASE(!run(0, 1));
	stage.tx[0].len = BUF;
	CASE(run(0, 1));
	stage.tx[0].buf_idx = BUFS;
	CASE(!run(0, 1) && !seems(0));
	return true;
}

static bool copies(void)
{
	u32 i;

	stage_reset();
	address(MAC_A, MAC_ME);
	for (i = 0; i < 5; i++)
		stage_packet(i, MAC_A, MAC_ME, 60 + i,
			     i == 1 ? NS_BUF_CHANGED | NS_REPORT : 0);
	meet(0, 7, 5);
	CASE(vale_flow_copy(&flow, &stretch) == 5 && stretch.bytes == 310);
	CASE(stage.tx[1].flags == NS_REPORT);
	for (i = 0; i < 5; i++)
		CASE(arrived(i, 7 + i));
	meet(0, 100, 2);
	CASE(vale_flow_copy(&flow, &stretch) == 2 && stretch.bytes == 121);
	CASE(stage.rx[102].len == 0);
	stage_packet(3, MAC_B, MAC_ME, 60, 0);
	meet(0, 300, 5);
	CASE(vale_flow_copy(&flow, &stretch) == 3 && stretch.bytes == 183);
	CASE(stage.rx[303].len == 0);
	return true;
}

/* A receiver's bad slots, and buffers shorter than the sender's. */
static bool hostile(void)
{
	u32 i;

	stage_reset();
	address(MAC_A, MAC_ME);
	for (i = 0; i < 3; i++)
		stage_packet(i, MAC_A, MAC_ME, 60, 0);
	meet(0, 0, 3);
	stage.rx[1].buf_idx = BUFS;
	CASE(vale_flow_copy(&flow, &stretch) == 1 && stretch.bytes == 60);
	CASE(stage.rx[0].len == 60 && stage.rx[1].len == 0);
	stage.bufs[1].size = 59;
	meet(0, 0, 3);
	CASE(!vale_flow_copy(&flow, &stretch) && !stretch.bytes);
	return true;
}

/* Slot `from` alone, to slot `to`. */
static u32 alone(u32 from, u32 to)
{
	meet(from, to, 1);
	return vale_flow_copy_one(&flow, &stretch);
}

static bool copies_one(void)
{
	stage_reset();
	address(MAC_A, MAC_ME);
	stage_packet(0, MAC_A, MAC_ME, 70, NS_BUF_CHANGED | NS_REPORT);
	stage_packet(1, MAC_B, MAC_ME, 60, 0);
	stage_packet(2, MAC_A, MAC_ME, 60, NS_MOREFRAG);
	CASE(alone(0, 9) == 70 && arrived(0, 9));
	CASE(stage.tx[0].flags == NS_REPORT && !stage.rx[10].len);
	CASE(!alone(1, 20) && !alone(2, 20) && !stage.rx[20].len);
	meet(0, 30, 1);
	stage.rx[30].buf_idx = BUFS;
	CASE(!vale_flow_copy_one(&flow, &stretch) && !stage.rx[30].len);
	return true;
}

/* A flow of A's port; A2 is there, too. */
static void vary(void)
{
	u8 old;

	stage_reset();
	vale_fdb_learn(&stage.fdb, MAC_A2, 1, 0, &old);
	flow = (struct vale_flow){ .port = 1, .varied = true };
	address(MAC_A, MAC_ME);
}

/* What a packet alone leaves behind. */
static bool varies(u64 dst, u64 src)
{
	stage_packet(0, dst, src, 60, 0);
	learn_from(1, 7);
	return flow.varied;
}

static bool variety(void)
{
	vary();
	CASE(!varies(MAC_A, MAC_ME));	/* as before */
	CASE(varies(MAC_A2, MAC_ME));
	CASE(vale_flow_holds(&flow, &stage.fdb, 7));
	CASE(!varies(MAC_B, MAC_ME));	/* to another port */
	CASE(!varies(MAC_A, MAC_ME));
	CASE(!varies(MAC_A2, MAC_NEW));	/* from elsewhere */
	CASE(!varies(MAC_A, MAC_ME));
	CASE(!varies(MAC_NEW, MAC_ME));	/* flooded */
	CASE(!varies(MAC_ALL, MAC_ME));
	CASE(!varies(MAC_A, MAC_LONG));
	CASE(!varies(MAC_A2, MAC_LONG ^ 0x1000000ull));
	return true;
}

/* Batches of two: all must be alike. */
static bool variety_of_two(void)
{
	vary();
	stage_packet(0, MAC_A, MAC_ME, 60, 0);
	stage_packet(1, MAC_A2, MAC_ME, 60, 0);
	learn_from(2, 7);
	CASE(flow.varied && seems(0) && seems(1));
	stage_packet(0, MAC_B, MAC_ME, 60, 0);
	stage_packet(1, MAC_A, MAC_ME, 60, 0);
	CASE(seems(0));
	learn_from(2, 7);
	CASE(!flow.varied && !seems(0));
	stage_packet(0, MAC_A2, MAC_NEW, 60, 0);
	stage_packet(1, MAC_A2, MAC_ME, 60, 0);
	learn_from(2, 7);
	CASE(!flow.varied);
	return true;
}

/* Slots 0..slots-1, to those from `to` on. */
static u32 moved(u32 to, u32 slots)
{
	meet(0, to, slots);
	return vale_flow_copy_varied(&flow, &stage.fdb, &stretch);
}

static bool copies_varied(void)
{
	u32 i;

	vary();
	for (i = 0; i < 100; i++)
		stage_packet(i, i % 3 ? MAC_A2 : MAC_A, MAC_ME, 60 + i % 2,
			     i == 1 || i == 40 ? NS_BUF_CHANGED | NS_REPORT : 0);
	CASE(moved(7, 5) == 5 && stretch.bytes == 302);
	CASE(stage.tx[1].flags == NS_REPORT);
	for (i = 0; i < 5; i++)
		CASE(arrived(i, 7 + i));
	CASE(moved(0, 64) == 64 && arrived(63, 63));
	CASE(!stage.rx[64].len && stage.tx[40].flags == NS_REPORT);
	CASE(moved(0, 65) == 65 && arrived(64, 64) && stretch.bytes == 3932);
	CASE(moved(200, 0) == 0 && !stretch.bytes && !stage.rx[200].len);
	stage_packet(50, MAC_B, MAC_ME, 60, 0);
	CASE(moved(200, 100) == 50 && arrived(49, 249));
	CASE(!stage.rx[250].len && stretch.bytes == 3025);
	stage_packet(32, MAC_A, MAC_NEW, 60, 0);
	CASE(moved(300, 100) == 32 && !stage.rx[332].len);
	stage_packet(31, MAC_NEW, MAC_ME, 60, 0);
	CASE(moved(400, 100) == 31 && !stage.rx[431].len);
	stage_packet(2, MAC_ALL, MAC_ME, 60, 0);
	CASE(moved(500, 100) == 2 && !stage.rx[502].len);
	return true;
}

static struct vale_fdb_bucket *primary(u64 mac)
{
	return vale_fdb_primary(&stage.fdb, vale_fdb_hash(&stage.fdb, mac));
}

/* Of addresses on port 1 that begin in one bucket, one that had no room there; 0: none. */
static u64 displaced(void)
{
	u64 mac;
	u8 old;

	for (mac = MAC_A2; mac < MAC_A2 + 4000 * 0x100; mac += 0x100) {
		if (primary(mac) != primary(MAC_A2))
			continue;
		vale_fdb_learn(&stage.fdb, mac, 1, 0, &old);
		if (!vale_fdb_match(primary(mac), mac))
			return mac;
	}
	return 0;
}

static bool varied_displaced(void)
{
	u64 mac;

	vary();
	mac = displaced();
	CASE(mac && vale_fdb_lookup(&stage.fdb, mac) == 1);
	stage_packet(0, mac, MAC_ME, 60, 0);
	CASE(moved(0, 1) == 1 && arrived(0, 0));
	return true;
}

static bool varied_hostile(void)
{
	vary();
	stage_packet(0, MAC_A, MAC_ME, 60, 0);
	stage_packet(1, MAC_A2, MAC_ME, 13, 0);
	CASE(moved(0, 2) == 1);
	stage_packet(1, MAC_A2, MAC_ME, 60, NS_MOREFRAG);
	CASE(moved(0, 2) == 1);
	stage_packet(1, MAC_A2, MAC_LONG, 60, 0);
	CASE(moved(0, 2) == 1);
	stage_packet(1, MAC_A2, MAC_ME | 0xff0000000000ull, 60, 0);
	CASE(moved(0, 2) == 1);
	stage_packet(1, MAC_A2, MAC_ME, 60, 0);
	CASE(moved(0, 2) == 2);
	meet(0, 100, 2);
	stage.rx[101].buf_idx = BUFS;
	CASE(vale_flow_copy_varied(&flow, &stage.fdb, &stretch) == 1);
	CASE(stretch.bytes == 60 && !stage.rx[101].len);
	stage.tx[0].buf_idx = 1;
	CASE(!moved(0, 2) && !stretch.bytes);
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
	address(MAC_A, MAC_ME);
	for (i = 0; i < 3; i++)
		stage_packet(i, MAC_A, MAC_ME, 60 + i, NS_REPORT);
	meet(0, 5, 3);
	stretch.to_bufs = &stage.bufs[0];
	stage.rx[5].buf_idx = OTHER + 5;
	stage.rx[6].buf_idx = OTHER + 6;
	stage.rx[7].buf_idx = 1;
	stage.bufs[0].total = OTHER + SLOTS;
	stage.bufs[0].shift = 11;	/* all of them in one chunk */
	CASE(vale_flow_exchange(&flow, &stretch) == 2);
	CASE(stretch.bytes == 121);
	CASE(exchanged(0, 5) && exchanged(1, 6));
	CASE(stage.tx[0].flags == (NS_REPORT | NS_BUF_CHANGED));
	CASE(stage.rx[7].buf_idx == 1 && stage.tx[2].flags == NS_REPORT);
	CASE(stage.tx[2].buf_idx == stage_buffer(2));
	return true;
}

bool vale_selftest_flow(void)
{
	CASE(remembered());
	CASE(not_remembered());
	CASE(version());
	CASE(runs());
	CASE(odd());
	CASE(copies());
	CASE(hostile());
	CASE(copies_one());
	CASE(variety());
	CASE(variety_of_two());
	CASE(copies_varied());
	CASE(varied_displaced());
	CASE(varied_hostile());
	CASE(exchanges());
	return true;
}
