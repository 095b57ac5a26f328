// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#include <linux/errno.h>
#include <linux/string.h>

#include "../core/layout.h"
#include "selftest.h"

/* Size of the private region of a port, 0 if it cannot be. */
static u64 region(u32 tx_rings, u32 rx_rings, u32 slots, u32 pipes, u32 extra)
{
	struct vale_layout_need need = {
		tx_rings, rx_rings, slots, slots, pipes, extra
	};
	struct vale_pool_want want[VALE_POOLS];
	struct vale_layout l;

	memcpy(want, vale_layout_private, sizeof(want));
	if (vale_layout_raise(want, &need) ||
	    vale_layout_init(&l, want, false, 4096))
		return 0;
	return l.bytes;
}

static bool pool(const struct vale_pool *p, u32 size, u32 total, u32 cluster,
		 u64 offset)
{
	return p->objsize == size && p->objtotal == total &&
	       p->cluster_objs == cluster && p->offset == offset &&
	       p->cluster_bytes == size * cluster &&
	       p->bytes == (u64)size * total;
}

static bool defaults(void)
{
	struct vale_layout_need need = { 1, 1, 1024, 1024, 2, 0 };
	struct vale_pool_want want[VALE_POOLS];
	struct vale_layout l;

	CASE(!vale_layout_init(&l, vale_layout_global, true, 4096));
	CASE(pool(&l.pool[VALE_POOL_IF], 1024, 100, 4, 0));
	CASE(pool(&l.pool[VALE_POOL_RING], 36864, 200, 1, 102400));
	CASE(pool(&l.pool[VALE_POOL_BUF], 2048, 163840, 2, 7475200));
	CASE(l.bytes == 343019520);
	CASE(l.pool[VALE_POOL_BUF].together == 163840);

	memcpy(want, vale_layout_private, sizeof(want));
	CASE(!vale_layout_raise(want, &need));
	CASE(!vale_layout_init(&l, want, false, 4096));
	CASE(pool(&l.pool[VALE_POOL_IF], 1024, 12, 4, 0));
	CASE(pool(&l.pool[VALE_POOL_RING], 20480, 20, 1, 12288));
	CASE(pool(&l.pool[VALE_POOL_BUF], 2048, 20482, 2, 421888));
	CASE(vale_layout_offset(&l.pool[VALE_POOL_RING], 1) == 32768);
	return true;
}

static bool port_bufs(void)
{
	struct vale_layout_need need = { 1, 1, 1024, 1024, 2, 0 };
	struct vale_layout_need uneven = { 2, 3, 64, 128, 2, 5 };

	CASE(vale_layout_port_bufs(&need) == 2050);
	CASE(vale_layout_port_bufs(&uneven) == 2 * 64 + 3 * 128 + 5 + 2);
	return true;
}

/* As seen on the reference implementation. */
static bool observed(void)
{
	CASE(region(1, 1, 1, 2, 0) == 8814592);
	CASE(region(1, 1, 63, 2, 0) == 8814592);
	CASE(region(1, 1, 100, 2, 0) == 8814592);
	CASE(region(1, 1, 256, 2, 0) == 10911744);
	CASE(region(1, 1, 1024, 2, 0) == 42369024);
	CASE(region(1, 1, 4096, 2, 0) == 169893888);
	CASE(region(2, 2, 1024, 2, 0) == 46604288);
	CASE(region(4, 4, 1024, 2, 0) == 55074816);
	CASE(region(16, 16, 1024, 2, 0) == 105897984);
	CASE(region(1, 3, 1024, 2, 0) == 46604288);
	CASE(region(1, 1, 1024, 2, 1) == 42373120);
	CASE(region(1, 1, 1024, 2, 8) == 42385408);
	CASE(region(1, 1, 1024, 2, 1000) == 44417024);
	CASE(region(1, 1, 1024, 2, 100000) == 247169024);
	CASE(region(1, 1, 1024, 2, 524288) == 1116110848);
	CASE(region(1, 1, 1024, 0, 0) == 8478720);
	return true;
}

static int sized(bool global, u32 kind, u32 size, u32 num)
{
	struct vale_pool_want want[VALE_POOLS];
	struct vale_layout l;

	memcpy(want, global ? vale_layout_global : vale_layout_private,
	       sizeof(want));
	want[kind] = (struct vale_pool_want){ size, num };
	return vale_layout_init(&l, want, global, 4096);
}

