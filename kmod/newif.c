// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Owns the netdev of a persistent VALE port. The port has its own memory and
 * outlives the netdev while programs have it open; the netdev holds one
 * reference. Made by NEWIF only, removed by DELIF, `ip link del` or with the
 * namespace. What the host sends through it is dropped.
 */
#include <linux/ethtool.h>
#include <linux/etherdevice.h>
#include <linux/module.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <net/rtnetlink.h>

#include "core/req.h"
#include "vport.h"

struct newif {
	struct vale_vport *vport;
};

static void destroy(struct vale_port *port)
{
	struct vale_vport *vport = vale_vport_of(port);

	vale_vport_teardown(vport);
	kfree(vport);
}

/* Unlike an ephemeral one it stays on its switch while nobody has it open. */
static const struct vale_port_ops port_ops = {
	.kind = "persistent",
	.needs_rtnl = true,
	.start = vale_vport_start,
	.stop = vale_vport_stop,
	.txsync = vale_vport_txsync,
	.rxsync = vale_vport_rxsync,
	.destroy = destroy,
};

static int open(struct net_device *dev)
{
	netif_carrier_on(dev);
	netif_tx_start_all_queues(dev);
	return 0;
}

static int stop(struct net_device *dev)
{
	netif_tx_stop_all_queues(dev);
	netif_carrier_off(dev);
	return 0;
}

static netdev_tx_t start_xmit(struct sk_buff *skb, struct net_device *dev)
{
	dev_core_stats_tx_dropped_inc(dev);
	dev_kfree_skb_any(skb);
	return NETDEV_TX_OK;
}

/* "Transmitted" is what the program sent, "received" what it was given. */
static void get_stats64(struct net_device *dev, struct rtnl_link_stats64 *st)
{
	struct newif *newif = netdev_priv(dev);
	struct vale_totals t;
	int i;

	vale_stats_read(newif->vport->member.stats, &t);
	st->tx_packets = t.counter[VALE_CNT_IN_PACKETS];
	st->tx_bytes = t.counter[VALE_CNT_IN_BYTES];
	st->rx_packets = t.counter[VALE_CNT_OUT_PACKETS];
	st->rx_bytes = t.counter[VALE_CNT_OUT_BYTES];
	for (i = 0; i < VALE_DROP_NO_LINK; i++)
		st->tx_dropped += t.drop[i];
	for (; i < __VALE_DROP_MAX; i++)
		st->rx_dropped += t.drop[i];
}

static int init(struct net_device *dev)
{
	struct newif *newif = netdev_priv(dev);
	struct vale_vport *vport = newif->vport;

	vale_port_get(&vport->port);
	__module_get(THIS_MODULE);
	vport->dev = dev;
	vport->member.dev = dev;
	return 0;
}

/* The netdev goes, whoever removes it. Programs keep port and memory. */
static void uninit(struct net_device *dev)
{
	struct newif *newif = netdev_priv(dev);
	struct vale_vport *vport = newif->vport;
	struct vale_net *vn = vport->port.vn;

	mutex_lock(&vn->lock);
	if (vport->member.sw)
		vale_switch_leave(&vport->member);
	list_del_init(&vport->helper);
	vport->member.dev = NULL;
	vport->dev = NULL;
	WRITE_ONCE(vport->port.dead, true);
	vale_port_wake(&vport->port);
	mutex_unlock(&vn->lock);
	vale_port_put(&vport->port);
	/* Unloading waits for the rest of the netdev's end. */
	module_put(THIS_MODULE);
}

static const struct net_device_ops netdev_ops = {
	.ndo_init = init,
	.ndo_uninit = uninit,
	.ndo_open = open,
	.ndo_stop = stop,
	.ndo_start_xmit = start_xmit,
	.ndo_get_stats64 = get_stats64,
	.ndo_set_mac_address = eth_mac_addr,
	.ndo_validate_addr = eth_validate_addr,
};

static void get_drvinfo(struct net_device *dev, struct ethtool_drvinfo *info)
{
	strscpy(info->driver, "vale", sizeof(info->driver));
}

static const struct ethtool_ops ethtool_ops = {
	.get_drvinfo = get_drvinfo,
	.get_link = ethtool_op_get_link,
};

/* No .setup: netlink cannot make one, only NEWIF can. */
static struct rtnl_link_ops link_ops __read_mostly = {
	.kind = "vale",
	.priv_size = sizeof(struct newif),
	.dellink = unregister_netdevice_queue,
};

static void setup(struct net_device *dev)
{
	ether_setup(dev);
	dev->netdev_ops = &netdev_ops;
	dev->ethtool_ops = &ethtool_ops;
	dev->rtnl_link_ops = &link_ops;
	dev->needs_free_netdev = true;
	dev->min_mtu = ETH_MIN_MTU;
	dev->max_mtu = ETH_MAX_MTU;
	vale_netdev_set_lltx(dev);
	vale_netdev_pin_netns(dev);
	eth_hw_addr_random(dev);
	netif_carrier_off(dev);
}

struct vale_vport *vale_newif_vport(const struct net_device *dev)
{
	struct newif *newif = netdev_priv(dev);

	return dev->netdev_ops == &netdev_ops ? newif->vport : NULL;
}

