// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "req.h"

/* ---- envelope ---- */

static const u8 body_size[] = {
	[NETMAP_REQ_REGISTER] = sizeof(struct nmreq_register),
	[NETMAP_REQ_PORT_INFO_GET] = sizeof(struct nmreq_port_info_get),
	[NETMAP_REQ_VALE_ATTACH] = sizeof(struct nmreq_vale_attach),
	[NETMAP_REQ_VALE_DETACH] = sizeof(struct nmreq_vale_detach),
	[NETMAP_REQ_VALE_LIST] = sizeof(struct nmreq_vale_list),
	[NETMAP_REQ_PORT_HDR_SET] = sizeof(struct nmreq_port_hdr),
	[NETMAP_REQ_PORT_HDR_GET] = sizeof(struct nmreq_port_hdr),
	[NETMAP_REQ_VALE_NEWIF] = sizeof(struct nmreq_vale_newif),
	[NETMAP_REQ_VALE_POLLING_ENABLE] = sizeof(struct nmreq_vale_polling),
	[NETMAP_REQ_VALE_POLLING_DISABLE] = sizeof(struct nmreq_vale_polling),
	[NETMAP_REQ_POOLS_INFO_GET] = sizeof(struct nmreq_pools_info),
	[NETMAP_REQ_SYNC_KLOOP_START] = sizeof(struct nmreq_sync_kloop_start),
};

u32 vale_req_body_size(u16 reqtype)
{
	return reqtype < sizeof(body_size) ? body_size[reqtype] : 0;
}

int vale_req_check(const struct nmreq_header *hdr)
{
	if (hdr->nr_version < NETMAP_MIN_API ||
	    hdr->nr_version > NETMAP_MAX_API || hdr->nr_reserved)
		return -EINVAL;
	if (!hdr->nr_body != !vale_req_body_size(hdr->nr_reqtype))
		return -EINVAL;
	return 0;
}

/* ---- options ---- */

#define OPT_HEADER sizeof(struct nmreq_option)

static bool is_known(u32 reqtype)
{
	return (reqtype > 0 && reqtype < NETMAP_REQ_OPT_MAX) ||
	       reqtype == VALE_REQ_OPT_RINGS;
}

/* What ends with a u32 has no padding there. */
#define MODE_SIZE_32 (offsetof(struct nmreq_opt_sync_kloop_mode, mode) + 4)

/* With the header; nro_size matters only where the size is not fixed. */
static u32 option_size(const struct nmreq_option *hdr, bool i386)
{
	switch (hdr->nro_reqtype) {
	case NETMAP_REQ_OPT_EXTMEM:
		return sizeof(struct nmreq_opt_extmem);
	case NETMAP_REQ_OPT_SYNC_KLOOP_EVENTFDS:
		return max_t(u32, hdr->nro_size, OPT_HEADER);
	case NETMAP_REQ_OPT_CSB:
		return sizeof(struct nmreq_opt_csb);
	case NETMAP_REQ_OPT_SYNC_KLOOP_MODE:
		return i386 ? MODE_SIZE_32 :
			      sizeof(struct nmreq_opt_sync_kloop_mode);
	case NETMAP_REQ_OPT_OFFSETS:
		return sizeof(struct nmreq_opt_offsets);
	case VALE_REQ_OPT_RINGS:
		return sizeof(struct vale_opt_rings);
	}
	return OPT_HEADER;
}

void vale_opts_init(struct vale_opts *opts, u32 body_size)
{
	opts->n = 0;
	opts->bytes = body_size;
	opts->used = 0;
	opts->forget = false;
	opts->i386 = false;
}

/* nro_size may be anything: compare before narrowing it. */
static bool fits(const struct vale_opts *opts, const struct nmreq_option *hdr)
{
	if (is_known(hdr->nro_reqtype) && hdr->nro_size > NETMAP_REQ_MAXSIZE)
		return false;
	return opts->bytes + option_size(hdr, opts->i386) <= NETMAP_REQ_MAXSIZE;
}

int vale_opts_add(struct vale_opts *opts, u64 user,
		  const struct nmreq_option *hdr)
{
	struct vale_opt *before = vale_opts_find(opts, hdr->nro_reqtype);
	struct vale_opt *opt = &opts->opt[opts->n];

	if (!fits(opts, hdr)) {
		opts->forget = true;
		return -EMSGSIZE;
	}
	opt->user = user;
	opt->hdr = *hdr;
	opt->hdr.nro_status = 0;
	opt->body = opts->bodies + opts->used;
	opt->size = option_size(hdr, opts->i386) - OPT_HEADER;
	opts->n++;
	opts->bytes += OPT_HEADER + opt->size;
	opts->used += (opt->size + 7) & ~7u;
	if (hdr->nro_reqtype && !before)
		return 0;
	opt->hdr.nro_status = EINVAL;
	if (before)
		before->hdr.nro_status = EINVAL;
	return -EINVAL;
}

void vale_opts_walked(struct vale_opts *opts)
{
	u32 i;

	for (i = 0; i < opts->n; i++)
		opts->opt[i].hdr.nro_status = EOPNOTSUPP;
}

struct vale_opt *vale_opts_find(struct vale_opts *opts, u32 reqtype)
{
	u32 i;

	if (!is_known(reqtype))
		return NULL;
	for (i = 0; i < opts->n; i++)
		if (opts->opt[i].hdr.nro_reqtype == reqtype)
			return &opts->opt[i];
	return NULL;
}