static bool bounds(void)
{
	CASE(sized(true, VALE_POOL_IF, 64, 10) == 0);
	CASE(sized(true, VALE_POOL_IF, 63, 10) == -EINVAL);
	CASE(sized(true, VALE_POOL_IF, 4097, 10) == -EINVAL);
	CASE(sized(true, VALE_POOL_IF, 4096, 9) == -EINVAL);
	CASE(sized(true, VALE_POOL_IF, 4096, 10000) == 0);
	CASE(sized(true, VALE_POOL_IF, 4096, 10001) == -EINVAL);
	CASE(sized(false, VALE_POOL_IF, 64, 1) == 0);
	CASE(sized(false, VALE_POOL_IF, 64, 0) == -EINVAL);
	CASE(sized(false, VALE_POOL_IF, 64, 101) == -EINVAL);
	CASE(sized(true, VALE_POOL_RING, 255, 2) == -EINVAL);
	CASE(sized(true, VALE_POOL_RING, 256, 1) == -EINVAL);
	CASE(sized(true, VALE_POOL_RING, 131072, 1024) == 0);
	CASE(sized(true, VALE_POOL_RING, 131073, 1024) == -EINVAL);
	CASE(sized(true, VALE_POOL_RING, 256, 1025) == -EINVAL);
	CASE(sized(true, VALE_POOL_RING, 131008, 2) == -EINVAL); /* > 4 MiB */
	CASE(sized(false, VALE_POOL_BUF, 63, 4) == -EINVAL);
	CASE(sized(false, VALE_POOL_BUF, 65536, 4) == 0);
	CASE(sized(false, VALE_POOL_BUF, 65537, 4) == -EINVAL);
	CASE(sized(false, VALE_POOL_BUF, 64, 3) == -EINVAL);
	CASE(sized(false, VALE_POOL_BUF, 64, 1000001) == -EINVAL);
	return true;
}

static bool overflow(void)
{
	struct vale_layout_need need = { 1, 1, 4096, 4096, 2, ~0u };
	struct vale_pool_want want[VALE_POOLS];

	memcpy(want, vale_layout_private, sizeof(want));
	CASE(vale_layout_raise(want, &need) == -EINVAL);
	return true;
}

static bool at(const struct vale_pool *p, u32 size, u32 total, u64 offset)
{
	return p->objsize == size && p->objtotal == total &&
	       p->offset == offset;
}

/* Memory of 64 pages: two for 3 netmap_if, one for 2 rings, 61 for buffers. */
static const struct vale_pool_want small[VALE_POOLS] = {
	[VALE_POOL_IF] = { 2048, 3 },
	[VALE_POOL_RING] = { 1032, 2 },
	[VALE_POOL_BUF] = { 1000, 8 },
};

static int fit(u32 kind, u32 size, u32 num, u64 pages)
{
	struct vale_pool_want want[VALE_POOLS];
	struct vale_layout l;

	memcpy(want, small, sizeof(want));
	want[kind] = (struct vale_pool_want){ size, num };
	return vale_layout_fit(&l, want, pages * 4096, 4096);
}

static bool brought(void)
{
	struct vale_layout l;

	CASE(!vale_layout_fit(&l, small, 64 * 4096, 4096));
	CASE(l.bytes == 64 * 4096);
	CASE(at(&l.pool[VALE_POOL_IF], 2048, 3, 0));
	CASE(at(&l.pool[VALE_POOL_RING], 1032, 2, 2 * 4096));
	CASE(at(&l.pool[VALE_POOL_BUF], 1000, 61 * 4096 / 1000, 3 * 4096));
	CASE(!vale_layout_fit(&l, small, 5 * 4096, 4096));
	CASE(at(&l.pool[VALE_POOL_BUF], 1000, 8, 3 * 4096));
	CASE(vale_layout_fit(&l, small, 4 * 4096, 4096) == -ENOMEM);
	CASE(vale_layout_fit(&l, small, 0, 4096) == -ENOMEM);
	CASE(fit(VALE_POOL_IF, 4096, 62, 64) == -ENOMEM);
	CASE(fit(VALE_POOL_BUF, 65536, 1u << 30, 64) == -ENOMEM);
	CASE(fit(VALE_POOL_BUF, 65536, (1u << 30) + 1, 64) == -EINVAL);
	CASE(fit(VALE_POOL_BUF, 1004, 8, 64) == -EINVAL);
	CASE(fit(VALE_POOL_BUF, 1000, 3, 64) == -EINVAL);
	CASE(fit(VALE_POOL_BUF, 56, 8, 64) == -EINVAL);
	CASE(fit(VALE_POOL_RING, 248, 1, 64) == -EINVAL);
	CASE(fit(VALE_POOL_RING, 256, 0, 64) == -EINVAL);
	CASE(fit(VALE_POOL_RING, 256, 10001, 64) == -EINVAL);
	CASE(fit(VALE_POOL_IF, 60, 1, 64) == -EINVAL);
	CASE(fit(VALE_POOL_IF, 64, 1, 64) == 0);
	CASE(fit(VALE_POOL_IF, 64, 10001, 64) == -EINVAL);
	/* more buffers than an index counts */
	CASE(!vale_layout_fit(&l, small, 1ull << 44, 4096));
	CASE(l.pool[VALE_POOL_BUF].objtotal == 1u << 30);
	return true;
}

bool vale_selftest_layout(void)
{
	CASE(brought());
	CASE(defaults());
	CASE(port_bufs());
	CASE(observed());
	CASE(bounds());
	CASE(overflow());
	return true;
}
