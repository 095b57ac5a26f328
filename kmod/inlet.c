// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Owns the way from a netdev into a switch. Frames from the wire and from the
 * host stack wait per ring; a tasklet per ring, or a thread that polls
 * (polling.c), forwards them in batches. So forwarding never runs inside a
 * transmission, whatever the topology; what does not wait is in direct.c.
 */
#include <linux/interrupt.h>

#include "inlet.h"
#include "nic_priv.h"
#include "whole.h"

#define INLET_LIMIT	1024	/* socket buffers waiting per ring */

void vale_inlet_drop(struct vale_member *m, struct sk_buff *skb, bool from_host,
		     enum vale_drop why)
{
	u32 frames = vale_wire_size(skb).frames;

	vale_count_drop(m->stats, why, frames);
	vale_netdev_drop(skb->dev, from_host, frames);
	dev_kfree_skb_any(skb);
}

static void kick(struct vale_inlet *in)
{
	lockdep_assert_held(&in->queue.lock);
	if (in->poller)
		wake_up_process(in->poller);
	else
		tasklet_schedule(&in->tasklet);
}

void vale_inlet_set_poller(struct vale_inlet *in, struct task_struct *task)
{
	spin_lock_irq(&in->queue.lock);
	WRITE_ONCE(in->poller, task);
	if (!skb_queue_empty(&in->queue))
		kick(in);
	spin_unlock_irq(&in->queue.lock);
}

/* Netpoll transmits with interrupts off. */
void vale_inlet_put(struct vale_inlet *in, struct sk_buff *skb)
{
	unsigned long flags;
	bool full;

	spin_lock_irqsave(&in->queue.lock, flags);
	full = skb_queue_len(&in->queue) >= INLET_LIMIT;
	if (!full)
		__skb_queue_tail(&in->queue, skb);
	WRITE_ONCE(in->busy, true);
	if (skb_queue_len(&in->queue) == 1)
		kick(in);
	spin_unlock_irqrestore(&in->queue.lock, flags);
	if (full)
		vale_inlet_drop(in->member, skb, in->from_host,
				VALE_DROP_IN_FULL);
}

static void forward(struct vale_inlet *in, struct sk_buff_head *list)
{
	struct vale_batch *b = vale_batch_get();
	struct sk_buff *skb;

	while ((skb = skb_peek(list)) && vale_whole_add(b, skb))
		__skb_unlink(skb, list);
	vale_switch_forward(in->member, b, in->ring);
	vale_whole_free(b);
}

/* Later frames may take the short way again. */
static void finish(struct vale_inlet *in)
{
	spin_lock_irq(&in->queue.lock);
	/* (H) what was forwarded; partner: vale_inlet_idle() */
	if (skb_queue_empty(&in->queue))
		smp_store_release(&in->busy, false);
	spin_unlock_irq(&in->queue.lock);
}

bool vale_inlet_forward(struct vale_inlet *in)
{
	struct sk_buff_head list;

	if (skb_queue_empty_lockless(&in->queue))
		return false;

	__skb_queue_head_init(&list);
	spin_lock_irq(&in->queue.lock);
	skb_queue_splice_init(&in->queue, &list);
	spin_unlock_irq(&in->queue.lock);
	while (!skb_queue_empty(&list))
		forward(in, &list);
	finish(in);
	return true;
}

static void run(struct tasklet_struct *t)
{
	struct vale_inlet *in = from_tasklet(in, t, tasklet);

	vale_inlet_forward(in);
}

void vale_inlet_init(struct vale_inlet *in, struct vale_member *m, u16 ring,
		     bool from_host)
{
	skb_queue_head_init(&in->queue);
	in->member = m;
	in->ring = ring;
	in->from_host = from_host;
	tasklet_setup(&in->tasklet, run);
}

void vale_inlet_stop(struct vale_inlet *in)
{
	tasklet_kill(&in->tasklet);
	skb_queue_purge(&in->queue);
}