static int check_name(struct vale_net *vn, const char *ifname)
{
	if (strnlen(ifname, IFNAMSIZ) >= IFNAMSIZ ||
	    !strncmp(ifname, NM_BDG_NAME, strlen(NM_BDG_NAME)) ||
	    !dev_valid_name(ifname))
		return -EINVAL;
	return __dev_get_by_name(vn->net, ifname) ? -EEXIST : 0;
}

static void answer(const struct vale_port *port, struct nmreq_vale_newif *req)
{
	req->nr_tx_rings = port->nrings[VALE_TX];
	req->nr_rx_rings = port->nrings[VALE_RX];
	req->nr_tx_slots = port->nslots[VALE_TX];
	req->nr_rx_slots = port->nslots[VALE_RX];
	req->nr_mem_id = port->region->id;
}

static struct vale_vport *create_vport(struct vale_net *vn, const char *ifname,
				       const struct nmreq_vale_newif *req)
{
	struct nmreq_vale_newif r = *req;
	struct vale_vport_spec spec;
	struct vale_vport *vport;

	vale_req_clamp_newif(&r);
	spec = (struct vale_vport_spec){
		.nrings = { r.nr_rx_rings, r.nr_tx_rings },
		.nslots = { r.nr_rx_slots, r.nr_tx_slots },
		.mem_id = r.nr_mem_id,
	};
	vport = vale_vport_alloc(vn, ifname, &spec);
	if (!IS_ERR(vport)) {
		vport->port.ops = &port_ops;
		vport->member.kind = VALE_PORT_PERSISTENT;
	}
	return vport;
}

/* The netdev takes its own reference to vport. */
static int register_dev(struct vale_net *vn, struct vale_vport *vport,
			const char *ifname)
{
	struct net_device *dev;
	struct newif *newif;
	int err;

	dev = alloc_netdev(sizeof(*newif), ifname, NET_NAME_USER, setup);
	if (!dev)
		return -ENOMEM;
	newif = netdev_priv(dev);
	newif->vport = vport;
	dev_net_set(dev, vn->net);
	err = register_netdevice(dev);
	if (err)
		free_netdev(dev);
	return err;
}

int vale_newif_create(struct vale_net *vn, const char *ifname,
		      struct nmreq_vale_newif *req)
{
	struct vale_vport *vport;
	int err;

	ASSERT_RTNL();
	err = check_name(vn, ifname);
	if (err)
		return err;
	vport = create_vport(vn, ifname, req);
	if (IS_ERR(vport))
		return PTR_ERR(vport);
	err = register_dev(vn, vport, ifname);
	if (!err)
		answer(&vport->port, req);
	vale_port_put(&vport->port);
	return err;
}

/* New users come under RTNL, so the answer stays true until it is gone. */
static bool busy(struct vale_net *vn, const struct vale_vport *vport)
{
	bool yes;

	mutex_lock(&vn->lock);
	yes = vale_port_in_use(&vport->port) || vport->member.sw;
	mutex_unlock(&vn->lock);
	return yes;
}

int vale_newif_delete(struct vale_net *vn, const char *ifname)
{
	struct vale_vport *vport;
	struct net_device *dev;

	ASSERT_RTNL();
	dev = __dev_get_by_name(vn->net, ifname);
	if (!dev)
		return -ENXIO;
	vport = vale_newif_vport(dev);
	if (!vport || !list_empty(&vport->helper))
		return -EINVAL;
	if (busy(vn, vport))
		return -EBUSY;
	unregister_netdevice(dev);
	return 0;
}

int vale_newif_create_helper(struct vale_net *vn, const char *ifname,
			     const struct nmreq_register *reg)
{
	struct nmreq_vale_newif req = {
		.nr_tx_rings = reg->nr_tx_rings,
		.nr_rx_rings = reg->nr_rx_rings,
		.nr_tx_slots = reg->nr_tx_slots,
		.nr_rx_slots = reg->nr_rx_slots,
		.nr_mem_id = reg->nr_mem_id,
	};
	struct vale_vport *vport;
	int err;

	err = vale_newif_create(vn, ifname, &req);
	if (err)
		return err;
	vport = vale_newif_vport(__dev_get_by_name(vn->net, ifname));
	mutex_lock(&vn->lock);
	list_add(&vport->helper, &vn->helpers);
	mutex_unlock(&vn->lock);
	return 0;
}

static struct net_device *unneeded_helper(struct vale_net *vn)
{
	struct net_device *dev = NULL;
	struct vale_vport *vport;

	mutex_lock(&vn->lock);
	list_for_each_entry(vport, &vn->helpers, helper)
		if (!vale_port_in_use(&vport->port) && !vport->member.sw)
			dev = vport->dev;
	mutex_unlock(&vn->lock);
	return dev;
}

/* They get users under RTNL only. */
void vale_newif_reap(struct vale_net *vn)
{
	struct net_device *dev;

	ASSERT_RTNL();
	while ((dev = unneeded_helper(vn)))
		unregister_netdevice(dev);
}

int vale_newif_init(void)
{
	return rtnl_link_register(&link_ops);
}

void vale_newif_fini(void)
{
	rtnl_link_unregister(&link_ops);
}
