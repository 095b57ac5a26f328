// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Owns what a pipe's name means: which parent, made if it is missing, and
 * which end of which of its pipes. A parent may be a pipe itself.
 */
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>

#include "core/req.h"
#include "lookup.h"
#include "pipe.h"
#include "vport.h"

#define DEPTH_MAX 4	/* pipes of pipes; each costs stack */

static bool is_pipe(const struct vale_lookup *l)
{
	return l->name.kind == VALE_NAME_PIPE;
}

/* The name without any pipe; -EINVAL if some part is empty. */
static int root_of(const char *text, struct vale_pipe_name *split)
{
	char base[NETMAP_REQ_IFNAMSIZ];
	int depth = 0;

	strscpy(base, text, sizeof(base));
	do {
		if (vale_name_split_pipe(split, base) || ++depth > DEPTH_MAX)
			return -EINVAL;
		strscpy(base, split->base, sizeof(base));
	} while (strpbrk(base, "{}"));
	return 0;
}

static int check(const struct vale_lookup *l)
{
	struct vale_pipe_name root;

	if (l->reg->nr_mode != NR_REG_ALL_NIC &&
	    l->reg->nr_mode != NR_REG_ONE_NIC)
		return -EINVAL;
	return root_of(l->text, &root);
}

/* A parent that is meant to be a netdev and is none becomes one. */
static int prepare(const struct vale_lookup *l)
{
	struct vale_pipe_name root;
	struct vale_name name;

	root_of(l->text, &root);
	vale_name_parse(&name, root.base, true);
	if (name.kind != VALE_NAME_NETDEV ||
	    __dev_get_by_name(l->vn->net, root.base))
		return 0;
	return vale_newif_create_helper(l->vn, root.base, l->reg) ? -ENXIO : 0;
}

/* What the helper netdev would be. */
static struct vale_port *preview_helper(const struct vale_lookup *l)
{
	struct vale_vport_spec spec;
	struct vale_vport *vport;

	vale_req_clamp_register(l->reg);
	spec = vale_vport_spec_of(l->reg);
	vport = vale_vport_alloc(l->vn, l->text, &spec);
	return IS_ERR(vport) ? ERR_CAST(vport) : &vport->port;
}

/* The lookup of the parent; reg: where it may put what it clamps. */
static int look_up_parent(struct vale_lookup *base, const struct vale_lookup *l,
			  const char *name, struct nmreq_register *reg)
{
	*reg = *l->reg;
	reg->nr_mode = NR_REG_ALL_NIC;
	reg->nr_flags = 0;
	reg->nr_extra_bufs = 0;
	return vale_lookup_init(base, l->vn, name, reg);
}

static struct vale_port *get_parent(const struct vale_lookup *l,
				    const char *name, bool preview)
{
	struct nmreq_register reg;
	struct vale_lookup base;
	struct vale_port *port;
	int err;

	err = look_up_parent(&base, l, name, &reg);
	if (err)
		return ERR_PTR(err);
	port = preview ? vale_lookup_preview(&base) : vale_lookup_get(&base);
	if (preview && port == ERR_PTR(-ENXIO))
		port = preview_helper(&base);
	if (!IS_ERR(port))
		vale_port_configure(port, &reg);
	return port;
}

static struct vale_port *find(struct vale_lookup *l)
{
	struct vale_port *parent, *port;
	struct vale_pipe_name name;
	struct nmreq_register reg;
	struct vale_lookup base;

	vale_name_split_pipe(&name, l->text);
	if (look_up_parent(&base, l, name.base, &reg))
		return NULL;
	parent = vale_lookup_find(&base);
	if (IS_ERR(parent))
		return NULL;
	port = vale_pipe_find(parent, &name);
	vale_port_release(parent);
	return port;
}

static struct vale_port *make_on(struct vale_port *parent,
				 const struct vale_pipe_name *name,
				 struct nmreq_register *reg, bool preview)
{
	if (preview)
		return vale_pipe_preview(parent, name, reg);
	if (parent->kernel_owned)
		return ERR_PTR(-EBUSY);
	return vale_pipe_create(parent, name, reg);
}

static struct vale_port *make(struct vale_lookup *l, bool preview)
{
	struct vale_pipe_name name;
	struct vale_port *parent, *port;

	vale_name_split_pipe(&name, l->text);
	parent = get_parent(l, name.base, preview);
	if (IS_ERR(parent))
		return parent;
	port = make_on(parent, &name, l->reg, preview);
	vale_port_release(parent);
	return port;
}

const struct vale_kind vale_pipe_kind = {
	.match = is_pipe,
	.check = check,
	.needs_rtnl = true,
	.prepare = prepare,
	.find = find,
	.make = make,
};
