// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Owns the forwarding path: one batch of one source ring through the switch.
 * BH disabled, RCU read side. Never nests: no deliver operation forwards.
 */
#include <linux/uaccess.h>

#include "event.h"
#include "switch.h"
#include "vport.h"
#include "whole.h"

#define FEW 2	/* destinations whose lines are likely to be there */

static DEFINE_PER_CPU(struct vale_batch *, batches);
static DEFINE_PER_CPU(struct vale_batch *, flat_batches);

struct vale_batch *vale_batch_get(void)
{
	struct vale_batch *b = this_cpu_read(batches);

	vale_batch_init(b);
	return b;
}

struct vale_batch *vale_batch_get_flat(void)
{
	struct vale_batch *b = this_cpu_read(flat_batches);

	vale_batch_init(b);
	return b;
}

/* User memory of the sender, faulted in beforehand; the core asks for it. */
int vale_fetch_user(void *dst, const void *user, size_t len)
{
	const void __user *from = (__force const void __user *)user;
	unsigned long left;

	if (!access_ok(from, len))
		return -EFAULT;
	pagefault_disable();
	left = __copy_from_user_inatomic(dst, from, len);
	pagefault_enable();
	return left ? -EFAULT : 0;
}

static void count_in(struct vale_member *src, const struct vale_batch *b)
{
	struct vale_stats *s = this_cpu_ptr(src->stats);
	int i;

	u64_stats_update_begin(&s->syncp);
	u64_stats_add(&s->counter[VALE_CNT_IN_PACKETS],
		      b->npackets + b->nmore);
	u64_stats_add(&s->counter[VALE_CNT_IN_BYTES], b->nbytes);
	u64_stats_add(&s->counter[VALE_CNT_MULTICAST], b->nmulticast);
	u64_stats_add(&s->counter[VALE_CNT_FLOODED],
		      b->flood.packets - b->nmulticast);
	for (i = 0; i < __VALE_DROP_MAX; i++)
		if (unlikely(b->drops[i]))
			u64_stats_add(&s->drop[i], b->drops[i]);
	u64_stats_update_end(&s->syncp);
}

static void learn_one(struct vale_switch *sw, struct vale_fdb *fdb, u64 mac,
		      u8 port, u16 now)
{
	u8 old = 0;

	switch (vale_fdb_learn(fdb, mac, port, now, &old)) {
	case VALE_FDB_NEW:
		vale_event_mac(VALE_EVENT_MAC_LEARNED, sw, mac, port, port);
		break;
	case VALE_FDB_MOVED:
		vale_event_mac(VALE_EVENT_MAC_MOVED, sw, mac, port, old);
		break;
	default:
		break;
	}
}

void vale_switch_learn(struct vale_switch *sw, const u64 *mac, u32 n, u8 port,
		       u16 now)
{
	struct vale_fdb *fdb;
	u32 i;

	spin_lock(&sw->fdb_lock);
	fdb = vale_switch_fdb(sw);
	for (i = 0; i < n; i++)
		learn_one(sw, fdb, mac[i], port, now);
	spin_unlock(&sw->fdb_lock);
}

/* No indirect call for the usual kind of port. */
static void deliver(struct vale_member *m, struct vale_batch *b,
		    const struct vale_queue *q, bool flood, u16 src_ring)
{
	if (unlikely(b->opaque) && !m->ops->whole)
		vale_whole_flatten(m, b, q, flood, src_ring);
	else if (likely(m->ops == &vale_vport_member_ops))
		vale_vport_deliver(m, b, q, flood, src_ring);
	else
		m->ops->deliver(m, b, q, flood, src_ring);
}

/* A member more in m[] if it is there and of the usual kind. */
static u32 gather_usual(struct vale_member **m, u32 n,
			const struct vale_switch *sw, unsigned int index)
{
	m[n] = rcu_dereference(sw->member[index]);
	return m[n] && m[n]->ops == &vale_vport_member_ops ? n + 1 : n;
}

