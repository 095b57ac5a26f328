// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Packet bytes belong to a program that may change them at any time: addresses
 * are loaded once to be decided on. Those merely prefetched may be anything.
 */
#include <linux/compiler.h>
#include <linux/errno.h>

#include "ether.h"
#include "fdb_find.h"
#include "flow.h"
#include "fwd.h"
#include "vnet.h"

#define LOOK_AHEAD	16	/* packets whose hashes and buckets are fetched */

/* Packets in a row with the same destination; gather linked them already. */
struct run {
	u32 first;
	u32 last;
	u32 packets;
	u8 dst;
};

/* No whole header in the first fragment, or it lies in the sender's memory. */
static inline bool is_odd(const struct vale_frag *f)
{
	return f->len < VALE_ETH_HEADER || f->flags & NS_INDIRECT;
}

/* dst is VALE_MAC_NONE if the packet was dropped and counted. */
static noinline struct vale_ether fetch_header(struct vale_batch *b, u32 i)
{
	static const struct vale_ether none = { VALE_MAC_NONE, VALE_MAC_NONE };
	u8 copy[VALE_ETH_HEADER];

	switch (vale_vnet_fetch(b, i, copy)) {
	case 0:
		return vale_ether_load(copy);
	case -EFAULT:
		b->drops[VALE_DROP_FAULT]++;
		return none;
	}
	b->drops[VALE_DROP_RUNT]++;
	return none;
}

struct sorter {
	struct vale_batch *b;
	const struct vale_fdb *fdb;
	struct vale_ether seen;	/* last addresses looked up */
	struct run run;		/* the one that grows */
	unsigned long version;	/* of fdb, before anything was looked up */
	u32 sources;		/* different ones in a row */
	u16 now;
	u8 src;
	u8 dst;			/* of seen.dst */
};

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

/* Queue the run; `end` is the fragment behind it. */
static noinline void append(const struct sorter *s, u32 end)
{
	const struct run *run = &s->run;
	struct vale_batch *b = s->b;
	struct vale_queue *q = &b->flood;

	if (run->dst == VALE_PORT_DROP)
		return;
	if (run->dst == s->src) {
		b->drops[VALE_DROP_SAME_PORT] += run->packets;
		return;
	}
	if (run->dst != VALE_PORT_FLOOD) {
		q = &b->to[run->dst];
		if (!q->packets)
			b->dst[b->ndst++] = run->dst;
	}
	link_run(b, q, run, end - run->first);
}

static inline void begin_run(struct sorter *s, u32 i, u8 dst)
{
	append(s, i);
	s->run = (struct run){ .first = i, .dst = dst };
}

/* n packets from i to `last`, with the addresses seen last. */
static inline void add(struct sorter *s, u32 i, u32 last, u32 n)
{
	if (unlikely(s->dst != s->run.dst))
		begin_run(s, i, s->dst);
	s->run.last = last;
	s->run.packets += n;
	if (unlikely(s->dst == VALE_PORT_FLOOD) &&
	    vale_mac_is_group(s->seen.dst))
		s->b->nmulticast += n;
}

static noinline void see_source(struct sorter *s, u32 i, struct vale_ether *h)
{
	struct vale_batch *b = s->b;

	s->sources++;
	if (b->frag[i].flags & NS_NO_LEARN)
		h->src = s->seen.src;
	else if (vale_fdb_stale(s->fdb, h->src, s->src, s->now))
		b->learn[b->nlearn++] = h->src;
}

/* One packet; hash: of its destination. */
static __always_inline void sort_one(struct sorter *s, u32 i,
				     struct vale_ether h, u64 hash)
{
	if (h.dst != s->seen.dst)
		s->dst = vale_mac_is_group(h.dst) ?
				 VALE_PORT_FLOOD :
				 vale_fdb_lookup_hashed(s->fdb, h.dst, hash);
	if (unlikely(h.src != s->seen.src))
		see_source(s, i, &h);
	s->seen = h;
	add(s, i, i, 1);
}

static noinline void sort_odd(struct sorter *s, u32 i)
{
	struct vale_ether h = fetch_header(s->b, i);

	if (h.dst == VALE_MAC_NONE)
		begin_run(s, i, VALE_PORT_DROP);
	else
		sort_one(s, i, h, vale_fdb_hash(s->fdb, h.dst));
}

