// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Owns the socket buffers that cross between a netdev and the module: frames
 * taken in look as they do on the wire (tags inline, checksums filled in, no
 * segmentation left to do), whatever offloads they were made for.
 */
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/ipv6.h>

#include "nic_priv.h"

#define PIECE_MAX 2048u

/* Cut into frames of the wire, linked by next. Consumes skb. NULL: failed. */
static struct sk_buff *segment(struct sk_buff *skb)
{
	struct sk_buff *segs = __skb_gso_segment(skb, 0, false);

	if (IS_ERR_OR_NULL(segs)) {
		dev_kfree_skb_any(skb);
		return NULL;
	}
	dev_consume_skb_any(skb);
	return segs;
}

struct sk_buff *vale_frame_resolve(struct sk_buff *skb)
{
	if (skb_vlan_tag_present(skb)) {
		skb = __vlan_hwaccel_push_inside(skb);
		if (!skb)
			return NULL;
	}
	if (skb_is_gso(skb))
		return segment(skb);
	if (skb->ip_summed == CHECKSUM_PARTIAL &&
	    skb_csum_hwoffload_help(skb, 0)) {
		dev_kfree_skb_any(skb);
		return NULL;
	}
	return skb;
}

static int fit_for(const struct vale_sink *sink, struct sk_buff *skb,
		   enum vale_drop *why)
{
	*why = VALE_DROP_RUNT;
	if (skb->len < ETH_HLEN)
		return -EINVAL;
	*why = VALE_DROP_TOO_LONG;
	if (skb->len > sink->max_len)
		return -EMSGSIZE;
	*why = VALE_DROP_NO_MEMORY;
	/* Nobody may be kept waiting for a program that does not read. */
	if (skb_orphan_frags(skb, GFP_ATOMIC))
		return -ENOMEM;
	skb_orphan(skb);
	skb_dst_drop(skb);
	nf_reset_ct(skb);
	return 0;
}

static bool enqueue(struct vale_sink *sink, struct sk_buff *skb)
{
	unsigned long flags;
	bool room;

	spin_lock_irqsave(&sink->queue->lock, flags);
	room = skb_queue_len(sink->queue) < sink->limit;
	if (room)
		__skb_queue_tail(sink->queue, skb);
	spin_unlock_irqrestore(&sink->queue->lock, flags);
	return room;
}

static void count(struct vale_sink *sink, struct net_device *dev,
		  enum vale_drop why)
{
	vale_count_drop(sink->stats, why, 1);
	vale_netdev_drop(dev, sink->from_host, 1);
}

void vale_sink_add(struct vale_sink *sink, struct sk_buff *skb)
{
	enum vale_drop why;

	if (!fit_for(sink, skb, &why)) {
		if (likely(enqueue(sink, skb)))
			return;
		why = VALE_DROP_IN_FULL;
	}
	count(sink, skb->dev, why);
	dev_kfree_skb_any(skb);
}

struct sk_buff *vale_sink_open(struct vale_sink *sink, struct sk_buff *skb)
{
	struct net_device *dev = skb->dev;

	/* Before the work of cutting it up. */
	if (skb_queue_len_lockless(sink->queue) >= sink->limit) {
		count(sink, dev, VALE_DROP_IN_FULL);
		dev_kfree_skb_any(skb);
		return NULL;
	}
	skb = vale_frame_resolve(skb);
	if (!skb)
		count(sink, dev, VALE_DROP_IN_OFFLOAD);
	return skb;
}

void vale_sink_put(struct vale_sink *sink, struct sk_buff *skb)
{
	struct sk_buff *next;

	skb = vale_sink_open(sink, skb);
	skb_list_walk_safe(skb, skb, next) {
		skb_mark_not_on_list(skb);
		vale_sink_add(sink, skb);
	}
}

void vale_sink_take(struct vale_sink *sink, struct sk_buff_head *list)
{
	unsigned long flags;

	if (skb_queue_empty_lockless(sink->queue))
		return;
	spin_lock_irqsave(&sink->queue->lock, flags);
	skb_queue_splice_tail_init(sink->queue, list);
	spin_unlock_irqrestore(&sink->queue->lock, flags);
}

