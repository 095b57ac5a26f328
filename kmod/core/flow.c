// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * A slot is read once and judged by what it said then; a program that writes
 * other addresses into the packet meanwhile sends them where the first ones
 * belong, as it could in a batch.
 */
#include <asm/byteorder.h>
#include <linux/compiler.h>
#include <linux/minmax.h>

#include "copy.h"
#include "ether.h"
#include "exchange.h"
#include "flow.h"
#include "ring.h"
#include "slot.h"

#define AHEAD_BYTES	2048	/* asked for at a time, of all buffers */

/* Both addresses as a packet has them. */
struct flow_key {
	__le64 first;	/* destination, two bytes of the source */
	__le32 rest;
};

static struct flow_key make_key(const struct vale_flow *flow)
{
	return (struct flow_key){
		.first = __cpu_to_le64(flow->dst | flow->src << 48),
		.rest = __cpu_to_le32(flow->src >> 16),
	};
}

static inline bool has_key(const u8 *data, const struct flow_key *key)
{
	__le64 first;
	__le32 rest;

	__builtin_memcpy(&first, data, sizeof(first));
	__builtin_memcpy(&rest, data + sizeof(first), sizeof(rest));
	return first == key->first && rest == key->rest;
}

/* Of the next `most` slots; the ring does not end among them. */
static void gather_some(struct vale_flow_part *part,
			const struct flow_key *wanted, struct netmap_slot *slot,
			u32 most, const struct vale_bufs *from)
{
	const struct vale_bufs bufs = *from;
	struct vale_chunk chunk = bufs.home;
	const u32 lens = bufs.size - VALE_ETH_HEADER + 1;
	u32 at = part->packets;
	const u32 end = at + most;
	const struct flow_key key = *wanted;
	u32 bytes = 0;

	for (; at != end; at++, slot++) {
		union vale_slot_word w = vale_slot_read(slot);
		const u8 *data = vale_chunk_buf(&chunk, &bufs, w.buf_idx);

		if (unlikely(!data || (u32)w.len - VALE_ETH_HEADER >= lens ||
			     w.flags & (NS_MOREFRAG | NS_INDIRECT)))
			break;
		if (!has_key(data, &key))
			break;
		if (unlikely(w.flags & NS_BUF_CHANGED))
			WRITE_ONCE(slot->flags, w.flags & ~NS_BUF_CHANGED);
		part->data[at] = data;
		part->half[at].len_flags = w.len_flags;
		bytes += w.len;
	}
	part->packets = at;
	part->bytes += bytes;
}

void vale_flow_gather(struct vale_flow_part *part, const struct vale_flow *flow,
		      struct netmap_slot *slot, u32 n, u32 from, u32 to,
		      const struct vale_bufs *bufs)
{
	const struct flow_key key = make_key(flow);
	u32 most = min_t(u32, vale_ring_distance(from, to, n), VALE_FLOW_PART);
	u32 straight = min(most, n - from);

	part->packets = 0;
	part->bytes = 0;
	if (flow->dst == VALE_MAC_NONE || flow->src == VALE_MAC_NONE ||
	    bufs->offset_mask)
		return;
	gather_some(part, &key, slot + from, straight, bufs);
	if (part->packets == straight && straight < most)
		gather_some(part, &key, slot, most - straight, bufs);
}

u32 vale_flow_copy(const struct vale_flow_part *part, struct vale_window *w)
{
	const struct vale_bufs bufs = *w->bufs;
	struct vale_chunk chunk = bufs.home;
	u32 most = min(part->packets, w->room);
	u32 pos = w->pos;
	u32 bytes = 0;
	u32 i;

	for (i = 0; i < most; i++) {
		struct netmap_slot *slot = &w->slot[pos];
		u8 *to = vale_chunk_buf(&chunk, &bufs,
					READ_ONCE(slot->buf_idx));
		u32 len = part->half[i].len;

		if (unlikely(!to || len > bufs.size))
			break;
		vale_copy(to, part->data[i], len);
		vale_slot_fill(slot, len, 1 << NS_PORT_SHIFT);
		bytes += len;
		pos = vale_ring_next(pos, w->n);
	}
	w->pos = pos;
	w->room -= i;
	return bytes;
}

u32 vale_flow_exchange(const struct vale_flow_part *part,
		       struct netmap_slot *slot, u32 n, u32 from,
		       struct vale_window *w)
{
	const struct vale_bufs bufs = *w->bufs;
	u32 most = min(part->packets, w->room);
	u32 pos = w->pos;
	u32 bytes = 0;
	u32 i;

	for (i = 0; i < most; i++) {
		u32 len = part->half[i].len;

		if (!vale_exchange(&slot[from], &w->slot[pos], len,
				   part->half[i].flags, &bufs))
			break;
		bytes += len;
		from = vale_ring_next(from, n);
		pos = vale_ring_next(pos, w->n);
	}
	w->pos = pos;
	w->room -= i;
	return bytes;
}

void vale_flow_prefetch(const struct vale_flow_part *part,
			const struct vale_window *w)
{
	const struct vale_bufs bufs = *w->bufs;
	const u32 n = w->n, room = w->room;
	u32 pos = vale_ring_add(w->pos, room, n);
	u32 i, len;

	for (i = 0; i < room; i++, pos = vale_ring_next(pos, n)) {
		len = min_t(u32, part->half[i].len, AHEAD_BYTES / room);
		vale_buf_prefetch(&bufs, READ_ONCE(w->slot[pos].buf_idx), len);
	}
}
