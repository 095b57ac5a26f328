// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Owns regions: their ids, sizes and users. `regions_lock` guards the id table,
 * region->lock pools and users.
 */
#include "mem.h"

#include <linux/idr.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <net/netmap.h>

#include "extmem.h"
#include "param.h"

static DEFINE_MUTEX(regions_lock);
static DEFINE_IDR(regions);
static struct vale_region *global;

static void pools_fini(struct vale_region *region)
{
	int i;

	for (i = 0; i < VALE_POOLS; i++)
		vale_pool_fini(&region->pool[i]);
}

/* The reserved buffers count as taken. */
static void pools_reset(struct vale_region *region)
{
	int i;

	for (i = 0; i < VALE_POOLS; i++)
		vale_pool_reset(&region->pool[i],
				i == VALE_POOL_BUF ? VALE_BUF_FIRST : 0);
}

static int pools_init(struct vale_region *region,
		      const struct vale_layout *layout)
{
	struct vale_mem_pool *buf = &region->pool[VALE_POOL_BUF];
	int i, err;

	for (i = 0; i < VALE_POOLS; i++) {
		struct vale_mem_pool *pool = &region->pool[i];
		const struct vale_pool *l = &layout->pool[i];

		err = region->ext ?
		      vale_pool_init_external(pool, l, region->ext->map) :
		      vale_pool_init(pool, l);
		if (err) {
			pools_fini(region);
			return err;
		}
	}
	region->size = layout->bytes;
	region->bufs = (struct vale_bufs){
		.chunk = buf->chunk,
		.shift = buf->shift,
		.size = buf->objsize,
		.total = buf->objtotal - (buf->colour ? 1 : 0),
		.cut = buf->colour ? 1 : 0,
	};
	pools_reset(region);
	return 0;
}

static struct vale_region *region_alloc(void)
{
	struct vale_region *region = kzalloc(sizeof(*region), GFP_KERNEL);

	if (!region)
		return NULL;
	kref_init(&region->ref);
	mutex_init(&region->lock);
	return region;
}

/* From now on it is found. */
static int region_publish(struct vale_region *region, int first, int last)
{
	int id;

	mutex_lock(&regions_lock);
	id = idr_alloc_cyclic(&regions, region, first, last, GFP_KERNEL);
	if (id > 0)
		region->id = id;
	mutex_unlock(&regions_lock);
	return id < 0 ? -ENOMEM : 0;
}

/* Nobody finds it any more, or ever did. */
static void region_free(struct vale_region *region)
{
	pools_fini(region);
	if (region->ext)
		vale_extmem_free(region->ext);
	kfree(region);
}

static void region_release(struct kref *ref)
{
	struct vale_region *region = container_of(ref, struct vale_region, ref);

	idr_remove(&regions, region->id);
	mutex_unlock(&regions_lock);
	region_free(region);
}

void vale_region_put(struct vale_region *region)
{
	kref_put_mutex(&region->ref, region_release, &regions_lock);
}

struct vale_region *vale_region_get(u16 id)
{
	struct vale_region *region;

	mutex_lock(&regions_lock);
	region = idr_find(&regions, id);
	if (region)
		kref_get(&region->ref);
	mutex_unlock(&regions_lock);
	return region ?: ERR_PTR(-EINVAL);
}

int vale_region_check(u16 id)
{
	struct vale_region *region;

	if (!id)
		return 0;
	region = vale_region_get(id);
	if (IS_ERR(region))
		return PTR_ERR(region);
	vale_region_put(region);
	return 0;
}

static struct vale_region *create(const struct vale_layout *layout,
				  struct vale_extmem *ext)
{
	struct vale_region *region = region_alloc();
	int err;

	if (!region)
		return ERR_PTR(-ENOMEM);
	region->ext = ext;
	err = pools_init(region, layout) ?:
	      region_publish(region, VALE_REGION_GLOBAL + 1, U16_MAX + 1);
	if (!err)
		return region;
	region->ext = NULL;
	region_free(region);
	return ERR_PTR(err);
}

