/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef VALE_EXTMEM_H
#define VALE_EXTMEM_H

#include <linux/mm_types.h>

struct cred;
struct vale_region;
struct vale_request;

/* Pages of a program, pinned and mapped for the kernel in one piece. */
struct vale_extmem {
	const struct cred *payer;	/* whose user's locked memory they are */
	u32 npages;
	struct page **pages;
	u8 *map;
};

/*
 * The region of REGISTER's option EXTMEM, made if these very pages are none
 * yet, with a reference; the request's nr_mem_id becomes its id. NULL: there
 * is no such option. ERR_PTR: -EINVAL, -EFAULT, -ENOMEM, -EINTR, which is the
 * option's status, too.
 */
struct vale_region *vale_extmem_region(struct vale_request *req);

void vale_extmem_free(struct vale_extmem *ext);

/*
 * Mapping of a region that is such memory. The pages belong to the program's
 * own mapping: here they are but addresses, for sharing only.
 */
int vale_extmem_mmap(struct vm_area_struct *vma);
vm_fault_t vale_extmem_fault(const struct vale_extmem *ext,
			     struct vm_fault *vmf);

#endif /* VALE_EXTMEM_H */
