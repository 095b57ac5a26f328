// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Owns the frames that a NIC reads out of a program's buffers: each has pages of
 * the region as fragments, with a reference, and an entry in a FIFO that says
 * whether its driver is done with it. The FIFO is the gate's; `back` is set from
 * wherever drivers free socket buffers. A program may write to a buffer that is
 * under way: it changes what is sent, but no header that the driver looks at.
 */
#include "zcopy.h"

#include <linux/delay.h>
#include <linux/slab.h>

#include "core/copy.h"
#include "nic_priv.h"
#include "param.h"

#define HEAD 128	/* bytes copied: headers as far as drivers look */
#define PATIENCE_MS 20

static atomic_t abandoned;	/* struct vale_zcopy that frames keep */

struct frame {
	struct ubuf_info ubuf;
	struct vale_zcopy *zc;
	u32 slots;	/* its own, and those up to the next */
	bool back;
};

struct vale_zcopy {
	u32 min;		/* bytes of a frame that is worth it */
	u32 n, first, count;	/* FIFO */
	u32 slots;		/* of all in it */
	spinlock_t lock;
	struct vale_ring *ring;	/* NULL: nobody waits any more */
	u32 left;		/* ... but for these frames */
	struct rcu_head rcu;
	struct frame frame[];
};

static struct frame *frame_at(struct vale_zcopy *zc, u32 i)
{
	return &zc->frame[vale_ring_add(zc->first, i, zc->n)];
}

/* Any context. A clone that shares the fragments has a count of its own. */
static void complete_frame(struct sk_buff *skb, struct ubuf_info *ubuf, bool ok)
{
	struct frame *frame = container_of(ubuf, struct frame, ubuf);
	struct vale_zcopy *zc = frame->zc;
	unsigned long flags;
	bool last = false;

	if (!refcount_dec_and_test(&ubuf->refcnt))
		return;
	rcu_read_lock();
	spin_lock_irqsave(&zc->lock, flags);
	/* (Q) what the driver read; partner: vale_zcopy_held(). */
	smp_store_release(&frame->back, true);
	if (zc->ring)
		vale_ring_wake(zc->ring);
	else
		last = !--zc->left;
	spin_unlock_irqrestore(&zc->lock, flags);
	if (last) {
		kvfree_rcu(zc, rcu);
		atomic_dec(&abandoned);
	}
	rcu_read_unlock();
}

static const struct ubuf_info_ops ubuf_ops = { .complete = complete_frame };

/* Virtual netdevs copy such frames, or hand them to who may keep them. */
static bool gathers(const struct net_device *dev)
{
	return dev->dev.parent && dev->features & NETIF_F_SG;
}

struct vale_zcopy *vale_zcopy_create(struct vale_ring *ring,
				     const struct net_device *dev)
{
	int min = READ_ONCE(vale_param.generic_zcopy);
	u32 i, n = ring->pos.n;
	struct vale_zcopy *zc;

	if (min <= 0 || !gathers(dev))
		return NULL;
	zc = kvzalloc(struct_size(zc, frame, n), GFP_KERNEL | __GFP_NOWARN);
	if (!zc)
		return NULL;
	zc->min = max(min, HEAD + 1);
	zc->n = n;
	zc->ring = ring;
	spin_lock_init(&zc->lock);
	for (i = 0; i < n; i++) {
		zc->frame[i].zc = zc;
		zc->frame[i].ubuf.flags = SKBFL_ZEROCOPY_FRAG;
		vale_ubuf_set_ops(&zc->frame[i].ubuf, &ubuf_ops);
	}
	return zc;
}

static u32 under_way(struct vale_zcopy *zc)
{
	u32 i, n = 0;

	for (i = 0; i < zc->count; i++)
		n += !READ_ONCE(frame_at(zc, i)->back);
	return n;
}

static bool settle(struct vale_zcopy *zc)
{
	u32 ms;

	for (ms = 0; ms < PATIENCE_MS && under_way(zc); ms++)
		fsleep(USEC_PER_MSEC);
	return !vale_zcopy_held(zc);
}

