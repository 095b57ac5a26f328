// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Owns the NIOCCTRL envelope: copying in, the table of request types, copying
 * out. Takes no lock; handlers do.
 */
#include "ctrl.h"

#include <linux/compat.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "confine.h"

typedef int (*handler)(struct vale_request *req);

/*
 * A request that is NULL here is known to the ABI but not to this module:
 * -EOPNOTSUPP, after the envelope was checked.
 */
static const handler handlers[] = {
	[NETMAP_REQ_REGISTER] = vale_register,
	[NETMAP_REQ_PORT_INFO_GET] = vale_port_info_get,
	[NETMAP_REQ_VALE_ATTACH] = vale_attach,
	[NETMAP_REQ_VALE_DETACH] = vale_detach,
	[NETMAP_REQ_VALE_LIST] = vale_list,
	[NETMAP_REQ_PORT_HDR_SET] = vale_port_hdr_set,
	[NETMAP_REQ_PORT_HDR_GET] = vale_port_hdr_get,
	[NETMAP_REQ_VALE_NEWIF] = vale_newif,
	[NETMAP_REQ_VALE_DELIF] = vale_delif,
	[NETMAP_REQ_VALE_POLLING_ENABLE] = vale_polling_enable,
	[NETMAP_REQ_VALE_POLLING_DISABLE] = vale_polling_disable,
	[NETMAP_REQ_POOLS_INFO_GET] = vale_pools_info_get,
	[NETMAP_REQ_SYNC_KLOOP_START] = vale_kloop_start,
	[NETMAP_REQ_SYNC_KLOOP_STOP] = vale_kloop_stop,
	[NETMAP_REQ_CSB_ENABLE] = vale_csb_enable,
};

int vale_ctrl_dispatch(struct vale_request *req)
{
	u16 type = req->hdr->nr_reqtype;
	int err;

	if (!type || type >= ARRAY_SIZE(handlers))
		return -EINVAL;
	if (!handlers[type])
		return -EOPNOTSUPP;
	err = vale_confine_admit(req);
	return err ?: handlers[type](req);
}

/* Of 32-bit programs some extend the sign. */
void __user *vale_user_ptr(u64 address)
{
	return u64_to_user_ptr(in_compat_syscall() ? lower_32_bits(address) :
						     address);
}

static int read_option(struct vale_opts *opts, u64 user, u64 *next)
{
	struct nmreq_option hdr;
	struct vale_opt *opt;
	int err;

	if (copy_from_user(&hdr, vale_user_ptr(user), sizeof(hdr)))
		return -EFAULT;
	*next = hdr.nro_next;
	err = vale_opts_add(opts, user, &hdr);
	if (err)
		return err;
	opt = &opts->opt[opts->n - 1];
	if (copy_from_user(opt->body, vale_user_ptr(user + sizeof(hdr)),
			   opt->size))
		return -EFAULT;
	return 0;
}

static int read_options(struct vale_request *req, u32 body_size)
{
	u64 user = req->hdr->nr_options;
	int err;

	if (!user)
		return 0;
	req->opts = kmalloc(sizeof(*req->opts), GFP_KERNEL);
	if (!req->opts)
		return -ENOMEM;
	vale_opts_init(req->opts, body_size);
	req->opts->i386 = compat_need_64bit_alignment_fixup();
	while (user) {
		err = read_option(req->opts, user, &user);
		if (err)
			return err;
	}
	vale_opts_walked(req->opts);
	return 0;
}

/* Headers always; bodies of consumed options if the request succeeded. */
static int write_options(const struct vale_opts *opts, int err)
{
	const struct vale_opt *opt;
	u32 i;

	if (!opts || opts->forget)
		return err;
	for (i = 0; i < opts->n; i++) {
		u8 __user *to = vale_user_ptr(opts->opt[i].user);

		opt = &opts->opt[i];
		if (copy_to_user(to, &opt->hdr, sizeof(opt->hdr)))
			return -EFAULT;
		if (err || opt->hdr.nro_status)
			continue;
		if (copy_to_user(to + sizeof(opt->hdr), opt->body, opt->size))
			return -EFAULT;
	}
	return err;
}

static int read_body(const struct nmreq_header *hdr, u64 *body)
{
	const void __user *from = vale_user_ptr(hdr->nr_body);
	u16 type = hdr->nr_reqtype;

	if (!compat_need_64bit_alignment_fixup())
		return copy_from_user(body, from, vale_req_body_size(type)) ?
		       -EFAULT : 0;
	if (copy_from_user(body, from, vale_req_body_size32(type)))
		return -EFAULT;
	vale_req_widen(type, body);
	return 0;
}

static int write_body(const struct nmreq_header *hdr, u64 *body)
{
	void __user *to = vale_user_ptr(hdr->nr_body);
	u16 type = hdr->nr_reqtype;
	u32 size = vale_req_body_size(type);

	if (compat_need_64bit_alignment_fixup()) {
		vale_req_narrow(type, body);
		size = vale_req_body_size32(type);
	}
	return copy_to_user(to, body, size) ? -EFAULT : 0;
}

static int run(struct vale_request *req)
{
	struct nmreq_header *hdr = req->hdr;
	u32 size = vale_req_body_size(hdr->nr_reqtype);
	u64 body[NETMAP_REQ_MAXSIZE / 16 / sizeof(u64)] = {};
	int err;

	if (WARN_ON_ONCE(size > sizeof(body)))
		return -EINVAL;
	err = read_body(hdr, body);
	if (err)
		return err;
	req->body = body;
	err = read_options(req, size);
	if (!err) {
		hdr->nr_name[sizeof(hdr->nr_name) - 1] = '\0';
		err = vale_ctrl_dispatch(req);
	}
	if (!err)
		err = write_body(hdr, body);
	err = write_options(req->opts, err);
	kfree(req->opts);
	return err;
}

long vale_ctrl(struct vale_handle *h, void __user *arg)
{
	struct nmreq_header hdr;
	struct vale_request req = { .handle = h, .hdr = &hdr };
	int err;

	if (copy_from_user(&hdr, arg, sizeof(hdr)))
		return -EFAULT;
	err = vale_req_check(&hdr);
	if (!err)
		err = run(&req);
	if (copy_to_user(arg, &hdr, sizeof(hdr)))
		return -EFAULT;
	return err;
}
