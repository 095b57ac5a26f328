// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Owns the way of received frames into the slots of an emulated adapter's RX
 * rings. The receive handler copies them there itself, while they are in the
 * cache, if it gets the ring's gate; programs see them at their next sync. What
 * comes while a sync has the gate, a monitor looks on or the ring is full waits
 * in a queue of socket buffers, which is emptied first:
 *
 *   handler --> queue --> ready --> slots hwtail .. hwcur - 1
 *      |                              ^
 *      +------------------------------+
 */
#include "core/copy.h"
#include "nic_priv.h"
#include "param.h"

#define MITIGATE_MIN	32768	/* ns; below: a wake-up for every frame */

/* A bad slot is handed over empty, or it would stay in the way for ever. */
void vale_emul_give_up(struct vale_ring *ring, u32 from, u32 to)
{
	for (; from != to; from = vale_ring_next(from, ring->pos.n)) {
		WRITE_ONCE(ring->shared->slot[from].len, 0);
		WRITE_ONCE(ring->shared->slot[from].flags, 0);
	}
}

static int copy_bytes(const struct sk_buff *skb, u32 off, u8 *to, u32 len)
{
	if (unlikely(skb_is_nonlinear(skb)))
		return skb_copy_bits(skb, off, to, len);
	vale_copy(to, skb->data + off, len);
	return 0;
}

/* Spreads skb over the slots from hwtail on; there is room. */
static int fill_slots(struct vale_ring *ring, const struct sk_buff *skb)
{
	const struct vale_bufs *bufs = &ring->bufs;
	u32 start = ring->pos.hwtail, off = 0, len;
	struct netmap_slot *slot;
	u8 *buf;

	do {
		slot = &ring->shared->slot[ring->pos.hwtail];
		len = min(skb->len - off, vale_bufs_room(bufs));
		buf = vale_buf(bufs, READ_ONCE(slot->buf_idx));
		if (buf)
			buf += vale_bufs_offset(bufs, READ_ONCE(slot->ptr));
		ring->pos.hwtail = vale_ring_next(ring->pos.hwtail,
						  ring->pos.n);
		if (!buf || copy_bytes(skb, off, buf, len)) {
			vale_emul_give_up(ring, start, ring->pos.hwtail);
			return -EINVAL;
		}
		off += len;
		WRITE_ONCE(slot->len, len);
		WRITE_ONCE(slot->flags, off < skb->len ? NS_MOREFRAG : 0);
	} while (off < skb->len);
	return 0;
}

/* How many a frame takes; too many if the ring never has as many. */
static u32 slots_for(const struct vale_ring *ring, const struct sk_buff *skb)
{
	u32 room = vale_bufs_room(&ring->bufs);

	if (likely(skb->len <= room))
		return 1;
	return room && !ring->host ? DIV_ROUND_UP(skb->len, room) : ring->pos.n;
}

/* The program hears of bad buffers at its next sync. */
static void fill(struct vale_nic_ring *nr, const struct sk_buff *skb)
{
	if (likely(!fill_slots(nr->ring, skb)))
		return;
	vale_nic_drop(nr, VALE_DROP_BAD_BUFFER, 1);
	nr->bad = true;
}

static void count(const struct vale_nic_ring *nr, u64 packets, u64 bytes)
{
	local_bh_disable();
	vale_count_in(nr->sink.stats, packets, bytes);
	local_bh_enable();
}

static void import(struct vale_nic_ring *nr)
{
	struct vale_ring *ring = nr->ring;
	u64 packets = 0, bytes = 0;
	struct sk_buff *skb;
	u32 need;

	while ((skb = skb_peek(&nr->ready))) {
		need = slots_for(ring, skb);
		if (need >= ring->pos.n) {
			/* Less room than when it was let in: offsets. */
			__skb_unlink(skb, &nr->ready);
			vale_nic_drop(nr, VALE_DROP_TOO_LONG, 1);
			kfree_skb(skb);
			continue;
		}
		if (need > vale_nic_rx_room(&ring->pos))
			break;
		__skb_unlink(skb, &nr->ready);
		packets++;
		bytes += skb->len;
		fill(nr, skb);
		consume_skb(skb);
	}
	if (packets)
		count(nr, packets, bytes);
}

void vale_emul_import(struct vale_nic_ring *nr)
{
	/* What waits here has left the queue, whose limit it would escape. */
	if (skb_queue_empty(&nr->ready))
		vale_sink_take(&nr->sink, &nr->ready);
	import(nr);
}

