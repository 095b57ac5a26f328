// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Forwarding tables over netlink: FDB_GET, FDB_ADD, FDB_DEL, FDB_FLUSH. The
 * namespace's mutex keeps the table and the ports in place; entries are read
 * without a lock and written under fdb_lock.
 */
#include <linux/etherdevice.h>

#include "core/fdb.h"
#include "genl.h"
#include "table.h"

static int put_entry(struct sk_buff *skb, const struct vale_genl_to *to,
		     const struct vale_switch *sw,
		     const struct vale_fdb_entry *entry)
{
	const struct vale_member *m;
	/* Read after the stamp was, so that it is not older than it. */
	u16 age = vale_switch_now() - entry->stamp;

	m = rcu_dereference_protected(sw->member[entry->port],
				      lockdep_is_held(&sw->vn->lock));
	if (nla_put_string(skb, VALE_A_SWITCH_NAME, sw->name) ||
	    vale_genl_put_mac(skb, entry->mac) ||
	    nla_put_u32(skb, VALE_A_PORT_INDEX, entry->port) ||
	    (m && nla_put_string(skb, VALE_A_PORT_NAME, m->name)))
		return -EMSGSIZE;
	return entry->is_static ? nla_put_flag(skb, VALE_A_FDB_STATIC) :
				  nla_put_u32(skb, VALE_A_FDB_AGE, age);
}

/*
 * Another table than the one the dump began with (the switch was resized, or
 * is another of that index): the place in it means nothing any more. Say so
 * with NLM_F_DUMP_INTR and go on; the reader starts over if it cares.
 */
static void check_table(struct netlink_callback *cb, const struct vale_fdb *fdb)
{
	struct vale_genl_cursor *at = vale_genl_cursor(cb);
	u64 table = fdb->key[0] ^ fdb->limit ^ (uintptr_t)fdb;

	if (at->pos && at->table != table)
		cb->seq++;
	at->table = table;
}

/* As vale_fdb_next to the table's end, with pauses: it may be large and empty. */
static bool next_entry(const struct vale_fdb *fdb, u32 *cursor,
		       struct vale_fdb_entry *entry)
{
	while (*cursor < vale_fdb_end(fdb)) {
		if (vale_fdb_next(fdb, cursor, vale_table_stride(fdb, *cursor),
				  entry))
			return true;
		cond_resched();
	}
	return false;
}

static int walk(struct sk_buff *skb, struct netlink_callback *cb,
		const struct vale_switch *sw)
{
	struct vale_genl_to to = vale_genl_dump_to(cb, VALE_CMD_FDB_GET);
	struct vale_genl_cursor *at = vale_genl_cursor(cb);
	const struct vale_fdb *fdb = vale_switch_fdb(sw);
	struct vale_fdb_entry entry;
	u32 next = at->pos;
	void *hdr;
	int err;

	check_table(cb, fdb);
	while (next_entry(fdb, &next, &entry)) {
		hdr = vale_genl_begin(skb, &to);
		if (!hdr)
			return -EMSGSIZE;
		genl_dump_check_consistent(cb, hdr);
		err = vale_genl_end(skb, hdr, put_entry(skb, &to, sw, &entry));
		if (err)
			return err;
		at->pos = next;
	}
	return 0;
}

int vale_genl_fdb_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	/* Zero is no sequence number: consistency would not be checked. */
	if (!cb->seq)
		cb->seq = 1;
	return vale_genl_dump(skb, cb, walk);
}

/* MAC of the request, checked; -errno with the extack set. */
static int request_mac(struct genl_info *info, u64 *mac)
{
	const struct nlattr *attr = info->attrs[VALE_A_MAC];

	if (GENL_REQ_ATTR_CHECK(info, VALE_A_MAC)) {
		GENL_SET_ERR_MSG(info, "the MAC address is missing");
		return -EINVAL;
	}
	if (!is_valid_ether_addr(nla_data(attr))) {
		GENL_SET_ERR_MSG(info, "not the MAC address of a station");
		NL_SET_BAD_ATTR(info->extack, attr);
		return -EINVAL;
	}
	*mac = vale_mac_load(nla_data(attr));
	return 0;
}

