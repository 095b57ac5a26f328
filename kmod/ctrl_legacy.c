// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Owns the calls with struct nmreq (SEMANTICS section 8): each becomes the
 * request of today's API, run in kernel memory, and its answers are put back.
 */
#include <linux/uaccess.h>

#include "ctrl.h"

/* Since then struct nmreq is what it is; before 14 there was one host ring. */
#define OLDEST_VERSION		11
#define HOST_RINGS_VERSION	14

union body {
	struct nmreq_register reg;
	struct nmreq_port_info_get info;
	struct nmreq_vale_attach attach;
	struct nmreq_vale_detach detach;
	struct nmreq_vale_list list;
	struct nmreq_vale_newif newif;
	struct nmreq_vale_polling polling;
	struct nmreq_port_hdr hdr;
};

/* One legacy command: which request it is, how fields go there and back. */
struct legacy_call {
	u16 reqtype;
	int (*to)(const struct nmreq *old, struct nmreq_header *hdr,
		  union body *body);
	void (*from)(struct nmreq *old, const struct nmreq_header *hdr,
		     const union body *body);
};

static u32 mode_of(const struct nmreq *old)
{
	u32 mode = old->nr_flags & NR_REG_MASK;

	if (mode)
		return mode;
	if (old->nr_ringid & NETMAP_SW_RING)
		return NR_REG_SW;
	return old->nr_ringid & NETMAP_HW_RING ? NR_REG_ONE_NIC :
						 NR_REG_ALL_NIC;
}

/* Old pipe modes put the pipe into the name. */
static int name_pipe(struct nmreq_header *hdr, struct nmreq_register *reg)
{
	char sign = reg->nr_mode == NR_REG_PIPE_MASTER ? '{' : '}';
	size_t len = strlen(hdr->nr_name);
	size_t room = sizeof(hdr->nr_name) - len;

	if (snprintf(hdr->nr_name + len, room, "%c%u", sign,
		     reg->nr_ringid) >= room)
		return -ENOMEM;
	reg->nr_mode = NR_REG_ALL_NIC;
	reg->nr_ringid = 0;
	return 0;
}

static int to_register(const struct nmreq *old, struct nmreq_header *hdr,
		       union body *body)
{
	struct nmreq_register *reg = &body->reg;

	reg->nr_mode = mode_of(old);
	reg->nr_ringid = old->nr_ringid & NETMAP_RING_MASK;
	reg->nr_flags = old->nr_flags & ~(u32)NR_REG_MASK;
	if (old->nr_ringid & NETMAP_NO_TX_POLL)
		reg->nr_flags |= NR_NO_TX_POLL;
	if (old->nr_ringid & NETMAP_DO_RX_POLL)
		reg->nr_flags |= NR_DO_RX_POLL;
	reg->nr_tx_slots = old->nr_tx_slots;
	reg->nr_rx_slots = old->nr_rx_slots;
	reg->nr_tx_rings = old->nr_tx_rings;
	reg->nr_rx_rings = old->nr_rx_rings;
	reg->nr_mem_id = old->nr_arg2;
	reg->nr_extra_bufs = old->nr_arg3;
	if (reg->nr_mode == NR_REG_PIPE_MASTER ||
	    reg->nr_mode == NR_REG_PIPE_SLAVE)
		return name_pipe(hdr, reg);
	return 0;
}

/* A size that does not fit is shown as the largest that does. */
static void from_register(struct nmreq *old, const struct nmreq_header *hdr,
			  const union body *body)
{
	const struct nmreq_register *reg = &body->reg;

	old->nr_offset = reg->nr_offset;
	old->nr_memsize = min_t(u64, reg->nr_memsize, U32_MAX);
	old->nr_tx_slots = reg->nr_tx_slots;
	old->nr_rx_slots = reg->nr_rx_slots;
	old->nr_tx_rings = reg->nr_tx_rings;
	old->nr_rx_rings = reg->nr_rx_rings;
	old->nr_arg2 = reg->nr_mem_id;
	old->nr_arg3 = reg->nr_extra_bufs;
}

