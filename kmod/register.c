// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Owns REGISTER and the queries that look a port up as REGISTER would. Looking
 * up and binding happen under one hold of the port's locks.
 */
#include "confine.h"
#include "core/req.h"
#include "ctrl.h"
#include "extmem.h"
#include "lookup.h"

/* What is asked of the binding, before anybody can use it. */
static int finish(struct vale_request *req, struct vale_port *port)
{
	int err = 0;

	if (req->one_host_ring &&
	    max(port->nhost[VALE_TX], port->nhost[VALE_RX]) > 1)
		err = -EINVAL;
	else if (req->opts)
		err = vale_csb_register(req, port) ?:
		      vale_opts_all_consumed(req->opts);
	if (err)
		vale_handle_revert(req->handle, port);
	else
		vale_handle_publish(req->handle, port);
	return err;
}

static int bind(struct vale_request *req, struct vale_lookup *l)
{
	struct vale_port *port = vale_confine_find(req, l) ?:
				 vale_lookup_get(l);
	int err;

	if (IS_ERR(port))
		return PTR_ERR(port);
	err = vale_handle_bind(req->handle, port, l->reg, req->opts);
	if (!err)
		err = finish(req, port);
	if (err)
		vale_port_release(port);
	return err;
}

static int find_and_bind(struct vale_request *req)
{
	struct nmreq_register *reg = req->body;
	struct vale_lookup l;
	int err;

	err = vale_region_check(reg->nr_mem_id);
	if (!err)
		err = vale_lookup_init(&l, req->vn, req->hdr->nr_name, reg);
	if (!err)
		err = vale_lookup_lock(&l, true);
	if (err)
		return err;
	err = bind(req, &l);
	vale_lookup_unlock(&l);
	return err;
}

/* Memory that no port has taken by then is let go again. */
static int do_register(struct vale_request *req)
{
	struct vale_region *region;
	int err;

	/* Confined meanwhile by another thread: this was allowed without. */
	if (req->handle->port || req->handle->confined != req->confined)
		return -EBUSY;
	region = vale_extmem_region(req);
	if (IS_ERR(region))
		return PTR_ERR(region);
	err = find_and_bind(req);
	if (region)
		vale_region_put(region);
	return err;
}

int vale_register(struct vale_request *req)
{
	struct vale_handle *h = req->handle;
	int err;

	mutex_lock(&h->lock);
	err = do_register(req);
	mutex_unlock(&h->lock);
	return err;
}

/* A query: what is asked as REGISTER would ask it, and where answers go. */
struct query {
	struct vale_request *req;
	struct nmreq_register reg;
	struct nmreq_port_info_get *info;
	struct nmreq_pools_info *pools;	/* or NULL */
};

static int describe_region(struct query *q, struct vale_region *region)
{
	int err;

	err = vale_region_size(region, &q->info->nr_memsize);
	q->info->nr_mem_id = region->id;
	if (err || !q->pools)
		return err;
	err = vale_region_use(region);
	if (err)
		return err;
	vale_region_info(region, q->pools);
	vale_region_unuse(region);
	return 0;
}

static int describe_region_id(struct query *q, u16 id)
{
	struct vale_region *region = vale_region_get(id ?: VALE_REGION_GLOBAL);
	int err;

	if (IS_ERR(region))
		return PTR_ERR(region);
	err = describe_region(q, region);
	vale_region_put(region);
	return err;
}

/* What REGISTER would answer: the port's own numbers, no memory touched. */
static int describe(struct query *q, const struct vale_port *port)
{
	struct nmreq_port_info_get *info = q->info;

	info->nr_tx_slots = port->nslots[VALE_TX];
	info->nr_rx_slots = port->nslots[VALE_RX];
	info->nr_tx_rings = port->nrings[VALE_TX];
	info->nr_rx_rings = port->nrings[VALE_RX];
	info->nr_host_tx_rings = port->nhost[VALE_TX];
	info->nr_host_rx_rings = port->nhost[VALE_RX];
	if (port->region)
		return describe_region(q, port->region);
	return describe_region_id(q, q->reg.nr_mem_id);
}

static int describe_port(struct query *q, struct vale_lookup *l)
{
	struct vale_port *port = vale_confine_find(q->req, l) ?:
				 vale_lookup_preview(l);
	int err;

	if (IS_ERR(port))
		return PTR_ERR(port);
	vale_port_configure(port, &q->reg);
	err = describe(q, port);
	vale_port_put(port);
	return err;
}

static int answer_query(struct query *q)
{
	struct vale_lookup l;
	int err;

	err = vale_region_check(q->reg.nr_mem_id);
	if (!err)
		err = vale_lookup_init(&l, q->req->vn, q->req->hdr->nr_name,
				       &q->reg);
	if (!err)
		err = vale_lookup_lock(&l, false);
	if (err)
		return err;
	err = describe_port(q, &l);
	vale_lookup_unlock(&l);
	return err;
}

int vale_port_info_get(struct vale_request *req)
{
	struct nmreq_port_info_get *info = req->body;
	struct query q = {
		.req = req,
		.reg = {
			.nr_mode = NR_REG_ALL_NIC,
			.nr_tx_slots = info->nr_tx_slots,
			.nr_rx_slots = info->nr_rx_slots,
			.nr_tx_rings = info->nr_tx_rings,
			.nr_rx_rings = info->nr_rx_rings,
			.nr_host_tx_rings = info->nr_host_tx_rings,
			.nr_host_rx_rings = info->nr_host_rx_rings,
			.nr_mem_id = info->nr_mem_id,
		},
		.info = info,
	};

	if (!req->hdr->nr_name[0])
		return describe_region_id(&q, info->nr_mem_id);
	return answer_query(&q);
}

int vale_pools_info_get(struct vale_request *req)
{
	struct nmreq_pools_info *pools = req->body;
	struct nmreq_port_info_get info = {};
	struct query q = {
		.req = req,
		.reg = {
			.nr_mode = NR_REG_ALL_NIC,
			.nr_mem_id = pools->nr_mem_id,
		},
		.info = &info,
		.pools = pools,
	};

	if (!req->hdr->nr_name[0])
		return -ENXIO;
	return answer_query(&q);
}
