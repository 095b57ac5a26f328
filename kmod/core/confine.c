// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* A list of what is allowed: what is new in the ABI is not, until it is here. */
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/string.h>

#include "confine.h"
#include "name.h"
#include "req.h"

#define FLAGS (NR_EXCLUSIVE | NR_RX_RINGS_ONLY | NR_TX_RINGS_ONLY |	\
	       NR_ACCEPT_VNET_HDR | NR_DO_RX_POLL | NR_NO_TX_POLL)

int vale_confine_check_name(const char *name)
{
	struct vale_name parsed;

	BUILD_BUG_ON(VALE_NAME_SIZE != NETMAP_REQ_IFNAMSIZ);
	if (strnlen(name, VALE_NAME_SIZE) == VALE_NAME_SIZE)
		return -EINVAL;
	vale_name_parse(&parsed, name, false);
	return parsed.kind == VALE_NAME_PORT ? 0 : -EINVAL;
}

static bool is_named(const struct vale_confine_port *port,
		     const struct nmreq_header *hdr)
{
	return !strncmp(port->name, hdr->nr_name, sizeof(port->name));
}

static bool is_its_region(const struct vale_confine_port *port, u16 mem_id)
{
	return !mem_id || mem_id == port->mem_id;
}

static bool may_register(const struct vale_confine_port *port,
			 const struct nmreq_register *reg)
{
	bool mode = reg->nr_mode == NR_REG_ALL_NIC ||
		    reg->nr_mode == NR_REG_ONE_NIC;

	return mode && !(reg->nr_flags & ~(u64)FLAGS) &&
	       is_its_region(port, reg->nr_mem_id);
}

static bool may_ask(const struct vale_confine_port *port,
		    const struct nmreq_header *hdr, const void *body)
{
	const struct nmreq_port_info_get *info = body;
	const struct nmreq_pools_info *pools = body;

	switch (hdr->nr_reqtype) {
	case NETMAP_REQ_REGISTER:
		return is_named(port, hdr) && may_register(port, body);
	case NETMAP_REQ_PORT_INFO_GET:
		return is_named(port, hdr) &&
		       is_its_region(port, info->nr_mem_id);
	case NETMAP_REQ_POOLS_INFO_GET:
		return is_named(port, hdr) &&
		       is_its_region(port, pools->nr_mem_id);
	case NETMAP_REQ_PORT_HDR_GET:
		return is_named(port, hdr);
	/* About what the descriptor has open, whatever they name. */
	case NETMAP_REQ_CSB_ENABLE:
	case NETMAP_REQ_SYNC_KLOOP_START:
	case NETMAP_REQ_SYNC_KLOOP_STOP:
		return true;
	default:
		return false;
	}
}

int vale_confine_check(const struct vale_confine_port *port,
		       const struct nmreq_header *hdr, const void *body)
{
	return may_ask(port, hdr, body) ? 0 : -EPERM;
}

static bool may_give(u32 option)
{
	switch (option) {
	case NETMAP_REQ_OPT_SYNC_KLOOP_EVENTFDS:
	case NETMAP_REQ_OPT_CSB:
	case NETMAP_REQ_OPT_SYNC_KLOOP_MODE:
	case NETMAP_REQ_OPT_OFFSETS:
		return true;
	default:	/* EXTMEM would be another region */
		return false;
	}
}

int vale_confine_check_options(const struct vale_opts *opts)
{
	u32 i;

	for (i = 0; i < opts->n; i++)
		if (!may_give(opts->opt[i].hdr.nro_reqtype))
			return -EPERM;
	return 0;
}