static int to_attach(const struct nmreq *old, struct nmreq_header *hdr,
		     union body *body)
{
	int err = to_register(old, hdr, body);

	body->attach.reg.nr_mode = old->nr_arg1 & NETMAP_BDG_HOST ?
				   NR_REG_NIC_SW : NR_REG_ALL_NIC;
	return err;
}

static int to_newif(const struct nmreq *old, struct nmreq_header *hdr,
		    union body *body)
{
	body->newif.nr_tx_slots = old->nr_tx_slots;
	body->newif.nr_rx_slots = old->nr_rx_slots;
	body->newif.nr_tx_rings = old->nr_tx_rings;
	body->newif.nr_rx_rings = old->nr_rx_rings;
	body->newif.nr_mem_id = old->nr_arg2;
	return 0;
}

static void from_newif(struct nmreq *old, const struct nmreq_header *hdr,
		       const union body *body)
{
	old->nr_tx_slots = body->newif.nr_tx_slots;
	old->nr_rx_slots = body->newif.nr_rx_slots;
	old->nr_tx_rings = body->newif.nr_tx_rings;
	old->nr_rx_rings = body->newif.nr_rx_rings;
	old->nr_arg2 = body->newif.nr_mem_id;
}

static int to_polling(const struct nmreq *old, struct nmreq_header *hdr,
		      union body *body)
{
	switch (old->nr_flags & NR_REG_MASK) {
	case NR_REG_ONE_NIC:
		body->polling.nr_mode = NETMAP_POLLING_MODE_MULTI_CPU;
		break;
	case NR_REG_ALL_NIC:
		body->polling.nr_mode = NETMAP_POLLING_MODE_SINGLE_CPU;
		break;
	default:
		break;
	}
	body->polling.nr_first_cpu_id = old->nr_ringid & NETMAP_RING_MASK;
	body->polling.nr_num_polling_cpus = old->nr_arg1;
	return 0;
}

static int to_hdr(const struct nmreq *old, struct nmreq_header *hdr,
		  union body *body)
{
	body->hdr.nr_hdr_len = old->nr_arg1;
	return 0;
}

static void from_hdr(struct nmreq *old, const struct nmreq_header *hdr,
		     const union body *body)
{
	old->nr_arg1 = body->hdr.nr_hdr_len;
}

static int to_list(const struct nmreq *old, struct nmreq_header *hdr,
		   union body *body)
{
	body->list.nr_bridge_idx = old->nr_arg1;
	body->list.nr_port_idx = old->nr_arg2;
	return 0;
}

static void from_list(struct nmreq *old, const struct nmreq_header *hdr,
		      const union body *body)
{
	strscpy(old->nr_name, hdr->nr_name, sizeof(old->nr_name));
	old->nr_arg1 = body->list.nr_bridge_idx;
	old->nr_arg2 = body->list.nr_port_idx;
}

static int to_info(const struct nmreq *old, struct nmreq_header *hdr,
		   union body *body)
{
	body->info.nr_tx_slots = old->nr_tx_slots;
	body->info.nr_rx_slots = old->nr_rx_slots;
	body->info.nr_tx_rings = old->nr_tx_rings;
	body->info.nr_rx_rings = old->nr_rx_rings;
	body->info.nr_mem_id = old->nr_arg2;
	return 0;
}

static void from_info(struct nmreq *old, const struct nmreq_header *hdr,
		      const union body *body)
{
	old->nr_memsize = min_t(u64, body->info.nr_memsize, U32_MAX);
	old->nr_tx_slots = body->info.nr_tx_slots;
	old->nr_rx_slots = body->info.nr_rx_slots;
	old->nr_tx_rings = body->info.nr_tx_rings;
	old->nr_rx_rings = body->info.nr_rx_rings;
	old->nr_arg2 = body->info.nr_mem_id;
}

