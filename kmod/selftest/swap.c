// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#include <linux/string.h>

#include "../core/swap.h"
#include "selftest.h"

#define BUF	64u
#define BUFS	40u
#define SLOTS	8u
#define MINE	2u	/* first buffer of the sender's slots */
#define ITS	20u	/* of the receiver's */
#define NONE	BUFS	/* no buffer */

static u8 memory[BUFS * BUF];
static u8 *chunk = memory;
static const struct vale_bufs bufs = {
	.chunk = &chunk, .shift = 6, .size = BUF, .total = BUFS,
	.present = ITS - VALE_BUF_FIRST	/* of the others the table tells */
};
static struct netmap_slot tx[SLOTS], rx[SLOTS];
static struct vale_swap swap;

/* From the sender's `at` to `head`, into the receiver's slots from pos on. */
static void reset(u32 at, u32 head, u32 pos, u32 room)
{
	u32 i;

	for (i = 0; i < SLOTS; i++) {
		tx[i] = (struct netmap_slot){
			.buf_idx = MINE + i, .len = 20 + i
		};
		rx[i] = (struct netmap_slot){ .buf_idx = ITS + i, .len = 7 };
	}
	swap = (struct vale_swap){
		.from = tx, .to = rx, .from_n = SLOTS, .to_n = SLOTS,
		.at = at, .head = head, .pos = pos, .room = room, .max = 100
	};
}

static bool ended(u32 at, u32 room, u32 packets, u32 bytes)
{
	return swap.at == at && swap.room == room && swap.packets == packets &&
	       swap.bytes == bytes;
}

static bool swapped(u32 from, u32 to, u16 flags)
{
	return tx[from].buf_idx == ITS + to && rx[to].buf_idx == MINE + from &&
	       tx[from].flags == (flags | NS_BUF_CHANGED) &&
	       rx[to].flags == (flags | NS_BUF_CHANGED) &&
	       rx[to].len == 20 + from;
}

static bool as_was(u32 from, u32 to)
{
	return tx[from].buf_idx == MINE + from && rx[to].buf_idx == ITS + to &&
	       rx[to].len == 7 && !rx[to].flags;
}

/* Around the ends of both rings. */
static bool plain(void)
{
	reset(6, 2, 7, 6);
	tx[7].flags = NS_REPORT;
	vale_swap_frames(&swap, &bufs);
	CASE(swapped(6, 7, 0) && swapped(7, 0, 0) && swapped(0, 1, 0) &&
	     swapped(1, 2, 0) && as_was(2, 3));
	CASE(ended(2, 2, 4, 26 + 27 + 20 + 21) && swap.pos == 3);
	return true;
}

static bool no_room(void)
{
	reset(0, 5, 0, 2);
	vale_swap_frames(&swap, &bufs);
	CASE(swapped(1, 1, 0) && as_was(2, 2));
	CASE(ended(2, 0, 2, 20 + 21));
	return true;
}

static bool many_slots(void)
{
	reset(6, 3, 0, 5);
	tx[6].flags = NS_MOREFRAG;
	tx[7].flags = NS_MOREFRAG;
	tx[1].flags = NS_MOREFRAG;
	vale_swap_frames(&swap, &bufs);
	CASE(swapped(6, 0, NS_MOREFRAG) && swapped(7, 1, NS_MOREFRAG) &&
	     swapped(0, 2, 0) && swapped(1, 3, NS_MOREFRAG) &&
	     swapped(2, 4, 0));
	CASE(ended(3, 0, 2, 26 + 27 + 20 + 21 + 22));

	reset(0, 5, 0, 2);	/* a frame goes as a whole */
	tx[1].flags = NS_MOREFRAG;
	vale_swap_frames(&swap, &bufs);
	CASE(swapped(0, 0, 0) && as_was(1, 1) && ended(1, 1, 1, 20));

	reset(0, 2, 0, 5);	/* and when its end is known */
	tx[1].flags = NS_MOREFRAG;
	vale_swap_frames(&swap, &bufs);
	CASE(as_was(1, 1) && ended(1, 4, 1, 20));
	return true;
}

/* Slot 1 is left to others, whatever is wrong with it. */
static bool stops(void)
{
	vale_swap_frames(&swap, &bufs);
	return swapped(0, 0, 0) && rx[1].len == 7 && !rx[1].flags &&
	       tx[2].buf_idx == MINE + 2 && ended(1, 4, 1, 20);
}

static bool not_plain(void)
{
	reset(0, 3, 0, 5);
	tx[1].len = 13;
	CASE(stops());
	reset(0, 3, 0, 5);
	tx[1].len = BUF + 1;
	CASE(stops());
	reset(0, 3, 0, 5);
	tx[1].buf_idx = NONE;
	CASE(stops());
	reset(0, 3, 0, 5);
	rx[1].buf_idx = NONE;
	CASE(stops());
	reset(0, 3, 0, 5);
	tx[1].len = 40;
	swap.max = 39;
	CASE(stops());
	reset(0, 3, 0, 5);
	tx[1].flags = NS_MOREFRAG;
	tx[1].len = 30;
	swap.max = 30 + 22 - 1;
	CASE(stops());
	return true;
}

bool vale_selftest_swap(void)
{
	CASE(plain());
	CASE(no_room());
	CASE(many_slots());
	CASE(not_plain());
	return true;
}
