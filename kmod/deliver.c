// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Owns the way out of the switch through a netdev: to its driver, or up to its
 * host stack. A packet is copied once, from where the sender has it into a
 * socket buffer. BH disabled, RCU read side.
 */
#include <linux/etherdevice.h>

#include "attach.h"
#include "param.h"

static struct vale_cursor begin(const struct vale_batch *b,
				const struct vale_queue *q, bool flood)
{
	return flood ? vale_batch_begin(b, q) : vale_batch_unicast(q);
}

static u32 packet_len(const struct vale_frag *f)
{
	u32 len = 0;
	int i;

	for (i = 0; i < f->nfrags; i++)
		len += f[i].len;
	return len;
}

static int gather(struct sk_buff *skb, const struct vale_frag *f)
{
	int i, err;

	for (i = 0; i < f->nfrags; i++) {
		if (!(f[i].flags & NS_INDIRECT)) {
			skb_put_data(skb, f[i].data, f[i].len);
			continue;
		}
		err = vale_fetch_user(skb_put(skb, f[i].len), f[i].data,
				      f[i].len);
		if (err)
			return err;
	}
	return 0;
}

/* The packet that starts at f. NULL: dropped and counted. */
static struct sk_buff *build(struct vale_member *m, struct net_device *dev,
			     const struct vale_frag *f)
{
	u32 len = packet_len(f);
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
	if (gather(skb, f)) {
		vale_count_drop(m->stats, VALE_DROP_FAULT, 1);
		kfree_skb(skb);
		return NULL;
	}
	return skb;
}

static void send(struct vale_nic *nic, struct net_device *dev, u32 ring,
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
	vale_count_drop(m->stats, VALE_DROP_TX_BUSY, skb_queue_len(list));
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
	struct sk_buff_head *list;
	struct sk_buff *skb;
	bool own;
	u16 i;

	__skb_queue_head_init(&out);
	__skb_queue_head_init(&out_flood);
	for (;;) {
		own = c.unicast < c.flood || ring == flood_ring;
		i = vale_batch_next(b, &c);
		if (i == VALE_BATCH_END)
			break;
		skb = build(&nic->wire, dev, &b->frag[i]);
		if (!skb)
			continue;
		vale_frame_finish(skb);
		list = own ? &out : &out_flood;
		__skb_queue_tail(list, skb);
	}
	send(nic, dev, ring, &out);
	send(nic, dev, flood_ring, &out_flood);
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

static void deliver_host(struct vale_member *m, struct vale_batch *b,
			 const struct vale_queue *q, bool flood, u16 src_ring)
{
	struct vale_nic *nic = container_of(m, struct vale_nic, host);
	struct net_device *dev = rcu_dereference_bh(nic->dev);
	struct vale_cursor c = begin(b, q, flood);
	struct sk_buff *skb;
	u32 len;
	u16 i;

	if (!dev || !READ_ONCE(nic->up)) {
		vale_count_drop(m->stats, VALE_DROP_NO_LINK, c.packets);
		return;
	}
	while ((i = vale_batch_next(b, &c)) != VALE_BATCH_END) {
		skb = build(m, dev, &b->frag[i]);
		if (!skb)
			continue;
		len = skb->len;
		if (vale_host_inject(dev, skb))
			vale_count_out(m->stats, 1, len);
		else
			vale_count_drop(m->stats, VALE_DROP_RING_FULL, 1);
	}
}

const struct vale_member_ops vale_wire_ops = { .deliver = deliver_wire };
const struct vale_member_ops vale_host_ops = { .deliver = deliver_host };
