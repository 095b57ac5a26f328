// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Owns CSB mode: checking the blocks' addresses and their first values. */
#include "csb.h"

#include <linux/slab.h>
#include <linux/uaccess.h>

#include "ctrl.h"

#define CSB_ALIGN 64

/* As in struct nmreq_opt_csb. */
struct addresses {
	u64 atok;
	u64 ktoa;
};

static int init_entry(const struct vale_csb *csb, u32 at,
		      const struct vale_ring *ring)
{
	const struct vale_pos *pos = &ring->pos;
	const struct nm_csb_atok atok = {
		.head = READ_ONCE(ring->shared->head),
		.cur = READ_ONCE(ring->shared->cur),
		.appl_need_kick = 1,
		.sync_flags = 1,
	};
	const struct nm_csb_ktoa ktoa = {
		.hwcur = READ_ONCE(pos->hwcur),
		.hwtail = READ_ONCE(pos->tail),
		.kern_need_kick = 1,
	};

	if (copy_to_user(&csb->atok[at], &atok, sizeof(atok)) ||
	    copy_to_user(&csb->ktoa[at], &ktoa, sizeof(ktoa)))
		return -EFAULT;
	return 0;
}

static int init_entries(const struct vale_csb *csb, struct vale_handle *h,
			struct vale_port *port)
{
	static const int order[] = { VALE_TX, VALE_RX };
	u32 at = 0, i;
	int k, err;

	for (k = 0; k < VALE_DIRS; k++) {
		const struct vale_ring_range *range = &h->range[order[k]];

		for (i = range->first; i < range->last; i++) {
			err = init_entry(csb, at++, &port->ring[order[k]][i]);
			if (err)
				return err;
		}
	}
	return 0;
}

static int create(struct vale_handle *h, struct vale_port *port,
		  const struct addresses *opt)
{
	struct vale_csb *csb;
	int err;

	if (!(h->flags & NR_EXCLUSIVE) ||
	    opt->atok % CSB_ALIGN || opt->ktoa % CSB_ALIGN)
		return -EINVAL;
	if (h->csb)
		return -EBUSY;
	csb = kzalloc(sizeof(*csb), GFP_KERNEL);
	if (!csb)
		return -ENOMEM;
	csb->atok = vale_user_ptr(opt->atok);
	csb->ktoa = vale_user_ptr(opt->ktoa);
	err = init_entries(csb, h, port);
	if (err) {
		kfree(csb);
		return err;
	}
	/* (J) what it says; partner: the loads in sync, poll and kloop. */
	smp_store_release(&h->csb, csb);
	return 0;
}

static int enable(struct vale_handle *h, struct vale_port *port,
		  struct vale_opt *opt)
{
	const struct addresses *body = (const struct addresses *)opt->body;
	int err = 0;

	if (test_bit(VALE_KLOOP_RUNNING, &h->kloop.state))
		err = -EBUSY;
	else if (port && vale_handle_rings(h))
		err = create(h, port, body);
	opt->hdr.nro_status = -err;
	return err;
}

static struct vale_opt *csb_option(const struct vale_request *req)
{
	return req->opts ? vale_opts_find(req->opts, NETMAP_REQ_OPT_CSB) : NULL;
}

int vale_csb_enable(struct vale_request *req)
{
	struct vale_opt *opt = csb_option(req);
	int err;

	if (!opt)
		return -EINVAL;
	mutex_lock(&req->handle->lock);
	err = enable(req->handle, vale_handle_port(req->handle), opt);
	mutex_unlock(&req->handle->lock);
	return err;
}

int vale_csb_register(struct vale_request *req, struct vale_port *port)
{
	struct vale_opt *opt = csb_option(req);

	return opt ? enable(req->handle, port, opt) : 0;
}

void vale_csb_drop(struct vale_handle *h)
{
	kfree(h->csb);
	h->csb = NULL;
}
