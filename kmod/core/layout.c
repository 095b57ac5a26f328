// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/types.h>
#include <net/netmap.h>

#include "layout.h"

#define OBJECT_ALIGN	64u
#define CLUSTER_MAX	(4u << 20)
#define PAGE_4K		4096u
#define RESERVED_BUFS	2
#define BROUGHT_ALIGN	8u	/* of the words in an object */
#define BROUGHT_BUFS_MAX (1u << 30)

struct bounds {
	u32 min_size;
	u32 max_size;
	u32 min_num;
	u32 max_num;
};

static const struct bounds global_bounds[VALE_POOLS] = {
	[VALE_POOL_IF] = { 64, 4096, 10, 10000 },
	[VALE_POOL_RING] = { 256, 32 * PAGE_4K, 2, 1024 },
	[VALE_POOL_BUF] = { 64, 65536, 4, 1000000 },
};

static const struct bounds private_bounds[VALE_POOLS] = {
	[VALE_POOL_IF] = { 64, 4096, 1, 100 },
	[VALE_POOL_RING] = { 256, 32 * PAGE_4K, 2, 1024 },
	[VALE_POOL_BUF] = { 64, 65536, 4, 1000000 },
};

/* Of memory that programs bring along: they pay for it. */
static const struct bounds brought_bounds[VALE_POOLS] = {
	[VALE_POOL_IF] = { 64, 4096, 1, 10000 },
	[VALE_POOL_RING] = { 256, 32 * PAGE_4K, 1, 10000 },
	[VALE_POOL_BUF] = { 64, 65536, 4, BROUGHT_BUFS_MAX },
};

const struct vale_pool_want vale_layout_global[VALE_POOLS] = {
	[VALE_POOL_IF] = { 1024, 100 },
	[VALE_POOL_RING] = { 9 * PAGE_4K, 200 },
	[VALE_POOL_BUF] = { 2048, 163840 },
};

const struct vale_pool_want vale_layout_private[VALE_POOLS] = {
	[VALE_POOL_IF] = { 1024, 2 },
	[VALE_POOL_RING] = { 5 * PAGE_4K, 4 },
	[VALE_POOL_BUF] = { 2048, 4098 },
};

/* False: more than any pool may have. */
static bool raise(u32 *value, u64 need)
{
	if (need != (u32)need)
		return false;
	*value = max_t(u32, *value, need);
	return true;
}

u64 vale_layout_port_bufs(const struct vale_layout_need *need)
{
	return (u64)need->tx_rings * need->tx_slots +
	       (u64)need->rx_rings * need->rx_slots +
	       RESERVED_BUFS + need->extra_bufs;
}

int vale_layout_raise(struct vale_pool_want want[VALE_POOLS],
		      const struct vale_layout_need *need)
{
	/* one phantom host ring in each direction */
	u64 tx = (u64)need->tx_rings + 1;
	u64 rx = (u64)need->rx_rings + 1;
	u64 pipes = need->pipes;
	u64 bufs = vale_layout_port_bufs(need) +
		   (4 * pipes + 1) * ((u64)need->rx_slots + need->tx_slots);
	u64 slots = max(need->tx_slots, need->rx_slots);

	if (!raise(&want[VALE_POOL_IF].size, sizeof(struct netmap_if) +
		   sizeof(u64) * (tx + rx)) ||
	    !raise(&want[VALE_POOL_IF].num, 2 + 4 * pipes) ||
	    !raise(&want[VALE_POOL_RING].size, sizeof(struct netmap_ring) +
		   sizeof(struct netmap_slot) * slots) ||
	    !raise(&want[VALE_POOL_RING].num, tx + rx + 8 * pipes) ||
	    !raise(&want[VALE_POOL_BUF].num, bufs))
		return -EINVAL;
	return 0;
}

static bool in_bounds(const struct vale_pool_want *want,
		      const struct bounds *bounds)
{
	return want->size >= bounds->min_size &&
	       want->size <= bounds->max_size &&
	       want->num >= bounds->min_num && want->num <= bounds->max_num;
}

static int make_pool(struct vale_pool *pool, const struct vale_pool_want *want,
		     u32 page_size)
{
	u32 size = (want->size + OBJECT_ALIGN - 1) & ~(OBJECT_ALIGN - 1);
	u32 objs = page_size;
	u32 clusters;

	/* smallest power of two with whole pages: page_size / gcd */
	while (objs > 1 && !(size * (u64)(objs / 2) % page_size))
		objs /= 2;
	if ((u64)size * objs > CLUSTER_MAX)
		return -EINVAL;
	clusters = (want->num + objs - 1) / objs;
	*pool = (struct vale_pool){
		.objsize = size,
		.objtotal = clusters * objs,
		.cluster_objs = objs,
		.cluster_bytes = size * objs,
		.bytes = (u64)clusters * size * objs,
	};
	return 0;
}

int vale_layout_init(struct vale_layout *layout,
		     const struct vale_pool_want want[VALE_POOLS],
		     bool global, u32 page_size)
{
	const struct bounds *bounds = global ? global_bounds : private_bounds;
	int err;
	u32 i;

	layout->bytes = 0;
	for (i = 0; i < VALE_POOLS; i++) {
		if (!in_bounds(&want[i], &bounds[i]))
			return -EINVAL;
		err = make_pool(&layout->pool[i], &want[i], page_size);
		if (err)
			return err;
		layout->pool[i].offset = layout->bytes;
		layout->bytes += layout->pool[i].bytes;
	}
	layout->pool[VALE_POOL_BUF].together =
		layout->pool[VALE_POOL_BUF].objtotal;
	return 0;
}

int vale_layout_fit(struct vale_layout *layout,
		    const struct vale_pool_want want[VALE_POOLS], u64 bytes,
		    u32 page_size)
{
	struct vale_pool *buf = &layout->pool[VALE_POOL_BUF];
	u64 room, end = 0;
	u32 i;

	for (i = 0; i < VALE_POOLS; i++) {
		struct vale_pool *pool = &layout->pool[i];

		if (!in_bounds(&want[i], &brought_bounds[i]) ||
		    want[i].size % BROUGHT_ALIGN)
			return -EINVAL;
		*pool = (struct vale_pool){
			.objsize = want[i].size,
			.objtotal = want[i].num,
			.offset = end,
			.bytes = ((u64)want[i].size * want[i].num +
				  page_size - 1) & ~(u64)(page_size - 1),
		};
		end += pool->bytes;
	}
	if (end > bytes)
		return -ENOMEM;
	room = bytes - buf->offset;
	buf->objtotal = min_t(u64, room / buf->objsize, BROUGHT_BUFS_MAX);
	buf->bytes = room;
	layout->bytes = bytes;
	return 0;
}
