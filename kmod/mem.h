/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef VALE_MEM_H
#define VALE_MEM_H

#include <linux/kref.h>
#include <linux/mm_types.h>
#include <linux/mutex.h>

#include "core/bufs.h"
#include "core/layout.h"
#include "pool.h"

struct nmreq_pools_info;
struct vale_extmem;

#define VALE_REGION_GLOBAL 1	/* id of the region all NICs share */

/*
 * A region: the memory programs map. Three pools laid end to end in the
 * mapping (netmap_if, netmap_ring, buffers).
 */
struct vale_region {
	struct kref ref;
	u16 id;
	struct mutex lock;	/* pools and users */
	u32 users;		/* ports that use it now */
	u64 size;		/* bytes to map */
	struct vale_extmem *ext;	/* memory of a program, or NULL */
	struct vale_mem_pool pool[VALE_POOLS];
	struct vale_bufs bufs;	/* the buffer pool, as the data path sees it */
};

int vale_mem_init(void);
void vale_mem_fini(void);

/* Region by id with a reference; ERR_PTR(-EINVAL) if there is none. */
struct vale_region *vale_region_get(u16 id);
/* Is it 0 or such an id? 0, -EINVAL. */
int vale_region_check(u16 id);
/* A new private region with one reference, as large as the parameters say and
 * the port needs; ERR_PTR. */
struct vale_region *
vale_region_create_private(const struct vale_layout_need *need);
/* The same in memory of a program, which it takes over on success. */
struct vale_region *
vale_region_create_external(const struct vale_layout *layout,
			    struct vale_extmem *ext);
/* One with the same pages, with a reference; NULL. */
struct vale_region *vale_region_find_external(const struct vale_extmem *ext);
void vale_region_put(struct vale_region *region);

/*
 * Count a user in or out. The global region takes its size parameters when it
 * gets its first user; when the last one leaves, every object of a region is
 * free again. 0, -EINVAL (bad pool parameters), -ENOMEM.
 */
int __must_check vale_region_use(struct vale_region *region);
void vale_region_unuse(struct vale_region *region);

/* What a map of it takes, also while it has no user. 0 or -EINVAL. */
int vale_region_size(struct vale_region *region, u64 *size);
void vale_region_info(struct vale_region *region,
		      struct nmreq_pools_info *info);

/* An object of VALE_POOL_IF or VALE_POOL_RING, zeroed; NULL: exhausted. */
void *vale_obj_alloc(struct vale_region *region, int pool, u32 *idx);
void vale_obj_free(struct vale_region *region, int pool, u32 idx);
u64 vale_obj_offset(const struct vale_region *region, int pool, u32 idx);

/* Buffers by index; 0: exhausted. Freeing an invalid or free one is ignored
 * and returns false. */
u32 vale_buf_alloc(struct vale_region *region);
bool vale_buf_free(struct vale_region *region, u32 idx);

/* For file operations: vma is known to lie within the region. 0, -EINVAL. */
int vale_region_mmap(const struct vale_region *region,
		     struct vm_area_struct *vma);
vm_fault_t vale_region_fault(struct vale_region *region, struct vm_fault *vmf);

#endif /* VALE_MEM_H */
