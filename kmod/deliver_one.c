// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Owns the way out of the switch of one frame that has just come from a wire,
 * the whole socket buffer (direct.c). BH disabled, RCU read side.
 */
#include "attach.h"
#include "direct.h"
#include "vport.h"
#include "whole.h"

static void take_over(struct sk_buff *skb, struct net_device *dev)
{
	vale_whole_scrub(skb);
	skb->dev = dev;
}

/* Segments and checksums are left to the netdev, or made here. */
static bool send_unfinished(const struct vale_one *one, struct vale_nic *nic,
			    struct net_device *dev, u32 ring)
{
	u32 frames = vale_wire_size(one->skb).frames;
	struct sk_buff *skb = one->skb, *next;
	struct sk_buff_head out;
	enum vale_drop why;

	take_over(skb, dev);
	skb = vale_whole_validate(skb, &why);
	if (!skb) {
		vale_count_drop(why == VALE_DROP_IN_OFFLOAD ?
					one->src->stats : nic->wire.stats,
				why, frames);
		return true;
	}
	__skb_queue_head_init(&out);
	skb_list_walk_safe(skb, skb, next)
		__skb_queue_tail(&out, skb);
	vale_wire_send(nic, dev, ring, &out);
	return true;
}

static bool send_finished(const struct vale_one *one, struct vale_nic *nic,
			  struct net_device *dev, u32 ring)
{
	struct net_device *from = one->skb->dev;
	u32 len = one->skb->len;

	if (!vale_frame_fits(dev, len))
		return false;
	take_over(one->skb, dev);
	if (!vale_hook_xmit_one(nic, dev, ring, one->skb)) {
		one->skb->dev = from;
		return false;
	}
	vale_count_out(nic->wire.stats, 1, len);
	return true;
}

/*
 * A driver with a lock for its queue most likely has a doorbell, too. One
 * without hands frames to whoever is behind it: what came first must not wait
 * for a tasklet while what comes next is there already.
 */
static bool to_wire(struct vale_member *m, const struct vale_one *one)
{
	struct vale_nic *nic = container_of(m, struct vale_nic, wire);
	struct net_device *dev = rcu_dereference_bh(nic->dev);
	const struct vale_attachment *att = nic->att;
	bool unfinished = vale_whole_unfinished(one->skb);
	u32 ring;

	if (!dev || !vale_nic_running(nic, dev) || !att->ntx)
		return false;
	if (!vale_netdev_is_lltx(dev) && (!one->alone || unfinished))
		return false;
	ring = att->tx_ring[one->ring % att->ntx];
	return unfinished ? send_unfinished(one, nic, dev, ring) :
			    send_finished(one, nic, dev, ring);
}

static bool to_host(struct vale_member *m, const struct vale_one *one)
{
	struct vale_nic *nic = container_of(m, struct vale_nic, host);
	struct net_device *dev = rcu_dereference_bh(nic->dev);

	if (!dev || !READ_ONCE(nic->up))
		return false;
	take_over(one->skb, dev);
	vale_host_send(m, dev, one->skb);
	return true;
}

static bool to_port(struct vale_member *m, const struct vale_one *one)
{
	struct sk_buff *skb = one->skb;

	if (!one->alone || vale_whole_unfinished(skb) ||
	    !vale_vport_accept(m, skb->data, skb->len, one->ring))
		return false;
	consume_skb(skb);
	return true;
}

bool vale_deliver_one(struct vale_member *m, const struct vale_one *one)
{
	if (m->ops == &vale_wire_ops)
		return to_wire(m, one);
	if (m->ops == &vale_host_ops)
		return to_host(m, one);
	return m->ops == &vale_vport_member_ops && to_port(m, one);
}
