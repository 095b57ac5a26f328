// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Switches over netlink: SWITCH_GET, SWITCH_SET, SWITCH_DEL. */
#include <linux/log2.h>

#include "core/name.h"
#include "genl.h"
#include "switch.h"

static int put_settings(struct sk_buff *skb, const struct vale_switch *sw)
{
	const struct vale_fdb *fdb;

	fdb = rcu_dereference_protected(sw->fdb,
					lockdep_is_held(&sw->vn->lock));
	/* The forwarding path counts meanwhile; any recent value will do. */
	if (nla_put_u32(skb, VALE_A_EXCHANGE, sw->exchange) ||
	    nla_put_u32(skb, VALE_A_FDB_SIZE, sw->fdb_size) ||
	    nla_put_u32(skb, VALE_A_FDB_USED, READ_ONCE(fdb->used)) ||
	    nla_put_u32(skb, VALE_A_FDB_AGEING, sw->ageing) ||
	    nla_put_u64_64bit(skb, VALE_A_FDB_FULL, READ_ONCE(fdb->full),
			      VALE_A_PAD))
		return -EMSGSIZE;
	return 0;
}

static int put_switch(struct sk_buff *skb, const struct vale_genl_to *to,
		      const void *object)
{
	const struct vale_switch *sw = object;
	int err = -EMSGSIZE;
	void *hdr;

	hdr = vale_genl_begin(skb, to);
	if (!hdr)
		return -EMSGSIZE;
	if (!nla_put_string(skb, VALE_A_SWITCH_NAME, sw->name) &&
	    !nla_put_u32(skb, VALE_A_PORTS, sw->nmembers))
		err = put_settings(skb, sw);
	return vale_genl_end(skb, hdr, err);
}

static int get(struct vale_net *vn, struct genl_info *info)
{
	struct vale_switch *sw;

	sw = vale_genl_switch(vn, info->attrs, info->extack);
	if (IS_ERR(sw))
		return PTR_ERR(sw);
	return vale_genl_reply(info, sw, put_switch);
}

int vale_genl_switch_get(struct sk_buff *skb, struct genl_info *info)
{
	return vale_genl_locked(info, get);
}

static int walk(struct sk_buff *skb, struct netlink_callback *cb,
		const struct vale_switch *sw)
{
	struct vale_genl_to to = vale_genl_dump_to(cb, VALE_CMD_SWITCH_GET);

	return put_switch(skb, &to, sw);
}

int vale_genl_switch_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	return vale_genl_dump(skb, cb, walk);
}

/* Could a port of the name's switch be registered? */
static bool is_switch_name(const char *text)
{
	char port[VALE_SWITCH_NAME + 1];
	struct vale_name name;

	snprintf(port, sizeof(port), "%s:", text);
	return !vale_name_parse(&name, port, true) &&
	       name.kind == VALE_NAME_PORT && !strcmp(name.switch_name, text);
}

/* Find the switch, or make it; *made says which. */
static struct vale_switch *find_or_create(struct vale_net *vn,
					  struct genl_info *info, bool *made)
{
	const struct nlattr *name = info->attrs[VALE_A_SWITCH_NAME];
	struct vale_switch *sw;

	*made = false;
	if (!nla_get_flag(info->attrs[VALE_A_CREATE]))
		return vale_genl_switch(vn, info->attrs, info->extack);
	if (name) {
		sw = vale_switch_find(vn, nla_data(name));
		*made = !sw;
	}
	if (!*made)
		return vale_genl_switch(vn, info->attrs, info->extack);
	if (!is_switch_name(nla_data(name)))
		return ERR_PTR(vale_genl_refuse(info->extack, name, name,
						"not a name for a switch",
						-EINVAL));
	sw = vale_switch_create(vn, nla_data(name));
	if (IS_ERR(sw))
		vale_genl_refuse(info->extack, name, name,
				 "switch cannot be created", PTR_ERR(sw));
	return sw;
}

static s64 wanted(const struct nlattr *attr)
{
	return attr ? (s64)nla_get_u32(attr) : -1;
}

static int set(struct vale_net *vn, struct genl_info *info)
{
	const struct nlattr *name = info->attrs[VALE_A_SWITCH_NAME];
	const struct nlattr *size = info->attrs[VALE_A_FDB_SIZE];
	const struct vale_switch_wish wish = {
		.fdb_size = wanted(size),
		.ageing = wanted(info->attrs[VALE_A_FDB_AGEING]),
		.exchange = wanted(info->attrs[VALE_A_EXCHANGE]),
	};
	struct vale_switch *sw;
	bool made;
	int err;

	if (size && name && !is_power_of_2(nla_get_u32(size)))
		return vale_genl_refuse(info->extack, size, name,
					"FDB size is not a power of two",
					-EINVAL);
	sw = find_or_create(vn, info, &made);
	if (IS_ERR(sw))
		return PTR_ERR(sw);
	err = vale_switch_set(sw, &wish);
	if (err) {
		if (made)
			vale_switch_unpin(sw);
		return vale_genl_refuse(info->extack, size, name,
					"settings cannot be applied", err);
	}
	/* One that came with its first port is to stay from now on, too. */
	if (nla_get_flag(info->attrs[VALE_A_CREATE]))
		sw->pinned = true;
	return 0;
}

int vale_genl_switch_set(struct sk_buff *skb, struct genl_info *info)
{
	return vale_genl_locked(info, set);
}

static int del(struct vale_net *vn, struct genl_info *info)
{
	const struct nlattr *name = info->attrs[VALE_A_SWITCH_NAME];
	struct vale_switch *sw;

	sw = vale_genl_switch(vn, info->attrs, info->extack);
	if (IS_ERR(sw))
		return PTR_ERR(sw);
	if (!sw->pinned)
		return vale_genl_refuse(info->extack, name, name,
					"goes away with its last port only",
					-EBUSY);
	return vale_switch_unpin(sw);
}

int vale_genl_switch_del(struct sk_buff *skb, struct genl_info *info)
{
	return vale_genl_locked(info, del);
}