/* Frees it if no frame is left; else the last of them does. */
static void abandon(struct vale_zcopy *zc)
{
	spin_lock_irq(&zc->lock);
	zc->ring = NULL;
	zc->left = under_way(zc);
	if (zc->left)
		atomic_inc(&abandoned);
	else
		kvfree_rcu(zc, rcu);
	spin_unlock_irq(&zc->lock);
}

struct vale_zcopy *vale_zcopy_renew(struct vale_zcopy *zc,
				    const struct net_device *dev)
{
	struct vale_ring *ring;

	if (!zc || settle(zc))
		return zc;
	ring = zc->ring;
	abandon(zc);
	return dev ? vale_zcopy_create(ring, dev) : NULL;
}

void vale_zcopy_destroy(struct vale_zcopy *zc)
{
	if (!zc)
		return;
	settle(zc);
	abandon(zc);
}

void vale_zcopy_drain(void)
{
	while (atomic_read(&abandoned))
		msleep(20);
	/* The last one may still be on its way out of complete_frame(). */
	synchronize_rcu();
}

/* Pages have references of their own: a fragment ends where one does. */
static bool add_fragments(struct sk_buff *skb, const u8 *data, u32 len)
{
	struct page *page;
	u32 i, part;

	for (; len; data += part, len -= part) {
		i = skb_shinfo(skb)->nr_frags;
		if (i == MAX_SKB_FRAGS)
			return false;
		part = min_t(u32, len, PAGE_SIZE - offset_in_page(data));
		page = vale_page_of(data);
		get_page(page);
		skb_add_rx_frag(skb, i, page, offset_in_page(data), part, part);
	}
	return true;
}

static bool fill(struct sk_buff *skb, const struct vale_piece *piece, u32 n)
{
	u8 *to = skb_put(skb, HEAD);
	u32 left = HEAD, part;

	for (; n; n--, piece++) {
		part = min(piece->len, left);
		vale_copy(to, piece->data, part);
		to += part;
		left -= part;
		if (!add_fragments(skb, piece->data + part, piece->len - part))
			return false;
	}
	return true;
}

/* Zero-copy monitors exchange the buffers of what was sent. */
static bool worth_it(const struct vale_nic_ring *nr, const struct vale_found *f,
		     const struct net_device *dev)
{
	return nr->zcopy && f->len >= nr->zcopy->min && gathers(dev) &&
	       !READ_ONCE(nr->ring->watched);
}

struct sk_buff *vale_zcopy_frame(struct vale_nic_ring *nr,
				 const struct vale_found *f,
				 struct net_device *dev)
{
	struct vale_zcopy *zc = nr->zcopy;
	struct frame *frame;
	struct sk_buff *skb;

	if (!worth_it(nr, f, dev))
		return NULL;
	skb = vale_frame_alloc(dev, HEAD);
	if (!skb)
		return NULL;
	if (!fill(skb, nr->piece, f->npieces)) {
		kfree_skb(skb);
		return NULL;
	}
	frame = frame_at(zc, zc->count++);
	frame->slots = 0;
	frame->back = false;
	refcount_set(&frame->ubuf.refcnt, 1);
	skb_zcopy_init(skb, &frame->ubuf);
	return skb;
}

void vale_zcopy_account(struct vale_zcopy *zc, u32 slots)
{
	if (!zc || !zc->count)
		return;
	frame_at(zc, zc->count - 1)->slots += slots;
	zc->slots += slots;
}

u32 vale_zcopy_held(struct vale_zcopy *zc)
{
	struct frame *frame;

	if (!zc)
		return 0;
	while (zc->count) {
		frame = frame_at(zc, 0);
		/* (Q) the driver is done; partner: complete_frame(). */
		if (!smp_load_acquire(&frame->back))
			break;
		zc->slots -= frame->slots;
		zc->first = vale_ring_next(zc->first, zc->n);
		zc->count--;
	}
	return zc->slots;
}
