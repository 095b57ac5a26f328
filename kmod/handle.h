/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef VALE_HANDLE_H
#define VALE_HANDLE_H

#include <linux/mutex.h>
#include <net/netmap.h>

#include "core/req.h"
#include "csb.h"
#include "port.h"

/*
 * One open file description. Bound at most once, to one port; unbound when the
 * last descriptor and mapping are gone, so syncs, polls and faults, which all
 * hold the file, find the binding complete or not at all.
 */
struct vale_handle {
	struct mutex lock;	/* one request that binds at a time */
	struct net *net;	/* pinned while bound */
	struct vale_port *port;	/* load with acquire; NULL: unbound */
	struct vale_ring_range range[VALE_DIRS];
	u64 flags;		/* NR_* of the binding */
	struct netmap_if *nifp;
	u32 nifp_obj;		/* index in the region's if pool */
	struct vale_csb *csb;	/* load with acquire; NULL: not in CSB mode */
	struct vale_kloop kloop;
	/* Load with acquire; NULL: it may open any port. */
	struct vale_confinement *confined;
};

static inline struct vale_port *vale_handle_port(struct vale_handle *h)
{
	return smp_load_acquire(&h->port);
}

/* How many it has bound. */
static inline u32 vale_handle_rings(const struct vale_handle *h)
{
	return h->range[VALE_TX].last - h->range[VALE_TX].first +
	       h->range[VALE_RX].last - h->range[VALE_RX].first;
}

struct vale_opts;

/*
 * Bind h to port (whose reference it takes over on success) as reg asks, and
 * fill in reg's answers; of the options (or NULL) only OFFSETS. Under vn->lock, and RTNL if the port wants it. Errors
 * of SEMANTICS 2.2 from "port attached to a switch" on; the port is as before.
 * Other threads with the same descriptor see nothing of it until it is
 * published; before that it may still be reverted, which leaves the reference.
 */
int vale_handle_bind(struct vale_handle *h, struct vale_port *port,
		     struct nmreq_register *reg, struct vale_opts *opts);
void vale_handle_publish(struct vale_handle *h, struct vale_port *port);
void vale_handle_revert(struct vale_handle *h, struct vale_port *port);

/* Undo; takes the locks itself. A no-op on an unbound handle. */
void vale_handle_unbind(struct vale_handle *h);

/* RTNL if the port's changes need it, then vn->lock. Unlocking removes netdevs
 * that were made for pipes and have none any more. */
void vale_port_lock(struct vale_net *vn, bool needs_rtnl);
void vale_port_unlock(struct vale_net *vn, bool needs_rtnl);

#endif /* VALE_HANDLE_H */
