// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Slots belong to programs that may change them at any time. The index that a
 * slot gets is the one that was judged: each is read once and written as read.
 */
#include <linux/compiler.h>
#include <linux/minmax.h>

#include "fwd.h"
#include "ring.h"
#include "slot.h"
#include "swap.h"

/* Two slots that may change buffers. */
struct pair {
	union vale_slot_word from;
	union vale_slot_word to;
};

static inline bool read_pair(const struct netmap_slot *from,
			     const struct netmap_slot *to,
			     const struct vale_bufs *bufs, struct pair *p)
{
	p->from = vale_slot_read(from);
	p->to = vale_slot_read(to);
	return vale_buf_exists(bufs, p->from.buf_idx) &&
	       vale_buf_exists(bufs, p->to.buf_idx);
}

/* What the sender asked to hear of is done. */
static inline void swap_pair(struct netmap_slot *from, struct netmap_slot *to,
			     struct pair p)
{
	const u32 changed = vale_len_flags(0, NS_BUF_CHANGED);
	const u32 kept = vale_len_flags(0xffff, NS_MOREFRAG);
	u32 len_flags = p.from.len_flags | changed;

	p.to.len_flags = len_flags & ~vale_len_flags(0, NS_REPORT);
	p.from.len_flags = len_flags & (kept | changed);
	vale_slot_write(from, p.to);
	vale_slot_write(to, p.from);
}

/* Slots of the frame at s->at, and its bytes; 0: it is not plain. */
static u32 measure(const struct vale_swap *s, const struct vale_bufs *bufs,
		   u32 *bytes)
{
	u32 at = s->at, pos = s->pos, slots = 0;
	u32 most = min(s->room, (u32)NETMAP_MAX_FRAGS);
	struct pair p = { .from.flags = NS_MOREFRAG };

	*bytes = 0;
	while (p.from.flags & NS_MOREFRAG) {
		if (slots++ == most || at == s->head ||
		    !read_pair(s->from + at, s->to + pos, bufs, &p) ||
		    p.from.len > bufs->size)
			return 0;
		*bytes += p.from.len;
		at = vale_ring_next(at, s->from_n);
		pos = vale_ring_next(pos, s->to_n);
	}
	return *bytes < VALE_ETH_HEADER || *bytes > s->max ? 0 : slots;
}

static void step(struct vale_swap *s)
{
	s->at = vale_ring_next(s->at, s->from_n);
	s->pos = vale_ring_next(s->pos, s->to_n);
	s->room--;
}

/* Whose slots changed after they were measured gets empty ones. */
static void swap_slots(struct vale_swap *s, const struct vale_bufs *bufs,
		       u32 slots)
{
	struct pair p;

	for (; slots; slots--, step(s)) {
		struct netmap_slot *from = s->from + s->at;
		struct netmap_slot *to = s->to + s->pos;
		u16 more = slots > 1 ? NS_MOREFRAG : 0;

		if (likely(read_pair(from, to, bufs, &p) &&
			   p.from.len <= bufs->size)) {
			p.from.flags = (p.from.flags & ~NS_MOREFRAG) | more;
			swap_pair(from, to, p);
		} else {
			vale_slot_fill(to, 0, more);
		}
	}
}

static bool swap_long(struct vale_swap *s, const struct vale_bufs *bufs)
{
	u32 bytes;
	u32 slots = measure(s, bufs, &bytes);

	if (!slots)
		return false;
	swap_slots(s, bufs, slots);
	s->packets++;
	s->bytes += bytes;
	return true;
}

/*
 * Frames of one slot, as nearly all are, in the next `most` slots of both
 * rings, neither of which ends among them: judged and changed in one go.
 */
static void swap_run(struct vale_swap *s, u32 most,
		     const struct vale_bufs *region)
{
	const struct vale_bufs bufs = *region;
	const u32 lens = min(s->max, bufs.size) - VALE_ETH_HEADER + 1;
	struct netmap_slot *from = s->from + s->at, *to = s->to + s->pos;
	u32 bytes = 0;
	struct pair p;
	u32 i;

	for (i = 0; i < most; i++, from++, to++) {
		if (unlikely(!read_pair(from, to, &bufs, &p) ||
			     p.from.flags & NS_MOREFRAG ||
			     (u32)p.from.len - VALE_ETH_HEADER >= lens))
			break;
		swap_pair(from, to, p);
		bytes += p.from.len;
	}
	s->packets += i;
	s->bytes += bytes;
	s->at = vale_ring_add(s->at, i, s->from_n);
	s->pos = vale_ring_add(s->pos, i, s->to_n);
	s->room -= i;
}

/* Slots until there are no frames, no room, or a ring ends. */
static u32 straight(const struct vale_swap *s)
{
	u32 from = (s->head < s->at ? s->from_n : s->head) - s->at;

	return min(min(from, s->to_n - s->pos), s->room);
}

void vale_swap_frames(struct vale_swap *s, const struct vale_bufs *bufs)
{
	u32 most;

	while ((most = straight(s))) {
		u32 packets = s->packets;

		swap_run(s, most, bufs);
		if (s->packets - packets < most && !swap_long(s, bufs))
			break;
	}
}
