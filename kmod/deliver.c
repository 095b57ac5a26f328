// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Owns the way out of the switch through a netdev: to its driver, or up to its
 * host stack. A packet is copied once, from where the sender has it into a
 * socket buffer, or is one already and handed over. BH disabled, RCU read side.
 */
#include <linux/etherdevice.h>

#include "attach.h"
#include "core/copy.h"
#include "offload.h"
#include "param.h"
#include "whole.h"

static struct vale_cursor begin(const struct vale_batch *b,
				const struct vale_queue *q, bool flood)
{
	return flood ? vale_batch_begin(b, q) : vale_batch_unicast(q);
}

static int gather(u8 *to, const struct vale_frag *f)
{
	int i, err;

	for (i = 0; i < f->nfrags; to += f[i++].len) {
		if (likely(!(f[i].flags & NS_INDIRECT))) {
			vale_copy(to, f[i].data, f[i].len);
			continue;
		}
		err = vale_fetch_user(to, f[i].data, f[i].len);
		if (err)
			return err;
	}
	return 0;
}

static void count_failure(struct vale_member *m, struct vale_batch *b,
			  enum vale_drop why, u32 frames)
{
	if (why == VALE_DROP_IN_OFFLOAD)
		b->drops[why] += frames;
	else
		vale_count_drop(m->stats, why, frames);
}

/* Packet i, which has a header in front. NULL: dropped and counted. */
static struct sk_buff *build_offloaded(struct vale_member *m,
				       struct net_device *dev,
				       struct vale_batch *b, u16 i)
{
	struct sk_buff *skb;
	enum vale_drop why;

	skb = vale_offload_build(dev, b, i, &why);
	if (!skb)
		count_failure(m, b, why, 1);
	return skb;
}

/* The packet that starts at f. NULL: dropped and counted. */
static struct sk_buff *build(struct vale_member *m, struct net_device *dev,
			     const struct vale_frag *f)
{
	u32 len = vale_packet_len(f);
	struct sk_buff *skb;

	if (!vale_frame_fits(dev, len)) {
		vale_count_drop(m->stats, VALE_DROP_TOO_LONG, 1);
		return NULL;
	}
	skb = vale_frame_alloc(dev, len);
	if (!skb) {
		vale_count_drop(m->stats, VALE_DROP_NO_MEMORY, 1);
		return NULL;
	}
	if (gather(skb_put(skb, len), f)) {
		vale_count_drop(m->stats, VALE_DROP_FAULT, 1);
		kfree_skb(skb);
		return NULL;
	}
	return skb;
}

/* Packet i, which came as a socket buffer. NULL: dropped and counted. */
static struct sk_buff *hand_over(struct vale_member *m, struct net_device *dev,
				 struct vale_batch *b, u16 i, bool unicast)
{
	struct sk_buff *skb = vale_whole_take(b, i, unicast);

	if (!skb) {
		vale_count_drop(m->stats, VALE_DROP_NO_MEMORY, 1);
		return NULL;
	}
	skb->dev = dev;
	return skb;
}

/* What slots hold, without anything left to do. */
static struct sk_buff *from_slots(struct vale_member *m, struct net_device *dev,
				  struct vale_batch *b, u16 i)
{
	struct sk_buff *skb = build(m, dev, &b->frag[i]);

	if (skb)
		vale_frame_finish(skb);
	return skb;
}

/* One packet as the netdev can send it: socket buffers linked by next. */
static struct sk_buff *for_wire(struct vale_member *m, struct net_device *dev,
				struct vale_batch *b, u16 i, bool unicast)
{
	struct sk_buff *skb;
	enum vale_drop why;
	u32 frames;

	if (likely(!b->nwhole && !b->header))
		return from_slots(m, dev, b, i);
	skb = b->nwhole ? hand_over(m, dev, b, i, unicast) :
			  build_offloaded(m, dev, b, i);
	if (!skb)
		return NULL;
	frames = skb_is_gso(skb) ? vale_wire_size(skb).frames : 1;
	skb = vale_whole_validate(skb, &why);
	if (!skb)
		count_failure(m, b, why, frames);
	return skb;
}

/* One packet as a host stack takes it. */
static struct sk_buff *for_host(struct vale_member *m, struct net_device *dev,
				struct vale_batch *b, u16 i, bool unicast)
{
	if (b->nwhole)
		return hand_over(m, dev, b, i, unicast);
	if (b->header)
		return build_offloaded(m, dev, b, i);
	return build(m, dev, &b->frag[i]);
}

