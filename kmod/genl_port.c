// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Ports of the switches over netlink: PORT_GET. */
#include <linux/netdevice.h>

#include "attach.h"
#include "genl.h"
#include "nic.h"
#include "port.h"
#include "switch.h"

static int put_identity(struct sk_buff *skb, const struct vale_member *m)
{
	if (m->sw && (nla_put_string(skb, VALE_A_SWITCH_NAME, m->sw->name) ||
		      nla_put_u32(skb, VALE_A_PORT_INDEX, m->index)))
		return -EMSGSIZE;
	if (nla_put_string(skb, VALE_A_PORT_NAME, m->name) ||
	    nla_put_u32(skb, VALE_A_PORT_KIND, m->kind) ||
	    nla_put_u32(skb, VALE_A_LINK, m->link))
		return -EMSGSIZE;
	if (m->dev && nla_put_u32(skb, VALE_A_IFINDEX, m->dev->ifindex))
		return -EMSGSIZE;
	if (m->kind == VALE_PORT_NIC &&
	    nla_put_u32(skb, VALE_A_ADAPTER, vale_nic_adapter(m->port)))
		return -EMSGSIZE;
	return 0;
}

static int put_rings(struct sk_buff *skb, const struct vale_port *port)
{
	if (nla_put_u32(skb, VALE_A_TX_RINGS, port->nrings[VALE_TX]) ||
	    nla_put_u32(skb, VALE_A_RX_RINGS, port->nrings[VALE_RX]) ||
	    nla_put_u32(skb, VALE_A_TX_SLOTS, port->nslots[VALE_TX]) ||
	    nla_put_u32(skb, VALE_A_RX_SLOTS, port->nslots[VALE_RX]) ||
	    nla_put_u32(skb, VALE_A_USERS, port->users))
		return -EMSGSIZE;
	/* An idle NIC has no memory. */
	if (port->region && nla_put_u32(skb, VALE_A_MEM_ID, port->region->id))
		return -EMSGSIZE;
	return 0;
}

static int put_polling(struct sk_buff *skb, const struct vale_member *m)
{
	const struct vale_attachment *att;

	if (!m->sw || m->kind != VALE_PORT_NIC)
		return 0;
	att = container_of(m, struct vale_nic, wire)->att;
	if (att->npollers &&
	    (nla_put_u32(skb, VALE_A_POLL_CPU, att->poll_cpu) ||
	     nla_put_u32(skb, VALE_A_POLL_CPUS, att->npollers)))
		return -EMSGSIZE;
	return 0;
}

/* Attribute i + 1 is value[i]; padding, where it is needed, has type 0. */
static int put_array(struct sk_buff *skb, int type, const u64 *value, int n)
{
	struct nlattr *nest = nla_nest_start(skb, type);
	int i;

	if (!nest)
		return -EMSGSIZE;
	for (i = 0; i < n; i++)
		if (nla_put_u64_64bit(skb, i + 1, value[i], 0))
			return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_counters(struct sk_buff *skb, const struct vale_member *m)
{
	struct vale_totals t;

	vale_stats_read(m->stats, &t);
	return put_array(skb, VALE_A_COUNTERS, t.counter, __VALE_CNT_MAX) ?:
	       put_array(skb, VALE_A_DROPS, t.drop, __VALE_DROP_MAX);
}

static int put_port(struct sk_buff *skb, const struct vale_genl_to *to,
		    const void *object)
{
	const struct vale_member *m = object;
	void *hdr;
	int err;

	hdr = vale_genl_begin(skb, to);
	if (!hdr)
		return -EMSGSIZE;
	err = put_identity(skb, m) ?: put_rings(skb, m->port) ?:
	      put_polling(skb, m) ?: put_counters(skb, m);
	return vale_genl_end(skb, hdr, err);
}

static int get(struct vale_net *vn, struct genl_info *info)
{
	const struct nlattr *name = info->attrs[VALE_A_PORT_NAME];
	struct vale_member *m;

	if (GENL_REQ_ATTR_CHECK(info, VALE_A_PORT_NAME)) {
		GENL_SET_ERR_MSG(info, "the port's name is missing");
		return -EINVAL;
	}
	m = vale_member_find(vn, nla_data(name)) ?:
	    vale_nic_member(vn, nla_data(name));
	if (!m)
		return vale_genl_refuse(info->extack, name, name,
					"no such port", -ENOENT);
	return vale_genl_reply(info, m, put_port);
}

int vale_genl_port_get(struct sk_buff *skb, struct genl_info *info)
{
	return vale_genl_locked(info, get);
}

/* The place in the switch is the index of the next port. */
static int walk(struct sk_buff *skb, struct netlink_callback *cb,
		const struct vale_switch *sw)
{
	struct vale_genl_to to = vale_genl_dump_to(cb, VALE_CMD_PORT_GET);
	struct vale_genl_cursor *at = vale_genl_cursor(cb);
	const struct vale_member *m;
	int err;

	for (; at->pos < sw->top; at->pos++) {
		m = rcu_dereference_protected(sw->member[at->pos],
					      lockdep_is_held(&sw->vn->lock));
		if (!m)
			continue;
		err = put_port(skb, &to, m);
		if (err)
			return err;
	}
	return 0;
}

int vale_genl_port_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	return vale_genl_dump(skb, cb, walk);
}
