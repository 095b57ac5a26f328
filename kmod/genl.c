// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Generic netlink family "vale": its operations and what they share. Every
 * operation runs under the mutex of the requester's namespace; dumps take it
 * for one buffer at a time and keep their place in cb->ctx.
 */
#include <linux/etherdevice.h>
#include <linux/module.h>
#include <net/sock.h>

#include "core/fdb.h"
#include "event.h"
#include "genl.h"
#include "switch.h"

#define NAME(max) { .type = NLA_NUL_STRING, .len = (max) - 1 }

/* Not const: 6.1 would not take them. */
static struct netlink_range_validation fdb_size_range = {
	.min = VALE_FDB_MIN,
	.max = VALE_FDB_MAX,
};

static struct netlink_range_validation ageing_range = {
	.max = VALE_FDB_AGEING_MAX,
};

static const struct nla_policy switch_policy[] = {
	[VALE_A_SWITCH_NAME] = NAME(VALE_SWITCH_NAME),
};

static const struct nla_policy switch_set_policy[] = {
	[VALE_A_SWITCH_NAME] = NAME(VALE_SWITCH_NAME),
	[VALE_A_FDB_SIZE] = NLA_POLICY_FULL_RANGE(NLA_U32, &fdb_size_range),
	[VALE_A_FDB_AGEING] = NLA_POLICY_FULL_RANGE(NLA_U32, &ageing_range),
	[VALE_A_CREATE] = { .type = NLA_FLAG },
	[VALE_A_EXCHANGE] = NLA_POLICY_MAX(NLA_U32, 1),
};

static const struct nla_policy port_policy[] = {
	[VALE_A_SWITCH_NAME] = NAME(VALE_SWITCH_NAME),
	[VALE_A_PORT_NAME] = NAME(VALE_MEMBER_NAME),
};

static const struct nla_policy fdb_add_policy[] = {
	[VALE_A_SWITCH_NAME] = NAME(VALE_SWITCH_NAME),
	[VALE_A_PORT_NAME] = NAME(VALE_MEMBER_NAME),
	[VALE_A_MAC] = NLA_POLICY_EXACT_LEN(ETH_ALEN),
};

static const struct nla_policy fdb_del_policy[] = {
	[VALE_A_SWITCH_NAME] = NAME(VALE_SWITCH_NAME),
	[VALE_A_MAC] = NLA_POLICY_EXACT_LEN(ETH_ALEN),
};

#define POLICY(p) .policy = (p), .maxattr = ARRAY_SIZE(p) - 1

static const struct genl_ops ops[] = {
	{
		.cmd = VALE_CMD_SWITCH_GET,
		.doit = vale_genl_switch_get,
		.dumpit = vale_genl_switch_dump,
		POLICY(switch_policy),
	},
	{
		.cmd = VALE_CMD_SWITCH_SET,
		.doit = vale_genl_switch_set,
		.flags = GENL_UNS_ADMIN_PERM,
		POLICY(switch_set_policy),
	},
	{
		.cmd = VALE_CMD_SWITCH_DEL,
		.doit = vale_genl_switch_del,
		.flags = GENL_UNS_ADMIN_PERM,
		POLICY(switch_policy),
	},
	{
		.cmd = VALE_CMD_PORT_GET,
		.doit = vale_genl_port_get,
		.dumpit = vale_genl_port_dump,
		POLICY(port_policy),
	},
	{
		.cmd = VALE_CMD_FDB_GET,
		.dumpit = vale_genl_fdb_dump,
		POLICY(switch_policy),
	},
	{
		.cmd = VALE_CMD_FDB_ADD,
		.doit = vale_genl_fdb_add,
		.flags = GENL_UNS_ADMIN_PERM,
		POLICY(fdb_add_policy),
	},
	{
		.cmd = VALE_CMD_FDB_DEL,
		.doit = vale_genl_fdb_del,
		.flags = GENL_UNS_ADMIN_PERM,
		POLICY(fdb_del_policy),
	},
	{
		.cmd = VALE_CMD_FDB_FLUSH,
		.doit = vale_genl_fdb_flush,
		.flags = GENL_UNS_ADMIN_PERM,
		POLICY(port_policy),
	},
};

enum { GROUP_EVENTS };

static const struct genl_multicast_group groups[] = {
	[GROUP_EVENTS] = { .name = VALE_GENL_GROUP_EVENTS },
};

struct genl_family vale_genl_family __ro_after_init = {
	.name = VALE_GENL_NAME,
	.version = VALE_GENL_VERSION,
	.module = THIS_MODULE,
	.netnsok = true,
	.parallel_ops = true,
	.ops = ops,
	.n_ops = ARRAY_SIZE(ops),
	.mcgrps = groups,
	.n_mcgrps = ARRAY_SIZE(groups),
};

/*
 * Switches outlive the family when the module goes: from then on, and before
 * there is a family, nobody listens.
 */
static bool registered;

bool vale_genl_listening(struct net *net)
{
	return READ_ONCE(registered) &&
	       genl_has_listeners(&vale_genl_family, net, GROUP_EVENTS);
}

