/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef VALE_GENL_H
#define VALE_GENL_H

#include <net/genetlink.h>
#include <linux/vale.h>

#include "net.h"

struct vale_switch;

/* Of a message under way: where it goes. */
struct vale_genl_to {
	u32 portid;
	u32 seq;
	int flags;
	u8 cmd;
};

extern struct genl_family vale_genl_family;

/* Is anybody subscribed to the events of this namespace? Any context. */
bool vale_genl_listening(struct net *net);
/* Consumes skb. May sleep. */
void vale_genl_multicast(struct net *net, struct sk_buff *skb);

int vale_genl_put_mac(struct sk_buff *skb, u64 mac);
void *vale_genl_begin(struct sk_buff *skb, const struct vale_genl_to *to);
/* Close the message, or take it back if err. Returns err. */
int vale_genl_end(struct sk_buff *skb, void *hdr, int err);

/*
 * The request cannot be met: tell which attribute is to blame, which object
 * it was about and why (a literal). Returns err.
 */
int vale_genl_refuse(struct netlink_ext_ack *extack,
		     const struct nlattr *blame, const struct nlattr *object,
		     const char *why, int err);

/* Run fn under the mutex of the requester's namespace. */
int vale_genl_locked(struct genl_info *info,
		     int (*fn)(struct vale_net *vn, struct genl_info *info));

/* The switch SWITCH_NAME names; ERR_PTR with the extack set. Under vn->lock. */
struct vale_switch *vale_genl_switch(struct vale_net *vn,
				     struct nlattr **attrs,
				     struct netlink_ext_ack *extack);

/* Answer one object: put() writes it; -EMSGSIZE if it does not fit. */
int vale_genl_reply(struct genl_info *info, const void *object,
		    int (*put)(struct sk_buff *skb,
			       const struct vale_genl_to *to,
			       const void *object));

/*
 * Common part of the dumps: for every switch (or the one of SWITCH_NAME) from
 * cursor->sw on, walk() writes what belongs to it, keeping its place in the
 * cursor, which is zeroed but for `sw` before each switch.
 */
struct vale_genl_cursor {
	u32 sw;		/* index of the switch */
	u32 pos;	/* within it: walk's own */
	u64 table;	/* identity of the table `pos` belongs to */
};

int vale_genl_dump(struct sk_buff *skb, struct netlink_callback *cb,
		   int (*walk)(struct sk_buff *skb,
			       struct netlink_callback *cb,
			       const struct vale_switch *sw));

static inline struct vale_genl_cursor *
vale_genl_cursor(struct netlink_callback *cb)
{
	return (struct vale_genl_cursor *)cb->ctx;
}

static inline struct vale_genl_to
vale_genl_dump_to(const struct netlink_callback *cb, u8 cmd)
{
	return (struct vale_genl_to){
		.portid = NETLINK_CB(cb->skb).portid,
		.seq = cb->nlh->nlmsg_seq,
		.flags = NLM_F_MULTI,
		.cmd = cmd,
	};
}

/* The operations, by the object they are about. */
int vale_genl_switch_get(struct sk_buff *skb, struct genl_info *info);
int vale_genl_switch_dump(struct sk_buff *skb, struct netlink_callback *cb);
int vale_genl_switch_set(struct sk_buff *skb, struct genl_info *info);
int vale_genl_switch_del(struct sk_buff *skb, struct genl_info *info);
int vale_genl_port_get(struct sk_buff *skb, struct genl_info *info);
int vale_genl_port_dump(struct sk_buff *skb, struct netlink_callback *cb);
int vale_genl_fdb_dump(struct sk_buff *skb, struct netlink_callback *cb);
int vale_genl_fdb_add(struct sk_buff *skb, struct genl_info *info);
int vale_genl_fdb_del(struct sk_buff *skb, struct genl_info *info);
int vale_genl_fdb_flush(struct sk_buff *skb, struct genl_info *info);

/* event.c's share of vale_genl_init and vale_genl_fini. */
int vale_events_init(void);
void vale_events_fini(void);

#endif /* VALE_GENL_H */
