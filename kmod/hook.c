// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Owns what the module changes in a netdev, and changing it back: the receive
 * handler, and a copy of the driver's operations with another transmit entry.
 * Changes are made under RTNL. The queueing discipline, features and flags are
 * never touched. A netdev reference is not needed: whoever holds the hooks
 * removes them when the netdev is unregistered.
 */
#include <linux/etherdevice.h>
#include <net/rtnetlink.h>

#include "nic_priv.h"
#include "whole.h"

/* Frames of the ring are ours. RCU read side. */
static bool takes(const struct vale_nic *nic, int dir, u32 ring)
{
	if (nic->att)
		return vale_attach_takes(nic->att, dir, ring);
	if (nic->native)
		return vale_native_takes(nic, dir, ring);
	/* (E) the ring's memory; partner: turn_on() in handle.c */
	return smp_load_acquire(&nic->port.ring[dir][ring].on);
}

static u32 rx_ring(const struct vale_nic *nic, const struct sk_buff *skb)
{
	if (!skb_rx_queue_recorded(skb))
		return 0;
	return skb_get_rx_queue(skb) % nic->port.nrings[VALE_RX];
}

static rx_handler_result_t receive(struct sk_buff **pskb)
{
	struct sk_buff *skb = *pskb;
	struct vale_nic *nic = rcu_dereference(skb->dev->rx_handler_data);
	u32 ring = rx_ring(nic, skb);

	if (vale_host_unmark(skb) || skb->pkt_type == PACKET_LOOPBACK ||
	    !takes(nic, VALE_RX, ring))
		return RX_HANDLER_PASS;
	skb = skb_share_check(skb, GFP_ATOMIC);
	if (!skb)
		return RX_HANDLER_CONSUMED;
	skb_push(skb, skb->data - skb_mac_header(skb));
	if (nic->att)
		vale_attach_receive(nic->att, ring, skb);
	else
		vale_emul_receive(nic, ring, skb);
	return RX_HANDLER_CONSUMED;
}

/*
 * Stands in for the driver's ndo_start_xmit. The handler's data outlives every
 * call: it goes only a grace period after the driver's operations are back.
 */
static netdev_tx_t intercept(struct sk_buff *skb, struct net_device *dev)
{
	struct vale_nic *nic = rcu_dereference_bh(dev->rx_handler_data);
	u32 queue = skb_get_queue_mapping(skb);
	u32 ring = queue % nic->port.nrings[VALE_TX];

	if (!takes(nic, VALE_TX, ring))
		return nic->driver_ops->ndo_start_xmit(skb, dev);
	skb_reset_mac_header(skb);
	if (nic->att)
		vale_attach_intercept(nic->att, ring, skb);
	else
		vale_host_receive(nic, queue, skb);
	return NETDEV_TX_OK;
}

struct vale_nic *vale_hook_nic(const struct net_device *dev)
{
	if (rcu_dereference_bh(dev->rx_handler) != receive)
		return NULL;
	return rcu_dereference_bh(dev->rx_handler_data);
}

int vale_hook_install(struct vale_nic *nic, struct net_device *dev)
{
	int err;

	ASSERT_RTNL();
	err = netdev_rx_handler_register(dev, receive, nic);
	if (err)
		return err;
	nic->hooked = true;
	return 0;
}

void vale_hook_intercept(struct vale_nic *nic, struct net_device *dev, bool on)
{
	ASSERT_RTNL();
	if (on == nic->intercepting)
		return;
	nic->intercepting = on;
	if (on) {
		nic->driver_ops = dev->netdev_ops;
		nic->ops = *dev->netdev_ops;
		nic->ops.ndo_start_xmit = intercept;
		/* The copy before the pointer; readers depend on its address. */
		smp_store_release(&dev->netdev_ops, &nic->ops);
		return;
	}
	if (!WARN_ON_ONCE(dev->netdev_ops != &nic->ops))
		WRITE_ONCE(dev->netdev_ops, nic->driver_ops);
	synchronize_net();
}

