// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Owns socket buffers that pass the switch as they are, with whatever the one
 * who made them left for hardware to do: from netdev to netdev or host stack
 * nothing is copied and nothing done that the receiver can do. Members that
 * know slots only get them flattened. BH disabled, RCU read side.
 */
#include <linux/if_vlan.h>
#include <linux/netdevice.h>
#include <linux/tcp.h>
#include <linux/udp.h>

#include "nic_priv.h"
#include "whole.h"

#define FRAG_LEN 2048	/* a receiver's buffer, most likely */

/* What all segments have in front of their payload. */
static u32 header_len(const struct sk_buff *skb)
{
	bool tcp = skb_shinfo(skb)->gso_type & (SKB_GSO_TCPV4 | SKB_GSO_TCPV6);

	if (skb->encapsulation)
		return tcp ? skb_inner_tcp_all_headers(skb) :
			     skb_inner_transport_offset(skb) +
			     sizeof(struct udphdr);
	return tcp ? skb_tcp_all_headers(skb) :
		     skb_transport_offset(skb) + sizeof(struct udphdr);
}

struct vale_wire_size vale_wire_size_of(const struct sk_buff *skb)
{
	struct vale_wire_size size = { 1, skb->len };
	u32 header, payload;

	if (skb_is_gso(skb)) {
		header = header_len(skb);
		payload = skb->len > header ? skb->len - header : 1;
		size.frames = DIV_ROUND_UP(payload, skb_shinfo(skb)->gso_size);
		size.bytes += (size.frames - 1) * header;
	}
	if (skb_vlan_tag_present(skb))
		size.bytes += size.frames * VLAN_HLEN;
	return size;
}

bool vale_whole_add(struct vale_batch *b, struct sk_buff *skb)
{
	struct vale_wire_size size = vale_wire_size(skb);
	struct vale_whole w = {
		.object = skb,
		.frames = size.frames,
		.bytes = size.bytes,
		.opaque = vale_whole_unfinished(skb) || skb->len > FRAG_LEN,
	};

	pskb_may_pull(skb, ETH_HLEN);
	w.data = skb->data;
	w.len = skb_headlen(skb);
	return vale_batch_add_whole(b, &w);
}

void vale_whole_free(struct vale_batch *b)
{
	u32 i;

	for (i = 0; i < b->nwhole; i++)
		if (b->whole[i])
			consume_skb(b->whole[i]);
}

static struct sk_buff *take(struct vale_batch *b, u16 i, bool unicast)
{
	struct sk_buff *skb = b->whole[i];

	if (!unicast)
		return skb_clone(skb, GFP_ATOMIC | __GFP_NOWARN);
	b->whole[i] = NULL;
	return skb;
}

void vale_whole_scrub(struct sk_buff *skb)
{
	skb_scrub_packet(skb, true);
	skb_forward_csum(skb);
	skb_set_queue_mapping(skb, 0);
	skb->priority = 0;
}

struct sk_buff *vale_whole_take(struct vale_batch *b, u16 i, bool unicast)
{
	struct sk_buff *skb = take(b, i, unicast);

	if (skb)
		vale_whole_scrub(skb);
	return skb;
}

/* For drivers, which look for the IP header behind tags in the frame. */
static bool find_network_header(struct sk_buff *skb)
{
	int depth;

	if (!eth_type_vlan(skb->protocol))
		return true;
	if (!vlan_get_protocol_and_depth(skb, skb->protocol, &depth))
		return false;
	skb_set_network_header(skb, depth);
	return true;
}

static bool fits(const struct sk_buff *skb)
{
	const struct net_device *dev = skb->dev;
	u32 tag = skb_vlan_tag_present(skb) ? VLAN_HLEN : 0;

	if (!skb_is_gso(skb))
		return vale_frame_fits(dev, skb->len + tag);
	return skb_gso_validate_mac_len(skb, vale_frame_max(dev) - tag);
}

struct sk_buff *vale_whole_validate(struct sk_buff *skb, enum vale_drop *why)
{
	bool again = false;

	*why = VALE_DROP_TOO_LONG;
	if (!fits(skb))
		goto err_free;
	if (!vale_whole_unfinished(skb))
		return skb;
	*why = VALE_DROP_IN_OFFLOAD;
	if (skb_warn_if_lro(skb) || !find_network_header(skb))
		goto err_free;
	return validate_xmit_skb_list(skb, skb->dev, &again);

err_free:
	kfree_skb(skb);
	return NULL;
}

/* Frames of the wire on their way to one member, and what keeps their bytes. */
struct flat {
	struct vale_member *m;
	struct vale_batch *b;
	struct vale_queue own;
	struct sk_buff_head frames;
	bool flood;
	u16 src_ring;
};

static void flush(struct flat *f)
{
	const struct vale_queue *q = f->own.packets ? &f->own : NULL;

	if (f->b->nfrags)
		f->m->ops->deliver(f->m, f->b, q, f->flood, f->src_ring);
	__skb_queue_purge(&f->frames);
	vale_batch_init(f->b);
	f->own.packets = 0;
}

static void add_frame(struct flat *f, struct sk_buff *skb, bool unicast)
{
	u16 at = f->b->nfrags;

	if (!vale_batch_add(f->b, skb->data, skb->len, FRAG_LEN)) {
		flush(f);
		at = 0;
		vale_batch_add(f->b, skb->data, skb->len, FRAG_LEN);
	}
	__skb_queue_tail(&f->frames, skb);
	vale_batch_queue(f->b, unicast ? &f->own : &f->b->flood, at);
}

/* Consumes skb. Returns the number of frames that failed. */
static u32 add_packet(struct flat *f, struct sk_buff *skb, bool unicast)
{
	struct sk_buff *next;
	u32 failed = 0;

	skb = skb ? vale_frame_resolve(skb) : NULL;
	if (!skb)
		return 1;
	skb_list_walk_safe(skb, skb, next) {
		skb_mark_not_on_list(skb);
		if (skb->len <= FRAG_LEN * NETMAP_MAX_FRAGS &&
		    !skb_linearize(skb)) {
			add_frame(f, skb, unicast);
			continue;
		}
		failed++;
		kfree_skb(skb);
	}
	return failed;
}

void vale_whole_flatten(struct vale_member *m, struct vale_batch *b,
			const struct vale_queue *q, bool flood, u16 src_ring)
{
	struct vale_cursor c = flood ? vale_batch_begin(b, q) :
				       vale_batch_unicast(q);
	struct flat f = {
		.m = m,
		.b = vale_batch_get_flat(),
		.flood = flood,
		.src_ring = src_ring,
	};
	bool unicast;
	u16 i;

	__skb_queue_head_init(&f.frames);
	for (;;) {
		unicast = c.unicast < c.flood;
		i = vale_batch_next(b, &c);
		if (i == VALE_BATCH_END)
			break;
		b->drops[VALE_DROP_IN_OFFLOAD] +=
			add_packet(&f, take(b, i, unicast), unicast);
	}
	flush(&f);
}