struct vale_region *
vale_region_create_external(const struct vale_layout *layout,
			    struct vale_extmem *ext)
{
	return create(layout, ext);
}

static bool is_same(const struct vale_extmem *a, const struct vale_extmem *b)
{
	return a && a->npages == b->npages &&
	       !memcmp(a->pages, b->pages, a->npages * sizeof(*a->pages));
}

struct vale_region *vale_region_find_external(const struct vale_extmem *ext)
{
	struct vale_region *region;
	int id;

	mutex_lock(&regions_lock);
	idr_for_each_entry(&regions, region, id) {
		if (!is_same(region->ext, ext))
			continue;
		kref_get(&region->ref);
		break;
	}
	mutex_unlock(&regions_lock);
	return region;
}

/*
 * Unless that takes more buffers than are to spare: those of host rings, which
 * sizes of regions count in and ports with such a region have none of.
 */
static void set_colour(struct vale_pool *buf, const struct vale_layout_need *need)
{
	static atomic_t turn;

	if (!READ_ONCE(vale_param.priv_buf_colour))
		return;
	buf->colour = vale_pool_colour(buf->objsize, atomic_inc_return(&turn));
	if (vale_pool_lost(buf) > need->tx_slots + need->rx_slots)
		buf->colour = 0;
}

struct vale_region *
vale_region_create_private(const struct vale_layout_need *need)
{
	struct vale_pool_want want[VALE_POOLS];
	struct vale_layout layout;
	struct vale_pool *buf;
	int i, err;

	for (i = 0; i < VALE_POOLS; i++) {
		want[i].size = READ_ONCE(vale_param.priv_size[i]);
		want[i].num = READ_ONCE(vale_param.priv_num[i]);
	}
	err = vale_layout_raise(want, need);
	if (!err)
		err = vale_layout_init(&layout, want, false, PAGE_SIZE);
	if (err)
		return ERR_PTR(err);
	buf = &layout.pool[VALE_POOL_BUF];
	buf->together = vale_layout_port_bufs(need);
	set_colour(buf, need);
	return create(&layout, NULL);
}

static bool same_layout(const struct vale_region *region,
			const struct vale_layout *layout)
{
	int i;

	for (i = 0; i < VALE_POOLS; i++)
		if (region->pool[i].objsize != layout->pool[i].objsize ||
		    region->pool[i].objtotal != layout->pool[i].objtotal)
			return false;
	return true;
}

static int global_layout(struct vale_layout *layout)
{
	struct vale_pool_want want[VALE_POOLS];
	int i;

	for (i = 0; i < VALE_POOLS; i++) {
		want[i].size = READ_ONCE(vale_param.size[i]);
		want[i].num = READ_ONCE(vale_param.num[i]);
	}
	return vale_layout_init(layout, want, true, PAGE_SIZE);
}

static int global_rebuild(struct vale_region *region)
{
	struct vale_layout layout;
	int i, err;

	err = global_layout(&layout);
	if (err || same_layout(region, &layout))
		return err;
	pools_fini(region);
	err = pools_init(region, &layout);
	for (i = 0; i < VALE_POOLS; i++) {
		vale_param.curr_size[i] = region->pool[i].objsize;
		vale_param.curr_num[i] = region->pool[i].objtotal;
	}
	return err;
}

int vale_region_use(struct vale_region *region)
{
	int err = 0;

	mutex_lock(&region->lock);
	if (!region->users && region == global)
		err = global_rebuild(region);
	if (!err)
		region->users++;
	mutex_unlock(&region->lock);
	return err;
}

void vale_region_unuse(struct vale_region *region)
{
	mutex_lock(&region->lock);
	if (!--region->users)
		pools_reset(region);
	mutex_unlock(&region->lock);
}

int vale_region_size(struct vale_region *region, u64 *size)
{
	struct vale_layout layout;
	int err = 0;

	mutex_lock(&region->lock);
	if (!region->users && region == global) {
		err = global_layout(&layout);
		*size = layout.bytes;
	} else {
		*size = region->size;
	}
	mutex_unlock(&region->lock);
	return err;
}

