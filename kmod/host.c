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
	skb_orphan(skb);
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

static void inject_frame(struct vale_nic_ring *nr, struct net_device *dev,
			 const struct vale_found *f)
{
	struct sk_buff *skb;

	if (f->bad || f->open) {
		vale_nic_drop(nr, f->bad ? f->why : VALE_DROP_BAD_SLOT, 1);
		return;
	}
	skb = vale_frame_alloc(dev, f->len);
	if (!skb) {
		vale_nic_drop(nr, VALE_DROP_NO_MEMORY, 1);
		return;
	}
	vale_slots_copy(nr, f, skb);
	if (vale_host_inject(dev, skb))
		vale_count_out(nr->sink.stats, 1, f->len);
	else
		vale_nic_drop(nr, VALE_DROP_RING_FULL, 1);
}

/* Which of the frames go up to the stack. */
enum inject_which { INJECT_ALL, INJECT_MARKED };

/*
 * The frames between hwcur and head. In small batches with a gap between them:
 * there the backlog is worked off, which would overflow otherwise. Of a frame
 * that was given back in parts nothing goes up.
 */
static int inject(struct vale_ring *ring, enum inject_which which)
{
	struct vale_nic *nic = vale_nic_of(ring->port);
	struct vale_nic_ring *nr = ring->adapter;
	u32 at = ring->pos.hwcur, i;
	struct net_device *dev;

	while (at != ring->pos.head) {
		rcu_read_lock_bh();
		dev = rcu_dereference_bh(nic->dev);
		for (i = 0; dev && i < INJECT_BATCH && at != ring->pos.head;
		     i++) {
			struct vale_found f = vale_slots_read(nr, at);

			if (!nr->torn && (which == INJECT_ALL ||
					  f.flags & NS_FORWARD))
				inject_frame(nr, dev, &f);
			nr->torn = f.open;
			at = vale_ring_add(at, f.slots, ring->pos.n);
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
	int err = inject(ring, INJECT_ALL);

	pos->hwcur = pos->head;
	pos->hwtail = vale_ring_prev(pos->head, pos->n);
	return err;
}

void vale_host_forward_up(struct vale_ring *ring)
{
	struct vale_nic_ring *nr = ring->adapter;
	bool all = READ_ONCE(vale_param.fwd);

	if (all || READ_ONCE(ring->shared->flags) & NR_FORWARD)
		inject(ring, all ? INJECT_ALL : INJECT_MARKED);
	else
		nr->torn = false;
}
