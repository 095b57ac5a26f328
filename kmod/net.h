/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef VALE_NET_H
#define VALE_NET_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <net/net_namespace.h>

/*
 * What the module keeps for one network namespace. Every control operation
 * runs under the mutex. Lock order: RTNL, then the mutex; whoever holds the
 * mutex never takes RTNL. Switches and NICs do not pin the namespace; open
 * descriptors (handles) do.
 */
struct vale_net {
	struct net *net;
	struct mutex lock;
	struct list_head switches;	/* struct vale_switch, by index */
	unsigned int nswitches;
	struct list_head nics;		/* struct vale_nic */
	struct list_head helpers;	/* struct vale_vport, made for pipes */
};

struct vale_net *vale_net_of(const struct net *net);

/*
 * Until no sender is left in what was made invisible: under the mutex, for
 * which others wait, so not for a grace period's own leisurely pace, which is
 * 20 ms a port where there are several CPUs.
 */
static inline void vale_net_quiesce(void)
{
	might_sleep();
	synchronize_rcu_expedited();
}

int vale_net_init(void);
void vale_net_fini(void);

#endif /* VALE_NET_H */
