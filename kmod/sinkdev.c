// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Owns the netdevs nmsink0 and up: they send nothing anywhere, at a rate that
 * can be set, so that what feeds a NIC can be measured without one. Their state
 * is under the transmit lock.
 */
#include "sinkdev.h"

#include <linux/etherdevice.h>
#include <linux/hrtimer.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/netdevice.h>

#include "param.h"

#define SINKS_MAX 100
/* Frames it may hold, as time: more than a sender needs to find room again. */
#define AHEAD_NS    (2 * NSEC_PER_MSEC)
#define SPIN_MAX_NS NSEC_PER_MSEC

struct sink {
	struct hrtimer timer;
	struct net_device *dev;
	u64 done; /* ns: when the last frame it took will be sent */
	u64 packets;
	u64 bytes;
};

static int sink_num;
module_param(sink_num, int, 0444);
MODULE_PARM_DESC(sink_num,
		 "network devices nmsink0 and up to make, 100 at most (0)");

static struct net_device *sinks[SINKS_MAX];
static int nsinks;

static enum hrtimer_restart room_again(struct hrtimer *timer)
{
	struct sink *s = container_of(timer, struct sink, timer);

	netif_wake_queue(s->dev);
	return HRTIMER_NORESTART;
}

static void pace(struct sink *s, u32 ns)
{
	u64 now = ktime_get_ns();

	s->done = max(s->done, now) + ns;
	if (s->done - now < AHEAD_NS)
		return;
	netif_stop_queue(s->dev);
	hrtimer_start(&s->timer, ns_to_ktime(s->done - now - AHEAD_NS / 2),
		      HRTIMER_MODE_REL_SOFT);
}

static void spin(u32 ns)
{
	u64 end = ktime_get_ns() + min_t(u32, ns, SPIN_MAX_NS);

	while (ktime_get_ns() < end)
		cpu_relax();
}

static netdev_tx_t start_xmit(struct sk_buff *skb, struct net_device *dev)
{
	int ns = READ_ONCE(vale_param.sink_delay_ns);
	struct sink *s = netdev_priv(dev);

	WRITE_ONCE(s->packets, s->packets + 1);
	WRITE_ONCE(s->bytes, s->bytes + skb->len);
	dev_consume_skb_any(skb);
	if (ns < 0)
		spin(-(u32)ns);
	else
		pace(s, ns);
	return NETDEV_TX_OK;
}

static void get_stats64(struct net_device *dev, struct rtnl_link_stats64 *st)
{
	const struct sink *s = netdev_priv(dev);

	st->tx_packets = READ_ONCE(s->packets);
	st->tx_bytes = READ_ONCE(s->bytes);
}

static int open(struct net_device *dev)
{
	netif_start_queue(dev);
	return 0;
}

static int stop(struct net_device *dev)
{
	struct sink *s = netdev_priv(dev);

	netif_tx_disable(dev);
	hrtimer_cancel(&s->timer);
	return 0;
}

static const struct net_device_ops sink_ops = {
	.ndo_open = open,
	.ndo_stop = stop,
	.ndo_start_xmit = start_xmit,
	.ndo_get_stats64 = get_stats64,
	.ndo_set_mac_address = eth_mac_addr,
	.ndo_validate_addr = eth_validate_addr,
};

static void setup(struct net_device *dev)
{
	struct sink *s = netdev_priv(dev);

	ether_setup(dev);
	dev->netdev_ops = &sink_ops;
	dev->max_mtu = ETH_MAX_MTU;
	dev->priv_flags |= IFF_LIVE_ADDR_CHANGE;
	eth_hw_addr_random(dev);
	s->dev = dev;
	hrtimer_setup(&s->timer, room_again, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL_SOFT);
}

static int create(void)
{
	struct net_device *dev;
	int err;

	dev = alloc_netdev(sizeof(struct sink), "nmsink%d", NET_NAME_ENUM,
			   setup);
	if (!dev)
		return -ENOMEM;
	err = register_netdev(dev);
	if (err) {
		free_netdev(dev);
		return err;
	}
	sinks[nsinks++] = dev;
	return 0;
}

int vale_sinkdev_init(void)
{
	int err;

	while (nsinks < clamp(sink_num, 0, SINKS_MAX)) {
		err = create();
		if (err) {
			vale_sinkdev_fini();
			return err;
		}
	}
	return 0;
}

void vale_sinkdev_fini(void)
{
	while (nsinks) {
		struct net_device *dev = sinks[--nsinks];

		unregister_netdev(dev);
		free_netdev(dev);
	}
}