void vale_hook_remove(struct vale_nic *nic, struct net_device *dev)
{
	ASSERT_RTNL();
	if (!nic->hooked)
		return;
	vale_hook_intercept(nic, dev, false);
	netdev_rx_handler_unregister(dev);
	nic->hooked = false;
}

/*
 * A TAP device tells itself from other netdevs by its operations when a
 * program opens it by name. With ours in their place QEMU could not connect,
 * so they are put there only if the host's side is wanted.
 */
bool vale_dev_is_tun(const struct net_device *dev)
{
	return dev->rtnl_link_ops && !strcmp(dev->rtnl_link_ops->kind, "tun");
}

static const struct net_device_ops *driver_ops(const struct vale_nic *nic,
					       const struct net_device *dev)
{
	const struct net_device_ops *ops = READ_ONCE(dev->netdev_ops);

	return ops == &nic->ops ? nic->driver_ops : ops;
}

/*
 * Its queue's lock is held. A poll routine may wake the queue of a device that
 * its driver has detached, as for suspend, and is about to take the rings of.
 */
static bool accepts(const struct net_device *dev,
		    const struct netdev_queue *txq)
{
	return netif_device_present(dev) &&
	       !netif_xmit_frozen_or_drv_stopped(txq);
}

/* The driver took it, whatever it will do with it. */
static bool start_xmit(const struct net_device_ops *ops, struct sk_buff *skb,
		       struct net_device *dev, struct netdev_queue *txq,
		       bool more)
{
	netdev_tx_t rc = __netdev_start_xmit(ops, skb, dev, more);

	if (rc == NETDEV_TX_OK)
		vale_txq_trans_update(dev, txq);
	return dev_xmit_complete(rc);
}

static u32 tx_queue(const struct net_device *dev, u32 ring)
{
	u32 n = READ_ONCE(dev->real_num_tx_queues);

	return likely(ring < n) ? ring : ring % n;
}

struct vale_sent vale_hook_xmit(struct vale_nic *nic, struct net_device *dev,
				u32 ring, struct sk_buff_head *list)
{
	const struct net_device_ops *ops = driver_ops(nic, dev);
	u32 queue = tx_queue(dev, ring);
	struct netdev_queue *txq = netdev_get_tx_queue(dev, queue);
	struct vale_sent sent = { };
	struct sk_buff *skb;

	if (nic->veth && vale_peer_send(dev, queue, list, &sent))
		return sent;
	HARD_TX_LOCK(dev, txq, smp_processor_id());
	while (accepts(dev, txq)) {
		struct vale_wire_size size;

		skb = __skb_dequeue(list);
		if (!skb)
			break;
		size = vale_wire_size(skb);
		skb_set_queue_mapping(skb, queue);
		if (!start_xmit(ops, skb, dev, txq, !skb_queue_empty(list))) {
			__skb_queue_head(list, skb);
			break;
		}
		sent.packets += size.frames;
		sent.bytes += size.bytes;
	}
	HARD_TX_UNLOCK(dev, txq);
	return sent;
}

/* The lock is only tried for: who holds it may be what this frame came out of. */
bool vale_hook_xmit_one(struct vale_nic *nic, struct net_device *dev, u32 ring,
			struct sk_buff *skb)
{
	const struct net_device_ops *ops = driver_ops(nic, dev);
	u32 queue = tx_queue(dev, ring);
	struct netdev_queue *txq = netdev_get_tx_queue(dev, queue);
	bool sent;

	if (nic->veth && vale_peer_send_one(dev, queue, skb))
		return true;
	if (!HARD_TX_TRYLOCK(dev, txq))
		return false;
	skb_set_queue_mapping(skb, queue);
	sent = accepts(dev, txq) &&
	       start_xmit(ops, skb, dev, txq, false);
	HARD_TX_UNLOCK(dev, txq);
	return sent;
}
