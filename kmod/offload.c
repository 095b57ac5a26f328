// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Owns what a port with header sends to a netdev or its host stack: a socket
 * buffer that is left to do what the header asks for, as far as the kernel may
 * believe it. BH disabled, RCU read side.
 */
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/tcp.h>
#include <linux/udp.h>

#include "core/vnet.h"
#include "offload.h"

static int parse(struct vale_vnet *p, const struct vale_batch *b, u16 i)
{
	int err = vale_vnet_open(p, b, i) ?: vale_vnet_check(p);

	if (err || !p->hdr.gso_type)
		return err;
	/* Segments get their checksum from that of the whole. */
	if (!(p->hdr.flags & VALE_VNET_NEEDS_CSUM))
		return -EINVAL;
	return vale_vnet_parse(p);
}

static bool too_long(const struct vale_vnet *p, const struct net_device *dev)
{
	if (p->hdr.gso_type)
		return p->len > GSO_LEGACY_MAX_SIZE;
	return !vale_frame_fits(dev, p->len);
}

static int copy(struct sk_buff *skb, struct vale_vnet *p)
{
	u32 n = p->data.left;

	/* Headers as they were judged. */
	if (p->hdr.gso_type)
		skb_put_data(skb, p->head, p->head_len);
	return vale_reader_take(&p->data, skb_put(skb, n), n);
}

/* A checksum somewhere else is none of a packet of today's protocols. */
static int leave_sum(struct sk_buff *skb, const struct vale_vnet *p)
{
	u32 start = p->hdr.csum_start;

	if (!(p->hdr.flags & VALE_VNET_NEEDS_CSUM) ||
	    start < ETH_HLEN + sizeof(struct iphdr) ||
	    start + p->hdr.csum_offset + sizeof(__sum16) > skb->len)
		return 0;
	return skb_partial_csum_set(skb, start, p->hdr.csum_offset) ? 0 :
								      -EINVAL;
}

static u32 gso_type(const struct vale_vnet *p)
{
	u32 type = SKB_GSO_DODGY;

	if (p->hdr.gso_type & VALE_VNET_GSO_ECN)
		type |= SKB_GSO_TCP_ECN;
	if (!p->tcp)
		return type | SKB_GSO_UDP_L4;
	return type | (p->v6 ? SKB_GSO_TCPV6 : SKB_GSO_TCPV4);
}

/* Frames of the size asked for, if the netdev can send such. */
static int leave_cutting(struct sk_buff *skb, const struct vale_vnet *p)
{
	struct skb_shared_info *info = skb_shinfo(skb);
	u32 inner = p->head_len - p->l3;
	u32 mtu = READ_ONCE(skb->dev->mtu);
	u32 field = p->tcp ? offsetof(struct tcphdr, check) :
			     offsetof(struct udphdr, check);

	if (mtu <= inner || !skb_partial_csum_set(skb, p->l4, field))
		return -EINVAL;
	if (p->len == p->head_len)
		return 0;
	info->gso_size = min_t(u32, p->hdr.gso_size, mtu - inner);
	info->gso_type = gso_type(p);
	info->gso_segs = 0;
	return 0;
}

static int leave_offloads(struct sk_buff *skb, const struct vale_vnet *p)
{
	return p->hdr.gso_type ? leave_cutting(skb, p) : leave_sum(skb, p);
}

static enum vale_drop reason(int err)
{
	return err == -EFAULT ? VALE_DROP_FAULT : VALE_DROP_IN_OFFLOAD;
}

struct sk_buff *vale_offload_build(struct net_device *dev,
				   const struct vale_batch *b, u16 i,
				   enum vale_drop *why)
{
	struct sk_buff *skb;
	struct vale_vnet p;
	int err;

	err = parse(&p, b, i);
	*why = reason(err);
	if (err)
		return NULL;
	*why = VALE_DROP_TOO_LONG;
	if (too_long(&p, dev))
		return NULL;
	*why = VALE_DROP_NO_MEMORY;
	skb = vale_frame_alloc(dev, p.len);
	if (!skb)
		return NULL;
	err = copy(skb, &p);
	if (!err) {
		vale_frame_finish(skb);
		err = leave_offloads(skb, &p);
	}
	if (!err)
		return skb;
	*why = reason(err);
	kfree_skb(skb);
	return NULL;
}
