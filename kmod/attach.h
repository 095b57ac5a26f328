/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef VALE_ATTACH_H
#define VALE_ATTACH_H

#include <linux/interrupt.h>

#include "nic_priv.h"

struct vale_poller;

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
};

struct vale_attachment {
	struct vale_nic *nic;
	bool host;			/* the host stack is a member too */
	struct vale_ring_set set;
	u32 ntx;			/* TX rings of the set, in order */
	u8 tx_ring[VALE_NIC_RINGS_MAX];
	u32 ninlets[VALE_DIRS];
	struct vale_inlet *inlet[VALE_DIRS];	/* RX: wire, TX: host */
	u32 npollers;
	u32 poll_cpu;			/* of the first */
	struct vale_poller *pollers;
};

/* Forward what waits. False: nothing did. BH disabled, by one at a time. */
bool vale_inlet_forward(struct vale_inlet *in);
/* Who is woken when frames wait; NULL: the tasklet. */
void vale_inlet_set_poller(struct vale_inlet *in, struct task_struct *task);

/* polling.c: no thread polls any more. Frames are forwarded all the same. */
void vale_polling_stop(struct vale_attachment *att);

#endif /* VALE_ATTACH_H */
