// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * virtio_net's queues as programs' rings: opening, closing, resets, and what
 * the hooks call. Included at the end of virtio_net.c.
 */
#include "virtio_net_vale_compat.h"
#include "virtio_net_vale_queue.h"
#include "virtio_net_vale_rx.c"
#include "virtio_net_vale_tx.c"

static const char *vale_refusal(struct net_device *dev)
{
	struct virtnet_info *vi = vale_info(dev);

	if (!netif_device_present(dev))
		return "it is suspended";
	if (vi->xdp_enabled || vi->xdp_queue_pairs)
		return "it has an XDP program";
	if (vale_has_xsk(vi))
		return "an AF_XDP socket has one of its queues";
	if (!vi->any_header_sg)
		return "the device wants headers apart (no VIRTIO_F_VERSION_1)";
	if (vi->big_packets && !vi->mergeable_rx_bufs)
		return "its receive buffers are chains (no VIRTIO_NET_F_MRG_RXBUF)";
	if (vi->guest_offloads_capable &&
	    !virtio_has_feature(vi->vdev, VIRTIO_NET_F_CTRL_GUEST_OFFLOADS))
		return "its receive offloads are fixed (no VIRTIO_NET_F_CTRL_GUEST_OFFLOADS)";
	return NULL;
}

static void vale_free_queues(struct virtnet_vale_state *vale)
{
	struct vale_txq *tx;
	u32 q, i;

	for (q = 0; vale->rx && q < vale->nqueues; q++)
		kvfree(vale->rx[q].part);
	for (q = 0; vale->tx && q < vale->nqueues; q++) {
		tx = &vale->tx[q];
		for (i = 0; tx->frame && i < tx->nframes; i++)
			kfree(tx->frame[i].data);
		kvfree(tx->frame);
		kvfree(tx->idle);
		kvfree(tx->done);
	}
	kfree(vale->rx);
	kfree(vale->tx);
	vale->rx = NULL;
	vale->tx = NULL;
}

/* A frame under way has one descriptor. */
static int vale_alloc_queue(struct virtnet_info *vi, u32 q)
{
	struct vale_rxq *rx = &vi->vale->rx[q];
	struct vale_txq *tx = &vi->vale->tx[q];
	u32 n = vi->sq[q].vq->num_max;

	rx->part = kvcalloc(max_t(u32, vi->rq[q].vq->num_max, 2 * VALE_PARTS),
			    sizeof(*rx->part), GFP_KERNEL);
	tx->idle = kvcalloc(n, sizeof(*tx->idle), GFP_KERNEL);
	tx->done = kvcalloc(n, sizeof(*tx->done), GFP_KERNEL);
	tx->frame = kvcalloc(n, sizeof(*tx->frame), GFP_KERNEL);
	if (!rx->part || !tx->idle || !tx->done || !tx->frame)
		return -ENOMEM;
	tx->nframes = n;
	for (; tx->nidle < n; tx->nidle++)
		tx->idle[tx->nidle] = &tx->frame[tx->nidle];
	return 0;
}

/* They stay until the device goes: frames of theirs may be under way. */
static int vale_alloc_queues(struct virtnet_info *vi)
{
	struct virtnet_vale_state *vale = vi->vale;
	int err = 0;
	u32 q;

	if (vale->rx)
		return 0;
	vale->nqueues = vi->max_queue_pairs;
	vale->tx = kcalloc(vale->nqueues, sizeof(*vale->tx), GFP_KERNEL);
	vale->rx = kcalloc(vale->nqueues, sizeof(*vale->rx), GFP_KERNEL);
	if (!vale->rx || !vale->tx)
		err = -ENOMEM;
	for (q = 0; q < vale->nqueues && !err; q++)
		err = vale_alloc_queue(vi, q);
	if (err)
		vale_free_queues(vale);
	return err;
}

/* Frames come as they were on the wire, to the stack too. */
static int vale_open(struct net_device *dev)
{
	struct virtnet_info *vi = vale_info(dev);
	int err = vale_alloc_queues(vi);

	if (!err)
		err = virtnet_clear_guest_offloads(vi);
	vi->vale->open = !err;
	return err;
}

