/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef VALE_ATTACH_H
#define VALE_ATTACH_H

#include "inlet.h"
#include "nic_priv.h"

struct vale_poller;

struct vale_attachment {
	struct vale_nic *nic;
	bool host;			/* the host stack is a member too */
	struct vale_ring_set set;
	u32 ntx;			/* TX rings of the set, in order */
	u8 tx_ring[VALE_NIC_RINGS_MAX];
	u32 ninlets[VALE_DIRS];
	struct vale_inlet *inlet[VALE_DIRS];	/* RX: wire, TX: host */
	struct vale_direct __percpu *direct;	/* of all RX rings */
	u32 npollers;
	u32 poll_cpu;			/* of the first */
	struct vale_poller *pollers;
};

/* polling.c: no thread polls any more. Frames are forwarded all the same. */
void vale_polling_stop(struct vale_attachment *att);

#endif /* VALE_ATTACH_H */
