/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef VALE_NATIVE_H
#define VALE_NATIVE_H

#include <linux/netdevice.h>

/*
 * What a NIC driver supplies so that programs' rings become its descriptor
 * rings, and what it calls. Everything else is vale.ko's: host rings, partial
 * sets, offsets, monitors, DMA addresses, the order of things.
 *
 * Two kinds of numbers: a queue's descriptors are counted as the hardware
 * counts them, and of slots a driver knows nothing. A ring's `clean` is the
 * oldest descriptor not dealt with, `use` the next to fill.
 *
 * Two kinds of drivers, too: most give slots' buffers to the hardware. Where it
 * would not give them back, the driver copies (it attaches without `dma`): the
 * hardware keeps to the driver's own buffers, and descriptors are what the
 * driver counts as such. `dma` is not set in any; rx_take leaves all between
 * `clean` and `use` to the driver for good; rx_put has no `d` and says that n
 * have been read; rx_kick comes with every sync.
 */
enum { VALE_NATIVE_RX, VALE_NATIVE_TX, VALE_NATIVE_DIRS };

struct vale_native;	/* of one netdev */

#define VALE_DESC_EOP		1	/* the last of its frame */
#define VALE_DESC_REPORT	2	/* TX: tx_done will be asked of it */
#define VALE_DESC_ERROR		4	/* RX: what came is no good frame */
#define VALE_DESC_VLAN		8	/* RX: `vlan` was taken off */

struct vale_native_desc {
	dma_addr_t dma;
	void *addr;	/* the same for the CPU */
	u32 len;
	u16 flags;	/* VALE_DESC_* */
	u16 vlan;	/* with VALE_DESC_VLAN */
};

/* Descriptors from one position of a ring of n up to another. */
static inline u32 vale_native_distance(u32 from, u32 to, u32 n)
{
	return to >= from ? to - from : to + n - from;
}

/* Bytes of the frame that begins with this one; its last is among them. */
static inline u32 vale_native_frame_len(const struct vale_native_desc *d)
{
	u32 len = d->len;

	while (!(d->flags & VALE_DESC_EOP))
		len += (++d)->len;
	return len;
}

struct vale_native_config {
	u32 nrings[VALE_NATIVE_DIRS];
	u32 nslots[VALE_NATIVE_DIRS];	/* descriptors of each */
	u32 rx_size;	/* bytes that may be written to one buffer */
	u32 crc;	/* bytes of frame check sequence in what rx_get says */
	u32 tx_parts;	/* descriptors that a frame may have; 0: any number */
	u32 tx_least;	/* bytes that a frame must have */
};

/* Where the driver's own use of a ring ended. */
struct vale_native_start {
	u32 clean;
	u32 use;
	bool torn;	/* RX: in the middle of a frame */
	bool full;	/* RX: `use` is `clean`, and the hardware has them all */
};

/*
 * All but the last group run under RTNL, may sleep and come in this order:
 *
 *	lock; napi off; rx_take or tx_take; napi on; unlock
 *	lock; napi off; rx_stop, rx_give or tx_give; napi on; unlock
 *	lock; rx_stop of several, rx_give of these; unlock	(rx_together)
 *
 * with the stack's queue stopped around tx_take and tx_give. None of them may
 * reset the device or touch the PHY. One that must stop other queues too does
 * so as if there were a reset: vale_native_down, _rx_save, _rx_init, _tx_init.
 */
struct vale_native_ops {
	/* Stopping one RX queue stops all; their polling is the driver's to stop. */
	bool rx_together;
	/* Why programs cannot have it now; NULL: they can. May be left out. */
	const char *(*refusal)(struct net_device *dev);
	/* Before programs have rings, and after. May be left out. */
	int (*open)(struct net_device *dev);
	void (*close)(struct net_device *dev);

	void (*config)(struct net_device *dev, struct vale_native_config *c);
	/* Keep resets out. True: the device is up, its rings exist. */
	bool (*lock)(struct net_device *dev);
	void (*unlock)(struct net_device *dev);
	struct napi_struct *(*napi)(struct net_device *dev, int dir, u32 q);

	/* The ring is the program's from here; the driver's buffers stay. */
	void (*rx_take)(struct net_device *dev, u32 q,
			struct vale_native_start *at);
	void (*tx_take)(struct net_device *dev, u32 q,
			struct vale_native_start *at);
	/*
	 * The hardware writes into no buffer of the queue any more. Left out by
	 * drivers that copy.
	 */
	void (*rx_stop)(struct net_device *dev, u32 q);
	/* It gets the driver's buffers and goes on. */
	void (*rx_give)(struct net_device *dev, u32 q);
	/* The hardware reads no buffer of the queue any more; it is empty. */
	void (*tx_give)(struct net_device *dev, u32 q);

	/* From here on: BH disabled, one at a time for a ring. */

	/* How many of the driver's own frames' descriptors are left. */
	u32 (*tx_pending)(struct net_device *dev, u32 q);
	/* Fill n descriptors from i on; the hardware need not see them yet. */
	void (*tx_put)(struct net_device *dev, u32 q, u32 i,
		       const struct vale_native_desc *d, u32 n);
	void (*rx_put)(struct net_device *dev, u32 q, u32 i,
		       const struct vale_native_desc *d, u32 n);
	/* It owns everything before i. */
	void (*tx_kick)(struct net_device *dev, u32 q, u32 i);
	void (*rx_kick)(struct net_device *dev, u32 q, u32 i);
	/* Was this one with VALE_DESC_REPORT sent? Then so were all before. */
	bool (*tx_done)(struct net_device *dev, u32 q, u32 i);
	/* Look at up to n descriptors from i on; how many are filled. */
	u32 (*rx_get)(struct net_device *dev, u32 q, u32 i,
		      struct vale_native_desc *d, u32 n);
	/* What came into a buffer of the driver's own, for the CPU to read. */
	const void *(*rx_data)(struct net_device *dev, u32 q, u32 i);
};

/*
 * Before register_netdev, after unregister_netdev. NULL: no memory; all that
 * follows takes NULL and then does nothing. `dma` is the device that reads and
 * writes buffers, NULL if the driver copies. The netdev's module may go while
 * programs have the port open.
 */
struct vale_native *vale_native_attach(struct net_device *dev,
				       struct device *dma,
				       const struct vale_native_ops *ops);
void vale_native_detach(struct vale_native *native);

/* Before the device is stopped or reset: no callback runs when it returns. */
void vale_native_down(struct vale_native *native);
/* Between down and init, the hardware stopped: a program gets what came. */
void vale_native_rx_save(struct vale_native *native, u32 q);
/*
 * The queue was reset, is empty and `clean` and `use` are 0: true: it is a
 * program's, and has been given its buffers.
 */
bool vale_native_rx_init(struct vale_native *native, u32 q);
bool vale_native_tx_init(struct vale_native *native, u32 q);

/*
 * From the queue's poll routine. PASS: it is the driver's. COMPLETED: it is a
 * program's, who was woken.
 */
enum vale_native_irq { VALE_NATIVE_PASS, VALE_NATIVE_COMPLETED };

enum vale_native_irq vale_native_rx_irq(struct vale_native *native, u32 q);
enum vale_native_irq vale_native_tx_irq(struct vale_native *native, u32 q);

#endif /* VALE_NATIVE_H */
