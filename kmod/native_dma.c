// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Owns the addresses by which a device reaches the buffers of a region. They
 * are mapped when first used, each by itself (a bounce buffer has its limits),
 * and stay so until the port goes: memory of a region in use is never freed.
 */
#include <linux/slab.h>

#include "native.h"
#include "pool.h"

#define LEAF_SHIFT (PAGE_SHIFT - ilog2(sizeof(dma_addr_t)))
#define LEAF_SIZE (1u << LEAF_SHIFT)
#define WASTE_ORDER get_order(16384)	/* no device writes more at once */

int vale_dma_init(struct vale_dma *dma, struct device *dev,
		  const struct vale_region *region)
{
	*dma = (struct vale_dma){ .dev = dev, .bufs = &region->bufs };
	spin_lock_init(&dma->lock);
	dma->nleaves = (region->bufs.total >> LEAF_SHIFT) + 1;
	dma->leaf = kvcalloc(dma->nleaves, sizeof(*dma->leaf), GFP_KERNEL);
	dma->waste = (void *)__get_free_pages(GFP_KERNEL | GFP_DMA32,
					      WASTE_ORDER);
	if (!dma->leaf || !dma->waste)
		goto err_free;
	dma->waste_dma = dma_map_single(dev, dma->waste,
					PAGE_SIZE << WASTE_ORDER,
					DMA_FROM_DEVICE);
	if (!dma_mapping_error(dev, dma->waste_dma))
		return 0;
err_free:
	free_pages((unsigned long)dma->waste, WASTE_ORDER);
	kvfree(dma->leaf);
	return -ENOMEM;
}

void vale_dma_unmap(struct vale_dma *dma)
{
	u32 i, k;

	if (!dma->dev)
		return;
	for (i = 0; i < dma->nleaves; i++) {
		for (k = 0; dma->leaf[i] && k < LEAF_SIZE; k++)
			if (dma->leaf[i][k] != DMA_MAPPING_ERROR)
				dma_unmap_page(dma->dev, dma->leaf[i][k],
					       dma->bufs->size,
					       DMA_BIDIRECTIONAL);
		free_page((unsigned long)dma->leaf[i]);
		dma->leaf[i] = NULL;
	}
	dma_unmap_single(dma->dev, dma->waste_dma, PAGE_SIZE << WASTE_ORDER,
			 DMA_FROM_DEVICE);
	dma->dev = NULL;
}

void vale_dma_fini(struct vale_dma *dma)
{
	vale_dma_unmap(dma);
	free_pages((unsigned long)dma->waste, WASTE_ORDER);
	kvfree(dma->leaf);
}

/* Buffers larger than a page may lie in pieces. */
static bool contiguous(const u8 *addr, u32 size)
{
	unsigned long first = page_to_pfn(vale_page_of(addr));
	u32 at = PAGE_SIZE - offset_in_page(addr), n;

	for (n = 1; at < size; n++, at += PAGE_SIZE)
		if (page_to_pfn(vale_page_of(addr + at)) != first + n)
			return false;
	return true;
}

static dma_addr_t *make_leaf(void)
{
	dma_addr_t *leaf = (dma_addr_t *)__get_free_page(GFP_ATOMIC);
	u32 k;

	for (k = 0; leaf && k < LEAF_SIZE; k++)
		leaf[k] = DMA_MAPPING_ERROR;
	return leaf;
}

static dma_addr_t map(struct vale_dma *dma, dma_addr_t *leaf, u32 idx)
{
	const u8 *addr = vale_buf(dma->bufs, idx);
	dma_addr_t at = DMA_MAPPING_ERROR;

	lockdep_assert_held(&dma->lock);
	if (leaf[idx % LEAF_SIZE] != DMA_MAPPING_ERROR)
		return leaf[idx % LEAF_SIZE];
	if (addr && contiguous(addr, dma->bufs->size))
		at = dma_map_page(dma->dev, vale_page_of(addr),
				  offset_in_page(addr), dma->bufs->size,
				  DMA_BIDIRECTIONAL);
	if (dma_mapping_error(dma->dev, at))
		at = DMA_MAPPING_ERROR;
	WRITE_ONCE(leaf[idx % LEAF_SIZE], at);
	return at;
}

static dma_addr_t find_or_map(struct vale_dma *dma, u32 idx)
{
	dma_addr_t **leaf = &dma->leaf[idx >> LEAF_SHIFT];
	dma_addr_t at = DMA_MAPPING_ERROR;

	spin_lock_bh(&dma->lock);
	/* (G) its entries; partner: the address dependency in get. */
	if (!*leaf)
		smp_store_release(leaf, make_leaf());
	if (*leaf)
		at = map(dma, *leaf, idx);
	spin_unlock_bh(&dma->lock);
	return at;
}

dma_addr_t vale_dma_get(struct vale_dma *dma, u32 idx)
{
	const dma_addr_t *leaf;
	dma_addr_t at = DMA_MAPPING_ERROR;

	if (idx >= dma->bufs->total)
		return at;
	leaf = READ_ONCE(dma->leaf[idx >> LEAF_SHIFT]);
	if (likely(leaf))
		at = READ_ONCE(leaf[idx % LEAF_SIZE]);
	return likely(at != DMA_MAPPING_ERROR) ? at : find_or_map(dma, idx);
}
