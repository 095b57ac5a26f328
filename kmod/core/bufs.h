/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef VALE_CORE_BUFS_H
#define VALE_CORE_BUFS_H

#include <linux/cache.h>
#include <linux/compiler.h>
#include <linux/types.h>

#define VALE_BUF_FIRST 2	/* 0 and 1 are reserved by the ABI */

/*
 * The chunk that the slots of a loop have their buffers in, most of the time: one
 * comparison for all that vale_buf looks at. Zeroed: none yet.
 */
struct vale_chunk {
	u8 *mem;	/* buffer `first` */
	u32 first;
	u32 count;	/* of buffers from there on */
	u32 size;	/* bytes a buffer */
};

/*
 * Buffer index to kernel address: a shift, a small table and an add (D8).
 * A chunk holds 1 << shift buffers; NULL means none of them was handed out.
 * Where chunks begin with something else (kmod/pool.h), their last buffer would
 * reach beyond them, and is none.
 */
struct vale_bufs {
	u8 **chunk;
	u32 shift;
	u32 size;	/* bytes a buffer */
	u32 total;	/* buffers, the reserved two included; at least 2 */
	u32 cut;	/* 1: the last of a chunk is none, 0: it is one */
	/* of a ring with offsets (offsets.h), else 0: */
	u32 offset_max;
	u32 lost;	/* of a buffer's bytes, for offset or gap */
	u32 present;	/* from VALE_BUF_FIRST on, so many have their chunk */
	u64 offset_mask;	/* of slot.ptr */
	struct vale_chunk home;	/* of a ring: where its buffers were at first */
};

/* Bytes that a slot can take. */
static inline u32 vale_bufs_room(const struct vale_bufs *bufs)
{
	return bufs->size - bufs->lost;
}

/* Where in its buffer the packet of a slot with that ptr begins. */
static inline u32 vale_bufs_offset(const struct vale_bufs *bufs, u64 ptr)
{
	u64 offset = ptr & bufs->offset_mask;

	return offset < bufs->offset_max ? offset : bufs->offset_max;
}

/* Which one of its chunk. */
static inline u32 vale_buf_place(const struct vale_bufs *bufs, u32 idx)
{
	return idx & ((1u << bufs->shift) - 1);
}

static inline bool vale_buf_is_cut(const struct vale_bufs *bufs, u32 idx)
{
	return (vale_buf_place(bufs, idx) + bufs->cut) >> bufs->shift;
}

/* The chunk an index belongs to; NULL if vale_buf says so. */
static inline u8 *vale_buf_chunk(const struct vale_bufs *bufs, u32 idx)
{
	/* one comparison for both ends */
	if (unlikely(idx - VALE_BUF_FIRST >= bufs->total - VALE_BUF_FIRST))
		return NULL;
	return READ_ONCE(bufs->chunk[idx >> bufs->shift]);
}

/* NULL for an index that is reserved, out of range or never handed out. */
static inline u8 *vale_buf(const struct vale_bufs *bufs, u32 idx)
{
	u8 *chunk = vale_buf_chunk(bufs, idx);
	u32 place = vale_buf_place(bufs, idx);

	if (unlikely(!chunk || vale_buf_is_cut(bufs, idx)))
		return NULL;
	return chunk + (size_t)place * bufs->size;
}

/* The chunk of a buffer; without any if idx is none. */
struct vale_chunk vale_chunk_of(const struct vale_bufs *bufs, u32 idx);

/* As vale_buf. */
static inline u8 *vale_chunk_buf(struct vale_chunk *c,
				 const struct vale_bufs *bufs, u32 idx)
{
	if (unlikely(idx - c->first >= c->count)) {
		*c = vale_chunk_of(bufs, idx);
		if (!c->count)
			return NULL;
	}
	return c->mem + (size_t)(idx - c->first) * c->size;
}

/*
 * May slots trade it? Chunks come from the first on, so this seldom needs the
 * table. The last of a chunk may, too: nothing is ever written to it by us.
 */
static inline bool vale_buf_exists(const struct vale_bufs *bufs, u32 idx)
{
	return likely(idx - VALE_BUF_FIRST < bufs->present) ||
	       vale_buf_chunk(bufs, idx);
}

/*
 * Functions that only prefetch are inlined by force: gcc 12 may take them for
 * ones without any effect, and leave out the calls.
 */

#define VALE_BUFS_AHEAD	8u	/* buffers; the first line is asked for */
#define VALE_BUFS_SOON	2u	/* the rest of a long packet's */
#define VALE_BUFS_LONG	256u

/*
 * In a loop over a ring's slots that writes len bytes to buf: ask for buffers of
 * that size some slots on, as if slots had the buffers they were made with, in
 * a row. If a program exchanged them, that is for nothing; nothing is read or
 * written.
 */
static __always_inline void vale_buf_prefetch_row(const u8 *buf, u32 size,
						  u32 len)
{
	u32 at;

	__builtin_prefetch(buf + (size_t)VALE_BUFS_AHEAD * size, 1);
	if (len <= VALE_BUFS_LONG)
		return;
	buf += (size_t)VALE_BUFS_SOON * size;
	/* four at a time: the loop costs as much as asking */
	for (at = L1_CACHE_BYTES; at + 3 * L1_CACHE_BYTES < len;
	     at += 4 * L1_CACHE_BYTES) {
		__builtin_prefetch(buf + at, 1);
		__builtin_prefetch(buf + at + L1_CACHE_BYTES, 1);
		__builtin_prefetch(buf + at + 2 * L1_CACHE_BYTES, 1);
		__builtin_prefetch(buf + at + 3 * L1_CACHE_BYTES, 1);
	}
	for (; at < len; at += L1_CACHE_BYTES)
		__builtin_prefetch(buf + at, 1);
}

/*
 * Ask for the first bytes of a buffer, for writing; nothing if it is none. For
 * who comes back later.
 */
static __always_inline void vale_buf_prefetch(const struct vale_bufs *bufs,
					      u32 idx, u32 len)
{
	const u8 *buf = vale_buf(bufs, idx);
	u32 at;

	for (at = 0; likely(buf) && at < len; at += L1_CACHE_BYTES)
		__builtin_prefetch(buf + at, 1);
}

#endif /* VALE_CORE_BUFS_H */
