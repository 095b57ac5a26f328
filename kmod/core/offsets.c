// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#include <linux/errno.h>

#include "offsets.h"

int vale_offsets_check(const struct vale_offsets *o, u32 buf_size, u64 *mask)
{
	if (o->bits > 64)
		return -EINVAL;
	*mask = o->bits && o->bits < 64 ? (1ull << o->bits) - 1 : ~0ull;
	if (o->max > buf_size || o->max > *mask || o->initial > o->max)
		return -EINVAL;
	return 0;
}

int vale_offsets_join(const struct vale_bufs *bufs,
		      const struct vale_offsets *o, u64 mask)
{
	if (mask & ~bufs->offset_mask || o->max > bufs->offset_max)
		return -EBUSY;
	return 0;
}

void vale_offsets_set(struct vale_bufs *bufs, const struct vale_offsets *o,
		      u64 mask)
{
	u32 room = bufs->size - o->max;

	bufs->offset_max = o->max;
	bufs->lost = o->max;
	if (o->gap && o->gap < room)
		bufs->lost = bufs->size - o->gap;
	bufs->offset_mask = mask;
}
