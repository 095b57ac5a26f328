// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Packet bytes belong to a program that may change them at any time: addresses
 * are loaded once to be decided on. Those merely prefetched may be anything.
 */
#include <asm/byteorder.h>
#include <linux/compiler.h>

#include "fwd.h"

#define LOOK_AHEAD	8	/* packets whose table buckets are prefetched */
#define MAC_MASK	((1ull << 48) - 1)
#define NO_MAC		(~0ull)

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
	return f->len < VALE_ETH_HEADER || f->flags & NS_INDIRECT;
}

/* dst is NO_MAC if the packet was dropped and counted. */
static noinline struct header fetch_header(struct vale_batch *b,
					   const struct vale_frag *f)
{
	static const struct header none = { NO_MAC, NO_MAC };
	u8 copy[VALE_ETH_HEADER];

	if (f->len < VALE_ETH_HEADER) {
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
		       u32 i, struct header seen)
{
	const struct vale_frag *f;
	struct header h;
	u32 n;

	for (n = 0; n < LOOK_AHEAD && i < b->nfrags; n++, i += f->nfrags) {
		f = &b->frag[i];
		if (is_odd(f))
			continue;
		h = load_header(f->data);
		if (h.dst != seen.dst)
			vale_fdb_prefetch(fdb, h.dst);
		if (h.src != seen.src)
			vale_fdb_prefetch(fdb, h.src);
		seen = h;
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

	if (i >= s->ahead && i + 1 < b->nfrags) {
		look_ahead(b, s->fdb, i, seen);
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

static void link_run(struct vale_batch *b, struct vale_queue *q,
		     const struct run *run, u32 slots)
{
	if (!q->packets)
		*q = (struct vale_queue){ .head = run->first };
	else
		b->frag[q->tail].next = run->first;
	q->tail = run->last;
	q->slots += slots;
	q->packets += run->packets;
	b->frag[run->last].next = VALE_BATCH_END;
}

void vale_batch_queue(struct vale_batch *b, struct vale_queue *q, u16 i)
{
	const struct run run = { .first = i, .last = i, .packets = 1 };

	link_run(b, q, &run, b->frag[i].nfrags);
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
	link_run(b, q, &run, end - run.first);
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
