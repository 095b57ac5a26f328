// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Owns REGISTER and the queries that look a port up as REGISTER would. Looking
 * up and binding happen under one hold of the port's locks.
 */
#include <linux/netdevice.h>

#include "core/name.h"
#include "ctrl.h"
#include "nic.h"
#include "vport.h"

#define MONITOR_FLAGS (NR_MONITOR_TX | NR_MONITOR_RX | NR_ZCOPY_MON)

/* Kinds of ports that this module does not offer yet. */
static int check_kind(const struct nmreq_register *reg,
		      const struct vale_name *name)
{
	if (reg->nr_mode == NR_REG_PIPE_MASTER ||
	    reg->nr_mode == NR_REG_PIPE_SLAVE)
		return -EINVAL;
	if (reg->nr_mode == NR_REG_NULL)
		return reg->nr_mem_id ? -EOPNOTSUPP : -EINVAL;
	if (reg->nr_flags & MONITOR_FLAGS || name->kind == VALE_NAME_PIPE)
		return -EOPNOTSUPP;
	return 0;
}

static bool netdev_exists(struct vale_net *vn, const char *name)
{
	bool found;

	rcu_read_lock();
	found = dev_get_by_name_rcu(vn->net, name);
	rcu_read_unlock();
	return found;
}

static void spec_of(const struct nmreq_register *reg,
		    struct vale_vport_spec *spec)
{
	*spec = (struct vale_vport_spec){
		.nrings = { reg->nr_rx_rings, reg->nr_tx_rings },
		.nslots = { reg->nr_rx_slots, reg->nr_tx_slots },
		.extra_bufs = reg->nr_extra_bufs,
		.mem_id = reg->nr_mem_id,
	};
}

static struct vale_port *existing_vale_port(struct vale_net *vn,
					    const char *full,
					    const struct vale_name *name)
{
	struct vale_member *m = vale_member_find(vn, full);

	if (m) {
		vale_port_get(m->port);
		return m->port;
	}
	return netdev_exists(vn, name->port) ? ERR_PTR(-EINVAL) : NULL;
}

static struct vale_port *get_vale_port(struct vale_net *vn, const char *full,
				       const struct vale_name *name,
				       struct nmreq_register *reg)
{
	struct vale_port *port = existing_vale_port(vn, full, name);
	struct vale_vport_spec spec;
	struct vale_vport *vport;

	if (port)
		return port;
	vale_req_clamp_register(reg);
	spec_of(reg, &spec);
	vport = vale_vport_create(vn, full, &spec);
	return IS_ERR(vport) ? ERR_CAST(vport) : &vport->port;
}

static int bind(struct vale_request *req, const struct vale_name *name)
{
	const char *full = req->hdr->nr_name;
	struct nmreq_register *reg = req->body;
	struct vale_port *port;
	int err;

	port = name->kind == VALE_NAME_PORT ?
	       get_vale_port(req->vn, full, name, reg) :
	       vale_nic_get(req->vn, full);
	if (IS_ERR(port))
		return PTR_ERR(port);
	err = vale_handle_bind(req->handle, port, reg);
	if (!err)
		return 0;
	if (!port->users && port->ops->idle)
		port->ops->idle(port);
	vale_port_put(port);
	return err;
}

static int do_register(struct vale_request *req)
{
	struct nmreq_register *reg = req->body;
	struct vale_name name;
	bool nic;
	int err;

	if (req->handle->port)
		return -EBUSY;
	err = vale_region_check(reg->nr_mem_id);
	if (err)
		return err;
	vale_name_parse(&name, req->hdr->nr_name, true);
	err = check_kind(reg, &name);
	if (err)
		return err;
	if (name.kind == VALE_NAME_BAD)
		return -ENOMEM;
	nic = name.kind == VALE_NAME_NETDEV;
	vale_port_lock(req->vn, nic);
	err = bind(req, &name);
	vale_port_unlock(req->vn, nic);
	return err;
}

int vale_register(struct vale_request *req)
{
	struct vale_handle *h = req->handle;
	int err;

	mutex_lock(&h->lock);
	err = do_register(req);
	if (!err && req->opts) {
		err = vale_opts_all_consumed(req->opts);
		if (err)
			vale_handle_unbind(h);
	}
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

/* A VALE port nobody has yet: made to be measured, never put on the switch. */
static int describe_new(struct query *q)
{
	struct vale_vport_spec spec;
	struct vale_vport *vport;
	int err;

	vale_req_clamp_register(&q->reg);
	spec_of(&q->reg, &spec);
	vport = vale_vport_alloc(q->req->vn, q->req->hdr->nr_name, &spec);
	if (IS_ERR(vport))
		return PTR_ERR(vport);
	err = describe(q, &vport->port);
	vale_port_put(&vport->port);
	return err;
}

static int describe_port(struct query *q, const struct vale_name *name)
{
	const char *full = q->req->hdr->nr_name;
	struct vale_port *port;
	int err;

	port = name->kind == VALE_NAME_PORT ?
	       existing_vale_port(q->req->vn, full, name) :
	       vale_nic_get(q->req->vn, full);
	if (IS_ERR(port))
		return PTR_ERR(port);
	if (!port)
		return describe_new(q);
	vale_port_configure(port, &q->reg);
	err = describe(q, port);
	vale_port_put(port);
	return err;
}

static int answer_query(struct query *q)
{
	struct vale_net *vn = q->req->vn;
	struct vale_name name;
	bool nic;
	int err;

	err = vale_region_check(q->reg.nr_mem_id);
	if (err)
		return err;
	vale_name_parse(&name, q->req->hdr->nr_name, true);
	err = check_kind(&q->reg, &name);
	if (err)
		return err;
	if (name.kind == VALE_NAME_BAD)
		return -ENOMEM;
	nic = name.kind == VALE_NAME_NETDEV;
	vale_port_lock(vn, nic);
	err = describe_port(q, &name);
	vale_port_unlock(vn, nic);
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
