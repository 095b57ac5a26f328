// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Owns the short way of frames into a veth: its other end receives them before
 * sending them is over, without the queue of this CPU, which loses what comes
 * after the first thousand, and the softirq behind it. All else is as on the
 * usual way: the driver's counters, and whoever looks on or steers at the other
 * end. What a frame loses at the border of a network namespace is off already,
 * of frames from the stack (whole.c), or never was there. An end with NAPI (for
 * XDP, or GRO) keeps the usual way. So does what is sent from too deep inside
 * such a reception: frames that go in circles do so through queues, and others
 * get their turn.
 */
#include <linux/etherdevice.h>
#include <net/rtnetlink.h>

#include "nic_priv.h"
#include "whole.h"

#define DEPTH_MAX 2	/* receptions one inside the other */

static DEFINE_PER_CPU(unsigned int, depth);

bool vale_dev_is_veth(const struct net_device *dev)
{
	return dev->rtnl_link_ops && dev->netdev_ops->ndo_get_peer_dev &&
	       !strcmp(dev->rtnl_link_ops->kind, "veth");
}

/* As veth's driver decides it, but for traffic that GRO would do nothing for. */
static bool has_napi(const struct net_device *dev)
{
	const struct bpf_xdp_entity *xdp = &dev->xdp_state[XDP_MODE_DRV];

	return dev->features & NETIF_F_GRO || READ_ONCE(xdp->prog) ||
	       READ_ONCE(xdp->link);
}

/* RCU read side. NULL: the usual way. */
static struct net_device *open_end(struct net_device *dev)
{
	struct net_device *peer;

	if (this_cpu_read(depth) == DEPTH_MAX)
		return NULL;
	peer = READ_ONCE(dev->netdev_ops)->ndo_get_peer_dev(dev);
	return peer && !has_napi(peer) ? peer : NULL;
}

/* False: the other end cannot take it; lost, and counted at both. */
static bool cross(struct sk_buff *skb, struct net_device *peer, u32 queue)
{
	skb_set_queue_mapping(skb, queue);
	skb_tx_timestamp(skb);
	if (skb_orphan_frags(skb, GFP_ATOMIC) ||
	    !is_skb_forwardable(peer, skb)) {
		vale_netdev_drop(skb->dev, true, 1);
		vale_netdev_drop(peer, false, 1);
		kfree_skb(skb);
		return false;
	}
	skb->protocol = eth_type_trans(skb, peer);
	return true;
}

static void send(struct net_device *dev, struct net_device *peer, u32 queue,
		 struct sk_buff_head *list, struct vale_sent *sent)
{
	struct vale_sent driver = { };	/* which counts socket buffers */
	LIST_HEAD(arrived);
	struct sk_buff *skb;

	while ((skb = __skb_dequeue(list))) {
		struct vale_wire_size size = vale_wire_size(skb);
		u32 len = skb->len;

		sent->packets += size.frames;
		sent->bytes += size.bytes;
		if (!cross(skb, peer, queue))
			continue;
		driver.packets++;
		driver.bytes += len;
		list_add_tail(&skb->list, &arrived);
	}
	vale_veth_count(dev, driver.packets, driver.bytes);
	this_cpu_inc(depth);
	netif_receive_skb_list(&arrived);
	this_cpu_dec(depth);
}

bool vale_peer_send(struct net_device *dev, u32 queue,
		    struct sk_buff_head *list, struct vale_sent *sent)
{
	struct net_device *peer;

	rcu_read_lock();
	peer = open_end(dev);
	if (peer)
		send(dev, peer, queue, list, sent);
	rcu_read_unlock();
	return peer;
}

static void send_one(struct net_device *dev, struct net_device *peer,
		     u32 queue, struct sk_buff *skb)
{
	u32 len = skb->len;

	if (!cross(skb, peer, queue))
		return;
	vale_veth_count(dev, 1, len);
	this_cpu_inc(depth);
	netif_receive_skb(skb);
	this_cpu_dec(depth);
}

bool vale_peer_send_one(struct net_device *dev, u32 queue, struct sk_buff *skb)
{
	struct net_device *peer;

	rcu_read_lock();
	peer = open_end(dev);
	if (peer)
		send_one(dev, peer, queue, skb);
	rcu_read_unlock();
	return peer;
}
