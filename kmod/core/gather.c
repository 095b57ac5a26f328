// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#include <linux/compiler.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "fwd.h"
#include "ring.h"
#include "slot.h"

#define FRAG_LEN_MAX	0xffffu

void vale_batch_init(struct vale_batch *b)
{
	u32 i;

	for (i = 0; i < b->ndst; i++)
		b->to[b->dst[i]].packets = 0;
	b->nfrags = 0;
	b->npackets = 0;
	b->ndst = 0;
	b->nlearn = 0;
	b->nbytes = 0;
	b->nmulticast = 0;
	b->nmore = 0;
	b->nwhole = 0;
	b->opaque = false;
	b->indirect = false;
	b->exchange = false;
	b->header = 0;
	b->flow = NULL;
	b->origin.slot = NULL;
	memset(b->drops, 0, sizeof(b->drops));
	b->flood = (struct vale_queue){ .head = VALE_BATCH_END };
}

struct source {
	struct netmap_slot *slot;
	const struct vale_bufs *bufs;
	u32 n;
	u32 pos;
	u32 to;
};

/* False: no such buffer, or longer than it. */
static bool gather_slot(struct vale_frag *f, struct netmap_slot *slot,
			const struct vale_bufs *bufs)
{
	union vale_slot_word s = vale_slot_read(slot);
	u64 ptr = READ_ONCE(slot->ptr);
	u32 offset = 0;

	if (s.flags & NS_BUF_CHANGED)
		WRITE_ONCE(slot->flags, s.flags & ~NS_BUF_CHANGED);
	f->len_flags = s.len_flags;
	if (s.flags & NS_INDIRECT) {
		f->data = (const u8 *)(uintptr_t)ptr;
	} else {
		f->data = vale_buf(bufs, s.buf_idx);
		offset = vale_bufs_offset(bufs, ptr);
	}
	if (!f->data || s.len > bufs->size - offset)
		return false;
	f->data += offset;
	return true;
}

/*
 * One packet of any kind. There is room for NETMAP_MAX_FRAGS + 1 fragments;
 * what exceeds them overwrites the last.
 */
static noinline void gather_packet(struct vale_batch *b, struct source *s)
{
	struct vale_frag *first = &b->frag[b->nfrags];
	struct vale_frag *f;
	u32 bytes = 0;
	u32 count = 0;
	bool ok = true;

	do {
		f = first + min_t(u32, count, NETMAP_MAX_FRAGS);
		ok &= gather_slot(f, &s->slot[s->pos], s->bufs);
		b->indirect |= !!(f->flags & NS_INDIRECT);
		s->pos = vale_ring_next(s->pos, s->n);
		bytes += f->len;
		count++;
	} while (f->flags & NS_MOREFRAG && s->pos != s->to);
	if (!ok || count > NETMAP_MAX_FRAGS) {
		b->drops[ok ? VALE_DROP_FRAGS : VALE_DROP_BAD_SLOT]++;
		return;
	}
	b->nfrags += count;
	b->npackets++;
	b->nbytes += bytes;
	first->nfrags = count;
	first->next = b->nfrags;
}

/* Good packets of one slot each, until another one or the end of the ring. */
static void gather_plain(struct vale_batch *b, struct source *s)
{
	struct netmap_slot *slot = s->slot + s->pos;
	struct vale_frag *f = b->frag + b->nfrags;
	struct vale_chunk chunk = s->bufs->home;
	u32 end = s->to > s->pos ? s->to : s->n;
	u32 most = min_t(u32, end - s->pos, VALE_BATCH_MAX - b->nfrags);
	const u32 next = vale_frag_place(1, 0);
	u32 place = vale_frag_place(b->nfrags, 1);
	u32 bytes = 0;
	u32 i;

	for (i = 0; i < most; i++, slot++, f++) {
		union vale_slot_word w = vale_slot_read(slot);
		const u8 *data = vale_chunk_buf(&chunk, s->bufs, w.buf_idx);

		if (unlikely(!data || w.len > chunk.size))
			break;
		if (unlikely(vale_slot_has(w, NS_MOREFRAG | NS_INDIRECT |
						      NS_BUF_CHANGED))) {
			if (w.flags & (NS_MOREFRAG | NS_INDIRECT))
				break;
			WRITE_ONCE(slot->flags, w.flags & ~NS_BUF_CHANGED);
		}
		__builtin_prefetch(data);
		f->data = data;
		f->len_flags = w.len_flags;
		f->place = place += next;
		bytes += w.len;
	}
	b->nfrags += i;
	b->npackets += i;
	b->nbytes += bytes;
	s->pos = vale_ring_add(s->pos, i, s->n);
}

/* From a ring with offsets; its buffers are not exchanged. */
static noinline u32 gather_displaced(struct vale_batch *b, struct source *s)
{
	while (s->pos != s->to && b->nfrags < VALE_BATCH_MAX)
		gather_packet(b, s);
	return s->pos;
}

u32 vale_batch_gather(struct vale_batch *b, struct netmap_slot *slot, u32 n,
		      u32 from, u32 to, const struct vale_bufs *bufs)
{
	struct source s = { slot, bufs, n, from, to };

	if (unlikely(bufs->offset_mask))
		return gather_displaced(b, &s);
	while (s.pos != to && b->nfrags < VALE_BATCH_MAX) {
		gather_plain(b, &s);
		if (s.pos != to && b->nfrags < VALE_BATCH_MAX)
			gather_packet(b, &s);
	}
	if (b->nfrags == vale_ring_distance(from, s.pos, n))
		b->origin = (struct vale_origin){ slot, bufs->chunk, n, from };
	return s.pos;
}

bool vale_batch_add(struct vale_batch *b, const u8 *data, u32 len, u32 frag_len)
{
	struct vale_frag *first = &b->frag[b->nfrags];
	u32 count, used;

	if (b->nfrags >= VALE_BATCH_MAX)
		return false;
	if (len < VALE_ETH_HEADER) {
		b->drops[VALE_DROP_RUNT]++;
		return true;
	}
	frag_len = min(frag_len, FRAG_LEN_MAX);
	count = (len + frag_len - 1) / frag_len;
	if (count > NETMAP_MAX_FRAGS) {
		b->drops[VALE_DROP_FRAGS]++;
		return true;
	}
	for (used = 0; used < len; used += frag_len)
		b->frag[b->nfrags++] = (struct vale_frag){
			.data = data + used,
			.len = min(frag_len, len - used),
			.flags = used + frag_len < len ? NS_MOREFRAG : 0,
		};
	first->nfrags = count;
	first->next = b->nfrags;
	b->npackets++;
	b->nbytes += len;
	return true;
}

bool vale_batch_add_whole(struct vale_batch *b, const struct vale_whole *w)
{
	if (b->nwhole >= VALE_BATCH_WHOLE)
		return false;
	b->whole[b->nwhole++] = w->object;
	b->frag[b->nfrags++] = (struct vale_frag){
		.data = w->data,
		.len = min(w->len, FRAG_LEN_MAX),
		.next = b->nwhole,
		.nfrags = 1,
	};
	b->npackets++;
	b->nmore += w->frames - 1;
	b->nbytes += w->bytes;
	b->opaque |= w->opaque;
	return true;
}
