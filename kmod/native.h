/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef VALE_KMOD_NATIVE_H
#define VALE_KMOD_NATIVE_H

#include <linux/dma-mapping.h>

#include "drivers/vale_native.h"
#include "nic_priv.h"

#define VALE_NATIVE_BATCH 64	/* descriptors handled in one go */

static_assert(VALE_NATIVE_RX == (int)VALE_RX &&
	      VALE_NATIVE_TX == (int)VALE_TX &&
	      VALE_NATIVE_BATCH >= NETMAP_MAX_FRAGS);

/*
 * A region's buffers as the device sees them, mapped one by one when first
 * used, unmapped together. `leaf` is under the lock, its entries once written
 * stay.
 */
struct vale_dma {
	struct device *dev;
	const struct vale_bufs *bufs;
	spinlock_t lock;
	u32 nleaves;
	dma_addr_t **leaf;
	void *waste;	/* where what has no good buffer goes */
	dma_addr_t waste_dma;
};

struct vale_native {
	struct list_head list;
	struct net_device *dev;
	struct device *dma_dev;
	const struct vale_native_ops *ops;
	struct vale_native_port __rcu *port;	/* programs have it open */
};

/* The buffer that the hardware was given for a slot; idx 0: none, wasted. */
struct vale_posted {
	u32 idx;
	u32 offset;
};

/* Frames copied for a device that takes few descriptors for one. */
struct vale_bounce {
	struct device *dev;
	u8 *base;
	dma_addr_t dma;
	u32 next;
	u32 used;
};

/*
 * A hardware ring and the slots that belong to it, from hwtail (RX) or hwcur -
 * busy (TX) on. RX: the hardware first fills the driver's buffers, whose
 * contents are copied, then those of slots (never, if the driver copies):
 *
 *	descriptors   clean ....... foreign ....... busy ....... use
 *	slots         hwtail ......................................
 *
 * Everything is under the vale_ring's gate, or the driver's lock with the ring
 * not live.
 */
struct vale_native_ring {
	struct vale_ring *ring;
	struct vale_native_port *np;
	u32 queue;
	bool on;	/* the hardware ring is a program's */
	bool live;	/* ... and runs; RCU readers */
	bool torn;	/* RX: drop to the end of the frame */
	bool going;	/* RX: it was live, and is being given back */
	u32 count;	/* descriptors */
	u32 clean;
	u32 use;
	u32 foreign;
	u32 busy;	/* RX: descriptors; TX: slots */
	struct vale_posted *posted;	/* RX, by slot */
	unsigned long *sent;		/* TX, by slot: has a descriptor */
	unsigned long *marked;		/* TX, by slot: will be reported */
	unsigned long *copied;		/* TX, by slot: its frame is in `bounce` */
	struct vale_bounce bounce;
	struct vale_native_desc desc[VALE_NATIVE_BATCH];
};

/* Between start and stop. `native` is NULL once the netdev is gone. */
struct vale_native_port {
	struct vale_nic *nic;
	struct vale_native *native;
	struct vale_native_config config;
	struct vale_native_ring *ring[VALE_DIRS];
	u32 nrings[VALE_DIRS];
	struct vale_dma dma;
};

static inline u32 vale_native_next(const struct vale_native_ring *nr, u32 i,
				   u32 k)
{
	i += k;
	return i >= nr->count ? i - nr->count : i;
}

/* No buffer of a slot is ever the hardware's. */
static inline bool vale_native_copies(const struct vale_native *native)
{
	return !native->dma_dev;
}

static inline struct vale_native_ring *
vale_native_ring_of(const struct vale_ring *ring)
{
	struct vale_nic *nic = vale_nic_of(ring->port);

	return &nic->native->ring[ring->dir][ring->id];
}

/* native_dma.c. 0, -ENOMEM. */
int vale_dma_init(struct vale_dma *dma, struct device *dev,
		  const struct vale_region *region);
/* Nothing is mapped any more, while the device still exists. */
void vale_dma_unmap(struct vale_dma *dma);
void vale_dma_fini(struct vale_dma *dma);
/* Of a buffer; DMA_MAPPING_ERROR: it is none that a device could use. */
dma_addr_t vale_dma_get(struct vale_dma *dma, u32 idx);

/* native_bounce.c: of a TX ring whose device has a limit. 0, -ENOMEM. */
int vale_bounce_init(struct vale_bounce *bounce, struct device *dev);
void vale_bounce_fini(struct vale_bounce *bounce);
bool vale_bounce_full(const struct vale_bounce *bounce);
/* Unless full. The frame's one descriptor; 0: it is too long. */
u32 vale_bounce_put(struct vale_bounce *bounce, const struct vale_piece *piece,
		    const struct vale_found *f, struct vale_native_desc *d);

/* native_ring.c: under RTNL. Taking the hardware ring, giving it back. */
void vale_native_ring_on(struct vale_native_ring *nr);
void vale_native_ring_off(struct vale_native_ring *nr);
/* All RX rings that programs have left, of a device that stops them together. */
void vale_native_rx_off(struct vale_native_port *np);

/* As after a reset: nothing is the hardware's. */
void vale_native_ring_forget(struct vale_native_ring *nr);
/* How many descriptors it has. False: the device has fewer queues now. */
bool vale_native_ring_ask(struct vale_native_ring *nr);
/* Whoever syncs from now on sees the ring as it is. */
void vale_native_ring_live(struct vale_native_ring *nr);

/* native_rx.c, native_tx.c: RCU read side, BH disabled, or not live. */
void vale_native_rx_import(struct vale_native_ring *nr);
void vale_native_rx_fill(struct vale_native_ring *nr);
int vale_native_rxsync(struct vale_ring *ring);
int vale_native_txsync(struct vale_ring *ring);
/* How far hwtail may go; what was sent is taken back first. */
void vale_native_tx_reclaim(struct vale_native_ring *nr);

#endif /* VALE_KMOD_NATIVE_H */
