// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#include "stage.h"

static bool gathering(void)
{
	stage_reset();
	stage_packet(SLOTS - 1, MAC_A, MAC_ME, 60,
		     NS_BUF_CHANGED | NS_NO_LEARN);
	stage_packet(0, MAC_A, MAC_ME, 128, 0);
	CASE(stage_gather(SLOTS - 1, 1) == 1); /* around the end */
	CASE(stage.batch.nfrags == 2 && stage.batch.npackets == 2 &&
	     stage.batch.nbytes == 188);
	CASE(stage.tx[SLOTS - 1].flags == NS_NO_LEARN);
	CASE(stage.batch.frag[0].data ==
	     vale_buf(&stage.bufs[0], stage_buffer(SLOTS - 1)));
	CASE(stage.batch.frag[1].len == 128 && stage.batch.frag[1].nfrags == 1);
	CASE(stage_gather(1, 1) == 1);
	CASE(stage.batch.nfrags == 0 && stage.batch.npackets == 0 &&
	     stage.batch.nbytes == 0);

	stage_fragment(4, 40, NS_MOREFRAG | NS_BUF_CHANGED, 1);
	stage_fragment(5, 0, NS_MOREFRAG, 2);
	stage_fragment(6, 128, 0, 3);
	stage_fragment(7, 14, NS_MOREFRAG, 4); /* unfinished */
	CASE(stage_gather(4, 8) == 8);
	CASE(stage.batch.nfrags == 4 && stage.batch.npackets == 2 &&
	     stage.batch.nbytes == 182);
	CASE(stage.batch.frag[0].nfrags == 3 &&
	     stage.batch.frag[3].nfrags == 1);
	CASE(stage.tx[4].flags == NS_MOREFRAG);
	return true;
}

/* Is slot 1 alone refused, and the packets around it not? */
static bool refused(u32 idx, u16 len, u16 flags)
{
	stage_reset();
	stage_packet(0, MAC_A, MAC_ME, 60, 0);
	stage_packet(2, MAC_A, MAC_ME, 60, 0);
	stage.tx[1] = (struct netmap_slot){ idx, len, flags, 0 };
	stage_gather(0, 3);
	return stage.batch.drops[VALE_DROP_BAD_SLOT] == 1 &&
	       stage.batch.npackets == 2 && stage.batch.nfrags == 2 &&
	       stage.batch.nbytes == 120;
}

static bool bad_slots(void)
{
	CASE(refused(0, 60, 0));
	CASE(refused(1, 60, 0));
	CASE(!refused(2, 60, 0));
	CASE(!refused(BUFS - 1, 60, 0));
	CASE(refused(BUFS, 60, 0));
	CASE(refused(CHUNKS * PER_CHUNK, 60, 0));
	CASE(!refused(NO_CHUNK * PER_CHUNK - 1, 60, 0));
	CASE(refused(NO_CHUNK * PER_CHUNK, 60, 0));
	CASE(refused(NO_CHUNK * PER_CHUNK + 1, 60, 0));
	CASE(refused(~0u, 60, 0));
	CASE(!refused(5, BUF, 0));
	CASE(refused(5, BUF + 1, 0));
	CASE(refused(5, 0xffff, 0));
	CASE(refused(5, 60, NS_INDIRECT)); /* from NULL */

	CASE(stage.batch.indirect);

	stage_reset(); /* a packet goes as a whole */
	CASE(!stage.batch.indirect);
	stage_fragment(0, 60, NS_MOREFRAG, 0);
	stage_fragment(1, BUF + 1, NS_MOREFRAG, 0);
	stage_fragment(2, 60, 0, 0);
	stage_packet(3, MAC_A, MAC_ME, 60, 0);
	CASE(stage_gather(0, 4) == 4);
	CASE(stage.batch.drops[VALE_DROP_BAD_SLOT] == 1 &&
	     stage.batch.npackets == 1);
	return true;
}

static void long_packet(u32 from, u32 count)
{
	while (--count)
		stage_fragment(from++, 20, NS_MOREFRAG, 0);
	stage_fragment(from, 20, 0, 0);
}

static bool fragments(void)
{
	u32 i;

	stage_reset();
	long_packet(0, 64);
	long_packet(64, 65);
	long_packet(129, 1);
	CASE(stage_gather(0, 130) == 130);
	CASE(stage.batch.npackets == 2 && stage.batch.nfrags == 65);
	CASE(stage.batch.frag[0].nfrags == 64 &&
	     stage.batch.drops[VALE_DROP_FRAGS] == 1);

	for (i = 0; i < SLOTS; i++)
		stage_packet(i, MAC_A, MAC_ME, 60, 0);
	CASE(stage_gather(0, 1100) == VALE_BATCH_MAX);
	CASE(stage.batch.npackets == VALE_BATCH_MAX);
	long_packet(VALE_BATCH_MAX - 1, 64); /* begins below the limit */
	CASE(stage_gather(0, 1100) == VALE_BATCH_MAX + 63);
	CASE(stage.batch.nfrags == VALE_BATCH_MAX + 63);
	CASE(stage.batch.npackets == VALE_BATCH_MAX);
	long_packet(VALE_BATCH_MAX - 1, 100);
	CASE(stage_gather(0, 1190) == VALE_BATCH_MAX + 100);
	CASE(stage.batch.npackets == VALE_BATCH_MAX);
	return true;
}