/*
 * Head and bytes come from this CPU's stores of them, as those of drivers'
 * receive buffers do. Sockets are charged for a piece as large as drivers'
 * are, or one full of short frames would keep far more than it pays for.
 */
static struct sk_buff *alloc_piece(u32 size)
{
	u32 bytes = SKB_DATA_ALIGN(size) +
		    SKB_DATA_ALIGN(sizeof(struct skb_shared_info));
	struct sk_buff *skb;
	void *data;

	if (bytes > PIECE_MAX)
		return NULL;
	data = napi_alloc_frag(bytes);
	if (!data)
		return NULL;
	skb = napi_build_skb(data, bytes);
	if (!skb)
		skb_free_frag(data);
	else
		skb->truesize = SKB_TRUESIZE(SKB_WITH_OVERHEAD(PIECE_MAX));
	return skb;
}

struct sk_buff *vale_frame_alloc(struct net_device *dev, u32 len)
{
	u32 room = LL_RESERVED_SPACE(dev) + NET_IP_ALIGN;
	u32 size = room + len + dev->needed_tailroom;
	struct sk_buff *skb;

	skb = alloc_piece(size) ?:
	      __alloc_skb(size, GFP_ATOMIC | __GFP_NOWARN, SKB_ALLOC_NAPI,
			  NUMA_NO_NODE);
	if (!skb)
		return NULL;
	skb_reserve(skb, room);
	skb->dev = dev;
	return skb;
}

/* Some drivers look for these headers to spread flows over queues. */
static u32 network_header_len(const struct sk_buff *skb, u32 offset)
{
	const struct iphdr *ip = (const void *)(skb->data + offset);

	if (skb->len < offset + sizeof(*ip))
		return 0;
	if (skb->protocol == htons(ETH_P_IP))
		return min_t(u32, ip->ihl * 4, skb->len - offset);
	if (skb->protocol == htons(ETH_P_IPV6))
		return min_t(u32, sizeof(struct ipv6hdr), skb->len - offset);
	return 0;
}

void vale_frame_finish(struct sk_buff *skb)
{
	u32 offset = ETH_HLEN;

	skb_reset_mac_header(skb);
	skb->protocol = eth_hdr(skb)->h_proto;
	if (eth_type_vlan(skb->protocol) && skb->len >= VLAN_ETH_HLEN)
		offset = VLAN_ETH_HLEN;
	skb_set_network_header(skb, offset);
	skb_set_transport_header(skb,
				 offset + network_header_len(skb, offset));
}

/* What Ethernet added to a short packet is not part of the sum. */
static void trim_padding(struct sk_buff *skb)
{
	const struct ipv6hdr *ip6 = (const void *)skb->data;
	const struct iphdr *ip = (const void *)skb->data;
	u32 end = 0;

	if (skb->protocol == htons(ETH_P_IP) && skb->len >= sizeof(*ip))
		end = ntohs(ip->tot_len);
	if (skb->protocol == htons(ETH_P_IPV6) && skb->len >= sizeof(*ip6) &&
	    ip6->payload_len)
		end = sizeof(*ip6) + ntohs(ip6->payload_len);
	if (end >= sizeof(*ip))
		skb_trim(skb, end);
}

int vale_frame_checksum(struct sk_buff *skb)
{
	u32 offset = skb_network_offset(skb);
	__be16 outer = skb->protocol;
	int err;

	/* The inner type, if there is a tag. */
	skb->protocol = *(__be16 *)(skb->data + offset - sizeof(__be16));
	__skb_pull(skb, offset);
	trim_padding(skb);
	err = skb_checksum_setup(skb, true);
	__skb_push(skb, offset);
	skb->protocol = outer;
	/* Not TCP or UDP, or only a part of it. */
	if (err)
		return 0;
	return skb_csum_hwoffload_help(skb, netif_skb_features(skb)) ?
	       -ENOMEM : 0;
}
