// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Owns confined handles: those that may open one port and nothing else,
 * whoever holds the descriptor. A confinement is set once, under h->lock, and
 * keeps its port's memory and its network namespace, but not the port: that
 * may leave its switch or be deleted, and is never opened again then.
 */
#include "confine.h"

#include <linux/nsproxy.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "core/confine.h"
#include "ctrl.h"
#include "lookup.h"
#include "switch.h"

struct vale_confinement {
	struct net *net;
	struct vale_port *port;
	struct vale_confine_port may;
};

/* What others have in their rings is in the global region, too. */
static int check_port(const struct vale_member *m)
{
	if (!m)
		return -ENXIO;
	if (m->kind == VALE_PORT_NIC || m->kind == VALE_PORT_HOST)
		return -EINVAL;
	return m->port->region->id == VALE_REGION_GLOBAL ? -EPERM : 0;
}

static int take_port(struct vale_confinement *c)
{
	struct vale_net *vn = vale_net_of(c->net);
	struct vale_member *m;
	int err;

	vale_port_lock(vn, false);
	m = vale_member_find(vn, c->may.name);
	err = check_port(m);
	if (!err) {
		vale_port_get(m->port);
		c->port = m->port;
		c->may.mem_id = m->port->region->id;
	}
	vale_port_unlock(vn, false);
	return err;
}

static struct vale_confinement *create(const char *name)
{
	struct vale_confinement *c = kzalloc(sizeof(*c), GFP_KERNEL);
	int err;

	if (!c)
		return ERR_PTR(-ENOMEM);
	memcpy(c->may.name, name, sizeof(c->may.name));
	c->net = current->nsproxy->net_ns;
	err = take_port(c);
	if (err) {
		kfree(c);
		return ERR_PTR(err);
	}
	get_net(c->net);
	return c;
}

static int confine(struct vale_handle *h, const char *name)
{
	struct vale_confinement *c;

	if (h->port || h->confined)
		return -EBUSY;
	c = create(name);
	if (IS_ERR(c))
		return PTR_ERR(c);
	/* (P) its fields; partner: the load of whoever asks. */
	smp_store_release(&h->confined, c);
	return 0;
}

long vale_confine(struct vale_handle *h, const void __user *arg)
{
	struct vale_confine to;
	int err;

	if (copy_from_user(&to, arg, sizeof(to)))
		return -EFAULT;
	err = vale_confine_check_name(to.name);
	if (err)
		return err;
	mutex_lock(&h->lock);
	err = confine(h, to.name);
	mutex_unlock(&h->lock);
	return err;
}

int vale_confine_admit(struct vale_request *req)
{
	int err;

	/* (P) */
	req->confined = smp_load_acquire(&req->handle->confined);
	if (!req->confined) {
		req->vn = vale_net_of(current->nsproxy->net_ns);
		return 0;
	}
	req->vn = vale_net_of(req->confined->net);
	err = vale_confine_check(&req->confined->may, req->hdr, req->body);
	return !err && req->opts ? vale_confine_check_options(req->opts) : err;
}

struct vale_port *vale_confine_find(const struct vale_request *req,
				    struct vale_lookup *l)
{
	struct vale_port *port;

	if (!req->confined)
		return NULL;
	port = vale_lookup_find(l);
	if (IS_ERR(port))
		return ERR_PTR(-ENXIO);
	if (port == req->confined->port)
		return port;
	vale_port_release(port);
	return ERR_PTR(-ENXIO);
}

void vale_confine_drop(struct vale_handle *h)
{
	struct vale_confinement *c = h->confined;

	if (!c)
		return;
	vale_port_put(c->port);
	put_net(c->net);
	kfree(c);
}
