// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#include <linux/compiler.h>
#include <linux/minmax.h>

#include "exchange.h"
#include "fdb_find.h"
#include "flow_one.h"

/* Packets looked up together, so that their buckets are waited for together. */
#define LOT		32u

u32 vale_flow_count(const struct vale_flow *flow, const struct vale_stretch *s)
{
	struct vale_flow_reader r = vale_flow_reader(flow, s);
	u32 i;

	for (i = 0; i < s->slots; i++)
		if (!vale_flow_read(&r, vale_slot_read(&s->from[i])))
			break;
	return i;
}

u32 vale_flow_copy(const struct vale_flow *flow, struct vale_stretch *s)
{
	struct vale_flow_reader r = vale_flow_reader(flow, s);
	const struct vale_bufs *bufs = s->to_bufs;
	struct vale_chunk chunk = bufs->home;
	struct netmap_slot *from = s->from, *to = s->to;
	struct netmap_slot *end = from + s->slots;
	u32 bytes = 0;

	for (; from != end; from++, to++) {
		union vale_slot_word w = vale_slot_read(from);
		const u8 *data = vale_flow_read(&r, w);

		if (unlikely(!data) ||
		    !vale_flow_put(from, to, data, w, &chunk, bufs))
			break;
		bytes += w.len;
	}
	s->bytes += bytes;
	return from - s->from;
}

u32 vale_flow_exchange(const struct vale_flow *flow, struct vale_stretch *s)
{
	struct vale_flow_reader r = vale_flow_reader(flow, s);
	struct netmap_slot *from = s->from, *to = s->to;
	struct netmap_slot *end = from + s->slots;
	u32 bytes = 0;

	for (; from != end; from++, to++) {
		union vale_slot_word w = vale_slot_read(from);

		if (!vale_flow_read(&r, w) || !vale_exchange(from, to, w, r.bufs))
			break;
		bytes += w.len;
	}
	s->bytes += bytes;
	return from - s->from;
}

/* Packets that are judged together. */
struct lot {
	const u8 *data[LOT];
	u64 word[LOT];	/* of the slots */
	u64 mac[LOT];	/* destinations, and their primary buckets */
	const struct vale_fdb_bucket *bucket[LOT];
};

/*
 * From up to LOT slots, as far as packets need no other way. From another
 * source than the flow's they go to VALE_MAC_NONE, which no table has.
 */
static noinline u32 read_lot(struct vale_flow_reader *reader, struct lot *lot,
			     const struct vale_fdb *fdb,
			     const struct netmap_slot *from, u32 slots)
{
	struct vale_flow_reader r = *reader;
	u32 n;

	for (n = 0; n < slots; n++, from++) {
		union vale_slot_word w = vale_slot_read(from);
		const u8 *data = vale_flow_read_any(&r, w);
		const struct vale_fdb_bucket *bucket;
		u64 mac;

		if (unlikely(!data))
			break;
		mac = vale_flow_destination(&r.flow, data);
		bucket = vale_fdb_primary(fdb, vale_fdb_hash(fdb, mac));
		__builtin_prefetch(bucket);
		lot->data[n] = data;
		lot->word[n] = w.all;
		lot->mac[n] = mac;
		lot->bucket[n] = bucket;
	}
	return n;
}

/* How many of n go to the port. */
static noinline u32 look_up(const struct lot *lot, u32 n,
			    const struct vale_fdb *fdb, u8 port)
{
	u32 i;

	for (i = 0; i < n; i++)
		if (vale_fdb_lookup_in(fdb, lot->bucket[i], lot->mac[i]) != port)
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

		if (!vale_flow_put(from, to, lot->data[i], w, &chunk, bufs))
			break;
		bytes += w.len;
	}
	s->bytes += bytes;
	return i;
}

u32 vale_flow_copy_varied(const struct vale_flow *flow,
			  const struct vale_fdb *fdb, struct vale_stretch *s)
{
	struct vale_flow_reader r = vale_flow_reader(flow, s);
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