static void vale_close(struct net_device *dev)
{
	struct virtnet_info *vi = vale_info(dev);

	vi->vale->open = false;
	/* A suspended device will have them again. */
	if (netif_device_present(dev))
		virtnet_restore_guest_offloads(vi);
}

/* A queue that ethtool took out of use while it is open is still there. */
static void vale_config(struct net_device *dev, struct vale_native_config *c)
{
	struct virtnet_info *vi = vale_info(dev);
	u32 n = vi->vale->open ? vi->max_queue_pairs : vi->curr_queue_pairs;

	/* Suspended, it has no queues; it is attached after it is up. */
	if (!netif_device_present(dev) && !vi->vale->up)
		return;
	c->nrings[VALE_NATIVE_RX] = n;
	c->nrings[VALE_NATIVE_TX] = n;
	c->nslots[VALE_NATIVE_RX] = vale_rx_count(vi);
	c->nslots[VALE_NATIVE_TX] = vale_tx_count(vi);
	c->rx_size = VALE_PART;
}

static bool vale_lock(struct net_device *dev)
{
	mutex_lock(&vale_info(dev)->vale->lock);
	return vale_info(dev)->vale->up;
}

static void vale_unlock(struct net_device *dev)
{
	mutex_unlock(&vale_info(dev)->vale->lock);
}

static struct napi_struct *vale_napi(struct net_device *dev, int dir, u32 q)
{
	struct virtnet_info *vi = vale_info(dev);

	return dir == VALE_NATIVE_TX && vi->sq[q].napi.weight ?
		       &vi->sq[q].napi : &vi->rq[q].napi;
}

static const struct vale_native_ops vale_ops = {
	.refusal = vale_refusal,
	.open = vale_open,
	.close = vale_close,
	.config = vale_config,
	.lock = vale_lock,
	.unlock = vale_unlock,
	.napi = vale_napi,
	.rx_take = vale_rx_take,
	.tx_take = vale_tx_take,
	.rx_give = vale_rx_give,
	.tx_give = vale_tx_give,
	.tx_pending = vale_tx_pending,
	.tx_put = vale_tx_put,
	.rx_put = vale_rx_put,
	.tx_kick = vale_tx_kick,
	.rx_kick = vale_rx_kick,
	.tx_done = vale_tx_done,
	.rx_get = vale_rx_get,
	.rx_data = vale_rx_data,
};

static void virtnet_vale_attach(struct virtnet_info *vi)
{
	vi->vale = kzalloc(sizeof(*vi->vale), GFP_KERNEL);
	if (!vi->vale)
		return;
	mutex_init(&vi->vale->lock);
	vi->vale->native = vale_native_attach(vi->dev, NULL, &vale_ops);
}

static void virtnet_vale_detach(struct virtnet_info *vi)
{
	if (!vi->vale)
		return;
	vale_native_detach(vi->vale->native);
	vale_free_queues(vi->vale);
	kfree(vi->vale);
	vi->vale = NULL;
}

static void virtnet_vale_down(struct virtnet_info *vi)
{
	struct virtnet_vale_state *vale = vi->vale;
	u32 q;

	if (!vale)
		return;
	mutex_lock(&vale->lock);
	vale->up = false;
	vale_native_down(vale->native);
	for (q = 0; vale->rx && q < vale->nqueues; q++)
		vale_rx_restart(vi, q);
	mutex_unlock(&vale->lock);
}

/* Whoever waits looks again, which also asks for interrupts. */
static void vale_queue_up(struct virtnet_info *vi, u32 q)
{
	struct napi_struct *napi = &vi->rq[q].napi;

	vale_rx_restart(vi, q);
	vale_tx_restart(vi, q);
	vale_native_tx_init(vi->vale->native, q);
	vale_native_rx_init(vi->vale->native, q);
	local_bh_disable();
	virtqueue_napi_schedule(napi, vi->rq[q].vq);
	local_bh_enable();
}