int vale_emul_rxsync(struct vale_ring *ring, int flags)
{
	struct vale_nic_ring *nr = ring->adapter;
	bool moved = false, bad;

	if (!ring->host)
		vale_host_forward_up(ring);
	else if (flags & VALE_SYNC_ALL_TX)
		moved = vale_host_forward_down(ring);
	ring->pos.hwcur = ring->pos.head;
	vale_emul_import(nr);
	if (!ring->host)
		vale_twin_pull(nr);
	bad = nr->bad;
	nr->bad = false;
	return bad ? -EINVAL : moved;
}

/* Where the next frame begins, which is some way off. */
static void prefetch_next(const struct vale_ring *ring)
{
	const struct netmap_slot *slot = &ring->shared->slot[ring->pos.hwtail];

	vale_buf_prefetch(&ring->bufs, READ_ONCE(slot->buf_idx), L1_CACHE_BYTES);
}

/* The gate is held. False: it has to wait, or is none. */
static bool place(struct vale_nic_ring *nr, const struct sk_buff *skb)
{
	const struct vale_pos *pos = &nr->ring->pos;

	if (!vale_nic_rx_room(pos) || skb->len < ETH_HLEN)
		return false;
	if (unlikely(!skb_queue_empty_lockless(nr->sink.queue)))
		vale_emul_import(nr);
	if (!skb_queue_empty(&nr->ready) ||
	    slots_for(nr->ring, skb) > vale_nic_rx_room(pos))
		return false;
	fill(nr, skb);
	prefetch_next(nr->ring);
	vale_count_in(nr->sink.stats, 1, skb->len);
	return true;
}

/* One frame of the wire. */
static void take(struct vale_nic_ring *nr, struct sk_buff *skb)
{
	struct vale_ring *ring = nr->ring;
	bool placed = false;

	if (!READ_ONCE(ring->watched) && vale_ring_enter(ring)) {
		placed = place(nr, skb);
		vale_ring_leave(ring);
	}
	if (placed)
		napi_consume_skb(skb, 1);
	else
		vale_sink_add(&nr->sink, skb);
}

void vale_emul_receive(struct vale_nic *nic, u32 ring, struct sk_buff *skb)
{
	struct vale_nic_ring *nr = &nic->rings[VALE_RX][ring];
	struct sk_buff *next;

	skb = vale_sink_open(&nr->sink, skb);
	skb_list_walk_safe(skb, skb, next) {
		skb_mark_not_on_list(skb);
		take(nr, skb);
	}
	vale_emul_notify(nr);
}

static bool wakes_now(struct vale_nic_ring *nr, u32 ns)
{
	unsigned long flags;
	bool wake;

	/* The timer, which looks again, is still to come. */
	if (READ_ONCE(nr->missed))
		return false;
	spin_lock_irqsave(&nr->sink.queue->lock, flags);
	wake = !nr->armed;
	WRITE_ONCE(nr->missed, nr->armed);
	nr->armed = true;
	if (wake)
		hrtimer_start(&nr->timer, ns_to_ktime(ns),
			      HRTIMER_MODE_REL_SOFT);
	spin_unlock_irqrestore(&nr->sink.queue->lock, flags);
	return wake;
}

void vale_emul_notify(struct vale_nic_ring *nr)
{
	u32 ns = max(READ_ONCE(vale_param.generic_mit), 0);

	/* No timer either: who comes later looks at the ring first. */
	if (!vale_ring_awaited(nr->ring))
		return;
	if (ns < MITIGATE_MIN || wakes_now(nr, ns))
		vale_ring_wake(nr->ring);
}

enum hrtimer_restart vale_emul_interval_over(struct hrtimer *timer)
{
	struct vale_nic_ring *nr =
		container_of(timer, struct vale_nic_ring, timer);
	u32 ns = max(READ_ONCE(vale_param.generic_mit), MITIGATE_MIN);
	unsigned long flags;
	bool again;

	spin_lock_irqsave(&nr->sink.queue->lock, flags);
	again = nr->missed;
	WRITE_ONCE(nr->missed, false);
	nr->armed = again;
	if (again)
		hrtimer_forward_now(timer, ns_to_ktime(ns));
	spin_unlock_irqrestore(&nr->sink.queue->lock, flags);
	if (!again)
		return HRTIMER_NORESTART;
	vale_ring_wake(nr->ring);
	return HRTIMER_RESTART;
}
