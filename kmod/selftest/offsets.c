// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#include <linux/errno.h>
#include <linux/string.h>

#include "../core/fwd.h"
#include "../core/offsets.h"
#include "../core/vnet.h"
#include "selftest.h"

#define BUF	256u
#define BUFS	16u
#define SLOTS	4u
#define FURTHEST	100u

static u8 memory[BUFS * BUF];
static u8 *chunk = memory;
static const struct vale_bufs plain = {
	.chunk = &chunk,
	.shift = 4,
	.size = BUF,
	.total = BUFS,
};
static struct netmap_slot tx[SLOTS], rx[SLOTS];
static struct vale_batch batch;
static struct vale_copied done;

static int check(u64 max, u64 initial, u32 bits, u64 *mask)
{
	const struct vale_offsets o = {
		.max = max,
		.initial = initial,
		.bits = bits,
	};

	return vale_offsets_check(&o, 2048, mask);
}

static bool values(void)
{
	u64 mask;

	CASE(check(0, 0, 0, &mask) == 0 && mask == ~0ull);
	CASE(check(2048, 2048, 64, &mask) == 0 && mask == ~0ull);
	CASE(check(2049, 0, 0, &mask) == -EINVAL);
	CASE(check(0, 0, 65, &mask) == -EINVAL);
	CASE(check(0, 0, ~0u, &mask) == -EINVAL);
	CASE(check(255, 255, 8, &mask) == 0 && mask == 0xff);
	CASE(check(256, 0, 8, &mask) == -EINVAL);
	CASE(check(~0ull, 0, 0, &mask) == -EINVAL);
	CASE(check(64, 65, 16, &mask) == -EINVAL);
	return true;
}

static struct vale_bufs with(u64 max, u64 gap)
{
	const struct vale_offsets o = { .max = max, .gap = gap };
	struct vale_bufs bufs = plain;

	vale_offsets_set(&bufs, &o, 0xffff);
	return bufs;
}

static bool rings(void)
{
	struct vale_offsets o = { .max = FURTHEST };
	struct vale_bufs bufs = with(FURTHEST, 0);

	CASE(vale_bufs_room(&plain) == BUF && !vale_bufs_offset(&plain, 77));
	CASE(vale_bufs_room(&bufs) == BUF - FURTHEST);
	CASE(vale_bufs_offset(&bufs, 0xabc0000000000040) == 0x40);
	CASE(vale_bufs_offset(&bufs, 0xffff) == FURTHEST);
	CASE(vale_offsets_join(&bufs, &o, 0xffff) == 0);
	CASE(vale_offsets_join(&bufs, &o, 0xff) == 0);
	CASE(vale_offsets_join(&bufs, &o, 0x1ffff) == -EBUSY);
	o.max = FURTHEST + 1;
	CASE(vale_offsets_join(&bufs, &o, 0xff) == -EBUSY);
	bufs = with(FURTHEST, 60);
	CASE(vale_bufs_room(&bufs) == 60);
	bufs = with(FURTHEST, BUF - FURTHEST + 1);
	CASE(vale_bufs_room(&bufs) == BUF - FURTHEST);
	bufs = with(BUF, 0);
	CASE(vale_bufs_room(&bufs) == 0);
	return true;
}

/* Packets of the slots 0 and 1 to two slots of the receiver. */
static void pass(const struct vale_bufs *from, const struct vale_bufs *to,
		 u32 header)
{
	struct vale_window w = { rx, to, SLOTS, 0, 2 };
	struct vale_cursor c;
	u32 i;

	vale_batch_init(&batch);
	memset(&done, 0, sizeof(done));
	vale_batch_gather(&batch, tx, SLOTS, 0, 2, from);
	batch.exchange = true;
	for (i = 0; i < batch.nfrags; i++)
		vale_batch_queue(&batch, &batch.to[1], i);
	c = vale_batch_unicast(&batch.to[1]);
	if (header)
		vale_vnet_copy(&batch, &c, batch.npackets, header, &w, &done);
	else
		vale_batch_copy(&batch, &c, batch.npackets, &w, &done);
	batch.to[1].packets = 0;
}

static void fill(u64 tx_ptr, u64 rx_ptr, u16 len)
{
	u32 i, k;

	for (i = 0; i < SLOTS; i++) {
		tx[i] = (struct netmap_slot){ 2 + i, len, 0, tx_ptr };
		rx[i] = (struct netmap_slot){ 8 + i, 1, 1, rx_ptr };
		for (k = 0; k < BUF; k++) {
			memory[(2 + i) * BUF + k] = i * 64 + k;
			memory[(8 + i) * BUF + k] = 0xee;
		}
	}
}

/* Slot i of the receiver: bytes of slot i of the sender, and no other. */
static bool arrived(u32 i, u32 from, u32 to, u32 front, u16 len)
{
	const u8 *sent = memory + (2 + i) * BUF + from;
	const u8 *got = memory + (8 + i) * BUF;
	u32 k;

	for (k = 0; k < to; k++)
		if (got[k] != 0xee)
			return false;
	for (k = to + front + len; k < BUF; k++)
		if (got[k] != 0xee)
			return false;
	return rx[i].len == front + len && rx[i].buf_idx == 8 + i &&
	       !memcmp(got + to + front, sent, len);
}

static bool copies(void)
{
	const struct vale_bufs bufs = with(FURTHEST, 0);

	fill(20, 70, 64);
	pass(&bufs, &bufs, 0);
	CASE(arrived(0, 20, 70, 0, 64) && arrived(1, 20, 70, 0, 64));
	CASE(done.packets == 2 && done.bytes == 128 && rx[0].ptr == 70);
	fill(20, 70, 64);
	pass(&plain, &bufs, 0);
	CASE(arrived(0, 0, 70, 0, 64) && arrived(1, 0, 70, 0, 64));
	fill(20, 70, 64);
	pass(&bufs, &plain, 0);
	CASE(arrived(0, 20, 0, 0, 64) && arrived(1, 20, 0, 0, 64));
	fill(0xffff, 0xffff, BUF - FURTHEST);		/* as far as it goes */
	pass(&bufs, &bufs, 0);
	CASE(arrived(0, FURTHEST, FURTHEST, 0, BUF - FURTHEST));
	fill(0xffff, 0, BUF - FURTHEST + 1);
	pass(&bufs, &bufs, 0);
	CASE(!done.packets && batch.drops[VALE_DROP_BAD_SLOT] == 2);
	fill(0, 0, BUF - FURTHEST + 1);			/* the receiver's room */
	pass(&bufs, &bufs, 0);
	CASE(!done.packets && done.drops[VALE_DROP_TOO_LONG] == 2);
	fill(20, 70, 64);
	pass(&bufs, &bufs, 12);
	CASE(arrived(0, 20, 70, 12, 64) && arrived(1, 20, 70, 12, 64));
	return true;
}

bool vale_selftest_offsets(void)
{
	CASE(values());
	CASE(rings());
	CASE(copies());
	return true;
}