/* The device may have been reset and think of its offloads again. */
static void virtnet_vale_up(struct virtnet_info *vi)
{
	struct virtnet_vale_state *vale = vi->vale;
	u32 q;

	if (!vale)
		return;
	mutex_lock(&vale->lock);
	vale->up = true;
	if (vale->open)
		virtnet_clear_guest_offloads(vi);
	for (q = 0; vale->open && q < vale->nqueues; q++)
		vale_queue_up(vi, q);
	mutex_unlock(&vale->lock);
}

static struct vale_native *vale_native_of(const struct virtnet_info *vi)
{
	return vi->vale ? vi->vale->native : NULL;
}

static int virtnet_vale_fill(struct receive_queue *rq, gfp_t gfp)
{
	const struct virtnet_info *vi = rq->vq->vdev->priv;

	/* Of poll routines and vale_rx_kick; these know whose it is. */
	if (!(gfp & __GFP_DIRECT_RECLAIM))
		return 0;
	return vale_native_rx_irq(vale_native_of(vi), vq2rxq(rq->vq)) ==
	       VALE_NATIVE_PASS ? 0 : -EBUSY;
}

/* A program asks for interrupts itself, once it has seen everything. */
static bool virtnet_vale_rx_irq(struct receive_queue *rq,
				struct napi_struct *napi, int budget)
{
	const struct virtnet_info *vi = rq->vq->vdev->priv;
	struct vale_native *native = vale_native_of(vi);
	u32 q = vq2rxq(rq->vq);

	vale_native_tx_irq(native, q);
	if (vale_native_rx_irq(native, q) == VALE_NATIVE_PASS)
		return false;
	if (budget)
		napi_complete_done(napi, 0);
	return true;
}

/* The same, when nothing of the stack's is under way. */
static bool virtnet_vale_tx_irq(struct send_queue *sq, struct napi_struct *napi)
{
	struct virtnet_info *vi = sq->vq->vdev->priv;
	u32 q = vq2txq(sq->vq);

	if (vale_native_tx_irq(vale_native_of(vi), q) == VALE_NATIVE_PASS ||
	    vale_foreign(vi, q))
		return false;
	napi_complete_done(napi, 0);
	return true;
}

static void virtnet_vale_xmit_done(struct virtqueue *vq)
{
	struct virtnet_info *vi = vq->vdev->priv;
	u32 q = vq2txq(vq);

	if (!vi->sq[q].napi.weight && vi->vale && READ_ONCE(vi->vale->open))
		virtqueue_napi_schedule(&vi->rq[q].napi, vi->rq[q].vq);
}

static int virtnet_vale_set_ringparam(struct net_device *dev,
				      struct ethtool_ringparam *ring,
				      struct kernel_ethtool_ringparam *kernel,
				      struct netlink_ext_ack *extack)
{
	struct virtnet_info *vi = netdev_priv(dev);
	bool up = vi->vale && vi->vale->up;
	int err;

	if (up)
		virtnet_vale_down(vi);
	err = virtnet_set_ringparam(dev, ring, kernel, extack);
	if (up)
		virtnet_vale_up(vi);
	return err;
}

static int virtnet_vale_xdp(struct net_device *dev, struct netdev_bpf *xdp)
{
	const struct virtnet_info *vi = netdev_priv(dev);
	bool open = vi->vale && vi->vale->open;

	if (open && xdp->command == XDP_SETUP_PROG && xdp->prog) {
		NL_SET_ERR_MSG_MOD(xdp->extack,
				   "a program has its queues (netmap)");
		return -EBUSY;
	}
	if (open && xdp->command == XDP_SETUP_XSK_POOL && xdp->xsk.pool)
		return -EBUSY;
	return virtnet_xdp(dev, xdp);
}

/* Offloads that come back when the last program goes. */
static int virtnet_vale_set_features(struct net_device *dev,
				     netdev_features_t features)
{
	const struct virtnet_info *vi = netdev_priv(dev);

	if (vi->vale && vi->vale->open &&
	    (dev->features ^ features) & NETIF_F_GRO_HW)
		return -EBUSY;
	return virtnet_set_features(dev, features);
}
