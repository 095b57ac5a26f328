// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#include <linux/string.h>

#include "../core/fwd.h"
#include "../core/ring.h"
#include "selftest.h"

#define BUF	128u
#define PER_CHUNK 32u
#define CHUNKS	4u
#define NO_CHUNK 2u	/* none of its buffers was handed out */
#define BUFS	(CHUNKS * PER_CHUNK - 8)
#define SLOTS	1200u
#define ME	3	/* port the packets come from */

#define MAC_A	0x0000000000a2ull	/* on port 1 */
#define MAC_B	0x0000000000b2ull	/* on port 2 */
#define MAC_ME	0x0000000000c2ull	/* on port ME */
#define MAC_NEW	0x0000000000d2ull
#define MAC_ALL	0xffffffffffffull

static u8 memory[2][CHUNKS * PER_CHUNK * BUF];
static u8 *chunk[2][CHUNKS];
static struct vale_bufs bufs[2];
static struct netmap_slot tx[SLOTS], rx[SLOTS];
static struct vale_batch batch;
static u8 table[64 / 2 * 64] __aligned(64);
static struct vale_fdb fdb;
static struct vale_window window;
static struct vale_copied done;

static void make_region(u32 r)
{
	u32 i;

	for (i = 0; i < CHUNKS; i++)
		chunk[r][i] = memory[r] + i * PER_CHUNK * BUF;
	chunk[r][NO_CHUNK] = NULL;
	bufs[r] = (struct vale_bufs){
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
	vale_fdb_init(&fdb, table, 64, key);
	vale_fdb_learn(&fdb, MAC_A, 1, 0, &old);
	vale_fdb_learn(&fdb, MAC_B, 2, 0, &old);
	vale_fdb_learn(&fdb, MAC_ME, ME, 0, &old);
}

static void reset(void)
{
	make_region(0);
	make_region(1);
	make_switch();
	memset(memory, 0, sizeof(memory));
	memset(tx, 0, sizeof(tx));
	memset(rx, 0, sizeof(rx));
	memset(&done, 0, sizeof(done));
	vale_batch_init(&batch);
}

static u32 buffer(u32 i)
{
	return VALE_BUF_FIRST + i % (NO_CHUNK * PER_CHUNK - VALE_BUF_FIRST);
}

/* Slot i with a fragment of len bytes, all of them `fill`. */
static void fragment(u32 i, u16 len, u16 flags, u8 fill)
{
	tx[i] = (struct netmap_slot){ buffer(i), len, flags, 0 };
	memset(vale_buf(&bufs[0], buffer(i)), fill, BUF);
}

static void packet(u32 i, u64 dst, u64 src, u16 len, u16 flags)
{
	u8 *data = vale_buf(&bufs[0], buffer(i));
	u32 k;

	fragment(i, len, flags, i);
	for (k = 0; k < 6; k++) {
		data[k] = dst >> 8 * k;
		data[6 + k] = src >> 8 * k;
	}
}

static u32 gather(u32 from, u32 to)
{
	vale_batch_init(&batch);
	return vale_batch_gather(&batch, tx, SLOTS, from, to, &bufs[0]);
}

static void sort(u32 packets)
{
	gather(0, packets);
	vale_batch_classify(&batch, &fdb, ME, 0);
}

static bool gathering(void)
{
	reset();
	packet(SLOTS - 1, MAC_A, MAC_ME, 60, NS_BUF_CHANGED | NS_NO_LEARN);
	packet(0, MAC_A, MAC_ME, 128, 0);
	CASE(gather(SLOTS - 1, 1) == 1);	/* around the end */
	CASE(batch.nfrags == 2 && batch.npackets == 2 && batch.nbytes == 188);
	CASE(tx[SLOTS - 1].flags == NS_NO_LEARN);
	CASE(batch.frag[0].data == vale_buf(&bufs[0], buffer(SLOTS - 1)));
	CASE(batch.frag[1].len == 128 && batch.frag[1].nfrags == 1);
	CASE(gather(1, 1) == 1);
	CASE(batch.nfrags == 0 && batch.npackets == 0 && batch.nbytes == 0);

	fragment(4, 40, NS_MOREFRAG | NS_BUF_CHANGED, 1);
	fragment(5, 0, NS_MOREFRAG, 2);
	fragment(6, 128, 0, 3);
	fragment(7, 14, NS_MOREFRAG, 4);	/* unfinished */
	CASE(gather(4, 8) == 8);
	CASE(batch.nfrags == 4 && batch.npackets == 2 && batch.nbytes == 182);
	CASE(batch.frag[0].nfrags == 3 && batch.frag[3].nfrags == 1);
	CASE(tx[4].flags == NS_MOREFRAG);
	return true;
}

/* Is slot 1 alone refused, and the packets around it not? */
static bool refused(u32 idx, u16 len, u16 flags)
{
	reset();
	packet(0, MAC_A, MAC_ME, 60, 0);
	packet(2, MAC_A, MAC_ME, 60, 0);
	tx[1] = (struct netmap_slot){ idx, len, flags, 0 };
	gather(0, 3);
	return batch.drops[VALE_DROP_BAD_SLOT] == 1 && batch.npackets == 2 &&
	       batch.nfrags == 2 && batch.nbytes == 120;
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
	CASE(refused(5, 60, NS_INDIRECT));	/* from NULL */

	CASE(batch.indirect);

	reset();				/* a packet goes as a whole */
	CASE(!batch.indirect);
	fragment(0, 60, NS_MOREFRAG, 0);
	fragment(1, BUF + 1, NS_MOREFRAG, 0);
	fragment(2, 60, 0, 0);
	packet(3, MAC_A, MAC_ME, 60, 0);
	CASE(gather(0, 4) == 4);
	CASE(batch.drops[VALE_DROP_BAD_SLOT] == 1 && batch.npackets == 1);
	return true;
}

static void long_packet(u32 from, u32 count)
{
	while (--count)
		fragment(from++, 20, NS_MOREFRAG, 0);
	fragment(from, 20, 0, 0);
}

static bool fragments(void)
{
	u32 i;

	reset();
	long_packet(0, 64);
	long_packet(64, 65);
	long_packet(129, 1);
	CASE(gather(0, 130) == 130);
	CASE(batch.npackets == 2 && batch.nfrags == 65);
	CASE(batch.frag[0].nfrags == 64 && batch.drops[VALE_DROP_FRAGS] == 1);

	for (i = 0; i < SLOTS; i++)
		packet(i, MAC_A, MAC_ME, 60, 0);
	CASE(gather(0, 1100) == VALE_BATCH_MAX);
	CASE(batch.npackets == VALE_BATCH_MAX);
	long_packet(VALE_BATCH_MAX - 1, 64);	/* begins below the limit */
	CASE(gather(0, 1100) == VALE_BATCH_MAX + 63);
	CASE(batch.nfrags == VALE_BATCH_MAX + 63);
	CASE(batch.npackets == VALE_BATCH_MAX);
	long_packet(VALE_BATCH_MAX - 1, 100);
	CASE(gather(0, 1190) == VALE_BATCH_MAX + 100);
	CASE(batch.npackets == VALE_BATCH_MAX);
	return true;
}

static bool queue(const struct vale_queue *q, u32 packets, u32 slots)
{
	return q->packets == packets && q->slots == slots;
}

/* The next four packets of that destination. */
static bool order(const struct vale_queue *q, u16 a, u16 b, u16 c, u16 d)
{
	struct vale_cursor cur = vale_batch_begin(&batch, q);

	return vale_batch_next(&batch, &cur) == a &&
	       vale_batch_next(&batch, &cur) == b &&
	       vale_batch_next(&batch, &cur) == c &&
	       vale_batch_next(&batch, &cur) == d;
}

static bool sorting(void)
{
	u16 end = VALE_BATCH_END;
	u32 i;

	reset();
	packet(0, MAC_A, MAC_ME, 60, 0);
	packet(1, MAC_B, MAC_ME, 61, 0);
	packet(2, MAC_ALL, MAC_ME, 62, 0);
	packet(3, MAC_NEW, MAC_ME, 63, 0);
	packet(4, MAC_B, MAC_ME, 64, NS_MOREFRAG);
	fragment(5, 100, 0, 0);
	packet(6, MAC_ME, MAC_ME, 60, 0);
	packet(7, MAC_A, MAC_ME, 60, 0);
	fragment(8, 13, 0, 0);
	sort(9);
	CASE(batch.ndst == 2 && batch.dst[0] == 1 && batch.dst[1] == 2);
	CASE(queue(&batch.to[1], 2, 2));
	CASE(queue(&batch.to[2], 2, 3));
	CASE(queue(&batch.flood, 2, 2));
	CASE(batch.nmulticast == 1);
	CASE(batch.drops[VALE_DROP_SAME_PORT] == 1);
	CASE(batch.drops[VALE_DROP_RUNT] == 1);
	CASE(order(&batch.to[1], 0, 2, 3, 7));
	CASE(order(&batch.to[2], 1, 2, 3, 4));
	CASE(order(&batch.to[9], 2, 3, end, end));
	CASE(order(NULL, 2, 3, end, end));

	packet(0, MAC_B, MAC_ME, 60, 0);	/* nothing is left over */
	sort(1);
	CASE(batch.ndst == 1 && batch.dst[0] == 2 && !batch.flood.packets);
	CASE(queue(&batch.to[1], 0, 2) && queue(&batch.to[2], 1, 1));
	CASE(order(&batch.to[2], 0, end, end, end));
	CASE(order(&batch.to[1], end, end, end, end));

	fragment(0, 13, 0, 0);			/* nothing seen before it */
	sort(1);
	CASE(batch.drops[VALE_DROP_RUNT] == 1 && !batch.ndst);
	CASE(!batch.flood.packets);

	for (i = 0; i < 5; i++)			/* runs of two */
		packet(i, i == 2 ? MAC_B : MAC_A, MAC_ME, 60, 0);
	sort(5);
	CASE(order(&batch.to[1], 0, 1, 3, 4));
	return true;
}

static bool learning(void)
{
	reset();
	packet(0, MAC_A, MAC_NEW, 60, NS_NO_LEARN);
	packet(1, MAC_A, MAC_NEW, 60, 0);
	packet(2, MAC_A, MAC_NEW, 60, 0);
	packet(3, MAC_A, MAC_ME, 60, 0);	/* known */
	packet(4, MAC_A, MAC_B, 60, 0);		/* moved */
	packet(5, MAC_A, MAC_ALL, 60, 0);
	packet(6, MAC_A, 0, 60, 0);
	fragment(7, 13, 0, 2);
	sort(8);
	CASE(batch.nlearn == 2);
	CASE(batch.learn[0] == MAC_NEW && batch.learn[1] == MAC_B);
	CASE(batch.to[1].packets == 7);
	sort(1);
	CASE(batch.nlearn == 0);
	return true;
}

static void deliver_to(u32 pos, u32 room)
{
	u32 i;

	for (i = 0; i < SLOTS; i++)
		rx[i] = (struct netmap_slot){ buffer(i), 99, 99, 99 };
	memset(memory[1], 0x5a, sizeof(memory[1]));
	memset(&done, 0, sizeof(done));
	window = (struct vale_window){ rx, &bufs[1], SLOTS, pos, room };
}

static bool slot_is(u32 i, u16 len, u16 flags)
{
	return rx[i].len == len && rx[i].flags == flags && rx[i].ptr == 99 &&
	       rx[i].buf_idx == buffer(i);
}

/* What slot `from` sent is in slot `to`, and nothing behind it. */
static bool same(u32 from, u32 to, u32 len)
{
	u8 *data = vale_buf(&bufs[1], buffer(to));
	u32 i;

	for (i = len; i < BUF; i++)
		if (data[i] != 0x5a)
			return false;
	return !memcmp(data, vale_buf(&bufs[0], buffer(from)), len);
}

static bool fitting(void)
{
	struct vale_cursor c;
	u32 n;

	reset();
	packet(0, MAC_A, MAC_ME, 60, 0);
	packet(1, MAC_ALL, MAC_ME, 60, NS_MOREFRAG);
	fragment(2, 60, 0, 0);
	packet(3, MAC_A, MAC_ME, 60, 0);
	sort(4);
	c = vale_batch_begin(&batch, &batch.to[1]);
	CASE(vale_batch_fit(&batch, c, 9, &n) == 4 && n == 3);
	CASE(vale_batch_fit(&batch, c, 4, &n) == 4 && n == 3);
	CASE(vale_batch_fit(&batch, c, 3, &n) == 3 && n == 2);
	CASE(vale_batch_fit(&batch, c, 2, &n) == 1 && n == 1);
	CASE(vale_batch_fit(&batch, c, 0, &n) == 0 && n == 0);
	vale_batch_next(&batch, &c);
	CASE(vale_batch_fit(&batch, c, 3, &n) == 3 && n == 2);
	CASE(vale_batch_fit(&batch, c, 2, &n) == 2 && n == 1);
	vale_batch_next(&batch, &c);
	CASE(c.slots == 1 && c.packets == 1);
	return true;
}

static bool copying(void)
{
	struct vale_cursor c;

	reset();
	packet(0, MAC_A, MAC_ME, 60, 0);
	packet(1, MAC_ALL, MAC_ME, 64, NS_MOREFRAG);
	fragment(2, 3, NS_MOREFRAG, 7);
	fragment(3, 128, 0, 8);
	packet(4, MAC_A, MAC_ME, 14, 0);
	sort(5);
	c = vale_batch_begin(&batch, &batch.to[1]);
	deliver_to(SLOTS - 2, 5);
	vale_batch_copy(&batch, &c, 2, &window, &done);
	CASE(window.pos == 2 && window.room == 1);
	CASE(done.slots == 4 && done.packets == 2 && done.bytes == 255);
	CASE(slot_is(SLOTS - 2, 60, 0x100) && same(0, SLOTS - 2, 60));
	CASE(slot_is(SLOTS - 1, 64, 0x300 | NS_MOREFRAG));
	CASE(slot_is(0, 3, 0x300 | NS_MOREFRAG) && same(2, 0, 3));
	CASE(slot_is(1, 128, 0x300) && same(3, 1, 128));
	CASE(slot_is(2, 99, 99));
	vale_batch_copy(&batch, &c, 1, &window, &done);
	CASE(slot_is(2, 14, 0x100) && same(4, 2, 14));
	CASE(done.packets == 3 && window.room == 0 && c.packets == 0);
	return true;
}

/* Packets of one slot, over the end of the ring, in two goes. */
static bool copying_plain(void)
{
	struct vale_cursor c;
	u32 i;

	reset();
	for (i = 0; i < 4; i++)
		packet(i, i == 2 ? MAC_ALL : MAC_A, MAC_ME, 60 + i, 0);
	sort(4);
	c = vale_batch_begin(&batch, &batch.to[1]);
	deliver_to(SLOTS - 2, 4);
	vale_batch_copy(&batch, &c, 3, &window, &done);
	CASE(c.slots == 1 && c.packets == 1);
	CASE(window.pos == 1 && window.room == 1);
	CASE(slot_is(SLOTS - 1, 61, 0x100) && same(1, SLOTS - 1, 61));
	CASE(slot_is(0, 62, 0x100) && same(2, 0, 62));
	CASE(slot_is(1, 99, 99));
	batch.frag[3].flags = NS_INDIRECT;	/* never read as it is */
	batch.frag[3].data = (const u8 *)8;
	vale_batch_copy(&batch, &c, 1, &window, &done);
	CASE(done.drops[VALE_DROP_FAULT] == 1 && done.packets == 3);
	CASE(window.pos == 1 && slot_is(1, 99, 99));
	return true;
}

/* Alike, more than are looked at together, over the end of the ring. */
static bool copying_row(u64 dst, struct vale_queue *q)
{
	struct vale_cursor c;
	u32 i;

	reset();
	for (i = 0; i < 20; i++)
		packet(i, dst, MAC_ME, 60 + i, 0);
	sort(20);
	CASE(q->packets == 20 && q->slots == 20 && !batch.nlearn);
	c = vale_batch_begin(&batch, &batch.to[1]);
	CASE(c.row);
	deliver_to(SLOTS - 5, 20);
	vale_batch_copy(&batch, &c, 12, &window, &done);
	vale_batch_copy(&batch, &c, 8, &window, &done);
	CASE(vale_batch_peek(&c) == VALE_BATCH_END && !c.packets && !c.slots);
	CASE(window.pos == 15 && !window.room);
	CASE(done.packets == 20 && done.slots == 20 && done.bytes == 1390);
	for (i = 0; i < 20; i++) {
		u32 to = vale_ring_add(SLOTS - 5, i, SLOTS);

		CASE(slot_is(to, 60 + i, 0x100) && same(i, to, 60 + i));
	}
	return true;
}

/* A fragment too long for the receiver, and one that is not ours to read. */
static bool row_with_troubles(void)
{
	struct vale_cursor c;
	u32 i;

	reset();
	for (i = 0; i < 4; i++)
		packet(i, MAC_A, MAC_ME, 60 + 30 * (i == 1), 0);
	packet(4, MAC_A, MAC_ME, 60, NS_INDIRECT);
	tx[4].ptr = 8;
	gather(0, 4);
	vale_batch_classify(&batch, &fdb, ME, 0);
	bufs[1].size = 64;
	deliver_to(0, 4);
	c = vale_batch_begin(&batch, &batch.to[1]);
	CASE(c.row);
	vale_batch_copy(&batch, &c, 4, &window, &done);
	CASE(done.packets == 3 && done.drops[VALE_DROP_TOO_LONG] == 1);
	CASE(slot_is(2, 60, 0x100) && slot_is(3, 99, 99) && window.room == 1);
	sort(4);
	batch.frag[2].flags = NS_INDIRECT;
	batch.frag[2].data = (const u8 *)8;
	batch.indirect = true;
	deliver_to(0, 4);
	c = vale_batch_begin(&batch, &batch.to[1]);
	vale_batch_copy(&batch, &c, 4, &window, &done);
	CASE(done.packets == 2 && done.drops[VALE_DROP_FAULT] == 1);
	return true;
}

/* Which of two queues' packets come next has to be looked up. */
static bool no_row(void)
{
	reset();
	packet(0, MAC_ALL, MAC_ME, 60, 0);
	packet(1, MAC_A, MAC_ME, 60, 0);
	sort(2);
	CASE(!vale_batch_begin(&batch, &batch.to[1]).row);
	CASE(vale_batch_begin(&batch, NULL).row);
	packet(1, MAC_B, MAC_ME, 60, 0);
	packet(2, MAC_ALL, MAC_ME, 60, 0);
	sort(3);
	CASE(!vale_batch_begin(&batch, NULL).row);
	packet(0, MAC_A, MAC_ME, 60, NS_MOREFRAG);
	fragment(1, 60, 0, 0);
	sort(2);
	CASE(!vale_batch_begin(&batch, &batch.to[1]).row);
	return true;
}

static bool learning_late(void)
{
	u32 i;

	reset();
	for (i = 0; i < 40; i++)
		packet(i, MAC_A, i == 30 ? MAC_NEW : MAC_ME, 60, 0);
	fragment(2, 13, 0, 0);
	sort(40);
	CASE(batch.nlearn == 1 && batch.learn[0] == MAC_NEW);
	CASE(batch.to[1].packets == 39 && batch.to[1].slots == 39);
	CASE(batch.drops[VALE_DROP_RUNT] == 1);
	return true;
}

static bool troubles(void)
{
	struct vale_cursor c;

	reset();
	packet(0, MAC_A, MAC_ME, 60, 0);
	packet(1, MAC_A, MAC_ME, 14, NS_MOREFRAG);
	fragment(2, 65, 0, 0);
	packet(3, MAC_A, MAC_ME, 60, NS_MOREFRAG);
	fragment(4, 20, NS_INDIRECT, 0);
	tx[4].ptr = 8;				/* nobody's memory */
	packet(5, MAC_A, MAC_ME, 60, NS_MOREFRAG);
	fragment(6, 20, NS_MOREFRAG, 0);
	fragment(7, 20, 0, 0);
	packet(8, MAC_A, MAC_ME, 65, 0);
	packet(9, MAC_A, MAC_ME, 60, 0);
	packet(10, MAC_A, MAC_ME, 60, NS_INDIRECT);
	tx[10].ptr = 8;
	sort(11);
	CASE(batch.indirect);
	CASE(batch.drops[VALE_DROP_FAULT] == 1);	/* no header */
	c = vale_batch_begin(&batch, &batch.to[1]);
	deliver_to(0, 9);
	bufs[1].size = 64;
	rx[3].buf_idx = 1;			/* receiver's fault */
	vale_batch_copy(&batch, &c, 6, &window, &done);
	bufs[1].size = BUF;
	CASE(done.drops[VALE_DROP_TOO_LONG] == 2);
	CASE(done.drops[VALE_DROP_FAULT] == 1);
	CASE(done.drops[VALE_DROP_BAD_BUFFER] == 1);
	CASE(done.packets == 2 && done.slots == 5 && done.bytes == 120);
	CASE(slot_is(0, 60, 0x100) && slot_is(1, 0, 0) && slot_is(2, 0, 0));
	CASE(rx[3].len == 0 && rx[3].flags == 0);
	CASE(slot_is(4, 60, 0x100));
	CASE(window.pos == 5 && window.room == 4);
	return true;
}

static bool adding(void)
{
	static u8 frame[300];
	u32 i;

	reset();
	CASE(vale_batch_add(&batch, frame, 13, 100));
	CASE(batch.drops[VALE_DROP_RUNT] == 1 && batch.npackets == 0);
	CASE(vale_batch_add(&batch, frame, 300, 100));
	CASE(batch.nfrags == 3 && batch.frag[0].nfrags == 3);
	CASE(vale_batch_add(&batch, frame, 101, 100));
	CASE(batch.nfrags == 5 && batch.frag[3].nfrags == 2);
	CASE(batch.frag[4].len == 1 && batch.frag[4].data == frame + 100);
	CASE(vale_batch_add(&batch, frame, 64 * 64 + 1, 64));
	CASE(batch.drops[VALE_DROP_FRAGS] == 1 && batch.nfrags == 5);
	CASE(batch.npackets == 2 && batch.nbytes == 401);
	for (i = 5; i < VALE_BATCH_MAX - 1; i++)
		CASE(vale_batch_add(&batch, frame, 60, 100));
	CASE(vale_batch_add(&batch, frame, 64 * 64, 64));
	CASE(!vale_batch_add(&batch, frame, 60, 100));
	CASE(batch.nfrags == VALE_BATCH_MAX + 63);
	vale_batch_init(&batch);
	for (i = 0; i < VALE_BATCH_MAX; i++)
		CASE(vale_batch_add(&batch, frame, 14, 100));
	CASE(!vale_batch_add(&batch, frame, 14, 100));
	vale_batch_classify(&batch, &fdb, ME, 0);
	CASE(batch.flood.packets == batch.npackets);
	CASE(batch.flood.slots == batch.nfrags);
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
		if (!vale_batch_add_whole(&batch, &w))
			break;
	}
	return i;
}

