// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Owns sending the slots of a netdev's TX ring. A frame is built once and
 * waits in `ready` while the driver refuses it, so that nothing overtakes it;
 * its slots stay the kernel's until the driver has taken it, or, of frames that
 * are not copied (zcopy.c), until it is done with it:
 *
 *     hwcur ---- behind `ready` ---- hwcur + built ---- to build ---- head
 *
 * Everything here runs with the ring's gate held.
 */
#include "nic_priv.h"
#include "param.h"

#define TX_BATCH 64		/* frames built, then sent, in one go */
#define RETRY_NS (200 * NSEC_PER_USEC)

struct tx_cb {
	u32 slots;	/* the frame's, and those of bad ones after it */
};

static struct tx_cb *tx_cb(struct sk_buff *skb)
{
	BUILD_BUG_ON(sizeof(struct tx_cb) > sizeof(skb->cb));
	return (struct tx_cb *)skb->cb;
}

static struct sk_buff *make_frame(struct vale_nic_ring *nr,
				  const struct vale_found *f,
				  struct net_device *dev)
{
	struct sk_buff *skb = vale_zcopy_frame(nr, f, dev);

	if (skb)
		return skb;
	skb = vale_frame_alloc(dev, f->len);
	if (skb)
		vale_slots_copy(nr, f, skb);
	return skb;
}

/* NULL: dropped and counted. An unfinished frame ends at head. */
static struct sk_buff *build_frame(struct vale_nic_ring *nr,
				   const struct vale_found *f,
				   struct net_device *dev)
{
	enum vale_drop why = f->why;
	struct sk_buff *skb = NULL;

	if (!f->bad) {
		why = VALE_DROP_TOO_LONG;
		if (vale_frame_fits(dev, f->len)) {
			why = VALE_DROP_NO_MEMORY;
			skb = make_frame(nr, f, dev);
		}
	}
	if (!skb) {
		vale_nic_drop(nr, why, 1);
		return NULL;
	}
	vale_frame_finish(skb);
	if (!READ_ONCE(vale_param.generic_hwcsum) || !vale_frame_checksum(skb))
		return skb;
	vale_nic_drop(nr, VALE_DROP_NO_MEMORY, 1);
	kfree_skb(skb);
	return NULL;
}

/* `slots` more are dealt with; those of a bad frame go with the one before. */
static void account(struct vale_nic_ring *nr, struct sk_buff *skb, u32 slots)
{
	struct vale_pos *pos = &nr->ring->pos;
	struct sk_buff *last = skb_peek_tail(&nr->ready);

	vale_zcopy_account(nr->zcopy, slots);
	if (skb) {
		tx_cb(skb)->slots = slots;
		__skb_queue_tail(&nr->ready, skb);
		nr->built += slots;
	} else if (last) {
		tx_cb(last)->slots += slots;
		nr->built += slots;
	} else {
		pos->hwcur = vale_ring_add(pos->hwcur, slots, pos->n);
	}
}

static void build(struct vale_nic_ring *nr, struct net_device *dev)
{
	struct vale_pos *pos = &nr->ring->pos;
	u32 at = vale_ring_add(pos->hwcur, nr->built, pos->n);
	bool veth = vale_nic_of(nr->ring->port)->veth;
	u32 most = veth ? VALE_VETH_BURST : TX_BATCH;
	u32 budget = most;

	while (at != pos->head && skb_queue_len(&nr->ready) < most &&
	       budget--) {
		struct vale_found f = vale_slots_read(nr, at);

		account(nr, build_frame(nr, &f, dev), f.slots);
		at = vale_ring_add(at, f.slots, pos->n);
	}
}

static void advance(struct vale_nic_ring *nr)
{
	struct vale_pos *pos = &nr->ring->pos;
	struct sk_buff *skb;
	u32 left = 0;

	skb_queue_walk(&nr->ready, skb)
		left += tx_cb(skb)->slots;
	pos->hwcur = vale_ring_add(pos->hwcur, nr->built - left, pos->n);
	nr->built = left;
}

/* The netdev cannot send: what was submitted is lost. */
static void discard(struct vale_nic_ring *nr)
{
	struct vale_pos *pos = &nr->ring->pos;
	u32 at = vale_ring_add(pos->hwcur, nr->built, pos->n);
	u64 lost = skb_queue_len(&nr->ready);

	for (; at != pos->head; lost++) {
		struct vale_found f = vale_slots_read(nr, at);

		vale_zcopy_account(nr->zcopy, f.slots);
		at = vale_ring_add(at, f.slots, pos->n);
	}
	pos->hwcur = at;
	__skb_queue_purge(&nr->ready);
	nr->built = 0;
	vale_nic_drop(nr, VALE_DROP_NO_LINK, lost);
}

/* One batch. 1: there is more, 0: done or the driver is busy, or -errno. */
static int send_some(struct vale_nic *nic, struct vale_nic_ring *nr)
{
	struct net_device *dev = rcu_dereference_bh(nic->dev);
	struct vale_ring *ring = nr->ring;
	struct vale_sent sent;

	if (!dev)
		return -EIO;
	if (!vale_nic_running(nic, dev)) {
		discard(nr);
		return 0;
	}
	build(nr, dev);
	sent = vale_hook_xmit(nic, dev, ring->id, &nr->ready);
	advance(nr);
	vale_count_out(nic->wire.stats, sent.packets, sent.bytes);
	if (!skb_queue_empty(&nr->ready)) {
		hrtimer_start(&nr->timer, ns_to_ktime(RETRY_NS),
			      HRTIMER_MODE_REL_SOFT);
		return 0;
	}
	return ring->pos.hwcur != ring->pos.head;
}

/* The slots from the first on that hardware may still read are not given back. */
static void give_back(struct vale_nic_ring *nr)
{
	struct vale_pos *pos = &nr->ring->pos;
	u32 held = vale_zcopy_held(nr->zcopy);
	u32 first = pos->hwcur;

	if (held > nr->built)
		first = vale_ring_add(first, pos->n - (held - nr->built), pos->n);
	pos->hwtail = vale_ring_prev(first, pos->n);
}

int vale_emul_send(struct vale_ring *ring)
{
	struct vale_nic *nic = vale_nic_of(ring->port);
	struct vale_nic_ring *nr = ring->adapter;
	int more;

	if (vale_twin_send(nr)) {
		give_back(nr);
		return 0;
	}
	do {
		rcu_read_lock_bh();
		more = send_some(nic, nr);
		rcu_read_unlock_bh();
	} while (more > 0);
	give_back(nr);
	return more;
}
