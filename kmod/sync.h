/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef VALE_SYNC_H
#define VALE_SYNC_H

#include <linux/bits.h>
#include <linux/types.h>

struct vale_pos;
struct vale_ring;

/* What a sync found. A ring busy in another thread yields 0. */
#define VALE_SYNC_READY	BIT(0)	/* cur != tail: poll may return */
#define VALE_SYNC_BAD	BIT(1)	/* positions repaired or adapter failed */
#define VALE_SYNC_MOVED	BIT(2)	/* slots were forwarded to NIC TX rings */

int vale_ring_txsync(struct vale_ring *ring, int flags);
int vale_ring_rxsync(struct vale_ring *ring, int flags);

/*
 * The same in either direction, with head and cur from elsewhere: read once,
 * after what they cover. *now is where the ring stands then.
 */
int vale_ring_sync_at(struct vale_ring *ring, u32 head, u32 cur, int flags,
		      struct vale_pos *now);

#endif /* VALE_SYNC_H */
