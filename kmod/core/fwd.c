// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Slots and packet bytes belong to programs that may change them at any time:
 * whatever is decided on was read once. Bytes that are merely copied, and
 * addresses that are merely prefetched, may be anything.
 */
#include <linux/compiler.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "copy.h"
#include "fwd.h"
#include "ring.h"

#define ETHERNET_HEADER	14
#define FRAG_LEN_MAX	0xffffu
#define LOOK_AHEAD	8	/* packets whose table buckets are prefetched */
#define MAC_MASK	((1ull << 48) - 1)
#define NO_MAC		(~0ull)

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
	memset(b->drops, 0, sizeof(b->drops));
	b->flood = (struct vale_queue){ .head = VALE_BATCH_END };
}

/* ---- gather ---- */

struct source {
	struct netmap_slot *slot;
	const struct vale_bufs *bufs;
	u32 n;
	u32 pos;
	u32 to;
};

/* What a slot said at one moment: its first eight bytes in one load. */
union slot_word {
	u64 all;
	struct {
		u32 buf_idx;
		u16 len;
		u16 flags;
	};
};

static inline union slot_word read_slot(const struct netmap_slot *slot)
{
	return (union slot_word){ .all = READ_ONCE(*(const u64 *)slot) };
}

/* False: no such buffer, or longer than it. */
static bool gather_slot(struct vale_frag *f, struct netmap_slot *slot,
			const struct vale_bufs *bufs)
{
	union slot_word s = read_slot(slot);

	if (s.flags & NS_BUF_CHANGED)
		WRITE_ONCE(slot->flags, s.flags & ~NS_BUF_CHANGED);
	if (s.flags & NS_INDIRECT)
		f->data = (const u8 *)(uintptr_t)READ_ONCE(slot->ptr);
	else
		f->data = vale_buf(bufs, s.buf_idx);
	f->len = s.len;
	f->flags = s.flags;
	return f->data && s.len <= bufs->size;
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
	const struct vale_bufs bufs = *s->bufs;
	u32 end = s->to > s->pos ? s->to : s->n;
	u32 most = min_t(u32, end - s->pos, VALE_BATCH_MAX - b->nfrags);
	u32 at = b->nfrags;
	u32 bytes = 0;
	u32 i;

	for (i = 0; i < most; i++, slot++, f++) {
		union slot_word w = read_slot(slot);
		const u8 *data = vale_buf(&bufs, w.buf_idx);

		if (unlikely(!data || w.len > bufs.size ||
			     w.flags & (NS_MOREFRAG | NS_INDIRECT)))
			break;
		if (unlikely(w.flags & NS_BUF_CHANGED))
			WRITE_ONCE(slot->flags, w.flags & ~NS_BUF_CHANGED);
		__builtin_prefetch(data);
		f->data = data;
		f->len = w.len;
		f->flags = w.flags;
		f->next = ++at;
		f->nfrags = 1;
		bytes += w.len;
	}
	b->nfrags += i;
	b->npackets += i;
	b->nbytes += bytes;
	s->pos = vale_ring_add(s->pos, i, s->n);
}

u32 vale_batch_gather(struct vale_batch *b, struct netmap_slot *slot, u32 n,
		      u32 from, u32 to, const struct vale_bufs *bufs)
{
	struct source s = { slot, bufs, n, from, to };

	while (s.pos != to && b->nfrags < VALE_BATCH_MAX) {
		gather_plain(b, &s);
		if (s.pos != to && b->nfrags < VALE_BATCH_MAX)
			gather_packet(b, &s);
	}
	return s.pos;
}

