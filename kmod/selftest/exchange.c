// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#include <linux/string.h>

#include "../core/fwd.h"
#include "selftest.h"

#define BUF	64u
#define BUFS	40u
#define SLOTS	8u
#define MINE	2u	/* first buffer of the sender's slots */
#define ITS	20u	/* of the receiver's */
#define ME	3

#define MAC_A	0x0000000000a2ull	/* on port 1 */
#define MAC_ALL	0xffffffffffffull

static u8 memory[BUFS * BUF];
static u8 *chunk[2];		/* the same memory, as two regions */
static struct vale_bufs bufs[2];
static struct netmap_slot tx[SLOTS], rx[SLOTS];
static struct vale_batch batch;
static u8 table[VALE_FDB_BYTES_MIN] __aligned(64);
static struct vale_fdb fdb;
static struct vale_copied done;

static void reset(void)
{
	static const u64 key[2] = { 1, 0x9e3779b97f4a7c15 };
	u32 i;
	u8 old;

	memset(table, 0, sizeof(table));
	vale_fdb_init(&fdb, table, 64, key);
	vale_fdb_learn(&fdb, MAC_A, 1, 0, &old);
	memset(memory, 0, sizeof(memory));
	memset(&done, 0, sizeof(done));
	for (i = 0; i < 2; i++) {
		chunk[i] = memory;
		bufs[i] = (struct vale_bufs){
			.chunk = &chunk[i],
			.shift = 6,
			.size = BUF,
			.total = BUFS,
			.present = BUFS - VALE_BUF_FIRST,
		};
	}
	for (i = 0; i < SLOTS; i++) {
		tx[i] = (struct netmap_slot){ .buf_idx = MINE + i };
		rx[i] = (struct netmap_slot){ .buf_idx = ITS + i };
	}
}

static void packet(u32 i, u64 dst, u16 len, u16 flags)
{
	u8 *data = vale_buf(&bufs[0], MINE + i);
	u32 k;

	memset(data, i + 1, BUF);
	for (k = 0; k < 6; k++) {
		data[k] = dst >> 8 * k;
		data[6 + k] = 0;
	}
	tx[i].len = len;
	tx[i].flags = flags;
}

static void gather(u32 from, u32 to)
{
	vale_batch_init(&batch);
	vale_batch_gather(&batch, tx, SLOTS, from, to, &bufs[0]);
	vale_batch_classify(&batch, &fdb, ME, 0);
	batch.exchange = true;
}

/* To port 1, whose buffers are those of region r, from slot pos on. */
static void deliver(u32 r, u32 pos)
{
	struct vale_cursor c = vale_batch_begin(&batch, &batch.to[1]);
	struct vale_window w = { rx, &bufs[r], SLOTS, pos, c.slots };

	vale_batch_copy(&batch, &c, c.packets, &w, &done);
}

/* Do the buffers of these slots stand in each other's place? */
static bool exchanged(u32 from, u32 to)
{
	return tx[from].buf_idx == ITS + to && rx[to].buf_idx == MINE + from &&
	       tx[from].flags & NS_BUF_CHANGED &&
	       rx[to].flags == (0x100 | NS_BUF_CHANGED) &&
	       rx[to].len == tx[from].len;
}

static bool copied(u32 from, u32 to)
{
	return tx[from].buf_idx == MINE + from &&
	       rx[to].buf_idx == ITS + to &&
	       !(tx[from].flags & NS_BUF_CHANGED) &&
	       !(rx[to].flags & NS_BUF_CHANGED) &&
	       !memcmp(vale_buf(&bufs[0], MINE + from),
		       vale_buf(&bufs[0], ITS + to), rx[to].len);
}

static bool plain(void)
{
	reset();
	packet(7, MAC_A, 60, 0);	/* around the ends of both rings */
	packet(0, MAC_A, 14, NS_NO_LEARN);
	packet(1, MAC_A, 64, 0);
	gather(7, 2);
	tx[0].len = 33;			/* too late to be said */
	deliver(0, 6);
	CASE(exchanged(7, 6) && exchanged(0, 7) && exchanged(1, 0));
	CASE(tx[0].flags == (NS_NO_LEARN | NS_BUF_CHANGED));
	CASE(done.packets == 3 && done.slots == 3 && done.bytes == 138);
	CASE(memory[ITS * BUF] == 0);	/* nothing was copied */
	return true;
}

static bool not_exchanged(void)
{
	reset();
	packet(0, MAC_A, 60, 0);
	gather(0, 1);
	batch.exchange = false;
	CASE(batch.origin.slot);
	deliver(0, 0);
	CASE(copied(0, 0));
	reset();
	packet(0, MAC_A, 60, 0);
	gather(0, 1);
	deliver(1, 0);			/* another region */
	CASE(copied(0, 0));
	reset();
	packet(0, MAC_A, 60, 0);
	packet(1, MAC_ALL, 60, 0);
	gather(0, 2);
	deliver(0, 0);
	CASE(copied(0, 0) && copied(1, 1));
	reset();
	packet(0, MAC_A, 60, 0);
	tx[1] = (struct netmap_slot){ BUFS, 60, 0, 0 };
	packet(2, MAC_A, 60, 0);
	gather(0, 3);			/* slots and fragments out of step */
	deliver(0, 0);
	CASE(copied(0, 0) && rx[1].buf_idx == ITS + 1);
	return true;
}

static bool mixed(void)
{
	reset();
	packet(0, MAC_A, 60, 0);
	packet(1, MAC_A, 60, NS_MOREFRAG);
	packet(2, MAC_A, 60, 0);
	packet(3, MAC_A, 60, 0);
	gather(0, 4);
	deliver(0, 0);
	CASE(exchanged(0, 0) && copied(1, 1) && copied(2, 2));
	CASE(exchanged(3, 3));
	CASE(done.packets == 3 && done.slots == 4 && done.bytes == 240);
	return true;
}

/* Who changes an index in between, or has a bad one, keeps what he has. */
static bool hostile(void)
{
	reset();
	packet(0, MAC_A, 60, 0);
	packet(1, MAC_A, 60, 0);
	gather(0, 2);
	tx[0].buf_idx = BUFS;
	rx[1].buf_idx = 1;
	deliver(0, 0);
	CASE(tx[0].buf_idx == BUFS && rx[0].buf_idx == ITS);
	CASE(rx[0].flags == 0x100 && memory[ITS * BUF] == 0xa2);
	CASE(tx[1].buf_idx == MINE + 1 && rx[1].buf_idx == 1);
	CASE(rx[1].len == 0 && done.drops[VALE_DROP_BAD_BUFFER] == 1);
	return true;
}

bool vale_selftest_exchange(void)
{
	CASE(plain());
	CASE(not_exchanged());
	CASE(mixed());
	CASE(hostile());
	return true;
}
