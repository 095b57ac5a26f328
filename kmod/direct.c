// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Owns the short way of a frame from a wire: out at its destination before the
 * receive handler returns, as a bridge would do it, without inlet, tasklet and
 * batch. What goes to several, or cannot go now, waits in the inlet, where
 * everything is dealt with.
 *
 * Where a batch is worth something (one lock, one doorbell) only the first
 * frame of a ring in each round of the softirq goes this way: those behind it
 * are a burst.
 */
#include <linux/etherdevice.h>
#include <linux/kernel_stat.h>

#include "core/ether.h"
#include "direct.h"
#include "inlet.h"
#include "whole.h"

struct vale_direct __percpu *vale_direct_alloc(u32 n)
{
	struct vale_direct __percpu *all;
	int cpu;
	u32 i;

	all = __alloc_percpu(n * sizeof(*all), __alignof__(*all));
	if (!all)
		return NULL;
	for_each_possible_cpu(cpu)
		for (i = 0; i < n; i++)
			per_cpu_ptr(all, cpu)[i].flow.port = VALE_PORT_DROP;
	return all;
}

/* Threads that poll a NIC make no rounds: theirs are all one burst. */
static bool is_first(struct vale_direct *d)
{
	unsigned int round = kstat_softirqs_cpu(NET_RX_SOFTIRQ,
						smp_processor_id());

	if (d->round == round)
		return false;
	d->round = round;
	return true;
}

/* By the table, which learns the source. */
static struct vale_flow look_up(struct vale_switch *sw,
				const struct vale_fdb *fdb, const u8 *data,
				u8 src)
{
	const struct vale_ether h = vale_ether_load(data);
	struct vale_flow flow = {
		.version = vale_fdb_version(fdb),
		.now = vale_switch_now(),
	};

	vale_flow_address(&flow, h.dst, h.src);
	if (vale_fdb_stale(fdb, h.src, src, flow.now))
		vale_switch_learn(sw, &h.src, 1, src, flow.now);
	flow.port = vale_fdb_lookup(fdb, h.dst);
	if (flow.port == src)
		flow.port = VALE_PORT_DROP;
	return flow;
}

/* The only one who gets it. NULL: there are several, or it is not known. */
static struct vale_member *destination(const struct vale_member *src,
				       struct vale_flow *flow, const u8 *data)
{
	struct vale_switch *sw = READ_ONCE(src->sw);
	const struct vale_fdb *fdb;

	if (unlikely(!sw))
		return NULL;
	fdb = rcu_dereference(sw->fdb);
	if (!vale_flow_has(flow, data) ||
	    !vale_flow_holds(flow, fdb, vale_switch_now()))
		*flow = look_up(sw, fdb, data, src->index);
	if (flow->port >= VALE_PORT_MAX)
		return NULL;
	return rcu_dereference(sw->member[flow->port]);
}

bool vale_direct_forward(struct vale_inlet *in, struct sk_buff *skb)
{
	struct vale_direct *d = this_cpu_ptr(in->direct);
	const struct vale_one one = {
		.skb = skb,
		.src = in->member,
		.ring = in->ring,
		.alone = is_first(d),
	};
	struct vale_wire_size size;
	struct vale_member *m;
	bool gone;

	if (d->inside || !vale_inlet_idle(in) || !pskb_may_pull(skb, ETH_HLEN))
		return false;
	m = destination(one.src, &d->flow, skb->data);
	if (!m)
		return false;
	size = vale_wire_size(skb);
	d->inside = true;
	gone = vale_deliver_one(m, &one);
	d->inside = false;
	if (gone)
		vale_count_in(one.src->stats, size.frames, size.bytes);
	return gone;
}
