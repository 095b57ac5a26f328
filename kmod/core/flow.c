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
#include "flow.h"
#include "ring.h"
#include "slot.h"

/* Asked for at a time of one buffer, and of each of several. */
#define AHEAD_ONE	2048u
#define AHEAD_EACH	128u

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

/* The packet that a slot says it has; NULL if it is none of the flow. */
static __always_inline const u8 *read_packet(struct reader *r,
					     union vale_slot_word w)
{
	const u8 *data = vale_chunk_buf(&r->chunk, r->bufs, w.buf_idx);

	if (unlikely(!data || (u32)w.len - VALE_ETH_HEADER >= r->lens ||
		     w.flags & (NS_MOREFRAG | NS_INDIRECT)))
		return NULL;
	return vale_flow_has(&r->flow, data) ? data : NULL;
}

bool vale_flow_seems(const struct vale_flow *flow,
		     const struct netmap_slot *slot,
		     const struct vale_bufs *bufs)
{
	struct vale_chunk chunk = bufs->home;
	const u8 *data = vale_chunk_buf(&chunk, bufs,
					READ_ONCE(slot->buf_idx));

	return data && vale_flow_has(flow, data);
}

u32 vale_flow_count(const struct vale_flow *flow, const struct vale_stretch *s)
{
	struct reader r = make_reader(flow, s);
	u32 i;

	for (i = 0; i < s->slots; i++)
		if (!read_packet(&r, vale_slot_read(&s->from[i])))
			break;
	return i;
}

u32 vale_flow_copy(const struct vale_flow *flow, struct vale_stretch *s)
{
	struct reader r = make_reader(flow, s);
	struct vale_chunk chunk = s->to_bufs->home;
	struct netmap_slot *from = s->from, *to = s->to;
	struct netmap_slot *end = from + s->slots;
	u32 bytes = 0;

	for (; from != end; from++, to++) {
		union vale_slot_word w = vale_slot_read(from);
		const u8 *data = read_packet(&r, w);
		u8 *buf;

		if (!data)
			break;
		buf = vale_chunk_buf(&chunk, s->to_bufs, READ_ONCE(to->buf_idx));
		if (unlikely(!buf))
			break;
		vale_buf_prefetch_row(buf, chunk.size, w.len);
		if (unlikely(w.flags & NS_BUF_CHANGED))
			WRITE_ONCE(from->flags, w.flags & ~NS_BUF_CHANGED);
		vale_copy(buf, data, w.len);
		vale_slot_fill(to, w.len, 1 << NS_PORT_SHIFT);
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

		if (!read_packet(&r, w) || !vale_exchange(from, to, w, r.bufs))
			break;
		bytes += w.len;
	}
	s->bytes += bytes;
	return from - s->from;
}

void vale_flow_prefetch(const struct netmap_slot *slot, u32 pos, u32 size,
			u32 n, u32 len, const struct vale_bufs *bufs)
{
	len = min(len, n == 1 ? AHEAD_ONE : AHEAD_EACH);
	for (; n; n--, pos = vale_ring_next(pos, size))
		vale_buf_prefetch(bufs, READ_ONCE(slot[pos].buf_idx), len);
}
