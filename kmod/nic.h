/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef VALE_NIC_H
#define VALE_NIC_H

#include <linux/netdevice.h>

#include "port.h"
#include "switch.h"

/* Exact rings of VALE_ATTACH; bit r of word r / 64. */
struct vale_ring_set {
	u64 rx[VALE_RING_WORDS];
	u64 tx[VALE_RING_WORDS];
};

struct vale_nic_attach {
	const char *name;	/* "vale0:eth0" */
	bool host;		/* its host stack too */
	const struct vale_ring_set *set;	/* NULL: by mode, ringid, flags */
	u32 mode;		/* NR_REG_ALL_NIC, NIC_SW or ONE_NIC */
	u32 ringid;
	u64 flags;		/* NR_RX_RINGS_ONLY, NR_TX_RINGS_ONLY */
};

/* All under RTNL and vn->lock. */

/*
 * The netmap port of a netdev, with a reference: its persistent VALE port, or
 * the emulated adapter, created if need be. ERR_PTR: -ENXIO no such netdev,
 * -EOPNOTSUPP, -ENOMEM.
 */
struct vale_port *vale_nic_get(struct vale_net *vn, const char *ifname);

/* Attach, detach a netdev that is not a VALE port of ours; *index is the port's
 * index. Errors of SEMANTICS 2.6 and 2.7. */
int vale_nic_attach(struct vale_net *vn, struct net_device *dev,
		    const struct vale_nic_attach *what, u32 *index);
int vale_nic_detach(struct vale_net *vn, struct vale_member *m, u32 *index);

/*
 * The counters of a netdev that programs have open: "eth0", "eth0^" for its
 * host rings. On no switch; only for looking at under vn->lock. NULL: none.
 */
struct vale_member *vale_nic_member(struct vale_net *vn, const char *name);

/* By what it is had now. */
enum vale_adapter vale_nic_adapter(const struct vale_port *port);

/* The namespace goes away: detach whatever is attached. */
void vale_nic_flush(struct vale_net *vn);

int vale_nic_init(void);
void vale_nic_fini(void);

#endif /* VALE_NIC_H */