int vale_opts_all_consumed(const struct vale_opts *opts)
{
	u32 i;

	for (i = 0; i < opts->n; i++)
		if (opts->opt[i].hdr.nro_status == EOPNOTSUPP)
			return -EOPNOTSUPP;
	return 0;
}

/* ---- ring selection ---- */

enum {
	NIC = 1,
	HOST = 2,
	ONE = 4,
};

static const u8 mode_rings[] = {
	[NR_REG_ALL_NIC] = NIC,
	[NR_REG_SW] = HOST,
	[NR_REG_NIC_SW] = NIC | HOST,
	[NR_REG_ONE_NIC] = NIC | ONE,
	[NR_REG_NULL] = NIC,
	[NR_REG_ONE_SW] = HOST | ONE,
};

/* In a direction with fewer rings, ring 0 stands in; with none, none. */
static struct vale_ring_range range(u8 rings, u32 ringid, u32 nic, u32 host)
{
	u32 first = rings & NIC ? 0 : nic;
	u32 last = rings & HOST ? nic + host : nic;

	if (!(rings & ONE))
		return (struct vale_ring_range){ first, last };
	if (ringid >= last - first)
		ringid = 0;
	first += ringid;
	return (struct vale_ring_range){ first, min(first + 1, last) };
}

int vale_req_select(struct vale_ring_select *sel, u32 mode, u32 ringid,
		    u64 flags, const struct vale_ring_counts *n)
{
	bool no_tx = flags & NR_RX_RINGS_ONLY;
	bool no_rx = flags & NR_TX_RINGS_ONLY;
	u8 rings = mode < sizeof(mode_rings) ? mode_rings[mode] : 0;

	*sel = (struct vale_ring_select){ 0 };
	if (no_tx && no_rx)
		return 0;
	if (!rings)
		return -EINVAL;
	if (rings & HOST && (!n->host_tx || !n->host_rx))
		return -EINVAL;
	if (rings == (NIC | ONE) && ringid >= max(n->tx, n->rx))
		return -EINVAL;
	if (rings == (HOST | ONE) && ringid >= max(n->host_tx, n->host_rx))
		return -EINVAL;
	if (!no_tx)
		sel->tx = range(rings, ringid, n->tx, n->host_tx);
	if (!no_rx)
		sel->rx = range(rings, ringid, n->rx, n->host_rx);
	return 0;
}

/* ---- values of a new port ---- */

static u32 rings(u32 wanted)
{
	return clamp(wanted, 1u, VALE_RINGS_MAX);
}

static u32 slots(u32 wanted)
{
	return wanted ? min(wanted, VALE_SLOTS_MAX) : VALE_SLOTS_DEFAULT;
}

void vale_req_clamp_register(struct nmreq_register *reg)
{
	reg->nr_tx_rings = rings(reg->nr_tx_rings);
	reg->nr_rx_rings = rings(reg->nr_rx_rings);
	reg->nr_tx_slots = slots(reg->nr_tx_slots);
	reg->nr_rx_slots = slots(reg->nr_rx_slots);
	reg->nr_extra_bufs = min(reg->nr_extra_bufs, VALE_EXTRA_BUFS_MAX);
}

void vale_req_clamp_newif(struct nmreq_vale_newif *newif)
{
	newif->nr_tx_rings = rings(newif->nr_tx_rings);
	newif->nr_rx_rings = rings(newif->nr_rx_rings);
	newif->nr_tx_slots = slots(newif->nr_tx_slots);
	newif->nr_rx_slots = slots(newif->nr_rx_slots);
}

/* No ring needs no slots. */
static bool can_be_null(u32 rings, u32 slots)
{
	return rings <= VALE_NULL_RINGS_MAX && slots <= VALE_NULL_SLOTS_MAX &&
	       (slots || !rings);
}

int vale_req_check_null(const struct nmreq_register *reg)
{
	if (!can_be_null(reg->nr_tx_rings, reg->nr_tx_slots) ||
	    !can_be_null(reg->nr_rx_rings, reg->nr_rx_slots))
		return -EINVAL;
	return 0;
}

int vale_req_check_polling(const struct nmreq_vale_polling *p, u32 rings,
			   u32 cpus)
{
	u64 end = (u64)p->nr_first_cpu_id + p->nr_num_polling_cpus;

	if (!p->nr_num_polling_cpus || end > cpus)
		return -EINVAL;
	switch (p->nr_mode) {
	case NETMAP_POLLING_MODE_SINGLE_CPU:
		return p->nr_num_polling_cpus == 1 ? 0 : -EINVAL;
	case NETMAP_POLLING_MODE_MULTI_CPU:
		return end <= rings ? 0 : -EINVAL;
	}
	return -EINVAL;
}

u32 vale_req_slots(u32 wanted, u32 other)
{
	return clamp(wanted ?: other, 1u, VALE_SLOTS_MAX);
}

void vale_req_clamp_pipe(struct nmreq_register *reg, u32 tx_slots, u32 rx_slots)
{
	reg->nr_tx_rings = clamp_t(u32, reg->nr_tx_rings, 1,
				   VALE_PIPE_RINGS_MAX);
	reg->nr_rx_rings = clamp_t(u32, reg->nr_rx_rings, 1,
				   VALE_PIPE_RINGS_MAX);
	reg->nr_tx_slots = vale_req_slots(reg->nr_tx_slots, tx_slots);
	reg->nr_rx_slots = vale_req_slots(reg->nr_rx_slots, rx_slots);
}
