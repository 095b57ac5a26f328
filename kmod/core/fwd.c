// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Loops keep what they need in local copies: the compiler must assume that a
 * store to a slot or a packet changes anything else.
 *
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

/* False: no such buffer, or longer than it. */
static inline bool gather_slot(struct vale_frag *f, struct netmap_slot *slot,
			       const struct vale_bufs *bufs)
{
	const u8 *data = vale_buf(bufs, READ_ONCE(slot->buf_idx));
	u16 flags = READ_ONCE(slot->flags);
	u16 len = READ_ONCE(slot->len);

	if (unlikely(flags & (NS_BUF_CHANGED | NS_INDIRECT))) {
		if (flags & NS_BUF_CHANGED)
			WRITE_ONCE(slot->flags, flags & ~NS_BUF_CHANGED);
		if (flags & NS_INDIRECT)
			data = (const u8 *)(uintptr_t)READ_ONCE(slot->ptr);
	}
	f->data = data;
	f->len = len;
	f->flags = flags;
	return data && len <= bufs->size;
}

/*
 * The rest of a packet of several slots, or of a bad one; its first slot lies
 * in b->frag[at] already. Returns the number of fragments, 0 if dropped. Room
 * for NETMAP_MAX_FRAGS more was left; what exceeds it overwrites the last.
 */
static u32 gather_rest(struct vale_batch *b, u32 at, struct source *s, bool ok)
{
	bool more = b->frag[at].flags & NS_MOREFRAG;
	u32 bytes = b->frag[at].len;
	struct vale_frag *f;
	u32 count = 1;

	while (more && s->pos != s->to) {
		f = &b->frag[at + min_t(u32, count, NETMAP_MAX_FRAGS)];
		ok &= gather_slot(f, &s->slot[s->pos], s->bufs);
		s->pos = vale_ring_next(s->pos, s->n);
		more = f->flags & NS_MOREFRAG;
		bytes += f->len;
		count++;
	}
	if (!ok || count > NETMAP_MAX_FRAGS) {
		b->drops[ok ? VALE_DROP_FRAGS : VALE_DROP_BAD_SLOT]++;
		return 0;
	}
	b->nbytes += bytes;
	return count;
}

u32 vale_batch_gather(struct vale_batch *b, struct netmap_slot *slot, u32 n,
		      u32 from, u32 to, const struct vale_bufs *bufs)
{
	const struct vale_bufs here = *bufs;
	u32 packets = 0;
	u32 bytes = 0;
	u32 at = 0;

	while (from != to && at < VALE_BATCH_MAX) {
		struct vale_frag *f = &b->frag[at];
		bool ok = gather_slot(f, &slot[from], &here);
		u32 count = 1;

		from = vale_ring_next(from, n);
		if (likely(ok && !(f->flags & NS_MOREFRAG))) {
			bytes += f->len;
		} else {
			struct source s = { slot, bufs, n, from, to };

			count = gather_rest(b, at, &s, ok);
			from = s.pos;
		}
		at += count;
		f->nfrags = count;
		f->next = at;
		packets += !!count;
		__builtin_prefetch(f->data);
	}
	b->nfrags = at;
	b->npackets = packets;
	b->nbytes += bytes;
	return from;
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
	u32 slots;
	u32 bytes;
	u8 dst;
};

struct header {
	u64 dst;
	u64 src;
};

/* Two loads of eight bytes cover the header of fourteen exactly. */
static inline void load_header(struct header *h, const u8 *data)
{
	__le64 dst, src;

	__builtin_memcpy(&dst, data, 8);
	__builtin_memcpy(&src, data + 6, 8);
	h->dst = __le64_to_cpu(dst) & MAC_MASK;
	h->src = __le64_to_cpu(src) & MAC_MASK;
}

/* False: dropped and counted. */
static inline bool read_header(struct vale_batch *b, const struct vale_frag *f,
			       struct header *h)
{
	u8 copy[ETHERNET_HEADER];

	if (unlikely(f->len < ETHERNET_HEADER)) {
		b->drops[VALE_DROP_RUNT]++;
		return false;
	}
	if (likely(!(f->flags & NS_INDIRECT))) {
		load_header(h, f->data);
		return true;
	}
	if (vale_fetch_user(copy, f->data, sizeof(copy))) {
		b->drops[VALE_DROP_FAULT]++;
		return false;
	}
	load_header(h, copy);
	return true;
}

static inline u32 packet_bytes(const struct vale_frag *f)
{
	u32 bytes = f->len;
	u32 i;

	for (i = 1; unlikely(i < f->nfrags); i++)
		bytes += f[i].len;
	return bytes;
}