static const struct legacy_call regif_calls[] = {
	[0] = { NETMAP_REQ_REGISTER, to_register, from_register },
	[NETMAP_BDG_ATTACH] = { NETMAP_REQ_VALE_ATTACH, to_attach },
	[NETMAP_BDG_DETACH] = { NETMAP_REQ_VALE_DETACH },
	[NETMAP_BDG_VNET_HDR] = { NETMAP_REQ_PORT_HDR_SET, to_hdr, from_hdr },
	[NETMAP_BDG_NEWIF] = { NETMAP_REQ_VALE_NEWIF, to_newif, from_newif },
	[NETMAP_BDG_DELIF] = { NETMAP_REQ_VALE_DELIF },
	[NETMAP_BDG_POLLING_ON] = { NETMAP_REQ_VALE_POLLING_ENABLE,
				    to_polling },
	[NETMAP_BDG_POLLING_OFF] = { NETMAP_REQ_VALE_POLLING_DISABLE,
				     to_polling },
	[NETMAP_VNET_HDR_GET] = { NETMAP_REQ_PORT_HDR_GET, to_hdr, from_hdr },
};

static const struct legacy_call list_call = {
	NETMAP_REQ_VALE_LIST, to_list, from_list
};

static const struct legacy_call info_call = {
	NETMAP_REQ_PORT_INFO_GET, to_info, from_info
};

static int call(struct vale_handle *h, const struct legacy_call *c,
		struct nmreq *old)
{
	struct nmreq_header hdr = {
		.nr_version = NETMAP_API,
		.nr_reqtype = c->reqtype,
	};
	union body body = {};
	struct vale_request req = {
		.handle = h,
		.hdr = &hdr,
		.body = &body,
		.one_host_ring = old->nr_version < HOST_RINGS_VERSION,
	};
	int err;

	strscpy(hdr.nr_name, old->nr_name, sizeof(hdr.nr_name));
	err = c->to ? c->to(old, &hdr, &body) : 0;
	if (!err)
		err = vale_ctrl_dispatch(&req);
	if (!err && c->from)
		c->from(old, &hdr, &body);
	return err;
}

static int run(struct vale_handle *h, const struct legacy_call *c,
	       struct nmreq *old)
{
	if (old->nr_version < OLDEST_VERSION)
		return -EINVAL;
	old->nr_name[sizeof(old->nr_name) - 1] = '\0';
	return c ? call(h, c, old) : -EINVAL;
}

static const struct legacy_call *regif_call(u16 cmd)
{
	if (cmd >= ARRAY_SIZE(regif_calls) || !regif_calls[cmd].reqtype)
		return NULL;
	return &regif_calls[cmd];
}

long vale_legacy_regif(struct vale_handle *h, void __user *arg)
{
	struct nmreq old;
	int err;

	if (copy_from_user(&old, arg, sizeof(old)))
		return -EFAULT;
	if (old.nr_cmd == NETMAP_PT_HOST_CREATE ||
	    old.nr_cmd == NETMAP_PT_HOST_DELETE)
		err = -EOPNOTSUPP;
	else
		err = run(h, regif_call(old.nr_cmd), &old);
	return copy_to_user(arg, &old, sizeof(old)) ? -EFAULT : err;
}

long vale_legacy_ginfo(struct vale_handle *h, void __user *arg)
{
	struct nmreq old;
	int err;

	if (copy_from_user(&old, arg, sizeof(old)))
		return -EFAULT;
	err = run(h, old.nr_cmd == NETMAP_BDG_LIST ? &list_call : &info_call,
		  &old);
	return copy_to_user(arg, &old, sizeof(old)) ? -EFAULT : err;
}

long vale_legacy_config(void __user *arg)
{
	struct nm_ifreq req;

	if (copy_from_user(&req, arg, sizeof(req)) ||
	    copy_to_user(arg, &req, sizeof(req)))
		return -EFAULT;
	return -EINVAL;
}
