// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#include <linux/string.h>

#include "stage.h"

static void deliver_to(u32 pos, u32 room)
{
	u32 i;

	for (i = 0; i < SLOTS + BEHIND; i++)
		stage.rx[i] = (struct netmap_slot){ stage_buffer(i), 99, 99, 99 };
	memset(stage.memory[1], 0x5a, sizeof(stage.memory[1]));
	memset(&stage.done, 0, sizeof(stage.done));
	stage.window = (struct vale_window){ stage.rx, &stage.bufs[1], SLOTS,
					     pos, room };
}

static bool slot_is(u32 i, u16 len, u16 flags)
{
	return stage.rx[i].len == len && stage.rx[i].flags == flags &&
	       stage.rx[i].ptr == 99 && stage.rx[i].buf_idx == stage_buffer(i);
}

/* What slot `from` sent is in slot `to`, and nothing behind it. */
static bool same(u32 from, u32 to, u32 len)
{
	u8 *data = vale_buf(&stage.bufs[1], stage_buffer(to));
	u32 i;

	for (i = len; i < BUF; i++)
		if (data[i] != 0x5a)
			return false;
	return !memcmp(data, vale_buf(&stage.bufs[0], stage_buffer(from)), len);
}

static bool fitting(void)
{
	struct vale_cursor c;
	u32 n;

	stage_reset();
	stage_packet(0, MAC_A, MAC_ME, 60, 0);
	stage_packet(1, MAC_ALL, MAC_ME, 60, NS_MOREFRAG);
	stage_fragment(2, 60, 0, 0);
	stage_packet(3, MAC_A, MAC_ME, 60, 0);
	stage_sort(4);
	c = vale_batch_begin(&stage.batch, &stage.batch.to[1]);
	CASE(vale_batch_fit(&stage.batch, c, 9, &n) == 4 && n == 3);
	CASE(vale_batch_fit(&stage.batch, c, 4, &n) == 4 && n == 3);
	CASE(vale_batch_fit(&stage.batch, c, 3, &n) == 3 && n == 2);
	CASE(vale_batch_fit(&stage.batch, c, 2, &n) == 1 && n == 1);
	CASE(vale_batch_fit(&stage.batch, c, 0, &n) == 0 && n == 0);
	vale_batch_next(&stage.batch, &c);
	CASE(vale_batch_fit(&stage.batch, c, 3, &n) == 3 && n == 2);
	CASE(vale_batch_fit(&stage.batch, c, 2, &n) == 2 && n == 1);
	vale_batch_next(&stage.batch, &c);
	CASE(c.slots == 1 && c.packets == 1);
	return true;
}

static bool copying(void)
{
	struct vale_cursor c;

	stage_reset();
	stage_packet(0, MAC_A, MAC_ME, 60, 0);
	stage_packet(1, MAC_ALL, MAC_ME, 64, NS_MOREFRAG);
	stage_fragment(2, 3, NS_MOREFRAG, 7);
	stage_fragment(3, 128, 0, 8);
	stage_packet(4, MAC_A, MAC_ME, 14, 0);
	stage_sort(5);
	c = vale_batch_begin(&stage.batch, &stage.batch.to[1]);
	deliver_to(SLOTS - 2, 5);
	vale_batch_copy(&stage.batch, &c, 2, &stage.window, &stage.done);
	CASE(stage.window.pos == 2 && stage.window.room == 1);
	CASE(stage.done.slots == 4 && stage.done.packets == 2 &&
	     stage.done.bytes == 255);
	CASE(slot_is(SLOTS - 2, 60, 0x100) && same(0, SLOTS - 2, 60));
	CASE(slot_is(SLOTS - 1, 64, 0x300 | NS_MOREFRAG));
	CASE(slot_is(0, 3, 0x300 | NS_MOREFRAG) && same(2, 0, 3));
	CASE(slot_is(1, 128, 0x300) && same(3, 1, 128));
	CASE(slot_is(2, 99, 99));
	vale_batch_copy(&stage.batch, &c, 1, &stage.window, &stage.done);
	CASE(slot_is(2, 14, 0x100) && same(4, 2, 14));
	CASE(stage.done.packets == 3 && stage.window.room == 0 &&
	     c.packets == 0);
	return true;
}

/* Packets of one slot, over the end of the ring, in two goes. */
static bool copying_plain(void)
{
	struct vale_cursor c;
	u32 i;

	stage_reset();
	for (i = 0; i < 4; i++)
		stage_packet(i, i == 2 ? MAC_ALL : MAC_A, MAC_ME, 60 + i, 0);
	stage_sort(4);
	c = vale_batch_begin(&stage.batch, &stage.batch.to[1]);
	deliver_to(SLOTS - 2, 4);
	vale_batch_copy(&stage.batch, &c, 3, &stage.window, &stage.done);
	CASE(c.slots == 1 && c.packets == 1);
	CASE(stage.window.pos == 1 && stage.window.room == 1);
	CASE(slot_is(SLOTS - 1, 61, 0x100) && same(1, SLOTS - 1, 61));
	CASE(slot_is(0, 62, 0x100) && same(2, 0, 62));
	CASE(slot_is(1, 99, 99));
	stage.batch.frag[3].flags = NS_INDIRECT; /* never read as it is */
	stage.batch.frag[3].data = (const u8 *)8;
	vale_batch_copy(&stage.batch, &c, 1, &stage.window, &stage.done);
	CASE(stage.done.drops[VALE_DROP_FAULT] == 1 && stage.done.packets == 3);
	CASE(stage.window.pos == 1 && slot_is(1, 99, 99));
	return true;
}