static bool whole_packets(void)
{
	struct vale_queue own = { };

	reset();
	packet(0, MAC_A, MAC_ME, 60, 0);
	CASE(add_whole(vale_buf(&bufs[0], buffer(0)), 1) == 1);
	CASE(batch.nwhole == 1 && !batch.opaque);
	CASE(batch.frag[0].len == 0xffff && batch.frag[0].nfrags == 1);
	CASE(batch.npackets == 1 && batch.nmore == 2 && batch.nbytes == 180);
	vale_batch_classify(&batch, &fdb, ME, 0);
	CASE(batch.ndst == 1 && batch.to[batch.dst[0]].head == 0);
	vale_batch_init(&batch);
	CASE(batch.nwhole == 0 && batch.nmore == 0);
	CASE(add_whole(vale_buf(&bufs[0], buffer(0)), 300) == 256);
	CASE(batch.opaque && batch.npackets == 256 && batch.nfrags == 256);
	CASE(batch.whole[255] == vale_buf(&bufs[0], buffer(0)) + 255);
	vale_batch_queue(&batch, &own, 3);
	vale_batch_queue(&batch, &own, 7);
	CASE(own.head == 3 && own.tail == 7 && own.packets == 2);
	CASE(own.slots == 2 && batch.frag[3].next == 7);
	CASE(batch.frag[7].next == VALE_BATCH_END);
	return true;
}

bool vale_selftest_fwd(void)
{
	CASE(gathering());
	CASE(bad_slots());
	CASE(fragments());
	CASE(sorting());
	CASE(learning());
	CASE(fitting());
	CASE(copying());
	CASE(copying_plain());
	CASE(copying_row(MAC_A, &batch.to[1]));
	CASE(copying_row(MAC_ALL, &batch.flood));
	CASE(row_with_troubles());
	CASE(no_row());
	CASE(learning_late());
	CASE(troubles());
	CASE(adding());
	CASE(whole_packets());
	return true;
}
