// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Owns frames of more slots than a device takes descriptors for one: they are
 * copied, and wait here until they are sent. They leave in the order they came.
 */
#include <linux/slab.h>

#include "native.h"

#define BOUNCES 8u
#define BOUNCE_SIZE 16384u

int vale_bounce_init(struct vale_bounce *bounce, struct device *dev)
{
	bounce->base = dma_alloc_coherent(dev, BOUNCES * BOUNCE_SIZE,
					  &bounce->dma, GFP_KERNEL);
	bounce->dev = dev;
	return bounce->base ? 0 : -ENOMEM;
}

void vale_bounce_fini(struct vale_bounce *bounce)
{
	if (bounce->base)
		dma_free_coherent(bounce->dev, BOUNCES * BOUNCE_SIZE,
				  bounce->base, bounce->dma);
	bounce->base = NULL;
}

bool vale_bounce_full(const struct vale_bounce *bounce)
{
	return bounce->used == BOUNCES;
}

u32 vale_bounce_put(struct vale_bounce *bounce, const struct vale_piece *piece,
		    const struct vale_found *f, struct vale_native_desc *d)
{
	u8 *to = bounce->base + bounce->next * BOUNCE_SIZE;
	u32 i, at = 0;

	if (f->len > BOUNCE_SIZE)
		return 0;
	for (i = 0; i < f->npieces; i++, at += piece->len, piece++)
		memcpy(to + at, piece->data, piece->len);
	*d = (struct vale_native_desc){
		.dma = bounce->dma + bounce->next * BOUNCE_SIZE,
		.addr = to,
		.len = f->len,
		.flags = VALE_DESC_EOP,
	};
	bounce->next = (bounce->next + 1) % BOUNCES;
	bounce->used++;
	return 1;
}
