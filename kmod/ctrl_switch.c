// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Owns the requests about switches: ATTACH, DETACH, LIST, NEWIF, DELIF. */
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>

#include "core/name.h"
#include "ctrl.h"
#include "nic.h"
#include "vport.h"

static int parse_member_name(const char *text, struct vale_name *name)
{
	int err = vale_name_parse(name, text, true);

	if (err)
		return err;
	return name->kind == VALE_NAME_PORT ? 0 : -EINVAL;
}

int vale_check_member_name(const char *text)
{
	struct vale_name name;
	int err = parse_member_name(text, &name);

	return err == -ENOMEM ? -ENXIO : err;
}

static int attach_vport(struct vale_net *vn, struct vale_vport *vport,
			const char *name, u32 *index)
{
	int err;

	if (vport->member.sw || vport->port.users)
		return -EBUSY;
	strscpy(vport->member.name, name, sizeof(vport->member.name));
	err = vale_switch_join(vn, &vport->member);
	*index = vport->member.index;
	return err;
}

/* The exact rings, if the option was given. */
static const struct vale_ring_set *ring_set(struct vale_request *req)
{
	struct vale_opt *opt = req->opts ?
		vale_opts_find(req->opts, VALE_REQ_OPT_RINGS) : NULL;

	if (!opt)
		return NULL;
	opt->hdr.nro_status = 0;
	return (const struct vale_ring_set *)opt->body;
}

static int attach_nic(struct vale_request *req, struct net_device *dev,
		      u32 *index)
{
	const struct nmreq_vale_attach *body = req->body;
	struct vale_nic_attach what = {
		.name = req->hdr->nr_name,
		.host = body->reg.nr_mode == NR_REG_NIC_SW,
		.set = ring_set(req),
		.mode = body->reg.nr_mode,
		.ringid = body->reg.nr_ringid,
		.flags = body->reg.nr_flags,
	};

	if (req->opts && vale_opts_find(req->opts, NETMAP_REQ_OPT_OFFSETS))
		return -EOPNOTSUPP;
	return vale_nic_attach(req->vn, dev, &what, index);
}

static int do_attach(struct vale_request *req, const struct vale_name *name)
{
	struct nmreq_vale_attach *body = req->body;
	struct vale_vport *vport;
	struct net_device *dev;

	if (vale_member_find(req->vn, req->hdr->nr_name))
		return -EBUSY;
	dev = __dev_get_by_name(req->vn->net, name->port);
	if (!dev)
		return -EINVAL;
	vport = vale_newif_vport(dev);
	if (vport)
		return attach_vport(req->vn, vport, req->hdr->nr_name,
				    &body->port_index);
	return attach_nic(req, dev, &body->port_index);
}

int vale_attach(struct vale_request *req)
{
	const struct nmreq_vale_attach *body = req->body;
	struct vale_name name;
	int err;

	err = parse_member_name(req->hdr->nr_name, &name);
	if (!err)
		err = vale_region_check(body->reg.nr_mem_id);
	if (err)
		return err;
	vale_port_lock(req->vn, true);
	err = do_attach(req, &name);
	vale_port_unlock(req->vn, true);
	return err;
}

static int do_detach(struct vale_request *req)
{
	struct nmreq_vale_detach *body = req->body;
	struct vale_member *m = vale_member_find(req->vn, req->hdr->nr_name);

	if (!m)
		return -ENXIO;
	switch (m->kind) {
	case VALE_PORT_PERSISTENT:
		vale_switch_leave(m);
		body->port_index = m->index;
		return 0;
	case VALE_PORT_NIC:
	case VALE_PORT_HOST:
		return vale_nic_detach(req->vn, m, &body->port_index);
	default:
		return -EBUSY;
	}
}

int vale_detach(struct vale_request *req)
{
	int err;

	err = vale_check_member_name(req->hdr->nr_name);
	if (err)
		return err;
	vale_port_lock(req->vn, true);
	err = do_detach(req);
	vale_port_unlock(req->vn, true);
	return err;
}

static struct vale_member *member_at(struct vale_switch *sw, u32 from)
{
	u32 i;

	for (i = from; i < sw->top; i++) {
		struct vale_member *m = vale_switch_member(sw, i);

		if (m)
			return m;
	}
	return NULL;
}

/* The first member at or after (bridge, port). */
static int list_from(struct vale_request *req)
{
	struct nmreq_vale_list *body = req->body;
	u32 port = body->nr_port_idx;
	struct vale_switch *sw;

	list_for_each_entry(sw, &req->vn->switches, list) {
		struct vale_member *m;

		if (sw->index < body->nr_bridge_idx)
			continue;
		m = member_at(sw, sw->index == body->nr_bridge_idx ? port : 0);
		if (!m)
			continue;
		body->nr_bridge_idx = sw->index;
		body->nr_port_idx = m->index;
		strscpy(req->hdr->nr_name, m->name, sizeof(req->hdr->nr_name));
		return 0;
	}
	return -ENOENT;
}

static int list_named(struct vale_request *req)
{
	struct nmreq_vale_list *body = req->body;
	const char *text = req->hdr->nr_name;
	struct vale_switch *sw;
	struct vale_member *m;
	struct vale_name name;

	if (strncmp(text, NM_BDG_NAME, strlen(NM_BDG_NAME)))
		return -EINVAL;
	if (parse_member_name(text, &name))
		return -ENOENT;
	sw = vale_switch_find(req->vn, name.switch_name);
	if (!sw)
		return -ENOENT;
	m = vale_member_find(req->vn, text);
	body->nr_bridge_idx = sw->index;
	body->nr_port_idx = m ? m->index : VALE_PORT_DROP;
	return 0;
}

int vale_list(struct vale_request *req)
{
	int err;

	mutex_lock(&req->vn->lock);
	err = req->hdr->nr_name[0] ? list_named(req) : list_from(req);
	mutex_unlock(&req->vn->lock);
	return err;
}

int vale_newif(struct vale_request *req)
{
	struct nmreq_vale_newif *body = req->body;
	int err;

	err = vale_name_check_newif(req->hdr->nr_name);
	if (!err)
		err = vale_region_check(body->nr_mem_id);
	if (err)
		return err;
	rtnl_lock();
	err = vale_newif_create(req->vn, req->hdr->nr_name, body);
	rtnl_unlock();
	return err;
}

int vale_delif(struct vale_request *req)
{
	int err;

	rtnl_lock();
	err = vale_newif_delete(req->vn, req->hdr->nr_name);
	rtnl_unlock();
	return err;
}
