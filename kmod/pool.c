// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Owns the pools of a region: which objects are taken, and their memory. Taking
 * and giving back run under region->lock; the data path and faults read chunks
 * without, as they are only ever added while a region has users.
 */
#include "pool.h"

#include <linux/bitmap.h>
#include <linux/cache.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#define CHUNK_TARGET (2u << 20)
#define COLOUR_STEP 13	/* neighbours in turn are not neighbours in caches */
/*
 * Counted for the control group of who asks for it. Running out, or reaching
 * that group's limit, gives ENOMEM and wakes no OOM killer.
 */
#define CHUNK_GFP (GFP_KERNEL_ACCOUNT | __GFP_ZERO | __GFP_NOWARN)
/* What is left to others: a part of the machine's memory, up to a limit. */
#define SPARE_PART 32
#define SPARE_MAX ((256ul << 20) >> PAGE_SHIFT)

static size_t chunk_bytes(const struct vale_mem_pool *pool, u32 c)
{
	u32 first = c << pool->shift;

	return (size_t)min(pool->objtotal - first, 1u << pool->shift) *
	       pool->objsize;
}

/*
 * Whoever takes the last page need not be who is killed for it: the next small
 * allocation of any process calls the OOM killer. So some pages stay.
 */
static bool to_spare(size_t bytes)
{
	unsigned long spare = min(totalram_pages() / SPARE_PART, SPARE_MAX);
	unsigned long wanted = PFN_UP(bytes) + spare;

	return si_mem_available() >= (long)wanted;
}

/* Contiguous if it can be had without effort, else page by page. */
static u8 *chunk_alloc(size_t bytes)
{
	u8 *mem;

	if (!to_spare(bytes))
		return NULL;
	mem = alloc_pages_exact(bytes, CHUNK_GFP | __GFP_NORETRY);
	return mem ?: __vmalloc(bytes, CHUNK_GFP | __GFP_RETRY_MAYFAIL);
}

static void chunk_free(u8 *mem, size_t bytes)
{
	if (is_vmalloc_addr(mem))
		vfree(mem);
	else
		free_pages_exact(mem, bytes);
}

/*
 * Objects a chunk: a power of two whose bytes are whole pages; what is taken at
 * once lies in one chunk, or in few, so that the data path's table stays tiny.
 */
static u32 chunk_shift(const struct vale_pool *layout)
{
	size_t objsize = layout->objsize;
	u32 shift = 0;

	while ((objsize << shift) & ~PAGE_MASK)
		shift++;
	while (1u << shift < layout->together &&
	       objsize << (shift + 1) <= CHUNK_TARGET)
		shift++;
	return shift;
}

u32 vale_pool_colour(u32 objsize, u32 turn)
{
	u32 lines = min_t(u32, objsize, PAGE_SIZE) / L1_CACHE_BYTES;

	if (!is_power_of_2(objsize) || lines < 2)
		return 0;
	return (1 + turn * COLOUR_STEP % (lines - 1)) * L1_CACHE_BYTES;
}

u32 vale_pool_lost(const struct vale_pool *layout)
{
	u32 shift = chunk_shift(layout);

	return layout->colour ? DIV_ROUND_UP(layout->objtotal, 1u << shift) : 0;
}

/* The last of a chunk, which reaches into the next, or the end of the pool. */
static bool is_cut(const struct vale_mem_pool *pool, u32 idx)
{
	u32 next = idx + 1;

	return pool->colour && (!(next & ((1u << pool->shift) - 1)) ||
				next == pool->objtotal);
}

void vale_pool_fini(struct vale_mem_pool *pool)
{
	u32 c;

	for (c = 0; pool->chunk && !pool->external && c < pool->nchunks; c++)
		if (pool->chunk[c])
			chunk_free(pool->chunk[c] - pool->colour,
				   chunk_bytes(pool, c));
	kvfree(pool->chunk);
	kvfree(pool->used);
	memset(pool, 0, sizeof(*pool));
}

static int pool_tables(struct vale_mem_pool *pool)
{
	pool->nchunks = DIV_ROUND_UP(pool->objtotal, 1u << pool->shift);
	pool->chunk = kvcalloc(pool->nchunks, sizeof(*pool->chunk), GFP_KERNEL);
	pool->used = kvcalloc(BITS_TO_LONGS(pool->objtotal),
			      sizeof(*pool->used), GFP_KERNEL);
	return pool->chunk && pool->used ? 0 : -ENOMEM;
}

int vale_pool_init(struct vale_mem_pool *pool, const struct vale_pool *layout)
{
	pool->objsize = layout->objsize;
	pool->objtotal = layout->objtotal;
	pool->colour = layout->colour;
	pool->offset = layout->offset + layout->colour;
	pool->shift = chunk_shift(layout);
	return pool_tables(pool);
}

int vale_pool_init_external(struct vale_mem_pool *pool,
			    const struct vale_pool *layout, u8 *map)
{
	int err;

	pool->objsize = layout->objsize;
	pool->objtotal = layout->objtotal;
	pool->offset = layout->offset;
	pool->shift = order_base_2(layout->objtotal);
	pool->external = true;
	err = pool_tables(pool);
	if (!err)
		pool->chunk[0] = map + layout->offset;
	return err;
}

u8 *vale_pool_address(const struct vale_mem_pool *pool, u32 idx)
{
	return pool->chunk[idx >> pool->shift] +
	       (size_t)(idx & ((1u << pool->shift) - 1)) * pool->objsize;
}

bool vale_pool_take(struct vale_mem_pool *pool, u32 *idx)
{
	u32 i = find_next_zero_bit(pool->used, pool->objtotal, pool->hint);
	u32 c = i >> pool->shift;

	if (i >= pool->objtotal)
		return false;
	if (!pool->chunk[c]) {
		u8 *mem = chunk_alloc(chunk_bytes(pool, c));

		if (!mem)
			return false;
		/* Pairs with READ_ONCE in vale_buf and the fault handler. */
		smp_store_release(&pool->chunk[c], mem + pool->colour);
	}
	__set_bit(i, pool->used);
	pool->hint = i + 1;
	*idx = i;
	return true;
}

bool vale_pool_give(struct vale_mem_pool *pool, u32 idx)
{
	if (idx >= pool->objtotal || is_cut(pool, idx) ||
	    !__test_and_clear_bit(idx, pool->used))
		return false;
	pool->hint = min(pool->hint, idx);
	return true;
}

void vale_pool_reset(struct vale_mem_pool *pool, u32 reserved)
{
	u32 end = 0;

	bitmap_zero(pool->used, pool->objtotal);
	bitmap_set(pool->used, 0, reserved);
	while (pool->colour && end < pool->objtotal) {
		end = min(end + (1u << pool->shift), pool->objtotal);
		__set_bit(end - 1, pool->used);
	}
	pool->hint = 0;
}

struct page *vale_page_of(const u8 *mem)
{
	return is_vmalloc_addr(mem) ? vmalloc_to_page(mem) : virt_to_page(mem);
}

struct page *vale_pool_page(const struct vale_mem_pool *pool, u64 offset)
{
	size_t bytes = (size_t)pool->objsize << pool->shift;
	u64 c = div64_u64(offset, bytes);
	u8 *first;

	if (c >= pool->nchunks)
		return NULL;
	first = READ_ONCE(pool->chunk[c]);
	offset -= c * bytes;
	if (!first || offset >= chunk_bytes(pool, c))
		return NULL;
	return vale_page_of(first - pool->colour + offset);
}