void vale_region_info(struct vale_region *region, struct nmreq_pools_info *info)
{
	const struct vale_mem_pool *pool = region->pool;

	info->nr_memsize = region->size;
	info->nr_mem_id = region->id;
	info->nr_if_pool_offset = pool[VALE_POOL_IF].offset;
	info->nr_if_pool_objtotal = pool[VALE_POOL_IF].objtotal;
	info->nr_if_pool_objsize = pool[VALE_POOL_IF].objsize;
	info->nr_ring_pool_offset = pool[VALE_POOL_RING].offset;
	info->nr_ring_pool_objtotal = pool[VALE_POOL_RING].objtotal;
	info->nr_ring_pool_objsize = pool[VALE_POOL_RING].objsize;
	info->nr_buf_pool_offset = pool[VALE_POOL_BUF].offset;
	info->nr_buf_pool_objtotal = pool[VALE_POOL_BUF].objtotal;
	info->nr_buf_pool_objsize = pool[VALE_POOL_BUF].objsize;
}

void *vale_obj_alloc(struct vale_region *region, int pool, u32 *idx)
{
	struct vale_mem_pool *p = &region->pool[pool];
	void *obj = NULL;

	mutex_lock(&region->lock);
	if (vale_pool_take(p, idx))
		obj = memset(vale_pool_address(p, *idx), 0, p->objsize);
	mutex_unlock(&region->lock);
	return obj;
}

void vale_obj_free(struct vale_region *region, int pool, u32 idx)
{
	mutex_lock(&region->lock);
	vale_pool_give(&region->pool[pool], idx);
	mutex_unlock(&region->lock);
}

u64 vale_obj_offset(const struct vale_region *region, int pool, u32 idx)
{
	const struct vale_mem_pool *p = &region->pool[pool];

	return p->offset + (u64)idx * p->objsize;
}

u32 vale_buf_alloc(struct vale_region *region)
{
	struct vale_bufs *bufs = &region->bufs;
	u32 idx = 0;

	mutex_lock(&region->lock);
	/* The lowest free one is taken: all below it have their chunks, too. */
	if (vale_pool_take(&region->pool[VALE_POOL_BUF], &idx))
		bufs->present = max(bufs->present, idx + 1 - VALE_BUF_FIRST);
	else
		idx = 0;
	mutex_unlock(&region->lock);
	return idx;
}

bool vale_buf_free(struct vale_region *region, u32 idx)
{
	bool given = false;

	if (idx < VALE_BUF_FIRST)
		return false;
	mutex_lock(&region->lock);
	given = vale_pool_give(&region->pool[VALE_POOL_BUF], idx);
	mutex_unlock(&region->lock);
	return given;
}

static struct page *region_page(const struct vale_region *region, u64 offset)
{
	const struct vale_mem_pool *pool = &region->pool[VALE_POOLS - 1];

	while (vale_pool_start(pool) > offset)
		pool--;
	return vale_pool_page(pool, offset - vale_pool_start(pool));
}

int vale_region_mmap(const struct vale_region *region,
		     struct vm_area_struct *vma)
{
	return region->ext ? vale_extmem_mmap(vma) : 0;
}

vm_fault_t vale_region_fault(struct vale_region *region, struct vm_fault *vmf)
{
	struct page *page;

	if (region->ext)
		return vale_extmem_fault(region->ext, vmf);
	page = region_page(region, (u64)vmf->pgoff << PAGE_SHIFT);
	if (!page)
		return VM_FAULT_SIGBUS;
	get_page(page);
	vmf->page = page;
	return 0;
}

int vale_mem_init(void)
{
	int err;

	global = region_alloc();
	if (!global)
		return -ENOMEM;
	err = region_publish(global, VALE_REGION_GLOBAL,
			     VALE_REGION_GLOBAL + 1);
	if (err)
		region_free(global);
	return err;
}

void vale_mem_fini(void)
{
	vale_region_put(global);
	WARN_ON_ONCE(!idr_is_empty(&regions));
	idr_destroy(&regions);
}
