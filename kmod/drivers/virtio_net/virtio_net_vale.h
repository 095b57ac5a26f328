/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What the hooks in virtio_net call. */
#ifndef VIRTIO_NET_VALE_H
#define VIRTIO_NET_VALE_H

#include <vale_native.h>

static void virtnet_vale_attach(struct virtnet_info *vi);
static void virtnet_vale_detach(struct virtnet_info *vi);

static inline void virtnet_vale_remove(struct virtnet_info *vi)
{
	virtnet_vale_detach(vi);
}

/* Before its poll routines are stopped, after they run; resets between. */
static void virtnet_vale_down(struct virtnet_info *vi);
static void virtnet_vale_up(struct virtnet_info *vi);

/* A program fills the queue: -EBUSY for whoever else would. */
static int virtnet_vale_fill(struct receive_queue *rq, gfp_t gfp);

static bool virtnet_vale_rx_irq(struct receive_queue *rq,
				struct napi_struct *napi, int budget);
static bool virtnet_vale_tx_irq(struct send_queue *sq,
				struct napi_struct *napi);
/* Without a poll routine for what was sent, the other one tells the program. */
static void virtnet_vale_xmit_done(struct virtqueue *vq);

/* Was it a program's frame? Under the queue's lock. */
static bool virtnet_vale_sent(struct send_queue *sq, void *ptr);
static void virtnet_vale_unused(struct virtqueue *vq, void *buf);

static int virtnet_vale_set_ringparam(struct net_device *dev,
				      struct ethtool_ringparam *ring,
				      struct kernel_ethtool_ringparam *kernel,
				      struct netlink_ext_ack *extack);
static int virtnet_vale_xdp(struct net_device *dev, struct netdev_bpf *xdp);
static int virtnet_vale_set_features(struct net_device *dev,
				     netdev_features_t features);

#endif /* VIRTIO_NET_VALE_H */
