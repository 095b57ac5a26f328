/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef VALE_ZCOPY_H
#define VALE_ZCOPY_H

#include <linux/types.h>

struct net_device;
struct sk_buff;
struct vale_found;
struct vale_nic_ring;
struct vale_ring;
struct vale_zcopy;

/*
 * Frames of an emulated TX ring that a NIC reads out of the program's buffers.
 * Their slots, and those after them, are the kernel's until the driver has
 * freed the frame. The ring's gate is held, but for create, renew and destroy. zc may be
 * NULL: everything is copied.
 */

/* For a ring whose frames dev gathers itself. NULL: it does not, it is not
 * wanted, or there is no memory. */
struct vale_zcopy *vale_zcopy_create(struct vale_ring *ring,
				     const struct net_device *dev);
/*
 * Nobody syncs the ring any more. Frames get a few milliseconds to be sent; those
 * that are left keep their pages, and nothing else. Renewed: for who comes next.
 */
struct vale_zcopy *vale_zcopy_renew(struct vale_zcopy *zc,
				    const struct net_device *dev);
void vale_zcopy_destroy(struct vale_zcopy *zc);

/* nr->piece as a frame that takes no copy but of its headers. NULL: copy it. */
struct sk_buff *vale_zcopy_frame(struct vale_nic_ring *nr,
				 const struct vale_found *f,
				 struct net_device *dev);
/* `slots` more are dealt with, after the last such frame. */
void vale_zcopy_account(struct vale_zcopy *zc, u32 slots);
/* Of all that was accounted for, how many slots are not to be given back? */
u32 vale_zcopy_held(struct vale_zcopy *zc);

/* No frame leads back into the module any more. */
void vale_zcopy_drain(void);

#endif /* VALE_ZCOPY_H */
