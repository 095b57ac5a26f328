// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Owns PORT_HDR_SET and PORT_HDR_GET: the header in front of a port's packets. */
#include "confine.h"
#include "core/vnet.h"
#include "ctrl.h"
#include "lookup.h"
#include "vport.h"

static struct vale_member *vport_member(struct vale_port *port)
{
	bool is_vport = port->ops->txsync == vale_vport_txsync;

	return is_vport ? &vale_vport_of(port)->member : NULL;
}

u8 vale_port_header(struct vale_port *port)
{
	const struct vale_member *m = vport_member(port);

	return m ? m->header : 0;
}

/* What goes to a netdev has none: there it is always 0. */
static int set(struct vale_member *m, u32 header)
{
	if (!m)
		return -ENXIO;
	if (m->kind == VALE_PORT_NIC || m->kind == VALE_PORT_HOST)
		return header ? -EOPNOTSUPP : 0;
	/* Each batch, and each delivery of one, goes by what it sees at first. */
	WRITE_ONCE(m->header, header);
	return 0;
}

int vale_port_hdr_set(struct vale_request *req)
{
	const struct nmreq_port_hdr *body = req->body;
	int err;

	if (!vale_vnet_valid(body->nr_hdr_len))
		return -EINVAL;
	vale_port_lock(req->vn, false);
	err = set(vale_member_find(req->vn, req->hdr->nr_name),
		  body->nr_hdr_len);
	vale_port_unlock(req->vn, false);
	return err;
}

/* Nothing is made for a question. */
static int get(struct vale_request *req, struct vale_lookup *l, u32 *header)
{
	struct vale_port *port = vale_confine_find(req, l) ?:
				 vale_lookup_find(l);

	if (IS_ERR(port))
		return l->kind == &vale_pipe_kind ? -ENODEV : -ENXIO;
	*header = vale_port_header(port);
	vale_port_release(port);
	return 0;
}

int vale_port_hdr_get(struct vale_request *req)
{
	struct nmreq_register reg = { .nr_mode = NR_REG_ALL_NIC };
	struct nmreq_port_hdr *body = req->body;
	struct vale_lookup l;
	int err;

	if (vale_lookup_init(&l, req->vn, req->hdr->nr_name, &reg))
		return -ENXIO;
	err = vale_lookup_lock(&l, false);
	if (err)
		return err;
	err = get(req, &l, &body->nr_hdr_len);
	vale_lookup_unlock(&l);
	return err;
}