static void append(struct vale_batch *b, struct run run)
{
	struct vale_queue *q = &b->flood;

	if (run.dst == VALE_PORT_DROP)
		return;
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
	q->slots += run.slots;
	q->packets += run.packets;
	q->bytes += run.bytes;
	b->frag[run.last].next = VALE_BATCH_END;
}

static void look_ahead(const struct vale_batch *b, const struct vale_fdb *fdb,
		       u32 i)
{
	const struct vale_frag *f;
	struct header h;
	u32 n;

	for (n = 0; n < LOOK_AHEAD && i < b->nfrags; n++, i += f->nfrags) {
		f = &b->frag[i];
		if (f->len < ETHERNET_HEADER || f->flags & NS_INDIRECT)
			continue;
		load_header(&h, f->data);
		vale_fdb_prefetch(fdb, h.dst);
		vale_fdb_prefetch(fdb, h.src);
	}
}

struct sorter {
	struct vale_batch *b;
	const struct vale_fdb *fdb;
	struct header seen;	/* looked up last */
	u8 known;		/* destination of seen.dst */
	u8 src;
	u16 now;
	u32 ahead;		/* buckets prefetched up to this packet */
};

/* Not the same pair of addresses as before. */
static noinline void look_up(struct sorter *s, u32 i, const struct header *h)
{
	struct vale_batch *b = s->b;

	if (i >= s->ahead) {
		look_ahead(b, s->fdb, i);
		s->ahead = i + LOOK_AHEAD;
	}
	if (h->src != s->seen.src && !(b->frag[i].flags & NS_NO_LEARN)) {
		if (vale_fdb_stale(s->fdb, h->src, s->src, s->now))
			b->learn[b->nlearn++] = h->src;
		s->seen.src = h->src;
	}
	if (h->dst != s->seen.dst) {
		s->known = vale_mac_is_group(h->dst) ?
			   VALE_PORT_FLOOD : vale_fdb_lookup(s->fdb, h->dst);
		s->seen.dst = h->dst;
	}
}

static inline u8 destination(struct sorter *s, u32 i)
{
	struct vale_batch *b = s->b;
	struct header h;

	if (unlikely(!read_header(b, &b->frag[i], &h)))
		return VALE_PORT_DROP;
	if (unlikely(h.dst != s->seen.dst || h.src != s->seen.src))
		look_up(s, i, &h);
	if (unlikely(s->known == s->src)) {
		b->drops[VALE_DROP_SAME_PORT]++;
		return VALE_PORT_DROP;
	}
	if (s->known == VALE_PORT_FLOOD)
		b->nmulticast += vale_mac_is_group(h.dst);
	return s->known;
}

void vale_batch_classify(struct vale_batch *b, const struct vale_fdb *fdb,
			 u8 src, u16 now)
{
	struct sorter s = {
		.b = b,
		.fdb = fdb,
		.seen = { NO_MAC, NO_MAC },
		.src = src,
		.now = now,
	};
	struct run run = { .dst = VALE_PORT_DROP };
	u32 i, n;
	u8 dst;

	for (i = 0; i < b->nfrags; i += n) {
		n = b->frag[i].nfrags;
		dst = destination(&s, i);
		if (dst != run.dst) {
			append(b, run);
			run = (struct run){ .first = i, .dst = dst };
		}
		run.last = i;
		run.packets++;
		run.slots += n;
		run.bytes += packet_bytes(&b->frag[i]);
	}
	append(b, run);
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
	}
	w->pos = pos;
	w->room -= count;
	done->slots += count;
	done->packets++;
	done->bytes += packet_bytes(f);
}

void vale_batch_copy(struct vale_batch *b, struct vale_cursor *c, u32 packets,
		     struct vale_window *w, struct vale_copied *done)
{
	const struct vale_bufs bufs = *w->bufs;
	struct vale_cursor at = *c;
	u32 plain = 0;
	u32 pos = w->pos;
	u64 bytes = 0;

	while (packets--) {
		const struct vale_frag *f = &b->frag[vale_batch_next(b, &at)];
		struct netmap_slot *slot = &w->slot[pos];
		u8 *to = vale_buf(&bufs, READ_ONCE(slot->buf_idx));
		u16 len = f->len;

		if (unlikely(!to || f->nfrags != 1 || len > bufs.size ||
			     f->flags & NS_INDIRECT)) {
			w->pos = pos;
			copy_packet(f, w, done);
			pos = w->pos;
			continue;
		}
		vale_copy(to, f->data, len);
		fill_slot(slot, len, 1 << NS_PORT_SHIFT);
		pos = vale_ring_next(pos, w->n);
		plain++;
		bytes += len;
	}
	*c = at;
	w->pos = pos;
	w->room -= plain;
	done->slots += plain;
	done->packets += plain;
	done->bytes += bytes;
}
