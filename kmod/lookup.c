// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Owns the kinds of ports a name can mean, in the order of SEMANTICS 2.0, and
 * the two that need no file of their own: VALE ports and netdevs.
 */
#include "lookup.h"

#include <linux/netdevice.h>
#include <linux/rtnetlink.h>

#include "core/req.h"
#include "handle.h"
#include "nic.h"
#include "vport.h"

static bool is_bad(const struct vale_lookup *l)
{
	return l->name.kind == VALE_NAME_BAD;
}

static int refuse_bad(const struct vale_lookup *l)
{
	return -ENOMEM;
}

static const struct vale_kind bad_kind = {
	.match = is_bad,
	.check = refuse_bad,
};

static bool is_vale_port(const struct vale_lookup *l)
{
	return l->name.kind == VALE_NAME_PORT;
}

static bool netdev_exists(struct vale_net *vn, const char *name)
{
	bool found;

	rcu_read_lock();
	found = dev_get_by_name_rcu(vn->net, name);
	rcu_read_unlock();
	return found;
}

static struct vale_port *find_vale_port(struct vale_lookup *l)
{
	struct vale_member *m = vale_member_find(l->vn, l->text);

	if (m) {
		vale_port_get(m->port);
		return m->port;
	}
	return netdev_exists(l->vn, l->name.port) ? ERR_PTR(-EINVAL) : NULL;
}

static struct vale_port *make_vale_port(struct vale_lookup *l, bool preview)
{
	struct vale_vport_spec spec;
	struct vale_vport *vport;

	vale_req_clamp_register(l->reg);
	spec = vale_vport_spec_of(l->reg);
	vport = preview ? vale_vport_alloc(l->vn, l->text, &spec) :
			  vale_vport_create(l->vn, l->text, &spec);
	return IS_ERR(vport) ? ERR_CAST(vport) : &vport->port;
}

static const struct vale_kind vale_port_kind = {
	.match = is_vale_port,
	.find = find_vale_port,
	.make = make_vale_port,
};

static bool is_netdev(const struct vale_lookup *l)
{
	return true;
}

static struct vale_port *find_netdev(struct vale_lookup *l)
{
	return vale_nic_get(l->vn, l->text);
}

static const struct vale_kind netdev_kind = {
	.match = is_netdev,
	.needs_rtnl = true,
	.find = find_netdev,
};

static const struct vale_kind *const kinds[] = {
	&vale_null_kind,
	&vale_monitor_kind,
	&vale_pipe_kind,
	&bad_kind,
	&vale_port_kind,
	&netdev_kind,
};

int vale_lookup_init(struct vale_lookup *l, struct vale_net *vn,
		     const char *text, struct nmreq_register *reg)
{
	size_t i = 0;

	l->vn = vn;
	l->text = text;
	l->reg = reg;
	/* Names of old that are part of the name now. */
	if (reg->nr_mode == NR_REG_PIPE_MASTER ||
	    reg->nr_mode == NR_REG_PIPE_SLAVE)
		return -EINVAL;
	vale_name_parse(&l->name, text, true);
	while (!kinds[i]->match(l))
		i++;
	l->kind = kinds[i];
	return l->kind->check ? l->kind->check(l) : 0;
}

int vale_lookup_lock(struct vale_lookup *l, bool make)
{
	int err = 0;

	if (l->kind->needs_rtnl)
		rtnl_lock();
	if (make && l->kind->prepare)
		err = l->kind->prepare(l);
	if (!err)
		mutex_lock(&l->vn->lock);
	else if (l->kind->needs_rtnl)
		rtnl_unlock();
	return err;
}

void vale_lookup_unlock(struct vale_lookup *l)
{
	vale_port_unlock(l->vn, l->kind->needs_rtnl);
}

struct vale_port *vale_lookup_find(struct vale_lookup *l)
{
	struct vale_port *port;

	lockdep_assert_held(&l->vn->lock);
	port = l->kind->find ? l->kind->find(l) : NULL;
	return port ?: ERR_PTR(-EINVAL);
}

static struct vale_port *find_or_make(struct vale_lookup *l, bool preview)
{
	struct vale_port *port;

	lockdep_assert_held(&l->vn->lock);
	port = l->kind->find ? l->kind->find(l) : NULL;
	return port ?: l->kind->make(l, preview);
}

struct vale_port *vale_lookup_get(struct vale_lookup *l)
{
	return find_or_make(l, false);
}

struct vale_port *vale_lookup_preview(struct vale_lookup *l)
{
	return find_or_make(l, true);
}
