// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Owns the host stack's side of a netdev in netmap mode: what the stack sends
 * on a taken queue goes to a host RX ring; slots of a host TX ring, and those
 * marked for forwarding, go up as if received on the netdev.
 */
#include <linux/delay.h>
#include <linux/etherdevice.h>

#include "nic_priv.h"
#include "param.h"

#define INJECT_BATCH 64		/* frames between two looks at the backlog */

/* Frames on their way up whose destructor is ours. */
static atomic_t marked = ATOMIC_INIT(0);

/*
 * Tells our receive handler, which sees the frame again, to let it pass.
 * The destructor survives where skb->cb does not, and goes when the stack
 * takes possession of the frame.
 */
static void mark(struct sk_buff *skb)
{
	atomic_dec(&marked);
}

bool vale_host_unmark(struct sk_buff *skb)
{
	if (skb->destructor != mark)
		return false;
	skb_orphan(skb);
	return true;
}

bool vale_host_inject(struct net_device *dev, struct sk_buff *skb)
{
	skb->protocol = eth_type_trans(skb, dev);
	skb->destructor = mark;
	atomic_inc(&marked);
	return netif_rx(skb) == NET_RX_SUCCESS;
}

void vale_host_drain(void)
{
	while (atomic_read(&marked))
		msleep(20);
	/* The last one may still be on its way out of mark(). */
	synchronize_rcu();
}

void vale_host_receive(struct vale_nic *nic, u32 queue, struct sk_buff *skb)
{
	struct vale_port *port = &nic->port;
	u32 i = port->nrings[VALE_RX] + queue % port->nhost[VALE_RX];
	struct vale_nic_ring *nr = &nic->rings[VALE_RX][i];

	vale_sink_put(&nr->sink, skb);
	vale_emul_notify(nr);
}

/* A slot, its fields read once, as a frame for the stack. */
static void inject_slot(struct vale_ring *ring, struct net_device *dev,
			const struct netmap_slot *slot)
{
	const struct vale_bufs *bufs = &ring->port->region->bufs;
	const u8 *buf = vale_buf(bufs, READ_ONCE(slot->buf_idx));
	struct vale_nic_ring *nr = ring->adapter;
	u32 len = READ_ONCE(slot->len);
	struct sk_buff *skb;

	if (!buf || len < ETH_HLEN || len > bufs->size) {
		vale_nic_drop(nr, VALE_DROP_BAD_SLOT, 1);
		return;
	}
	skb = vale_frame_alloc(dev, len);
	if (!skb) {
		vale_nic_drop(nr, VALE_DROP_NO_MEMORY, 1);
		return;
	}
	skb_put_data(skb, buf, len);
	if (vale_host_inject(dev, skb))
		vale_count_out(nr->sink.stats, 1, len);
	else
		vale_nic_drop(nr, VALE_DROP_RING_FULL, 1);
}

/* Which of the slots from..to go up to the stack. */
enum inject_which { INJECT_ALL, INJECT_MARKED };

static bool wanted(struct netmap_slot *slot, enum inject_which which)
{
	u16 flags = READ_ONCE(slot->flags);

	if (which == INJECT_ALL)
		return true;
	if (flags & NS_FORWARD)
		WRITE_ONCE(slot->flags, flags & ~NS_FORWARD);
	return flags & NS_FORWARD;
}

/*
 * In small batches with a gap between them: there the backlog is worked off,
 * which would overflow otherwise.
 */
static int inject(struct vale_ring *ring, u32 from, u32 to,
		  enum inject_which which)
{
	struct vale_nic *nic = vale_nic_of(ring->port);
	struct net_device *dev;
	u32 i;

	while (from != to) {
		rcu_read_lock_bh();
		dev = rcu_dereference_bh(nic->dev);
		for (i = 0; dev && i < INJECT_BATCH && from != to; i++) {
			struct netmap_slot *slot = &ring->shared->slot[from];

			if (wanted(slot, which))
				inject_slot(ring, dev, slot);
			from = vale_ring_next(from, ring->pos.n);
		}
		rcu_read_unlock_bh();
		if (!dev)
			return -EIO;
	}
	return 0;
}

int vale_host_txsync(struct vale_ring *ring)
{
	struct vale_pos *pos = &ring->pos;
	int err = inject(ring, pos->hwcur, pos->head, INJECT_ALL);

	pos->hwcur = pos->head;
	pos->hwtail = vale_ring_prev(pos->head, pos->n);
	return err;
}

void vale_host_forward_up(struct vale_ring *ring)
{
	bool all = READ_ONCE(vale_param.fwd);

	if (ring->host)
		return;
	if (!all && !(READ_ONCE(ring->shared->flags) & NR_FORWARD))
		return;
	inject(ring, ring->pos.hwcur, ring->pos.head,
	       all ? INJECT_ALL : INJECT_MARKED);
}