/* Port of the request; ERR_PTR with the extack set. */
static struct vale_member *request_port(struct vale_net *vn,
					struct genl_info *info)
{
	const struct nlattr *name = info->attrs[VALE_A_PORT_NAME];
	struct vale_member *m;

	if (GENL_REQ_ATTR_CHECK(info, VALE_A_PORT_NAME)) {
		GENL_SET_ERR_MSG(info, "the port's name is missing");
		return ERR_PTR(-EINVAL);
	}
	m = vale_member_find(vn, nla_data(name));
	if (m)
		return m;
	return ERR_PTR(vale_genl_refuse(info->extack, name, name,
					"no such port", -ENOENT));
}

/* Switch and MAC, what every change of an entry names; 0 or -errno. */
static int request_entry(struct vale_net *vn, struct genl_info *info,
			 struct vale_switch **sw, u64 *mac)
{
	*sw = vale_genl_switch(vn, info->attrs, info->extack);
	if (IS_ERR(*sw))
		return PTR_ERR(*sw);
	return request_mac(info, mac);
}

/* To this port for good, or (NULL) nowhere. */
static int change_entry(struct genl_info *info, struct vale_switch *sw,
			u64 mac, const struct vale_member *to)
{
	struct vale_fdb *fdb;
	int err;

	spin_lock_bh(&sw->fdb_lock);
	fdb = vale_switch_fdb(sw);
	err = to ? vale_fdb_add_static(fdb, mac, to->index) :
		   vale_fdb_del(fdb, mac);
	spin_unlock_bh(&sw->fdb_lock);
	if (err)
		vale_genl_refuse(info->extack, info->attrs[VALE_A_MAC],
				 info->attrs[VALE_A_SWITCH_NAME],
				 to ? "no room for the address" :
				      "no such address", err);
	return err;
}

static int add(struct vale_net *vn, struct genl_info *info)
{
	const struct nlattr *name = info->attrs[VALE_A_PORT_NAME];
	struct vale_switch *sw;
	struct vale_member *m;
	u64 mac;
	int err;

	err = request_entry(vn, info, &sw, &mac);
	if (err)
		return err;
	m = request_port(vn, info);
	if (IS_ERR(m))
		return PTR_ERR(m);
	if (m->sw != sw)
		return vale_genl_refuse(info->extack, name, name,
					"port of another switch", -EINVAL);
	return change_entry(info, sw, mac, m);
}

int vale_genl_fdb_add(struct sk_buff *skb, struct genl_info *info)
{
	return vale_genl_locked(info, add);
}

static int del(struct vale_net *vn, struct genl_info *info)
{
	struct vale_switch *sw;
	u64 mac;
	int err;

	err = request_entry(vn, info, &sw, &mac);
	return err ?: change_entry(info, sw, mac, NULL);
}

int vale_genl_fdb_del(struct sk_buff *skb, struct genl_info *info)
{
	return vale_genl_locked(info, del);
}

static int flush_port(struct vale_net *vn, struct genl_info *info)
{
	struct vale_member *m;

	m = request_port(vn, info);
	if (IS_ERR(m))
		return PTR_ERR(m);
	vale_table_flush_port(m->sw, m->index, false);
	return 0;
}

static int flush(struct vale_net *vn, struct genl_info *info)
{
	struct vale_switch *sw;

	if (info->attrs[VALE_A_PORT_NAME])
		return flush_port(vn, info);
	sw = vale_genl_switch(vn, info->attrs, info->extack);
	if (IS_ERR(sw))
		return PTR_ERR(sw);
	vale_table_flush(sw);
	return 0;
}

int vale_genl_fdb_flush(struct sk_buff *skb, struct genl_info *info)
{
	return vale_genl_locked(info, flush);
}