static u64 frames_in(const struct sk_buff_head *list)
{
	const struct sk_buff *skb;
	u64 frames = 0;

	skb_queue_walk(list, skb)
		frames += vale_wire_size(skb).frames;
	return frames;
}

void vale_wire_send(struct vale_nic *nic, struct net_device *dev, u32 ring,
		    struct sk_buff_head *list)
{
	int tries = max(READ_ONCE(vale_param.txsync_retry), 0);
	struct vale_member *m = &nic->wire;
	struct vale_sent sent;

	while (!skb_queue_empty(list)) {
		sent = vale_hook_xmit(nic, dev, ring, list);
		vale_count_out(m->stats, sent.packets, sent.bytes);
		if (!tries--)
			break;
	}
	if (skb_queue_empty(list))
		return;
	vale_count_drop(m->stats, VALE_DROP_TX_BUSY, frames_in(list));
	__skb_queue_purge(list);
}

/*
 * Packets of this destination alone go to the ring that belongs to the
 * source's, flooded ones to the first: of each kind none overtakes another.
 */
static void deliver_on(struct vale_nic *nic, struct net_device *dev,
		       struct vale_batch *b, struct vale_cursor c, u16 src_ring)
{
	const struct vale_attachment *att = nic->att;
	u32 ring = att->tx_ring[src_ring % att->ntx];
	u32 flood_ring = att->tx_ring[0];
	struct sk_buff_head out, out_flood;
	struct sk_buff *skb, *next;
	bool unicast;
	u16 i;

	__skb_queue_head_init(&out);
	__skb_queue_head_init(&out_flood);
	for (;;) {
		unicast = c.unicast < c.flood;
		i = vale_batch_next(b, &c);
		if (i == VALE_BATCH_END)
			break;
		skb = for_wire(&nic->wire, dev, b, i, unicast);
		skb_list_walk_safe(skb, skb, next)
			__skb_queue_tail(unicast || ring == flood_ring ?
					 &out : &out_flood, skb);
		if (nic->veth && skb_queue_len(&out) >= VALE_VETH_BURST)
			vale_wire_send(nic, dev, ring, &out);
	}
	vale_wire_send(nic, dev, ring, &out);
	vale_wire_send(nic, dev, flood_ring, &out_flood);
}

static void deliver_wire(struct vale_member *m, struct vale_batch *b,
			 const struct vale_queue *q, bool flood, u16 src_ring)
{
	struct vale_nic *nic = container_of(m, struct vale_nic, wire);
	struct net_device *dev = rcu_dereference_bh(nic->dev);
	struct vale_cursor c = begin(b, q, flood);

	if (!dev || !vale_nic_running(nic, dev))
		vale_count_drop(m->stats, VALE_DROP_NO_LINK, c.packets);
	else if (!nic->att->ntx)
		vale_count_drop(m->stats, VALE_DROP_NO_RING, c.packets);
	else
		deliver_on(nic, dev, b, c, src_ring);
}

void vale_host_send(struct vale_member *m, struct net_device *dev,
		    struct sk_buff *skb)
{
	struct vale_wire_size size = vale_wire_size(skb);

	if (vale_host_inject(dev, skb))
		vale_count_out(m->stats, size.frames, size.bytes);
	else
		vale_count_drop(m->stats, VALE_DROP_RING_FULL, size.frames);
}

static void deliver_host(struct vale_member *m, struct vale_batch *b,
			 const struct vale_queue *q, bool flood, u16 src_ring)
{
	struct vale_nic *nic = container_of(m, struct vale_nic, host);
	struct net_device *dev = rcu_dereference_bh(nic->dev);
	struct vale_cursor c = begin(b, q, flood);
	struct sk_buff *skb;
	bool unicast;
	u16 i;

	if (!dev || !READ_ONCE(nic->up)) {
		vale_count_drop(m->stats, VALE_DROP_NO_LINK, c.packets);
		return;
	}
	for (;;) {
		unicast = c.unicast < c.flood;
		i = vale_batch_next(b, &c);
		if (i == VALE_BATCH_END)
			break;
		skb = for_host(m, dev, b, i, unicast);
		if (skb)
			vale_host_send(m, dev, skb);
	}
}

const struct vale_member_ops vale_wire_ops = {
	.whole = true,
	.deliver = deliver_wire,
};

const struct vale_member_ops vale_host_ops = {
	.whole = true,
	.deliver = deliver_host,
};
