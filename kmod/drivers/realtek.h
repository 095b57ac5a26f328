/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The descriptor rings that RTL8139C+, RTL8169, RTL8168 and RTL8125 share: a
 * descriptor belongs to the hardware as long as its own bit says so, and the
 * hardware goes on where it is until it finds one that does not. There are no
 * positions in registers.
 */
#ifndef VALE_REALTEK_H
#define VALE_REALTEK_H

#include <linux/delay.h>

#include <vale_native.h>

#define VALE_RTL_OWN		BIT(31)
#define VALE_RTL_END		BIT(30)	/* of the ring */
#define VALE_RTL_FIRST		BIT(29)	/* of a frame */
#define VALE_RTL_LAST		BIT(28)
#define VALE_RTL_TAGGED		BIT(16)	/* RX, opts2 */
#define VALE_RTL_COUNT_MAX	256
#define VALE_RTL_PATIENCE	100	/* times 100 us until frames are lost */

struct vale_rtl_desc {
	__le32 opts1;
	__le32 opts2;
	__le64 addr;
};

struct vale_rtl_ring {
	struct vale_rtl_desc *desc;
	u32 count;
	u32 len_mask;	/* RX: in opts1 */
	u32 error_mask;
};

/* Beside the driver's own state. */
struct vale_rtl {
	bool up;	/* the hardware runs */
	bool rx;	/* the ring is a program's */
	bool tx;
	u32 tx_use;	/* the next to fill */
	/* Of the driver's receive buffers, which the descriptors have not now. */
	__le64 own[VALE_RTL_COUNT_MAX];
};

static inline u32 vale_rtl_next(const struct vale_rtl_ring *ring, u32 i)
{
	return i + 1 == ring->count ? 0 : i + 1;
}

static inline __le32 vale_rtl_opts1(const struct vale_rtl_ring *ring, u32 i,
				    u32 opts)
{
	return cpu_to_le32(opts | (i + 1 == ring->count ? VALE_RTL_END : 0));
}

static inline bool vale_rtl_done(const struct vale_rtl_ring *ring, u32 i)
{
	return !(READ_ONCE(ring->desc[i].opts1) & cpu_to_le32(VALE_RTL_OWN));
}

/* The first one last: until then the hardware waits there. */
static void vale_rtl_tx_put(const struct vale_rtl_ring *ring, u32 i,
			    const struct vale_native_desc *d, u32 n)
{
	u32 first = i, opts, frag = VALE_RTL_FIRST;
	__le32 first_opts = 0;

	for (; n--; d++, i = vale_rtl_next(ring, i)) {
		struct vale_rtl_desc *desc = &ring->desc[i];

		opts = VALE_RTL_OWN | frag | d->len;
		frag = d->flags & VALE_DESC_EOP ? VALE_RTL_FIRST : 0;
		if (d->flags & VALE_DESC_EOP)
			opts |= VALE_RTL_LAST;
		desc->addr = cpu_to_le64(d->dma);
		desc->opts2 = 0;
		if (i == first) {
			first_opts = vale_rtl_opts1(ring, i, opts);
			continue;
		}
		dma_wmb();
		WRITE_ONCE(desc->opts1, vale_rtl_opts1(ring, i, opts));
	}
	dma_wmb();
	WRITE_ONCE(ring->desc[first].opts1, first_opts);
}

static void vale_rtl_rx_put(const struct vale_rtl_ring *ring, u32 i,
			    const struct vale_native_desc *d, u32 n)
{
	for (; n--; d++, i = vale_rtl_next(ring, i)) {
		struct vale_rtl_desc *desc = &ring->desc[i];

		desc->addr = cpu_to_le64(d->dma);
		desc->opts2 = 0;
		dma_wmb();
		WRITE_ONCE(desc->opts1,
			   vale_rtl_opts1(ring, i, VALE_RTL_OWN | d->len));
	}
}

/* A frame in several descriptors is none to these drivers: it was too long. */
static u32 vale_rtl_rx_get(const struct vale_rtl_ring *ring, u32 i,
			   struct vale_native_desc *d, u32 n)
{
	const u32 whole = VALE_RTL_FIRST | VALE_RTL_LAST;
	u32 got, opts1, opts2;

	for (got = 0; got < n; got++, d++, i = vale_rtl_next(ring, i)) {
		const struct vale_rtl_desc *desc = &ring->desc[i];

		opts1 = le32_to_cpu(READ_ONCE(desc->opts1));
		if (opts1 & VALE_RTL_OWN)
			break;
		dma_rmb();
		opts2 = le32_to_cpu(desc->opts2);
		d->len = opts1 & ring->len_mask;
		d->flags = 0;
		if (opts1 & VALE_RTL_LAST)
			d->flags |= VALE_DESC_EOP;
		if ((opts1 & whole) != whole || opts1 & ring->error_mask)
			d->flags |= VALE_DESC_ERROR;
		if (opts2 & VALE_RTL_TAGGED) {
			d->flags |= VALE_DESC_VLAN;
			d->vlan = swab16(opts2 & 0xffff);
		}
	}
	return got;
}

/* The driver takes its buffers' addresses from the descriptors. */
static void vale_rtl_keep(struct vale_rtl *rtl,
			  const struct vale_rtl_ring *ring)
{
	u32 i;

	for (i = 0; i < ring->count; i++)
		rtl->own[i] = ring->desc[i].addr;
}

/* Nothing in it is the hardware's. */
static void vale_rtl_empty(const struct vale_rtl_ring *ring)
{
	u32 i;

	for (i = 0; i < ring->count; i++)
		ring->desc[i].opts1 = vale_rtl_opts1(ring, i, 0);
}

static void vale_rtl_restore(const struct vale_rtl *rtl,
			     const struct vale_rtl_ring *ring)
{
	u32 i;

	for (i = 0; i < ring->count; i++)
		ring->desc[i].addr = rtl->own[i];
}

/* All that was put is sent, unless that takes too long. */
static bool vale_rtl_tx_idle(struct net_device *dev,
			     const struct vale_rtl_ring *ring, u32 use)
{
	u32 last = (use ?: ring->count) - 1, i;

	for (i = 0; i < VALE_RTL_PATIENCE && netif_carrier_ok(dev) &&
	     !vale_rtl_done(ring, last); i++)
		usleep_range(100, 200);
	return vale_rtl_done(ring, last);
}

#endif /* VALE_REALTEK_H */