bool vale_batch_add(struct vale_batch *b, const u8 *data, u32 len, u32 frag_len)
{
	struct vale_frag *first = &b->frag[b->nfrags];
	u32 count, used;

	if (b->nfrags >= VALE_BATCH_MAX)
		return false;
	if (len < ETHERNET_HEADER) {
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

/* ---- classify ---- */

/* Packets in a row with the same destination; gather linked them already. */
struct run {
	u32 first;
	u32 last;
	u32 packets;
	u8 dst;
};

struct header {
	u64 dst;
	u64 src;
};

/* 14 bytes in two loads; each byte is used once. */
static inline struct header load_header(const u8 *data)
{
	u64 dst, src;

	__builtin_memcpy(&dst, data, 8);
	__builtin_memcpy(&src, data + 6, 8);
	return (struct header){
		.dst = __le64_to_cpu((__force __le64)dst) & MAC_MASK,
		.src = __le64_to_cpu((__force __le64)src) & MAC_MASK,
	};
}

/* No whole header in the first fragment, or it lies in the sender's memory. */
static inline bool is_odd(const struct vale_frag *f)
{
	return f->len < ETHERNET_HEADER || f->flags & NS_INDIRECT;
}

/* dst is NO_MAC if the packet was dropped and counted. */
static noinline struct header fetch_header(struct vale_batch *b,
					   const struct vale_frag *f)
{
	static const struct header none = { NO_MAC, NO_MAC };
	u8 copy[ETHERNET_HEADER];

	if (f->len < ETHERNET_HEADER) {
		b->drops[VALE_DROP_RUNT]++;
		return none;
	}
	if (vale_fetch_user(copy, f->data, sizeof(copy))) {
		b->drops[VALE_DROP_FAULT]++;
		return none;
	}
	return load_header(copy);
}

static void look_ahead(const struct vale_batch *b, const struct vale_fdb *fdb,
		       u32 i)
{
	const struct vale_frag *f;
	struct header h;
	u32 n;

	for (n = 0; n < LOOK_AHEAD && i < b->nfrags; n++, i += f->nfrags) {
		f = &b->frag[i];
		if (is_odd(f))
			continue;
		h = load_header(f->data);
		vale_fdb_prefetch(fdb, h.dst);
		vale_fdb_prefetch(fdb, h.src);
	}
}

struct sorter {
	struct vale_batch *b;
	const struct vale_fdb *fdb;
	u32 ahead;	/* buckets prefetched up to this packet */
	u16 now;
	u8 src;
	u8 dst;		/* of the address looked up last */
};

/* Not the same pair of addresses as before. */
static noinline struct header look_up(struct sorter *s, u32 i, struct header h,
				      struct header seen)
{
	struct vale_batch *b = s->b;

	if (i >= s->ahead) {
		look_ahead(b, s->fdb, i);
		s->ahead = i + LOOK_AHEAD;
	}
	if (h.dst != seen.dst)
		s->dst = vale_mac_is_group(h.dst) ?
			 VALE_PORT_FLOOD : vale_fdb_lookup(s->fdb, h.dst);
	if (b->frag[i].flags & NS_NO_LEARN)
		h.src = seen.src;
	else if (h.src != seen.src &&
		 vale_fdb_stale(s->fdb, h.src, s->src, s->now))
		b->learn[b->nlearn++] = h.src;
	return h;
}

static __always_inline u8 destination(struct sorter *s, u32 i,
				      struct header *seen)
{
	const struct vale_frag *f = &s->b->frag[i];
	struct header h;

	h = likely(!is_odd(f)) ? load_header(f->data) : fetch_header(s->b, f);
	if (likely(h.dst == seen->dst && h.src == seen->src))
		return s->dst;
	if (h.dst == NO_MAC)
		return VALE_PORT_DROP;
	*seen = look_up(s, i, h, *seen);
	return s->dst;
}

/* Queue a run; `end` is the fragment behind it. */
static noinline void append(const struct sorter *s, struct run run, u32 end)
{
	struct vale_batch *b = s->b;
	struct vale_queue *q = &b->flood;

	if (run.dst == VALE_PORT_DROP)
		return;
	if (run.dst == s->src) {
		b->drops[VALE_DROP_SAME_PORT] += run.packets;
		return;
	}
	if (run.dst != VALE_PORT_FLOOD) {
		q = &b->to[run.dst];
		if (!q->packets)
			b->dst[b->ndst++] = run.dst;
	}
	if (!q->packets)
		*q = (struct vale_queue){ .head = run.first };
	else
		b->frag[q->tail].next = run.first;
	q->tail = run.last;
	q->slots += end - run.first;
	q->packets += run.packets;
	b->frag[run.last].next = VALE_BATCH_END;
}

/* `plain`, known at compile time: every packet is one fragment. */
static __always_inline void sort(struct sorter *s, bool plain)
{
	struct header seen = { NO_MAC, NO_MAC };
	struct run run = { .dst = VALE_PORT_DROP };
	struct vale_batch *b = s->b;
	u32 end = b->nfrags;
	u32 multicast = 0;
	u32 i, n;
	u8 dst;

	for (i = 0; i < end; i += n) {
		n = plain ? 1 : b->frag[i].nfrags;
		dst = destination(s, i, &seen);
		multicast += dst == VALE_PORT_FLOOD &&
			     vale_mac_is_group(seen.dst);
		if (dst != run.dst) {
			append(s, run, i);
			run = (struct run){ .first = i, .dst = dst };
		}
		run.last = i;
		run.packets++;
	}
	append(s, run, end);
	b->nmulticast = multicast;
}

void vale_batch_classify(struct vale_batch *b, const struct vale_fdb *fdb,
			 u8 src, u16 now)
{
	struct sorter s = {
		.b = b,
		.fdb = fdb,
		.now = now,
		.src = src,
		.dst = VALE_PORT_DROP,	/* of NO_MAC */
	};

	if (b->npackets == b->nfrags)
		sort(&s, true);
	else
		sort(&s, false);
}

/* ---- deliver ---- */

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

static inline void fill_slot(struct netmap_slot *slot, u16 len, u16 flags)
{
	WRITE_ONCE(slot->len, len);
	WRITE_ONCE(slot->flags, flags);
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

/* Empty slots from w->pos on; w moves behind them. */
static void skip_slots(struct vale_window *w, u32 n, struct vale_copied *done)
{
	w->room -= n;
	done->slots += n;
	while (n--) {
		fill_slot(&w->slot[w->pos], 0, 0);
		w->pos = vale_ring_next(w->pos, w->n);
	}
}

/* Any packet: several fragments, indirect, or one that cannot be copied. */
static noinline void copy_packet(const struct vale_frag *f,
				 struct vale_window *w,
				 struct vale_copied *done)
{
	u16 count = f->nfrags;
	u32 pos = w->pos;
	u32 bytes = 0;
	u32 i;
	u8 *to;

	if (too_long(f, w->bufs->size)) {
		done->drops[VALE_DROP_TOO_LONG]++;
		return;
	}
	for (i = 0; i < count; i++) {
		to = vale_buf(w->bufs, READ_ONCE(w->slot[pos].buf_idx));
		if (!to) {
			done->drops[VALE_DROP_BAD_BUFFER]++;
			skip_slots(w, i + 1, done);
			return;
		}
		if (copy_frag(to, &f[i])) {
			done->drops[VALE_DROP_FAULT]++;
			return;
		}
		fill_slot(&w->slot[pos], f[i].len, count << NS_PORT_SHIFT |
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
	const struct vale_bufs bufs = *w->bufs;
	u32 unicast = c->unicast;
	u32 flood = c->flood;
	u32 bytes = 0;
	u32 i;

	for (i = 0; i < most; i++) {
		const struct vale_frag *f = &b->frag[min(unicast, flood)];
		u8 *to = vale_buf(&bufs, READ_ONCE(slot->buf_idx));
		u32 len = f->len;

		if (unlikely(!to || len > bufs.size ||
			     f->flags & (NS_MOREFRAG | NS_INDIRECT)))
			break;
		if (unicast < flood)
			unicast = f->next;
		else
			flood = f->next;
		vale_copy(to, f->data, len);
		fill_slot(slot, len, 1 << NS_PORT_SHIFT);
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

void vale_batch_copy(struct vale_batch *b, struct vale_cursor *c, u32 packets,
		     struct vale_window *w, struct vale_copied *done)
{
	while (packets) {
		packets -= copy_plain(b, c, packets, w, done);
		if (!packets)
			return;
		copy_packet(&b->frag[vale_batch_next(b, c)], w, done);
		packets--;
	}
}
