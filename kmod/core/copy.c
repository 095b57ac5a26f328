// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#include <linux/compiler.h>
#include <linux/minmax.h>

#include "copy.h"
#include "exchange.h"
#include "fwd.h"
#include "ring.h"
#include "slot.h"

u32 vale_batch_fit(const struct vale_batch *b, struct vale_cursor c, u32 room,
		   u32 *packets)
{
	u32 used = 0;
	u32 n = 0;
	u16 i;

	if (likely(c.slots <= room)) {
		*packets = c.packets;
		return c.slots;
	}
	while ((i = vale_batch_next(b, &c)) != VALE_BATCH_END) {
		if (used + b->frag[i].nfrags > room)
			break;
		used += b->frag[i].nfrags;
		n++;
	}
	*packets = n;
	return used;
}

static int copy_frag(u8 *to, const struct vale_frag *f)
{
	if (unlikely(f->flags & NS_INDIRECT))
		return vale_fetch_user(to, f->data, f->len);
	vale_copy(to, f->data, f->len);
	return 0;
}

static bool too_long(const struct vale_frag *f, u32 size)
{
	u32 i;

	for (i = 0; i < f->nfrags; i++)
		if (f[i].len > size)
			return true;
	return false;
}

void vale_window_skip(struct vale_window *w, u32 n, struct vale_copied *done)
{
	w->room -= n;
	done->slots += n;
	while (n--) {
		vale_slot_fill(&w->slot[w->pos], 0, 0);
		w->pos = vale_ring_next(w->pos, w->n);
	}
}

/* Any packet: several fragments, indirect, to an offset, or not to be copied. */
static noinline void copy_packet(const struct vale_frag *f,
				 struct vale_window *w,
				 struct vale_copied *done)
{
	u16 count = f->nfrags;
	u32 pos = w->pos;
	u32 bytes = 0;
	u32 i;
	u8 *to;

	if (too_long(f, vale_bufs_room(w->bufs))) {
		done->drops[VALE_DROP_TOO_LONG]++;
		return;
	}
	for (i = 0; i < count; i++) {
		to = vale_buf(w->bufs, READ_ONCE(w->slot[pos].buf_idx));
		if (!to) {
			done->drops[VALE_DROP_BAD_BUFFER]++;
			vale_window_skip(w, i + 1, done);
			return;
		}
		to += vale_bufs_offset(w->bufs, READ_ONCE(w->slot[pos].ptr));
		if (copy_frag(to, &f[i])) {
			done->drops[VALE_DROP_FAULT]++;
			return;
		}
		vale_slot_fill(&w->slot[pos], f[i].len, count << NS_PORT_SHIFT |
			  (i + 1 < count ? NS_MOREFRAG : 0));
		pos = vale_ring_next(pos, w->n);
		bytes += f[i].len;
	}
	w->pos = pos;
	w->room -= count;
	done->slots += count;
	done->packets++;
	done->bytes += bytes;
}

/*
 * As many as possible of the next `most` packets, of one good fragment each;
 * returns how many. All state in registers.
 */
static u32 copy_plain(const struct vale_batch *b, struct vale_cursor *c,
		      u32 most, struct vale_window *w,
		      struct vale_copied *done)
{
	struct netmap_slot *slot = w->slot + w->pos;
	struct netmap_slot *end = w->slot + w->n;
	struct vale_chunk chunk = w->bufs->home;
	u32 unicast = c->unicast;
	u32 flood = c->flood;
	u32 bytes = 0;
	u32 i;

	for (i = 0; i < most; i++) {
		const struct vale_frag *f = &b->frag[min(unicast, flood)];
		u8 *to = vale_chunk_buf(&chunk, w->bufs,
					READ_ONCE(slot->buf_idx));
		u32 len = f->len;

		if (unlikely(!to || len > chunk.size ||
			     f->flags & (NS_MOREFRAG | NS_INDIRECT)))
			break;
		vale_buf_prefetch_row(to, chunk.size, len);
		if (unicast < flood)
			unicast = f->next;
		else
			flood = f->next;
		vale_copy(to, f->data, len);
		vale_slot_fill(slot, len, 1 << NS_PORT_SHIFT);
		bytes += len;
		if (++slot == end)
			slot = w->slot;
	}
	c->unicast = unicast;
	c->flood = flood;
	c->slots -= i;
	c->packets -= i;
	w->pos = slot - w->slot;
	w->room -= i;
	done->slots += i;
	done->packets += i;
	done->bytes += bytes;
	return i;
}

/*
 * The same for packets that follow one another in frag[], one fragment each
 * and none of it in a process's memory: no links to follow.
 */
static u32 copy_row(const struct vale_batch *b, struct vale_cursor *c,
		    u32 most, struct vale_window *w, struct vale_copied *done)
{
	const struct vale_frag *f = &b->frag[vale_batch_peek(c)];
	struct netmap_slot *slot = w->slot + w->pos;
	struct vale_chunk chunk = w->bufs->home;
	u32 bytes = 0;
	u32 i;

	most = min(most, w->n - w->pos);
	for (i = 0; i < most; i++, f++, slot++) {
		u8 *to = vale_chunk_buf(&chunk, w->bufs,
					READ_ONCE(slot->buf_idx));
		u32 len = f->len;

		if (unlikely(!to || len > chunk.size))
			break;
		vale_buf_prefetch_row(to, chunk.size, len);
		vale_copy(to, f->data, len);
		vale_slot_fill(slot, len, 1 << NS_PORT_SHIFT);
		bytes += len;
	}
	if (!i)
		return 0;
	if (c->unicast < c->flood)
		c->unicast = f[-1].next;
	else
		c->flood = f[-1].next;
	c->slots -= i;
	c->packets -= i;
	w->pos = vale_ring_add(w->pos, i, w->n);
	w->room -= i;
	done->slots += i;
	done->packets += i;
	done->bytes += bytes;
	return i;
}

/* As many of them at once as are plain; returns how many. */
static u32 place_plain(const struct vale_batch *b, struct vale_cursor *c,
		       u32 most, struct vale_window *w,
		       struct vale_copied *done)
{
	if (unlikely(w->bufs->offset_mask))
		return 0;
	if (unlikely(b->exchange) && vale_batch_may_exchange(b, c, w))
		return vale_batch_exchange(b, c, most, w, done);
	if (likely(c->row && !b->indirect))
		return copy_row(b, c, most, w, done);
	return copy_plain(b, c, most, w, done);
}

void vale_batch_copy(struct vale_batch *b, struct vale_cursor *c, u32 packets,
		     struct vale_window *w, struct vale_copied *done)
{
	while (packets) {
		packets -= place_plain(b, c, packets, w, done);
		if (!packets)
			return;
		copy_packet(&b->frag[vale_batch_next(b, c)], w, done);
		packets--;
	}
}
