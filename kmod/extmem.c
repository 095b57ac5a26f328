// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Owns regions in memory that a program supplies (SEMANTICS 6.4): its pages are
 * pinned as long as the region lives, whoever uses it. `lock` keeps the same
 * pages from becoming two regions.
 */
#include "extmem.h"

#include <linux/cred.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/sched/user.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>
#include <net/netmap.h>

#include "core/req.h"
#include "ctrl.h"
#include "mem.h"
#include "param.h"

static DEFINE_MUTEX(lock);

/* The option without its header. */
struct body {
	u64 usrptr;
	struct nmreq_pools_info info;
};

static_assert(sizeof(struct body) == sizeof(struct nmreq_opt_extmem) -
				     sizeof(struct nmreq_option));

/*
 * As io_uring and AF_XDP do: what a user has there and here is one sum. The
 * credentials hold the user: early 6.1 kernels export nothing that lets go of one.
 */
static int charge(struct vale_extmem *ext)
{
	unsigned long limit = capable(CAP_IPC_LOCK) ? ULONG_MAX :
			      rlimit(RLIMIT_MEMLOCK) >> PAGE_SHIFT;
	struct user_struct *user = current_user();
	long before = atomic_long_read(&user->locked_vm);

	do {
		if (before + (unsigned long)ext->npages > limit)
			return -ENOMEM;
	} while (!atomic_long_try_cmpxchg(&user->locked_vm, &before,
					  before + ext->npages));
	ext->payer = get_current_cred();
	return 0;
}

static void uncharge(struct vale_extmem *ext)
{
	atomic_long_sub(ext->npages, &ext->payer->user->locked_vm);
	put_cred(ext->payer);
}

/* Writable pages, all of them, that may stay where they are: else -EFAULT. */
static int pin(struct vale_extmem *ext, unsigned long start)
{
	int n;

	n = pin_user_pages_fast(start, ext->npages, FOLL_WRITE | FOLL_LONGTERM,
				ext->pages);
	if (n == ext->npages)
		return 0;
	if (n > 0)
		unpin_user_pages(ext->pages, n);
	if (fatal_signal_pending(current))
		return -EINTR;
	return n == -ENOMEM ? n : -EFAULT;
}

static int pin_and_map(struct vale_extmem *ext, unsigned long start)
{
	int err;

	err = pin(ext, start);
	if (err)
		return err;
	ext->map = vmap(ext->pages, ext->npages, VM_MAP, PAGE_KERNEL);
	if (ext->map)
		return 0;
	unpin_user_pages(ext->pages, ext->npages);
	return -ENOMEM;
}

static int fill(struct vale_extmem *ext, unsigned long start)
{
	int err;

	err = charge(ext);
	if (err)
		return err;
	ext->pages = kvmalloc_array(ext->npages, sizeof(*ext->pages),
				    GFP_KERNEL | __GFP_NOWARN);
	err = ext->pages ? pin_and_map(ext, start) : -ENOMEM;
	if (err) {
		kvfree(ext->pages);
		uncharge(ext);
	}
	return err;
}

void vale_extmem_free(struct vale_extmem *ext)
{
	vunmap(ext->map);
	unpin_user_pages_dirty_lock(ext->pages, ext->npages, true);
	kvfree(ext->pages);
	uncharge(ext);
	kfree(ext);
}

/* A last page that is there in part only does not count. */
static struct vale_extmem *create(u64 user, u64 bytes)
{
	const void __user *start = vale_user_ptr(user);
	u64 npages = bytes >> PAGE_SHIFT;
	struct vale_extmem *ext;
	int err;

	if (!PAGE_ALIGNED(start))
		return ERR_PTR(-EINVAL);
	if (bytes != (size_t)bytes || !access_ok(start, bytes))
		return ERR_PTR(-EFAULT);
	if (!npages || npages > min_t(u64, totalram_pages(), INT_MAX))
		return ERR_PTR(-ENOMEM);
	ext = kzalloc(sizeof(*ext), GFP_KERNEL);
	if (!ext)
		return ERR_PTR(-ENOMEM);
	ext->npages = npages;
	err = fill(ext, (unsigned long)start);
	if (err) {
		kfree(ext);
		return ERR_PTR(err);
	}
	return ext;
}

static void read_wants(const struct nmreq_pools_info *info,
		       struct vale_pool_want want[VALE_POOLS])
{
	const struct vale_pool_want asked[VALE_POOLS] = {
		[VALE_POOL_IF] = { info->nr_if_pool_objsize,
				   info->nr_if_pool_objtotal },
		[VALE_POOL_RING] = { info->nr_ring_pool_objsize,
				     info->nr_ring_pool_objtotal },
		[VALE_POOL_BUF] = { info->nr_buf_pool_objsize,
				    info->nr_buf_pool_objtotal },
	};
	int i;

	for (i = 0; i < VALE_POOLS; i++) {
		want[i].size = asked[i].size ?:
			       READ_ONCE(vale_param.priv_size[i]);
		want[i].num = asked[i].num ?:
			      READ_ONCE(vale_param.priv_num[i]);
	}
}

static struct vale_region *find_or_create(struct vale_extmem *ext,
					  const struct vale_layout *layout)
{
	struct vale_region *region, *found;

	mutex_lock(&lock);
	found = vale_region_find_external(ext);
	region = found ?: vale_region_create_external(layout, ext);
	mutex_unlock(&lock);
	if (found || IS_ERR(region))
		vale_extmem_free(ext);
	return region;
}

static struct vale_region *region_of(const struct body *body)
{
	struct vale_pool_want want[VALE_POOLS];
	struct vale_layout layout;
	struct vale_extmem *ext;
	int err;

	ext = create(body->usrptr, body->info.nr_memsize);
	if (IS_ERR(ext))
		return ERR_CAST(ext);
	read_wants(&body->info, want);
	err = vale_layout_fit(&layout, want, (u64)ext->npages << PAGE_SHIFT,
			      PAGE_SIZE);
	if (err) {
		vale_extmem_free(ext);
		return ERR_PTR(err);
	}
	return find_or_create(ext, &layout);
}

struct vale_region *vale_extmem_region(struct vale_request *req)
{
	struct vale_opt *opt = req->opts ?
		vale_opts_find(req->opts, NETMAP_REQ_OPT_EXTMEM) : NULL;
	struct nmreq_register *reg = req->body;
	struct vale_region *region;
	struct body *body;

	if (!opt)
		return NULL;
	body = (struct body *)opt->body;
	region = region_of(body);
	opt->hdr.nro_status = IS_ERR(region) ? -PTR_ERR(region) : 0;
	if (IS_ERR(region))
		return region;
	reg->nr_mem_id = region->id;
	vale_region_info(region, &body->info);
	return region;
}

int vale_extmem_mmap(struct vm_area_struct *vma)
{
	if ((vma->vm_flags & (VM_SHARED | VM_MAYWRITE)) == VM_MAYWRITE)
		return -EINVAL;
	vm_flags_set(vma, VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP);
	return 0;
}

vm_fault_t vale_extmem_fault(const struct vale_extmem *ext,
			     struct vm_fault *vmf)
{
	if (vmf->pgoff >= ext->npages)
		return VM_FAULT_SIGBUS;
	return vmf_insert_pfn(vmf->vma, vmf->address,
			      page_to_pfn(ext->pages[vmf->pgoff]));
}
