// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * A slot is read once and judged by what it said then; a program that writes
 * other addresses into the packet meanwhile sends them where the first ones
 * belong, as it could in a batch.
 */
#include <linux/compiler.h>
#include <linux/minmax.h>

#include "copy.h"
#include "exchange.h"
#include "fdb_find.h"
#include "flow.h"
#include "ring.h"
#include "slot.h"

/* Asked for at a time of one buffer, and of each of several. */
#define AHEAD_ONE	2048u
#define AHEAD_EACH	128u

/* Packets looked up together, so that their buckets are waited for together. */
#define LOT		32u

/* Where packets of a flow are read; a copy of what loops need. */
struct reader {
	struct vale_flow flow;
	const struct vale_bufs *bufs;
	struct vale_chunk chunk;
	u32 lens;	/* of good ones, from that of a header on */
};

static inline struct reader make_reader(const struct vale_flow *flow,
					const struct vale_stretch *s)
{
	return (struct reader){
		.flow = *flow,
		.bufs = s->from_bufs,
		.chunk = s->from_bufs->home,
		.lens = min(s->from_bufs->size, s->to_bufs->size) -
			VALE_ETH_HEADER + 1,
	};
}

/* The packet that a slot says it has; NULL if it needs the long way. */
static __always_inline const u8 *read_packet(struct reader *r,
					     union vale_slot_word w)
{
	const u8 *data = vale_chunk_buf(&r->chunk, r->bufs, w.buf_idx);

	if (unlikely(!data || (u32)w.len - VALE_ETH_HEADER >= r->lens ||
		     w.flags & (NS_MOREFRAG | NS_INDIRECT)))
		return NULL;
	return data;
}

/* The same; NULL, too, if it is none of the flow. */
static __always_inline const u8 *read_member(struct reader *r,
					     union vale_slot_word w)
{
	const u8 *data = read_packet(r, w);

	return data && vale_flow_has(&r->flow, data) ? data : NULL;
}

bool vale_flow_seems(const struct vale_flow *flow,
		     const struct netmap_slot *slot,
		     const struct vale_bufs *bufs)
{
	struct vale_chunk chunk = bufs->home;
	const u8 *data = vale_chunk_buf(&chunk, bufs,
					READ_ONCE(slot->buf_idx));

	if (!data)
		return false;
	return unlikely(flow->varied) ?
		       vale_flow_destination(flow, data) != VALE_MAC_NONE :
		       vale_flow_has(flow, data);
}

u32 vale_flow_count(const struct vale_flow *flow, const struct vale_stretch *s)
{
	struct reader r = make_reader(flow, s);
	u32 i;

	for (i = 0; i < s->slots; i++)
		if (!read_member(&r, vale_slot_read(&s->from[i])))
			break;
	return i;
}

/* A packet to its receiver's slot. False: that has no buffer. */
static __always_inline bool copy_one(struct netmap_slot *from,
				     struct netmap_slot *to, const u8 *data,
				     union vale_slot_word w,
				     struct vale_chunk *chunk,
				     const struct vale_bufs *bufs)
{
	u8 *buf = vale_chunk_buf(chunk, bufs, READ_ONCE(to->buf_idx));

	if (unlikely(!buf))
		return false;
	vale_buf_prefetch_row(buf, chunk->size, w.len);
	if (unlikely(w.flags & NS_BUF_CHANGED))
		WRITE_ONCE(from->flags, w.flags & ~NS_BUF_CHANGED);
	vale_copy(buf, data, w.len);
	vale_slot_fill(to, w.len, 1 << NS_PORT_SHIFT);
	return true;
}

u32 vale_flow_copy(const struct vale_flow *flow, struct vale_stretch *s)
{
	struct reader r = make_reader(flow, s);
	const struct vale_bufs *bufs = s->to_bufs;
	struct vale_chunk chunk = bufs->home;
	struct netmap_slot *from = s->from, *to = s->to;
	struct netmap_slot *end = from + s->slots;
	u32 bytes = 0;

	for (; from != end; from++, to++) {
		union vale_slot_word w = vale_slot_read(from);
		const u8 *data = read_member(&r, w);

		if (unlikely(!data) ||
		    !copy_one(from, to, data, w, &chunk, bufs))
			break;
		bytes += w.len;
	}
	s->bytes += bytes;
	return from - s->from;
}

