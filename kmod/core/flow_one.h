/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef VALE_CORE_FLOW_ONE_H
#define VALE_CORE_FLOW_ONE_H

#include <linux/compiler.h>

#include "copy.h"
#include "flow.h"
#include "slot.h"

/*
 * How one packet of a flow is judged and copied: for the loops of flow.c, and
 * for a packet that is alone, which waits for each call.
 *
 * A slot is read once and judged by what it said then; a program that writes
 * other addresses into the packet meanwhile sends them where the first ones
 * belong, as it could in a batch.
 */

/* Where packets of a flow are read; a copy of what loops need. */
struct vale_flow_reader {
	struct vale_flow flow;
	const struct vale_bufs *bufs;
	struct vale_chunk chunk;
	u32 lens;	/* of good ones, from that of a header on */
};

static inline struct vale_flow_reader
vale_flow_reader(const struct vale_flow *flow, const struct vale_stretch *s)
{
	u32 from = s->from_bufs->size, to = s->to_bufs->size;

	return (struct vale_flow_reader){
		.flow = *flow,
		.bufs = s->from_bufs,
		.chunk = s->from_bufs->home,
		.lens = (from < to ? from : to) - VALE_ETH_HEADER + 1,
	};
}

/* The packet that a slot says it has; NULL if it needs the long way. */
static __always_inline const u8 *vale_flow_read_any(struct vale_flow_reader *r,
						    union vale_slot_word w)
{
	const u8 *data = vale_chunk_buf(&r->chunk, r->bufs, w.buf_idx);

	if (unlikely(!data || (u32)w.len - VALE_ETH_HEADER >= r->lens ||
		     w.flags & (NS_MOREFRAG | NS_INDIRECT)))
		return NULL;
	return data;
}

/* The same; NULL, too, if it is none of the flow. */
static __always_inline const u8 *vale_flow_read(struct vale_flow_reader *r,
						union vale_slot_word w)
{
	const u8 *data = vale_flow_read_any(r, w);

	return data && vale_flow_has(&r->flow, data) ? data : NULL;
}

/* Does the slot's packet look like one of the flow? It may be none all the same. */
static inline bool vale_flow_seems(const struct vale_flow *flow,
				   const struct netmap_slot *slot,
				   const struct vale_bufs *bufs)
{
	struct vale_chunk chunk = bufs->home;
	const u8 *data = vale_chunk_buf(&chunk, bufs, READ_ONCE(slot->buf_idx));

	if (!data)
		return false;
	return unlikely(flow->varied) ?
		       vale_flow_destination(flow, data) != VALE_MAC_NONE :
		       vale_flow_has(flow, data);
}

/* A packet that was read from a slot, to its receiver's. False: that has no buffer. */
static __always_inline bool vale_flow_put(struct netmap_slot *from,
					  struct netmap_slot *to,
					  const u8 *data,
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

/* vale_flow_copy for the first slot alone: the packet's length, or 0. */
static __always_inline u32 vale_flow_copy_one(const struct vale_flow *flow,
					      const struct vale_stretch *s)
{
	struct vale_flow_reader r = vale_flow_reader(flow, s);
	struct vale_chunk chunk = s->to_bufs->home;
	union vale_slot_word w = vale_slot_read(s->from);
	const u8 *data = vale_flow_read(&r, w);

	if (unlikely(!data ||
		     !vale_flow_put(s->from, s->to, data, w, &chunk, s->to_bufs)))
		return 0;
	return w.len;
}

#endif /* VALE_CORE_FLOW_ONE_H */
