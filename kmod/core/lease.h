/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef VALE_CORE_LEASE_H
#define VALE_CORE_LEASE_H

#include <asm/barrier.h>
#include <linux/types.h>

#include "ring.h"

/*
 * Several senders fill one RX ring. Each, under the ring's lock, RESERVES the
 * next slots, COPIES without the lock, and COMPLETES under the lock again;
 * what is complete without a gap before it is PUBLISHED (tail moves).
 *
 *      hwcur        tail                 next
 *        | filled     | reserved, copying  | free ... hwcur - 1
 */
struct vale_lease {
	u32 n;
	u32 next;	/* first slot nobody reserved */
	u32 tail;	/* published up to here */
	u32 waiting;	/* completed leases in done[]: behind one that is not */
	u32 *done;	/* n entries; done[i] = 1 + slots of the completed
			 * lease that starts at i, 0 = not complete */
};

void vale_lease_init(struct vale_lease *lease, u32 *done, u32 n);
void vale_lease_reset(struct vale_lease *lease, u32 pos);

/* Slots that can be reserved when the receiver has released up to hwcur. */
static inline u32 vale_lease_room(const struct vale_lease *lease, u32 hwcur)
{
	return lease->n - 1 - vale_ring_distance(hwcur, lease->next, lease->n);
}

/* Is no slot reserved that is not published yet? */
static inline bool vale_lease_is_idle(const struct vale_lease *lease)
{
	return lease->next == lease->tail;
}

/* Reserve k <= room slots; returns the first. */
static inline u32 vale_lease_reserve(struct vale_lease *lease, u32 k)
{
	u32 start = lease->next;

	lease->next = vale_ring_add(start, k, lease->n);
	return start;
}

/* Reserve and fill k slots at once, while it is idle. */
static inline void vale_lease_pass(struct vale_lease *lease, u32 k)
{
	lease->next = vale_ring_add(lease->next, k, lease->n);
	smp_store_release(&lease->tail, lease->next); /* (O) */
}

/*
 * Give back the last `unused` of the k slots reserved at start. True if they
 * were the newest reservation; else the caller fills them with empty slots.
 */
bool vale_lease_shrink(struct vale_lease *lease, u32 start, u32 k,
		       u32 unused);

/* k slots at start are filled. True if tail moved. */
bool vale_lease_complete(struct vale_lease *lease, u32 start, u32 k);

/* The receiver's look at tail, which needs no lock. */
static inline u32 vale_lease_published(const struct vale_lease *lease)
{
	return smp_load_acquire(&lease->tail); /* (O) */
}

#endif /* VALE_CORE_LEASE_H */
