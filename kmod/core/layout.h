/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef VALE_CORE_LAYOUT_H
#define VALE_CORE_LAYOUT_H

#include <linux/types.h>

/*
 * A region is three pools end to end, each a row of clusters; a cluster is the
 * smallest number of objects that fills whole pages (SEMANTICS 6.7).
 *
 *   0             pool[RING].offset     pool[BUF].offset         bytes
 *   | netmap_if ...| netmap_ring ...     | buffers ...            |
 */
enum vale_pool_kind {
	VALE_POOL_IF,
	VALE_POOL_RING,
	VALE_POOL_BUF,
	VALE_POOLS,
};

/* What is asked for: module parameters or needs, before any rounding. */
struct vale_pool_want {
	u32 size;
	u32 num;
};

struct vale_pool {
	u32 objsize;
	u32 objtotal;
	u32 cluster_objs;	/* not of memory that is there already */
	u32 cluster_bytes;
	u32 together;	/* objects that are taken at once: pool.h */
	u32 colour;	/* where in each chunk objects begin: pool.h */
	u64 offset;
	u64 bytes;
};

struct vale_layout {
	struct vale_pool pool[VALE_POOLS];
	u64 bytes;
};

/* What a private region must hold: NIC rings without host rings. */
struct vale_layout_need {
	u32 tx_rings;
	u32 rx_rings;
	u32 tx_slots;
	u32 rx_slots;
	u32 pipes;
	u32 extra_bufs;
};

#define VALE_PIPES_PER_PORT 2

extern const struct vale_pool_want vale_layout_global[VALE_POOLS];
extern const struct vale_pool_want vale_layout_private[VALE_POOLS];

/* Buffers of the port alone, the reserved ones included: what its rings take. */
u64 vale_layout_port_bufs(const struct vale_layout_need *need);

/* Raise `want` (module parameters) to what the port needs. -EINVAL: no such
 * region can be. */
int vale_layout_raise(struct vale_pool_want want[VALE_POOLS],
		      const struct vale_layout_need *need);

/*
 * 0, or -EINVAL if a size or number is out of the range of private or global
 * regions or a pool has no cluster of at most 4 MiB. page_size: a power of two.
 */
int vale_layout_init(struct vale_layout *layout,
		     const struct vale_pool_want want[VALE_POOLS],
		     bool global, u32 page_size);

/*
 * The same in `bytes` that are there already, a multiple of page_size: sizes
 * are taken as they are and each pool starts on a page; what is left over
 * becomes buffers. -EINVAL: out of range, or not a multiple of 8. -ENOMEM:
 * does not fit.
 */
int vale_layout_fit(struct vale_layout *layout,
		    const struct vale_pool_want want[VALE_POOLS], u64 bytes,
		    u32 page_size);

/* Where object idx of the pool starts in the region. */
static inline u64 vale_layout_offset(const struct vale_pool *pool, u32 idx)
{
	return pool->offset + (u64)idx * pool->objsize;
}

#endif /* VALE_CORE_LAYOUT_H */