static __always_inline void prefetch_source(const struct vale_fdb *fdb,
					    u64 mac)
{
	__builtin_prefetch(vale_fdb_primary(fdb, vale_fdb_hash(fdb, mac)));
}

static inline u32 behind(const struct sorter *s, u32 i, bool plain)
{
	return plain ? i + 1 : i + s->b->frag[i].nfrags;
}

/*
 * Up to LOOK_AHEAD packets from i on, or up to one that is odd. All hashes come
 * first, so that the buckets are waited for together. Returns what follows.
 */
static __always_inline u32 sort_some(struct sorter *s, u32 i, u32 end,
				     bool plain)
{
	struct vale_ether h[LOOK_AHEAD] __uninitialized;
	u64 hash[LOOK_AHEAD] __uninitialized;
	u64 src = s->seen.src;
	u32 at = i, n, k;

	for (n = 0; n < LOOK_AHEAD && at < end; n++) {
		if (unlikely(is_odd(&s->b->frag[at])))
			break;
		h[n] = vale_ether_load(s->b->frag[at].data);
		hash[n] = vale_fdb_hash(s->fdb, h[n].dst);
		__builtin_prefetch(vale_fdb_primary(s->fdb, hash[n]));
		if (h[n].src != src)
			prefetch_source(s->fdb, src = h[n].src);
		at = behind(s, at, plain);
	}
	for (k = 0; k < n; k++, i = behind(s, i, plain))
		sort_one(s, i, h[k], hash[k]);
	return at;
}

/* The first packet from i on that is odd or has other addresses, or `end`. */
static u32 same_as_seen(const struct sorter *s, u32 i, u32 end)
{
	const struct vale_frag *f = &s->b->frag[i];
	struct vale_flow seen;

	vale_flow_address(&seen, s->seen.dst, s->seen.src);
	for (; i < end; i++, f++)
		if (unlikely(is_odd(f)) || !vale_flow_has(&seen, f->data))
			break;
	return i;
}

/* `plain`, known at compile time: every packet is one fragment. */
static __always_inline void sort(struct sorter *s, bool plain)
{
	u32 end = s->b->nfrags;
	u32 i = 0, same;

	while (i < end) {
		if (unlikely(is_odd(&s->b->frag[i]))) {
			sort_odd(s, i);
			i = behind(s, i, plain);
			continue;
		}
		i = sort_some(s, i, end, plain);
		same = plain ? same_as_seen(s, i, end) : i;
		if (same != i)
			add(s, i, same - 1, same - i);
		i = same;
	}
	append(s, end);
}

/* Packets whose Ethernet header is not where their data begins. */
static noinline void sort_behind_headers(struct sorter *s)
{
	u32 i;

	for (i = 0; i < s->b->nfrags; i = behind(s, i, false))
		sort_odd(s, i);
	append(s, s->b->nfrags);
}

/* Did all packets of the batch have this source, and this port to go to? */
static bool is_uniform(const struct sorter *s)
{
	return s->sources == 1 && s->dst < VALE_PORT_MAX &&
	       s->b->to[s->dst].packets == s->b->npackets;
}

/* For those that come next: the way of the last packet. */
static void remember(const struct sorter *s, struct vale_flow *flow)
{
	bool known = s->seen.dst != VALE_MAC_NONE &&
		     s->seen.src != VALE_MAC_NONE && s->dst != s->src;
	struct vale_flow next = {
		.now = s->now,
		.port = known ? s->dst : VALE_PORT_DROP,
		.version = s->version,
	};

	vale_flow_address(&next, s->seen.dst, s->seen.src);
	next.varied = vale_flow_varies(flow, &next) && is_uniform(s);
	*flow = next;
}

void vale_batch_classify(struct vale_batch *b, const struct vale_fdb *fdb,
			 u8 src, u16 now)
{
	struct sorter s = {
		.b = b,
		.fdb = fdb,
		.seen = { VALE_MAC_NONE, VALE_MAC_NONE },
		.run = { .dst = VALE_PORT_DROP },
		.version = vale_fdb_version(fdb),
		.now = now,
		.src = src,
	};

	if (unlikely(b->header))
		sort_behind_headers(&s);
	else if (b->npackets == b->nfrags)
		sort(&s, true);
	else
		sort(&s, false);
	if (b->flow)
		remember(&s, b->flow);
}
