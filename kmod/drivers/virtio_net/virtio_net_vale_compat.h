/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Where the driver differs between kernels: its buffers, and what was sent. */
#ifndef VIRTIO_NET_VALE_COMPAT_H
#define VIRTIO_NET_VALE_COMPAT_H

#include <linux/version.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 0, 0)
static void vale_sync(struct receive_queue *rq, const void *buf, u32 len)
{
	struct page *page = virt_to_head_page(buf);

	if (rq->use_page_pool_dma)
		page_pool_dma_sync_for_cpu(rq->page_pool, page,
					   buf - page_address(page), len);
}
#else
static void vale_sync(struct receive_queue *rq, const void *buf, u32 len)
{
}
#endif

static void *vale_get(struct receive_queue *rq, u32 *len, void **ctx)
{
	void *buf = virtnet_rq_get_buf(rq, len, ctx);

	if (buf)
		vale_sync(rq, buf, *len);
	return buf;
}

static void vale_free(struct virtnet_info *vi, u32 q, void *buf)
{
	virtnet_rq_free_buf(vi, &vi->rq[q], buf);
}

static u32 vale_headroom(struct virtnet_info *vi, void *ctx)
{
	return 0;
}

static void vale_reap(struct virtnet_info *vi, u32 q)
{
	free_old_xmit(&vi->sq[q], netdev_get_tx_queue(vi->dev, q), false);
}

static bool vale_has_xsk(const struct virtnet_info *vi)
{
	u32 q;

	for (q = 0; q < vi->max_queue_pairs; q++)
		if (vi->rq[q].xsk_pool)
			return true;
	return false;
}
#else
static void *vale_get(struct receive_queue *rq, u32 *len, void **ctx)
{
	return virtqueue_get_buf_ctx(rq->vq, len, ctx);
}

static void vale_free(struct virtnet_info *vi, u32 q, void *buf)
{
	put_page(virt_to_head_page(buf));
}

/* Before the header, in a buffer that is one frame's. */
static u32 vale_headroom(struct virtnet_info *vi, void *ctx)
{
	return vi->mergeable_rx_bufs ? 0 :
				       VIRTNET_RX_PAD + (unsigned long)ctx;
}

static void vale_reap(struct virtnet_info *vi, u32 q)
{
	free_old_xmit_skbs(&vi->sq[q], false);
}

static bool vale_has_xsk(const struct virtnet_info *vi)
{
	return false;
}
#endif

#endif /* VIRTIO_NET_VALE_COMPAT_H */
