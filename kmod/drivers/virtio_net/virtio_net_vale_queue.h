/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What a virtqueue is to a program. Frames are copied: a virtqueue gives no
 * buffer back before the device has used it, and wants a header before each
 * frame. Received ones come in the driver's own buffers, which it keeps
 * supplying; what is sent is copied into frames of a pool, header and all in
 * one piece, which outlive the program. So nothing has to be stopped or reset
 * when a queue changes hands.
 */
#ifndef VIRTIO_NET_VALE_QUEUE_H
#define VIRTIO_NET_VALE_QUEUE_H

/* More than a frame without jumbo, and less than a slot of any port. */
#define VALE_PART	1536
/* Parts that one buffer of the device may be: it has less than two pages. */
#define VALE_PARTS	(2 * PAGE_SIZE / VALE_PART + 1)
#define VALE_FRAME	2048	/* bytes for a frame sent, if it needs no more */
#define VALE_TX_PATIENCE 100	/* times 100 us for the device to make room */

/* What one slot gets of a buffer received. */
struct vale_part {
	const void *data;
	u32 len;
	u16 flags;	/* VALE_DESC_* */
	void *buf;	/* free it then, if this is its last */
};

/* Received and not yet read, oldest first. */
struct vale_rxq {
	struct vale_part *part;
	u32 count;	/* positions */
	u32 first;
	u32 n;
	u32 left;	/* buffers that the frame still consists of */
	bool bad;	/* ... which is none */
};

struct vale_frame {
	u8 *data;
	u32 size;
	u32 last;	/* its last position */
	u32 time;	/* when that meant something: vale_txq.time */
};

/* Under the lock of the stack's queue. */
struct vale_txq {
	struct vale_frame *frame;
	struct vale_frame **idle;
	bool *done;	/* by position */
	u32 nframes;
	u32 nidle;
	u32 count;	/* positions */
	u32 clean;
	u32 use;
	u32 held;	/* frames under way of these positions */
	u32 time;	/* how often positions began anew */
};

struct virtnet_vale_state {
	struct vale_native *native;
	struct mutex lock;	/* resets are kept out */
	bool up;		/* under it: poll routines run */
	bool open;		/* under RTNL: programs have it */
	u32 nqueues;
	struct vale_rxq *rx;
	struct vale_txq *tx;
};

static struct virtnet_info *vale_info(struct net_device *dev)
{
	return netdev_priv(dev);
}

static struct vale_rxq *vale_rx(struct net_device *dev, u32 q)
{
	return &vale_info(dev)->vale->rx[q];
}

static struct vale_txq *vale_tx(struct net_device *dev, u32 q)
{
	return &vale_info(dev)->vale->tx[q];
}

/* Positions of a queue. */
static u32 vale_rx_count(struct virtnet_info *vi)
{
	return max_t(u32, virtqueue_get_vring_size(vi->rq[0].vq),
		     2 * VALE_PARTS);
}

static u32 vale_tx_count(struct virtnet_info *vi)
{
	return virtqueue_get_vring_size(vi->sq[0].vq);
}

#endif /* VIRTIO_NET_VALE_QUEUE_H */