/* Alike, more than are looked at together, over the end of the ring. */
static bool copying_row(u64 dst, struct vale_queue *q)
{
	struct vale_cursor c;
	u32 i;

	stage_reset();
	for (i = 0; i < 20; i++)
		stage_packet(i, dst, MAC_ME, 60 + i, 0);
	stage_sort(20);
	CASE(q->packets == 20 && q->slots == 20 && !stage.batch.nlearn);
	c = vale_batch_begin(&stage.batch, &stage.batch.to[1]);
	CASE(c.row);
	deliver_to(SLOTS - 5, 20);
	vale_batch_copy(&stage.batch, &c, 12, &stage.window, &stage.done);
	vale_batch_copy(&stage.batch, &c, 8, &stage.window, &stage.done);
	CASE(vale_batch_peek(&c) == VALE_BATCH_END && !c.packets && !c.slots);
	CASE(stage.window.pos == 15 && !stage.window.room);
	CASE(stage.done.packets == 20 && stage.done.slots == 20 &&
	     stage.done.bytes == 1390);
	for (i = 0; i < 20; i++) {
		u32 to = vale_ring_add(SLOTS - 5, i, SLOTS);

		CASE(slot_is(to, 60 + i, 0x100) && same(i, to, 60 + i));
	}
	for (i = SLOTS; i < SLOTS + BEHIND; i++)
		CASE(slot_is(i, 99, 99));
	return true;
}

/* A fragment too long for the receiver, and one that is not ours to read. */
static bool row_with_troubles(void)
{
	struct vale_cursor c;
	u32 i;

	stage_reset();
	for (i = 0; i < 4; i++)
		stage_packet(i, MAC_A, MAC_ME, 60 + 30 * (i == 1), 0);
	stage_packet(4, MAC_A, MAC_ME, 60, NS_INDIRECT);
	stage.tx[4].ptr = 8;
	stage_gather(0, 4);
	vale_batch_classify(&stage.batch, &stage.fdb, ME, 0);
	stage.bufs[1].size = 64;
	deliver_to(0, 4);
	c = vale_batch_begin(&stage.batch, &stage.batch.to[1]);
	CASE(c.row);
	vale_batch_copy(&stage.batch, &c, 4, &stage.window, &stage.done);
	CASE(stage.done.packets == 3 &&
	     stage.done.drops[VALE_DROP_TOO_LONG] == 1);
	CASE(slot_is(2, 60, 0x100) && slot_is(3, 99, 99) &&
	     stage.window.room == 1);
	stage_sort(4);
	stage.batch.frag[2].flags = NS_INDIRECT;
	stage.batch.frag[2].data = (const u8 *)8;
	stage.batch.indirect = true;
	deliver_to(0, 4);
	c = vale_batch_begin(&stage.batch, &stage.batch.to[1]);
	vale_batch_copy(&stage.batch, &c, 4, &stage.window, &stage.done);
	CASE(stage.done.packets == 2 && stage.done.drops[VALE_DROP_FAULT] == 1);
	return true;
}

static bool troubles(void)
{
	struct vale_cursor c;

	stage_reset();
	stage_packet(0, MAC_A, MAC_ME, 60, 0);
	stage_packet(1, MAC_A, MAC_ME, 14, NS_MOREFRAG);
	stage_fragment(2, 65, 0, 0);
	stage_packet(3, MAC_A, MAC_ME, 60, NS_MOREFRAG);
	stage_fragment(4, 20, NS_INDIRECT, 0);
	stage.tx[4].ptr = 8; /* nobody's memory */
	stage_packet(5, MAC_A, MAC_ME, 60, NS_MOREFRAG);
	stage_fragment(6, 20, NS_MOREFRAG, 0);
	stage_fragment(7, 20, 0, 0);
	stage_packet(8, MAC_A, MAC_ME, 65, 0);
	stage_packet(9, MAC_A, MAC_ME, 60, 0);
	stage_packet(10, MAC_A, MAC_ME, 60, NS_INDIRECT);
	stage.tx[10].ptr = 8;
	stage_sort(11);
	CASE(stage.batch.indirect);
	CASE(stage.batch.drops[VALE_DROP_FAULT] == 1); /* no header */
	c = vale_batch_begin(&stage.batch, &stage.batch.to[1]);
	deliver_to(0, 9);
	stage.bufs[1].size = 64;
	stage.rx[3].buf_idx = 1; /* receiver's fault */
	vale_batch_copy(&stage.batch, &c, 6, &stage.window, &stage.done);
	stage.bufs[1].size = BUF;
	CASE(stage.done.drops[VALE_DROP_TOO_LONG] == 2);
	CASE(stage.done.drops[VALE_DROP_FAULT] == 1);
	CASE(stage.done.drops[VALE_DROP_BAD_BUFFER] == 1);
	CASE(stage.done.packets == 2 && stage.done.slots == 5 &&
	     stage.done.bytes == 120);
	CASE(slot_is(0, 60, 0x100) && slot_is(1, 0, 0) && slot_is(2, 0, 0));
	CASE(stage.rx[3].len == 0 && stage.rx[3].flags == 0);
	CASE(slot_is(4, 60, 0x100));
	CASE(stage.window.pos == 5 && stage.window.room == 4);
	return true;
}

bool vale_selftest_deliver(void)
{
	CASE(fitting());
	CASE(copying());
	CASE(copying_plain());
	CASE(copying_row(MAC_A, &stage.batch.to[1]));
	CASE(copying_row(MAC_ALL, &stage.batch.flood));
	CASE(row_with_troubles());
	CASE(troubles());
	return true;
}
