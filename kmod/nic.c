// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Owns the adapters of netdevs: one each, found by netdev, made when first
 * asked for; which of the two kinds it is, as long as nobody uses it; and what happens to them when their netdev changes or goes.
 * Everything but destroy runs under RTNL and vn->lock.
 */
#include <linux/ethtool.h>
#include <linux/if_arp.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "nic_priv.h"
#include "param.h"
#include "vport.h"

#define MIN_RING_PARAM	3	/* fewer slots than that is no answer */

/* vn->nics of every namespace: an adapter may be destroyed under any lock. */
static DEFINE_SPINLOCK(nics_lock);

static struct vale_nic *find(struct vale_net *vn, const struct net_device *dev)
{
	struct vale_nic *nic;

	ASSERT_RTNL();
	spin_lock(&nics_lock);
	list_for_each_entry(nic, &vn->nics, list) {
		if (rcu_access_pointer(nic->dev) == dev &&
		    kref_get_unless_zero(&nic->port.ref))
			goto found;
	}
	nic = NULL;
found:
	spin_unlock(&nics_lock);
	return nic;
}

static u32 channels(const struct ethtool_channels *ch, int dir)
{
	return (dir == VALE_TX ? ch->tx_count : ch->rx_count) ?:
	       ch->combined_count;
}

static u32 slots(const struct ethtool_ringparam *rp, int dir)
{
	u32 now = dir == VALE_TX ? rp->tx_pending : rp->rx_pending;
	u32 most = dir == VALE_TX ? rp->tx_max_pending : rp->rx_max_pending;

	if (now >= MIN_RING_PARAM)
		return now;
	return most >= MIN_RING_PARAM ? most : 0;
}

/* Zeros where the driver does not say. */
static void ask_driver(struct net_device *dev, struct ethtool_channels *ch,
		       struct ethtool_ringparam *rp)
{
	const struct ethtool_ops *ops = dev->ethtool_ops;
	struct kernel_ethtool_ringparam krp = { };

	*ch = (struct ethtool_channels){ .cmd = ETHTOOL_GCHANNELS };
	*rp = (struct ethtool_ringparam){ .cmd = ETHTOOL_GRINGPARAM };
	if (!netif_device_present(dev) || !vale_ethtool_trylock(dev))
		return;
	if (ops->get_channels)
		ops->get_channels(dev, ch);
	if (ops->get_ringparam)
		ops->get_ringparam(dev, rp, &krp, NULL);
	vale_ethtool_unlock(dev);
}

void vale_nic_config(struct vale_port *port)
{
	const struct vale_nic *nic = vale_nic_of(port);
	struct net_device *dev = vale_nic_dev(nic);
	u32 fallback = max(READ_ONCE(vale_param.generic_ringsize), 2);
	struct ethtool_ringparam rp;
	struct ethtool_channels ch;
	int dir;

	/* A switch counts on the numbers it was attached with. */
	if (!dev || nic->att)
		return;
	ask_driver(dev, &ch, &rp);
	for (dir = 0; dir < VALE_DIRS; dir++) {
		u32 real = dir == VALE_TX ? dev->real_num_tx_queues :
					    dev->real_num_rx_queues;

		port->nrings[dir] = clamp(channels(&ch, dir) ?: real, 1u,
					  (u32)VALE_NIC_RINGS_MAX);
		port->nslots[dir] = min(slots(&rp, dir) ?: fallback,
					(u32)VALE_NIC_MAX_SLOTS);
		port->nhost[dir] = 1;
	}
}

static struct vale_nic *create(struct vale_net *vn, struct net_device *dev)
{
	struct vale_nic *nic = kzalloc(sizeof(*nic), GFP_KERNEL);

