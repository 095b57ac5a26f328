// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#include "stage.h"

static bool queue(const struct vale_queue *q, u32 packets, u32 slots)
{
	return q->packets == packets && q->slots == slots;
}

/* The next four packets of that destination. */
static bool order(const struct vale_queue *q, u16 a, u16 b, u16 c, u16 d)
{
	struct vale_cursor cur = vale_batch_begin(&stage.batch, q);

	return vale_batch_next(&stage.batch, &cur) == a &&
	       vale_batch_next(&stage.batch, &cur) == b &&
	       vale_batch_next(&stage.batch, &cur) == c &&
	       vale_batch_next(&stage.batch, &cur) == d;
}

static bool sorting(void)
{
	u16 end = VALE_BATCH_END;
	u32 i;

	stage_reset();
	stage_packet(0, MAC_A, MAC_ME, 60, 0);
	stage_packet(1, MAC_B, MAC_ME, 61, 0);
	stage_packet(2, MAC_ALL, MAC_ME, 62, 0);
	stage_packet(3, MAC_NEW, MAC_ME, 63, 0);
	stage_packet(4, MAC_B, MAC_ME, 64, NS_MOREFRAG);
	stage_fragment(5, 100, 0, 0);
	stage_packet(6, MAC_ME, MAC_ME, 60, 0);
	stage_packet(7, MAC_A, MAC_ME, 60, 0);
	stage_fragment(8, 13, 0, 0);
	stage_sort(9);
	CASE(stage.batch.ndst == 2 && stage.batch.dst[0] == 1 &&
	     stage.batch.dst[1] == 2);
	CASE(queue(&stage.batch.to[1], 2, 2));
	CASE(queue(&stage.batch.to[2], 2, 3));
	CASE(queue(&stage.batch.flood, 2, 2));
	CASE(stage.batch.nmulticast == 1);
	CASE(stage.batch.drops[VALE_DROP_SAME_PORT] == 1);
	CASE(stage.batch.drops[VALE_DROP_RUNT] == 1);
	CASE(order(&stage.batch.to[1], 0, 2, 3, 7));
	CASE(order(&stage.batch.to[2], 1, 2, 3, 4));
	CASE(order(&stage.batch.to[9], 2, 3, end, end));
	CASE(order(NULL, 2, 3, end, end));

	stage_packet(0, MAC_B, MAC_ME, 60, 0); /* nothing is left over */
	stage_sort(1);
	CASE(stage.batch.ndst == 1 && stage.batch.dst[0] == 2 &&
	     !stage.batch.flood.packets);
	CASE(queue(&stage.batch.to[1], 0, 2) &&
	     queue(&stage.batch.to[2], 1, 1));
	CASE(order(&stage.batch.to[2], 0, end, end, end));
	CASE(order(&stage.batch.to[1], end, end, end, end));

	stage_fragment(0, 13, 0, 0); /* nothing seen before it */
	stage_sort(1);
	CASE(stage.batch.drops[VALE_DROP_RUNT] == 1 && !stage.batch.ndst);
	CASE(!stage.batch.flood.packets);

	for (i = 0; i < 5; i++) /* runs of two */
		stage_packet(i, i == 2 ? MAC_B : MAC_A, MAC_ME, 60, 0);
	stage_sort(5);
	CASE(order(&stage.batch.to[1], 0, 1, 3, 4));
	return true;
}

static bool learning(void)
{
	stage_reset();
	stage_packet(0, MAC_A, MAC_NEW, 60, NS_NO_LEARN);
	stage_packet(1, MAC_A, MAC_NEW, 60, 0);
	stage_packet(2, MAC_A, MAC_NEW, 60, 0);
	stage_packet(3, MAC_A, MAC_ME, 60, 0); /* known */
	stage_packet(4, MAC_A, MAC_B, 60, 0);  /* moved */
	stage_packet(5, MAC_A, MAC_ALL, 60, 0);
	stage_packet(6, MAC_A, 0, 60, 0);
	stage_fragment(7, 13, 0, 2);
	stage_sort(8);
	CASE(stage.batch.nlearn == 2);
	CASE(stage.batch.learn[0] == MAC_NEW && stage.batch.learn[1] == MAC_B);
	CASE(stage.batch.to[1].packets == 7);
	stage_sort(1);
	CASE(stage.batch.nlearn == 0);
	return true;
}

static bool learning_late(void)
{
	u32 i;

	stage_reset();
	for (i = 0; i < 40; i++)
		stage_packet(i, MAC_A, i == 30 ? MAC_NEW : MAC_ME, 60, 0);
	stage_fragment(2, 13, 0, 0);
	stage_sort(40);
	CASE(stage.batch.nlearn == 1 && stage.batch.learn[0] == MAC_NEW);
	CASE(stage.batch.to[1].packets == 39 && stage.batch.to[1].slots == 39);
	CASE(stage.batch.drops[VALE_DROP_RUNT] == 1);
	return true;
}

/* Which of two queues' packets come next has to be looked up. */
static bool no_row(void)
{
	stage_reset();
	stage_packet(0, MAC_ALL, MAC_ME, 60, 0);
	stage_packet(1, MAC_A, MAC_ME, 60, 0);
	stage_sort(2);
	CASE(!vale_batch_begin(&stage.batch, &stage.batch.to[1]).row);
	CASE(vale_batch_begin(&stage.batch, NULL).row);
	stage_packet(1, MAC_B, MAC_ME, 60, 0);
	stage_packet(2, MAC_ALL, MAC_ME, 60, 0);
	stage_sort(3);
	CASE(!vale_batch_begin(&stage.batch, NULL).row);
	stage_packet(0, MAC_A, MAC_ME, 60, NS_MOREFRAG);
	stage_fragment(1, 60, 0, 0);
	stage_sort(2);
	CASE(!vale_batch_begin(&stage.batch, &stage.batch.to[1]).row);
	return true;
}

bool vale_selftest_classify(void)
{
	CASE(sorting());
	CASE(learning());
	CASE(learning_late());
	CASE(no_row());
	return true;
}
