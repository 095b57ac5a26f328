/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef VALE_DIRECT_H
#define VALE_DIRECT_H

#include "core/flow.h"
#include "switch.h"

struct vale_inlet;
struct sk_buff;

/* What a CPU remembers of an RX ring. */
struct vale_direct {
	struct vale_flow flow;	/* where its last frame went */
	unsigned int round;	/* of receive processing, when there was one */
	bool inside;		/* a frame of it is on its way: what that sends
				 * is received at once, and must not loop */
};

/* A frame on its way, data at the MAC header. */
struct vale_one {
	struct sk_buff *skb;
	struct vale_member *src;
	u16 ring;	/* of the source */
	bool alone;	/* the first of its ring in this round */
};

/* For n rings; freed by free_percpu(). NULL: no memory. */
struct vale_direct __percpu *vale_direct_alloc(u32 n);

/*
 * A frame from the wire goes on at once, if nothing hinders it. False: put it
 * into the inlet. RCU read side, BH disabled.
 */
bool vale_direct_forward(struct vale_inlet *in, struct sk_buff *skb);

/*
 * deliver_one.c: to its only receiver. True: it is gone, and counted there.
 * False: it is the caller's still, and must wait.
 */
bool vale_deliver_one(struct vale_member *m, const struct vale_one *one);

#endif /* VALE_DIRECT_H */