	if (!nic)
		return ERR_PTR(-ENOMEM);
	vale_port_init(&nic->port, &vale_emul_ops, vn, dev->name);
	nic->wire.stats = vale_stats_alloc();
	if (!nic->wire.stats)
		goto err_free_nic;
	nic->host.stats = vale_stats_alloc();
	if (!nic->host.stats)
		goto err_free_stats;
	nic->up = netif_running(dev);
	nic->veth = vale_dev_is_veth(dev);
	netdev_hold(dev, &nic->tracker, GFP_KERNEL);
	rcu_assign_pointer(nic->dev, dev);
	vale_nic_config(&nic->port);
	spin_lock(&nics_lock);
	list_add(&nic->list, &vn->nics);
	spin_unlock(&nics_lock);
	return nic;

err_free_stats:
	free_percpu(nic->wire.stats);
err_free_nic:
	kfree(nic);
	return ERR_PTR(-ENOMEM);
}

/* Nobody uses it and it is on no switch: no hook leads here. */
void vale_nic_destroy(struct vale_port *port)
{
	struct vale_nic *nic = vale_nic_of(port);
	struct net_device *dev = rcu_access_pointer(nic->dev);

	spin_lock(&nics_lock);
	list_del(&nic->list);
	spin_unlock(&nics_lock);
	if (dev)
		netdev_put(dev, &nic->tracker);
	free_percpu(nic->host.stats);
	free_percpu(nic->wire.stats);
	kfree(nic);
}

struct vale_nic *vale_nic_get_dev(struct vale_net *vn, struct net_device *dev)
{
	struct vale_nic *nic = find(vn, dev);

	lockdep_assert_held(&vn->lock);
	if (nic)
		return nic;
	/* Tunnels and the like carry no Ethernet frames. */
	if (dev->type != ARPHRD_ETHER && dev->type != ARPHRD_LOOPBACK)
		return ERR_PTR(-EOPNOTSUPP);
	return create(vn, dev);
}

/*
 * How programs will have an unused netdev. On a switch it is always by socket
 * buffers, whatever the kind.
 */
static int choose_kind(struct vale_nic *nic, struct net_device *dev)
{
	int mode = READ_ONCE(vale_param.admode);
	const char *why;
	bool native = vale_native_offered(dev, &why);

	if (vale_port_in_use(&nic->port) || nic->port.kernel_owned)
		return 0;
	if (mode < 0 || mode > 2)
		WRITE_ONCE(vale_param.admode, 0);
	nic->swaps = mode == 1 && !native && nic->veth;
	if (mode == 1 && !native && !nic->swaps) {
		netdev_info(dev, "no native adapter: %s\n", why);
		return -EOPNOTSUPP;
	}
	nic->port.ops = native && mode != 2 ? &vale_nic_native_ops : &vale_emul_ops;
	return 0;
}

struct vale_port *vale_nic_get(struct vale_net *vn, const char *ifname)
{
	struct net_device *dev = __dev_get_by_name(vn->net, ifname);
	struct vale_vport *vport;
	struct vale_nic *nic;
	int err;

	if (!dev)
		return ERR_PTR(-ENXIO);
	vport = vale_newif_vport(dev);
	if (vport) {
		vale_port_get(&vport->port);
		return &vport->port;
	}
	nic = vale_nic_get_dev(vn, dev);
	if (IS_ERR(nic))
		return ERR_CAST(nic);
	err = choose_kind(nic, dev);
	if (!err)
		return &nic->port;
	vale_port_put(&nic->port);
	return ERR_PTR(err);
}

/* As long as vn->lock is held neither the users nor the netdev go. */
static struct vale_nic *find_open(struct vale_net *vn, const char *ifname)
{
	const struct net_device *dev;
	struct vale_nic *nic;

	lockdep_assert_held(&vn->lock);
	spin_lock(&nics_lock);
	list_for_each_entry(nic, &vn->nics, list) {
		dev = rcu_dereference_protected(nic->dev,
						lockdep_is_held(&vn->lock));
		if (dev && nic->port.users && !strcmp(dev->name, ifname))
			goto found;
	}
	nic = NULL;
found:
	spin_unlock(&nics_lock);
	return nic;
}