static bool adding(void)
{
	static u8 frame[300];
	u32 i;

	stage_reset();
	CASE(vale_batch_add(&stage.batch, frame, 13, 100));
	CASE(stage.batch.drops[VALE_DROP_RUNT] == 1 &&
	     stage.batch.npackets == 0);
	CASE(vale_batch_add(&stage.batch, frame, 300, 100));
	CASE(stage.batch.nfrags == 3 && stage.batch.frag[0].nfrags == 3);
	CASE(vale_batch_add(&stage.batch, frame, 101, 100));
	CASE(stage.batch.nfrags == 5 && stage.batch.frag[3].nfrags == 2);
	CASE(stage.batch.frag[4].len == 1 &&
	     stage.batch.frag[4].data == frame + 100);
	CASE(vale_batch_add(&stage.batch, frame, 64 * 64 + 1, 64));
	CASE(stage.batch.drops[VALE_DROP_FRAGS] == 1 &&
	     stage.batch.nfrags == 5);
	CASE(stage.batch.npackets == 2 && stage.batch.nbytes == 401);
	for (i = 5; i < VALE_BATCH_MAX - 1; i++)
		CASE(vale_batch_add(&stage.batch, frame, 60, 100));
	CASE(vale_batch_add(&stage.batch, frame, 64 * 64, 64));
	CASE(!vale_batch_add(&stage.batch, frame, 60, 100));
	CASE(stage.batch.nfrags == VALE_BATCH_MAX + 63);
	vale_batch_init(&stage.batch);
	for (i = 0; i < VALE_BATCH_MAX; i++)
		CASE(vale_batch_add(&stage.batch, frame, 14, 100));
	CASE(!vale_batch_add(&stage.batch, frame, 14, 100));
	vale_batch_classify(&stage.batch, &stage.fdb, ME, 0);
	CASE(stage.batch.flood.packets == stage.batch.npackets);
	CASE(stage.batch.flood.slots == stage.batch.nfrags);
	return true;
}

/* Whole packets 0..n-1, at `data`, each three frames of the wire. */
static u32 add_whole(u8 *data, u32 n)
{
	struct vale_whole w = { .data = data, .len = 100000, .frames = 3,
				.bytes = 180 };
	u32 i;

	for (i = 0; i < n; i++) {
		w.object = data + i;
		w.opaque = i == 1;
		if (!vale_batch_add_whole(&stage.batch, &w))
			break;
	}
	return i;
}

static bool whole_packets(void)
{
	struct vale_queue own = {};

	stage_reset();
	stage_packet(0, MAC_A, MAC_ME, 60, 0);
	CASE(add_whole(vale_buf(&stage.bufs[0], stage_buffer(0)), 1) == 1);
	CASE(stage.batch.nwhole == 1 && !stage.batch.opaque);
	CASE(stage.batch.frag[0].len == 0xffff &&
	     stage.batch.frag[0].nfrags == 1);
	CASE(stage.batch.npackets == 1 && stage.batch.nmore == 2 &&
	     stage.batch.nbytes == 180);
	vale_batch_classify(&stage.batch, &stage.fdb, ME, 0);
	CASE(stage.batch.ndst == 1 &&
	     stage.batch.to[stage.batch.dst[0]].head == 0);
	vale_batch_init(&stage.batch);
	CASE(stage.batch.nwhole == 0 && stage.batch.nmore == 0);
	CASE(add_whole(vale_buf(&stage.bufs[0], stage_buffer(0)), 300) == 256);
	CASE(stage.batch.opaque && stage.batch.npackets == 256 &&
	     stage.batch.nfrags == 256);
	CASE(stage.batch.whole[255] ==
	     vale_buf(&stage.bufs[0], stage_buffer(0)) + 255);
	vale_batch_queue(&stage.batch, &own, 3);
	vale_batch_queue(&stage.batch, &own, 7);
	CASE(own.head == 3 && own.tail == 7 && own.packets == 2);
	CASE(own.slots == 2 && stage.batch.frag[3].next == 7);
	CASE(stage.batch.frag[7].next == VALE_BATCH_END);
	return true;
}

bool vale_selftest_gather(void)
{
	CASE(gathering());
	CASE(bad_slots());
	CASE(fragments());
	CASE(adding());
	CASE(whole_packets());
	return true;
}