/*
 * Many receivers of a few packets each: what delivering to one of them touches
 * is waited for longer than it is used, so it is asked for beforehand, of
 * several at a time.
 */
static void prefetch_listed(const struct vale_switch *sw, const u8 *index,
			    u32 count, u16 src_ring)
{
	struct vale_member *m[VALE_PREFETCH_MAX] __uninitialized;
	u32 i, n = 0;

	for (i = 0; i < min_t(u32, count, VALE_PREFETCH_MAX); i++)
		n = gather_usual(m, n, sw, index[i]);
	vale_vport_prefetch(m, n, src_ring);
}

static void prefetch_all(const struct vale_switch *sw, unsigned int from,
			 unsigned int top)
{
	struct vale_member *m[VALE_PREFETCH_MAX] __uninitialized;
	unsigned int i, end = min(top, from + VALE_PREFETCH_MAX);
	u32 n = 0;

	for (i = from; i < end; i++)
		n = gather_usual(m, n, sw, i);
	vale_vport_prefetch(m, n, 0);
}

/* To everyone but the source; with what a port's own queue holds. */
static void deliver_flood(struct vale_switch *sw, struct vale_member *src,
			  struct vale_batch *b, u16 src_ring)
{
	unsigned int i, top = READ_ONCE(sw->top);
	struct vale_member *m;
	bool any = false;

	for (i = 0; i < top; i++) {
		if (i % VALE_PREFETCH_MAX == 0 && top > FEW)
			prefetch_all(sw, i, top);
		m = rcu_dereference(sw->member[i]);
		if (!m || m == src)
			continue;
		any = true;
		deliver(m, b, b->to[i].packets ? &b->to[i] : NULL, true,
			src_ring);
	}
	if (!any)
		b->drops[VALE_DROP_NO_DST] += b->flood.packets;
}

static void deliver_queues(struct vale_switch *sw, struct vale_batch *b,
			   u16 src_ring)
{
	struct vale_member *m;
	u16 i;

	for (i = 0; i < b->ndst; i++) {
		const struct vale_queue *q = &b->to[b->dst[i]];

		if (i % VALE_PREFETCH_MAX == 0 && b->ndst > FEW)
			prefetch_listed(sw, &b->dst[i], b->ndst - i, src_ring);
		m = rcu_dereference(sw->member[b->dst[i]]);
		if (likely(m))
			deliver(m, b, q, false, src_ring);
		else
			b->drops[VALE_DROP_NO_DST] += q->packets;
	}
}

void vale_switch_forward(struct vale_member *src, struct vale_batch *b,
			 u16 src_ring)
{
	u16 now = vale_switch_now();
	struct vale_switch *sw;

	rcu_read_lock();
	sw = READ_ONCE(src->sw);
	if (unlikely(!sw)) {
		b->drops[VALE_DROP_NOT_ATTACHED] += b->npackets + b->nmore;
		goto out;
	}
	b->exchange &= READ_ONCE(sw->exchange);
	vale_batch_classify(b, rcu_dereference(sw->fdb), src->index, now);
	if (unlikely(b->nlearn))
		vale_switch_learn(sw, b->learn, b->nlearn, src->index, now);
	if (b->flood.packets)
		deliver_flood(sw, src, b, src_ring);
	else
		deliver_queues(sw, b, src_ring);
out:
	count_in(src, b);
	rcu_read_unlock();
}

void vale_forward_fini(void)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		kvfree(per_cpu(batches, cpu));
		kvfree(per_cpu(flat_batches, cpu));
	}
}

static struct vale_batch *alloc_batch(int cpu)
{
	return kvzalloc_node(sizeof(struct vale_batch), GFP_KERNEL,
			     cpu_to_node(cpu));
}

int vale_forward_init(void)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		per_cpu(batches, cpu) = alloc_batch(cpu);
		per_cpu(flat_batches, cpu) = alloc_batch(cpu);
		if (!per_cpu(batches, cpu) || !per_cpu(flat_batches, cpu)) {
			vale_forward_fini();
			return -ENOMEM;
		}
	}
	return 0;
}