struct vale_member *vale_nic_member(struct vale_net *vn, const char *name)
{
	size_t len = strlen(name);
	bool host = len && name[len - 1] == '^';
	char ifname[IFNAMSIZ + 1];
	struct vale_member *m;
	struct vale_nic *nic;

	if (len >= sizeof(ifname))
		return NULL;
	strscpy(ifname, name, sizeof(ifname));
	if (host)
		ifname[len - 1] = '\0';
	nic = find_open(vn, ifname);
	if (!nic)
		return NULL;
	m = host ? &nic->host : &nic->wire;
	strscpy(m->name, name, sizeof(m->name));
	m->kind = host ? VALE_PORT_HOST : VALE_PORT_NIC;
	m->port = &nic->port;
	m->link = nic->up;
	return m;
}

enum vale_adapter vale_nic_adapter(const struct vale_port *port)
{
	const struct vale_nic *nic = container_of(port, struct vale_nic, port);

	bool native = nic->native || (nic->swaps && !nic->att);

	return native ? VALE_ADAPTER_NATIVE : VALE_ADAPTER_EMULATED;
}

void vale_nic_flush(struct vale_net *vn)
{
	struct vale_nic *nic, *next;

	list_for_each_entry_safe(nic, next, &vn->nics, list) {
		if (nic->att)
			vale_attach_undo(nic);
	}
}

/*
 * The netdev leaves the namespace. Programs keep port and memory; nothing of
 * the netdev is kept, so it need not wait for them.
 */
static void unregistered(struct vale_nic *nic, struct net_device *dev)
{
	if (nic->att)
		vale_attach_undo(nic);
	vale_hook_remove(nic, dev);
	if (nic->native)
		vale_native_gone(nic);
	WRITE_ONCE(nic->port.dead, true);
	RCU_INIT_POINTER(nic->dev, NULL);
	synchronize_net();
	netdev_put(dev, &nic->tracker);
	vale_port_wake(&nic->port);
}

static void set_up(struct vale_nic *nic, bool up)
{
	if (nic->up == up)
		return;
	WRITE_ONCE(nic->up, up);
	/* Senders are out of the driver before it is stopped. */
	if (!up)
		synchronize_net();
}

static void link_changed(struct vale_nic *nic, const struct net_device *dev)
{
	if (nic->att) {
		vale_member_set_link(&nic->wire, vale_nic_running(nic, dev));
		if (nic->host.sw)
			vale_member_set_link(&nic->host, nic->up);
	}
	vale_port_wake(&nic->port);
}

static void handle_event(struct vale_nic *nic, struct net_device *dev,
			 unsigned long event)
{
	switch (event) {
	case NETDEV_UNREGISTER:
		unregistered(nic, dev);
		break;
	case NETDEV_UP:
	case NETDEV_GOING_DOWN:
		set_up(nic, event == NETDEV_UP);
		link_changed(nic, dev);
		break;
	case NETDEV_CHANGE:
		link_changed(nic, dev);
		break;
	}
}

static int netdev_event(struct notifier_block *nb, unsigned long event,
			void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	struct vale_net *vn = vale_net_of(dev_net(dev));
	struct vale_nic *nic;

	mutex_lock(&vn->lock);
	nic = find(vn, dev);
	if (nic) {
		handle_event(nic, dev, event);
		vale_port_put(&nic->port);
	}
	mutex_unlock(&vn->lock);
	return NOTIFY_DONE;
}

static struct notifier_block notifier = { .notifier_call = netdev_event };

int vale_nic_init(void)
{
	return register_netdevice_notifier(&notifier);
}

void vale_nic_fini(void)
{
	unregister_netdevice_notifier(&notifier);
	vale_host_drain();
	vale_zcopy_drain();
}
