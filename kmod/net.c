// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Owns the per-namespace state and its end. */
#include "net.h"

#include <linux/rtnetlink.h>
#include <net/netns/generic.h>

#include "handle.h"
#include "nic.h"
#include "switch.h"

static unsigned int net_id;

struct vale_net *vale_net_of(const struct net *net)
{
	return net_generic(net, net_id);
}

static int __net_init net_init(struct net *net)
{
	struct vale_net *vn = vale_net_of(net);

	vn->net = net;
	mutex_init(&vn->lock);
	INIT_LIST_HEAD(&vn->switches);
	INIT_LIST_HEAD(&vn->nics);
	INIT_LIST_HEAD(&vn->helpers);
	return 0;
}

/*
 * No descriptor is bound here any more (they pin the namespace): what is left
 * on switches are NICs, persistent ports and what keeps empty switches.
 */
static void __net_exit net_exit(struct net *net)
{
	struct vale_net *vn = vale_net_of(net);

	vale_port_lock(vn, true);
	vale_nic_flush(vn);
	vale_switch_flush(vn);
	vale_port_unlock(vn, true);
}

static struct pernet_operations net_ops = {
	.init = net_init,
	.exit = net_exit,
	.id = &net_id,
	.size = sizeof(struct vale_net),
};

int vale_net_init(void)
{
	return register_pernet_subsys(&net_ops);
}

void vale_net_fini(void)
{
	unregister_pernet_subsys(&net_ops);
}