void vale_genl_multicast(struct net *net, struct sk_buff *skb)
{
	/* Whoever was too slow learns it from its own socket: ENOBUFS. */
	genlmsg_multicast_netns(&vale_genl_family, net, skb, 0, GROUP_EVENTS,
				GFP_KERNEL);
}

int vale_genl_put_mac(struct sk_buff *skb, u64 mac)
{
	__le64 wire = cpu_to_le64(mac);

	return nla_put(skb, VALE_A_MAC, ETH_ALEN, &wire);
}

void *vale_genl_begin(struct sk_buff *skb, const struct vale_genl_to *to)
{
	return genlmsg_put(skb, to->portid, to->seq, &vale_genl_family,
			   to->flags, to->cmd);
}

int vale_genl_end(struct sk_buff *skb, void *hdr, int err)
{
	if (err)
		genlmsg_cancel(skb, hdr);
	else
		genlmsg_end(skb, hdr);
	return err;
}

int vale_genl_refuse(struct netlink_ext_ack *extack,
		     const struct nlattr *blame, const struct nlattr *object,
		     const char *why, int err)
{
	NL_SET_BAD_ATTR(extack, blame);
	vale_extack_about(extack, (const char *)nla_data(object), why);
	return err;
}

int vale_genl_locked(struct genl_info *info,
		     int (*fn)(struct vale_net *vn, struct genl_info *info))
{
	struct vale_net *vn = vale_net_of(genl_info_net(info));
	int err;

	mutex_lock(&vn->lock);
	err = fn(vn, info);
	mutex_unlock(&vn->lock);
	return err;
}

struct vale_switch *vale_genl_switch(struct vale_net *vn,
				     struct nlattr **attrs,
				     struct netlink_ext_ack *extack)
{
	const struct nlattr *name = attrs[VALE_A_SWITCH_NAME];
	struct vale_switch *sw;

	lockdep_assert_held(&vn->lock);
	if (NL_REQ_ATTR_CHECK(extack, NULL, attrs, VALE_A_SWITCH_NAME)) {
		NL_SET_ERR_MSG(extack, "the switch's name is missing");
		return ERR_PTR(-EINVAL);
	}
	sw = vale_switch_find(vn, nla_data(name));
	if (sw && !strcmp(sw->name, nla_data(name)))
		return sw;
	return ERR_PTR(vale_genl_refuse(extack, name, name, "no such switch",
					-ENOENT));
}

int vale_genl_reply(struct genl_info *info, const void *object,
		    int (*put)(struct sk_buff *skb,
			       const struct vale_genl_to *to,
			       const void *object))
{
	struct vale_genl_to to = {
		.portid = info->snd_portid,
		.seq = info->snd_seq,
		.cmd = info->genlhdr->cmd,
	};
	struct sk_buff *skb;
	int err;

	skb = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!skb)
		return -ENOMEM;
	err = put(skb, &to, object);
	if (err) {
		nlmsg_free(skb);
		return err;
	}
	return genlmsg_reply(skb, info);
}

static int dump_switches(struct vale_net *vn, struct sk_buff *skb,
			 struct netlink_callback *cb,
			 int (*walk)(struct sk_buff *skb,
				     struct netlink_callback *cb,
				     const struct vale_switch *sw))
{
	struct nlattr **attrs = genl_info_dump(cb)->attrs;
	struct vale_genl_cursor *at = vale_genl_cursor(cb);
	const struct vale_switch *only = NULL, *sw;
	int err;

	if (attrs[VALE_A_SWITCH_NAME]) {
		only = vale_genl_switch(vn, attrs, cb->extack);
		if (IS_ERR(only))
			return PTR_ERR(only);
	}
	list_for_each_entry(sw, &vn->switches, list) {
		if (sw->index < at->sw || (only && sw != only))
			continue;
		if (sw->index > at->sw)
			*at = (struct vale_genl_cursor){ .sw = sw->index };
		err = walk(skb, cb, sw);
		if (err)
			return err;
		*at = (struct vale_genl_cursor){ .sw = sw->index + 1 };
	}
	return 0;
}

int vale_genl_dump(struct sk_buff *skb, struct netlink_callback *cb,
		   int (*walk)(struct sk_buff *skb,
			       struct netlink_callback *cb,
			       const struct vale_switch *sw))
{
	struct vale_net *vn = vale_net_of(sock_net(skb->sk));
	int err;

	BUILD_BUG_ON(sizeof(struct vale_genl_cursor) > sizeof(cb->ctx));
	mutex_lock(&vn->lock);
	err = dump_switches(vn, skb, cb, walk);
	mutex_unlock(&vn->lock);
	/* A full buffer is no error: the next call goes on from the cursor. */
	return skb->len ?: err;
}

int vale_genl_init(void)
{
	int err;

	err = vale_events_init();
	if (err)
		return err;
	err = genl_register_family(&vale_genl_family);
	if (err)
		vale_events_fini();
	else
		WRITE_ONCE(registered, true);
	return err;
}

void vale_genl_fini(void)
{
	WRITE_ONCE(registered, false);
	/* Forwarding that saw it true has queued its work after this. */
	synchronize_rcu();
	genl_unregister_family(&vale_genl_family);
	vale_events_fini();
}

MODULE_ALIAS_GENL_FAMILY(VALE_GENL_NAME);
