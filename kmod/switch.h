/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef VALE_SWITCH_H
#define VALE_SWITCH_H

#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/math64.h>
#include <linux/rcupdate.h>
#include <linux/workqueue.h>

#include "core/fwd.h"
#include "net.h"
#include "stats.h"

#define VALE_SWITCH_NAME 16
/* "vale" + 11, colon, 15 of the port, "^" of a host side, NUL */
#define VALE_MEMBER_NAME 40

struct net_device;
struct vale_member;
struct vale_switch;

struct vale_member_ops {
	/* Takes whole packets (core/fwd.h), if a batch has them: socket buffers. */
	bool whole;
	/*
	 * Send the packets of one destination on: those of queue q (NULL: none
	 * of its own) merged with the flood queue if `flood`. src_ring is the
	 * number of the ring they came from. BH disabled, RCU read side. Counts
	 * what it delivers and drops in m->stats.
	 */
	void (*deliver)(struct vale_member *m, struct vale_batch *b,
			const struct vale_queue *q, bool flood, u16 src_ring);
};

/*
 * What a switch knows of a port. Embedded in a VALE port, or two in a NIC
 * (wire and host). The embedder owns the memory and keeps it until
 * vale_switch_leave has returned.
 */
struct vale_member {
	/* What forwarding reads: a line. */
	const struct vale_member_ops *ops;
	struct vale_stats __percpu *stats;	/* embedder's, never NULL */
	struct vale_port *port;		/* whose rings, MEM_ID, users */
	struct vale_switch *sw;		/* NULL: not on a switch */
	struct net_device *dev;		/* NIC, HOST, PERSISTENT; else NULL */
	u8 header;			/* in front of each packet: core/vnet.h */
	u8 index;
	bool link;
	enum vale_port_kind kind;
	char name[VALE_MEMBER_NAME];	/* in full: "vale0:eth0^" */
} ____cacheline_aligned_in_smp;

struct vale_switch {
	/* What forwarding reads, and hardly anybody writes. */
	struct vale_fdb __rcu *fdb;
	unsigned int top;		/* highest index in use + 1 */
	bool exchange;			/* buffers within a region */
	bool pinned;			/* made by SWITCH_SET: stays while empty */
	u32 ageing;			/* seconds, 0 = never */
	struct vale_event_queue *events;	/* MAC events on their way */
	struct vale_member __rcu *member[VALE_PORT_MAX];

	/* Who learns takes it, as often as somebody sends new addresses. */
	spinlock_t fdb_lock ____cacheline_aligned_in_smp; /* BH disabled */

	struct vale_net *vn ____cacheline_aligned_in_smp;
	struct list_head list;		/* in vn->switches, by index */
	u32 index;			/* LIST's bridge index */
	unsigned int nmembers;
	u32 fdb_size;
	struct delayed_work age_work;
	char name[VALE_SWITCH_NAME];	/* "vale0" */
};

/* Everything but forward runs under vn->lock. */

/* NULL if there is none. `name` need not end after the switch part. */
struct vale_switch *vale_switch_find(struct vale_net *vn, const char *name);
struct vale_member *vale_member_find(struct vale_net *vn, const char *name);

static inline struct vale_member *vale_switch_member(struct vale_switch *sw,
						     u32 index)
{
	return rcu_dereference_protected(sw->member[index],
					 lockdep_is_held(&sw->vn->lock));
}

/* One who holds either lock: tables are exchanged under both. */
static inline struct vale_fdb *vale_switch_fdb(const struct vale_switch *sw)
{
	return rcu_dereference_protected(sw->fdb,
					 lockdep_is_held(&sw->fdb_lock) ||
					 lockdep_is_held(&sw->vn->lock));
}

/*
 * Put m, whose name, kind, ops, stats and port are set, on the switch its name
 * names; the switch is created if missing. -EBUSY: name taken; -ENOMEM:
 * max_bridges, 254 ports or memory exhausted.
 */
int __must_check vale_switch_join(struct vale_net *vn, struct vale_member *m);

/* Off it again: entries purged, a grace period waited, the switch destroyed
 * with its last member unless pinned. m->index stays readable. */
void vale_switch_leave(struct vale_member *m);

/* What SWITCH_SET of netlink may change; < 0 leaves as it is. */
struct vale_switch_wish {
	s64 fdb_size;
	s64 ageing;
	s64 exchange;
};

/* SWITCH_SET and SWITCH_DEL of netlink. */
struct vale_switch *vale_switch_create(struct vale_net *vn, const char *name);
int vale_switch_set(struct vale_switch *sw,
		    const struct vale_switch_wish *wish);
int vale_switch_unpin(struct vale_switch *sw);

void vale_member_set_link(struct vale_member *m, bool up);

/*
 * The forwarding call: classify the gathered batch of member src and deliver
 * it. BH disabled; RCU read side taken inside. Counts what came in.
 */
void vale_switch_forward(struct vale_member *src, struct vale_batch *b,
			 u16 src_ring);

/* n source addresses that were met on the port with this index. BH disabled. */
void vale_switch_learn(struct vale_switch *sw, const u64 *mac, u32 n, u8 port,
		       u16 now);

/* This CPU's batch, emptied. BH disabled until it has been forwarded. */
struct vale_batch *vale_batch_get(void);
/* Another, for one member's view of a batch. Until it has been delivered. */
struct vale_batch *vale_batch_get_flat(void);

/* Seconds modulo 2^16, the clock of the FDB; a load and a multiplication. */
static inline u16 vale_switch_now(void)
{
	return div_u64(get_jiffies_64(), HZ);
}

/* Every member and pin of the namespace goes. */
void vale_switch_flush(struct vale_net *vn);

int vale_forward_init(void);
void vale_forward_fini(void);
int vale_switch_init(void);
void vale_switch_fini(void);

#endif /* VALE_SWITCH_H */
