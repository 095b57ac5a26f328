/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef VALE_POOL_H
#define VALE_POOL_H

#include <linux/types.h>

#include "core/layout.h"

struct page;

/*
 * Objects of one size. Memory is allocated in chunks, when the first object of
 * a chunk is taken; in memory of a program it is one chunk, there from the
 * start. Chunks hold what the layout says is taken together, as far as 2 MiB
 * do.
 *
 * Objects of a size that pages are multiples of begin in few sets of the caches,
 * and in the same ones in every region. A colour moves those of a region to sets
 * of their own. It costs the last object of each chunk, which would reach into
 * the next one: it is nobody's.
 */
struct vale_mem_pool {
	u32 objsize;		/* bytes */
	u32 objtotal;
	u32 shift;		/* log2 of objects in a chunk */
	u32 nchunks;
	u32 colour;		/* bytes before the first object of a chunk */
	u32 hint;		/* no free object below */
	u64 offset;		/* of the first object in the region */
	u8 **chunk;		/* the first object of each */
	unsigned long *used;	/* bitmap of objects */
	bool external;		/* one chunk, which is not ours to free */
};

/* Colours in turn, in bytes, for objects of that size; 0: of no use to them. */
u32 vale_pool_colour(u32 objsize, u32 turn);
/* How many objects of a pool of buffers its colour takes away. */
u32 vale_pool_lost(const struct vale_pool *layout);

/* From zeroed; undone by fini, also after -ENOMEM. */
int vale_pool_init(struct vale_mem_pool *pool, const struct vale_pool *layout);
int vale_pool_init_external(struct vale_mem_pool *pool,
			    const struct vale_pool *layout, u8 *map);
void vale_pool_fini(struct vale_mem_pool *pool);

/* All are free but the first ones. */
void vale_pool_reset(struct vale_mem_pool *pool, u32 reserved);
/* Lowest free object, its chunk present. False: exhausted. */
bool vale_pool_take(struct vale_mem_pool *pool, u32 *idx);
/* False: it is no object, or free. */
bool vale_pool_give(struct vale_mem_pool *pool, u32 idx);
u8 *vale_pool_address(const struct vale_mem_pool *pool, u32 idx);

/* Of a byte of an object. */
struct page *vale_page_of(const u8 *mem);
/* Where the pool begins in the region. */
static inline u64 vale_pool_start(const struct vale_mem_pool *pool)
{
	return pool->offset - pool->colour;
}

/* Of the byte at offset from there; NULL: nobody was given it. Any time. */
struct page *vale_pool_page(const struct vale_mem_pool *pool, u64 offset);

#endif /* VALE_POOL_H */
