/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef VALE_CORE_OFFSETS_H
#define VALE_CORE_OFFSETS_H

#include <linux/types.h>
#include <net/netmap.h>

#include "bufs.h"

/*
 * The option OFFSETS (SEMANTICS 4.6): part of slot.ptr says where in its buffer
 * a packet begins.
 *
 *   buffer   |<-- offset -->|<--- len --->|               |
 *            |<-- at most max ->|<------- room ---------->|
 */

/* As in struct nmreq_opt_offsets. */
struct vale_offsets {
	u64 max;
	u64 initial;
	u32 bits;
	u32 tx_align;
	u64 gap;
};

/* 0 and the mask of ptr, -EINVAL */
int vale_offsets_check(const struct vale_offsets *o, u32 buf_size, u64 *mask);

/* For rings whose buffers are these: what is there stays. 0, -EBUSY. */
int vale_offsets_join(const struct vale_bufs *bufs,
		      const struct vale_offsets *o, u64 mask);
void vale_offsets_set(struct vale_bufs *bufs, const struct vale_offsets *o,
		      u64 mask);

#endif /* VALE_CORE_OFFSETS_H */
