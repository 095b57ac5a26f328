// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Owns the short way of a frame that comes from a wire alone: out at its
 * destination before the receive handler returns, without inlet, tasklet and
 * batch. Whatever is out of the ordinary makes it wait in the inlet, where
 * everything is dealt with.
 *
 * Only the first frame of a ring in each round of the softirq goes this way.
 * Those behind it are a burst, which is worth more as a batch: one lock, one
 * doorbell. A netdev whose transmission is somebody's reception at once comes
 * back here at most once a ring for the same reason.
 */
#include <linux/etherdevice.h>
#include <linux/kernel_stat.h>

#include "core/ether.h"
#include "core/flow.h"
#include "inlet.h"
#include "nic_priv.h"
#include "vport.h"
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
			per_cpu_ptr(all, cpu)[i].flow.dst = VALE_MAC_NONE;
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

/* By the table. It says nothing if the source is to be learned. */
static struct vale_flow look_up(const struct vale_fdb *fdb,
				const struct vale_ether *h, u8 src)
{
	struct vale_flow flow = {
		.dst = VALE_MAC_NONE,
		.src = h->src,
		.version = vale_fdb_version(fdb),
		.now = vale_switch_now(),
	};

	if (vale_fdb_stale(fdb, h->src, src, flow.now))
		return flow;
	flow.port = vale_fdb_lookup(fdb, h->dst);
	if (flow.port < VALE_PORT_MAX && flow.port != src)
		flow.dst = h->dst;
	return flow;
}

/* The only one who gets it. NULL: there are several, or it is not known. */
static struct vale_member *destination(const struct vale_member *src,
				       struct vale_flow *flow, const u8 *data)
{
	const struct vale_switch *sw = READ_ONCE(src->sw);
	struct vale_ether h = vale_ether_load(data);
	const struct vale_fdb *fdb;

	if (unlikely(!sw))
		return NULL;
	fdb = rcu_dereference(sw->fdb);
	if (flow->dst != h.dst || flow->src != h.src ||
	    flow->version != vale_fdb_version(fdb) ||
	    flow->now != vale_switch_now())
		*flow = look_up(fdb, &h, src->index);
	if (flow->dst == VALE_MAC_NONE)
		return NULL;
	return rcu_dereference(sw->member[flow->port]);
}

static bool accept(struct vale_member *m, struct sk_buff *skb, u16 src_ring)
{
	if (m->ops == &vale_wire_ops)
		return vale_wire_accept(m, skb, src_ring);
	if (m->ops == &vale_host_ops)
		return vale_host_accept(m, skb);
	if (m->ops != &vale_vport_member_ops ||
	    !vale_vport_accept(m, skb->data, skb->len, src_ring))
		return false;
	consume_skb(skb);
	return true;
}

bool vale_direct_forward(struct vale_inlet *in, struct sk_buff *skb)
{
	struct vale_direct *d = this_cpu_ptr(in->direct);
	struct vale_member *m;
	u32 len = skb->len;

	if (!vale_inlet_idle(in) || !is_first(d) ||
	    vale_whole_unfinished(skb) || len < ETH_HLEN)
		return false;
	m = destination(in->member, &d->flow, skb->data);
	if (!m || !accept(m, skb, in->ring))
		return false;
	vale_count_in(in->member->stats, 1, len);
	return true;
}
