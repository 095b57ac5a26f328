// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#include <linux/minmax.h>

#include "bufs.h"

struct vale_chunk vale_chunk_of(const struct vale_bufs *bufs, u32 idx)
{
	u32 begin = idx - vale_buf_place(bufs, idx);
	u32 end = begin + (1u << bufs->shift) - bufs->cut;
	u32 first = begin ? begin : VALE_BUF_FIRST;
	u8 *buf = vale_buf(bufs, idx);

	if (!buf)
		return (struct vale_chunk){ };
	return (struct vale_chunk){
		.mem = buf - (size_t)(idx - first) * bufs->size,
		.first = first,
		.count = min(end, bufs->total) - first,
		.size = bufs->size,
	};
}