u32 vale_flow_exchange(const struct vale_flow *flow, struct vale_stretch *s)
{
	struct reader r = make_reader(flow, s);
	struct netmap_slot *from = s->from, *to = s->to;
	struct netmap_slot *end = from + s->slots;
	u32 bytes = 0;

	for (; from != end; from++, to++) {
		union vale_slot_word w = vale_slot_read(from);

		if (!read_member(&r, w) || !vale_exchange(from, to, w, r.bufs))
			break;
		bytes += w.len;
	}
	s->bytes += bytes;
	return from - s->from;
}

struct lot {
	const u8 *data[LOT];
	u64 word[LOT];	/* of the slots */
	u64 mac[LOT];	/* destinations, and their hashes */
	u64 hash[LOT];
};

/*
 * From up to LOT slots, as far as packets need no other way. From another
 * source than the flow's they go to VALE_MAC_NONE, which no table has.
 */
static noinline u32 read_lot(struct reader *reader, struct lot *lot,
			     const struct vale_fdb *fdb,
			     const struct netmap_slot *from, u32 slots)
{
	struct reader r = *reader;
	u32 n;

	for (n = 0; n < slots; n++, from++) {
		union vale_slot_word w = vale_slot_read(from);
		const u8 *data = read_packet(&r, w);
		u64 mac, hash;

		if (unlikely(!data))
			break;
		mac = vale_flow_destination(&r.flow, data);
		hash = vale_fdb_hash(fdb, mac);
		__builtin_prefetch(vale_fdb_primary(fdb, hash));
		lot->data[n] = data;
		lot->word[n] = w.all;
		lot->mac[n] = mac;
		lot->hash[n] = hash;
	}
	return n;
}

/* How many of n go to the port. */
static noinline u32 look_up(const struct lot *lot, u32 n,
			    const struct vale_fdb *fdb, u8 port)
{
	u32 i;

	for (i = 0; i < n; i++)
		if (vale_fdb_lookup_hashed(fdb, lot->mac[i], lot->hash[i]) !=
		    port)
			break;
	return i;
}

/* The first n of them, to the stretch's slots from `at` on. Returns how many. */
static noinline u32 copy_lot(const struct lot *lot, u32 n,
			     struct vale_stretch *s, u32 at)
{
	const struct vale_bufs *bufs = s->to_bufs;
	struct vale_chunk chunk = bufs->home;
	struct netmap_slot *from = s->from + at, *to = s->to + at;
	u32 bytes = 0, i;

	for (i = 0; i < n; i++, from++, to++) {
		union vale_slot_word w = { .all = lot->word[i] };

		if (!copy_one(from, to, lot->data[i], w, &chunk, bufs))
			break;
		bytes += w.len;
	}
	s->bytes += bytes;
	return i;
}

u32 vale_flow_copy_varied(const struct vale_flow *flow,
			  const struct vale_fdb *fdb, struct vale_stretch *s)
{
	struct reader r = make_reader(flow, s);
	struct lot lot __uninitialized;
	u32 at = 0, some, n;

	do {
		some = min(LOT, s->slots - at);
		n = read_lot(&r, &lot, fdb, s->from + at, some);
		n = look_up(&lot, n, fdb, flow->port);
		n = copy_lot(&lot, n, s, at);
		at += n;
	} while (n == some && at < s->slots);
	return at;
}

void vale_flow_prefetch(const struct netmap_slot *slot, u32 pos, u32 size,
			u32 n, u32 len, const struct vale_bufs *bufs)
{
	len = min(len, n == 1 ? AHEAD_ONE : AHEAD_EACH);
	for (; n; n--, pos = vale_ring_next(pos, size))
		vale_buf_prefetch(bufs, READ_ONCE(slot[pos].buf_idx), len);
}
