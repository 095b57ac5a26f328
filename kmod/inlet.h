/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef VALE_INLET_H
#define VALE_INLET_H

#include <linux/interrupt.h>
#include <linux/skbuff.h>

#include "switch.h"

struct vale_direct;

/* One way into the switch: of an RX ring, or of what the stack sends on a TX
 * ring.
 */
struct vale_inlet {
	struct sk_buff_head queue;
	struct tasklet_struct tasklet;
	struct task_struct *poller;	/* instead of it; under queue.lock */
	struct vale_member *member;
	u16 ring;
	bool from_host;
	bool busy;			/* frames wait or are on their way;
					 * written under queue.lock */
	struct vale_direct __percpu *direct;	/* of a wire's */
};

void vale_inlet_init(struct vale_inlet *in, struct vale_member *m, u16 ring,
		     bool from_host);
/* What waits is thrown away. Nobody puts anything in any more. */
void vale_inlet_stop(struct vale_inlet *in);

/* Takes skb, data at the MAC header. Any context. */
void vale_inlet_put(struct vale_inlet *in, struct sk_buff *skb);
/* ... or throws it away, counted for m and for the netdev. */
void vale_inlet_drop(struct vale_member *m, struct sk_buff *skb, bool from_host,
		     enum vale_drop why);

/* Is there anything that a frame that comes now must not overtake? */
static inline bool vale_inlet_idle(const struct vale_inlet *in)
{
	/* (H) what was forwarded; partner: finish() */
	return !smp_load_acquire(&in->busy) && !READ_ONCE(in->poller);
}

/* Forward what waits. False: nothing did. BH disabled, by one at a time. */
bool vale_inlet_forward(struct vale_inlet *in);
/* Who is woken when frames wait; NULL: the tasklet. */
void vale_inlet_set_poller(struct vale_inlet *in, struct task_struct *task);

#endif /* VALE_INLET_H */
