// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Two NICs with a cable between them, held0 and held1, whose hardware gathers
 * frames and sends them when it is told to: what of a real NIC is a matter of
 * microseconds lasts as long as a test wants. Parameters:
 *
 *	hold		1: frames that either is to send stay in its queue
 *	release		written: so many are sent, from the oldest on, or of a
 *			negative number from the youngest on; then freed
 *	depth		frames that stay there at most; the queue is stopped
 *	cut		1: nothing comes out at the other end of the cable
 *	gathered	read: frames that came in pieces, since it was written
 *
 * A frame is copied for the other end when it is sent, not before.
 */
#include <linux/etherdevice.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/platform_device.h>
#include <linux/rtnetlink.h>

struct end {
	struct net_device *other;
	struct sk_buff_head queue;
};

static struct platform_device *device;
static struct net_device *nic[2];
static bool hold, cut;
static uint depth = 4096;
static unsigned long gathered;

module_param(hold, bool, 0644);
module_param(cut, bool, 0644);
module_param(depth, uint, 0644);
module_param(gathered, ulong, 0644);

static void send_one(struct sk_buff *skb, struct net_device *other)
{
	struct sk_buff *copy = NULL;

	if (!READ_ONCE(cut))
		copy = skb_copy(skb, GFP_ATOMIC);
	dev_consume_skb_any(skb);
	if (!copy)
		return;
	copy->protocol = eth_type_trans(copy, other);
	netif_rx(copy);
}

static netdev_tx_t start_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct end *end = netdev_priv(dev);

	if (skb_is_nonlinear(skb))
		gathered++;
	if (!READ_ONCE(hold)) {
		send_one(skb, end->other);
		return NETDEV_TX_OK;
	}
	skb_queue_tail(&end->queue, skb);
	if (skb_queue_len(&end->queue) >= READ_ONCE(depth))
		netif_stop_queue(dev);
	return NETDEV_TX_OK;
}

static void release(struct net_device *dev, int n)
{
	struct end *end = netdev_priv(dev);
	struct sk_buff *skb;

	for (; n; n += n < 0 ? 1 : -1) {
		skb = n < 0 ? skb_dequeue_tail(&end->queue) :
			      skb_dequeue(&end->queue);
		if (!skb)
			break;
		send_one(skb, end->other);
	}
	netif_wake_queue(dev);
}

static int set_release(const char *text, const struct kernel_param *param)
{
	int n, err = kstrtoint(text, 0, &n);

	if (err)
		return err;
	local_bh_disable();
	release(nic[0], n);
	release(nic[1], n);
	local_bh_enable();
	return 0;
}

static const struct kernel_param_ops release_ops = { .set = set_release };

module_param_cb(release, &release_ops, NULL, 0200);

static int start(struct net_device *dev)
{
	netif_start_queue(dev);
	return 0;
}

static int stop(struct net_device *dev)
{
	struct end *end = netdev_priv(dev);

	netif_tx_disable(dev);
	skb_queue_purge(&end->queue);
	return 0;
}

static const struct net_device_ops ops = {
	.ndo_open = start,
	.ndo_stop = stop,
	.ndo_start_xmit = start_xmit,
};

static int create(int i)
{
	struct net_device *dev = alloc_etherdev(sizeof(struct end));
	struct end *end;
	int err;

	if (!dev)
		return -ENOMEM;
	end = netdev_priv(dev);
	skb_queue_head_init(&end->queue);
	snprintf(dev->name, sizeof(dev->name), "held%d", i);
	SET_NETDEV_DEV(dev, &device->dev);
	eth_hw_addr_random(dev);
	dev->netdev_ops = &ops;
	dev->max_mtu = 9000;
	dev->features = NETIF_F_SG | NETIF_F_HIGHDMA;
	err = register_netdev(dev);
	if (err)
		free_netdev(dev);
	else
		nic[i] = dev;
	return err;
}

static void destroy(struct net_device *dev)
{
	unregister_netdev(dev);
	free_netdev(dev);
}

static int __init held_init(void)
{
	int err;

	device = platform_device_register_simple("heldnic", -1, NULL, 0);
	if (IS_ERR(device))
		return PTR_ERR(device);
	err = create(0);
	if (err)
		goto err_device;
	err = create(1);
	if (err)
		goto err_first;
	((struct end *)netdev_priv(nic[0]))->other = nic[1];
	((struct end *)netdev_priv(nic[1]))->other = nic[0];
	return 0;

err_first:
	destroy(nic[0]);
err_device:
	platform_device_unregister(device);
	return err;
}

static void __exit held_exit(void)
{
	rtnl_lock();
	dev_close(nic[0]);
	dev_close(nic[1]);
	rtnl_unlock();
	destroy(nic[0]);
	destroy(nic[1]);
	platform_device_unregister(device);
}

module_init(held_init);
module_exit(held_exit);

MODULE_DESCRIPTION("Two NICs that send when they are told to, for tests");
MODULE_LICENSE("Dual BSD/GPL");
