// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Owns what a program receives by a virtqueue: frames are read out of the
 * driver's buffers, and these freed; the driver's routine fills it again.
 */

static void vale_rx_drop(struct virtnet_info *vi, u32 q, u32 n)
{
	struct vale_rxq *rx = &vi->vale->rx[q];

	for (; n; n--, rx->n--) {
		if (rx->part[rx->first].buf)
			vale_free(vi, q, rx->part[rx->first].buf);
		rx->first = rx->first + 1 == rx->count ? 0 : rx->first + 1;
	}
}

static void vale_rx_restart(struct virtnet_info *vi, u32 q)
{
	struct vale_rxq *rx = &vi->vale->rx[q];
	void *buf, *ctx;
	u32 len;

	vale_rx_drop(vi, q, rx->n);
	/* The driver would take the rest of a frame for its beginning. */
	for (; rx->left && (buf = vale_get(&vi->rq[q], &len, &ctx)); rx->left--)
		vale_free(vi, q, buf);
	rx->count = vale_rx_count(vi);
	rx->first = 0;
	rx->left = 0;
}

/* The poll routine left nothing but whole frames, in the virtqueue. */
static void vale_rx_take(struct net_device *dev, u32 q,
			 struct vale_native_start *at)
{
	struct virtnet_info *vi = vale_info(dev);

	vale_rx_restart(vi, q);
	at->use = vale_rx(dev, q)->count - 1;
}

/* It still has its buffers; what no slot had room for it finds there. */
static void vale_rx_give(struct net_device *dev, u32 q)
{
	vale_rx_restart(vale_info(dev), q);
}

static bool vale_fits(struct virtnet_info *vi, void *ctx, u32 len)
{
	if (vi->mergeable_rx_bufs)
		return !check_mergeable_len(vi->dev, ctx, len);
	return len <= vi->hdr_len + GOOD_PACKET_LEN;
}

/* Offloads were off when it was sent, but for those that came before. */
static void vale_begin(struct virtnet_info *vi, struct vale_rxq *rx,
		       const void *data)
{
	const struct virtio_net_hdr_mrg_rxbuf *hdr = data;

	rx->left = vi->mergeable_rx_bufs ?
		   virtio16_to_cpu(vi->vdev, hdr->num_buffers) : 1;
	rx->bad = !rx->left || hdr->hdr.gso_type != VIRTIO_NET_HDR_GSO_NONE ||
		  hdr->hdr.flags & VIRTIO_NET_HDR_F_NEEDS_CSUM;
	if (!rx->left)
		rx->left = 1;
}

static void vale_split(struct vale_rxq *rx, void *buf, const u8 *data, u32 len)
{
	struct vale_part *part;
	u32 at, size;

	do {
		at = rx->first + rx->n++;
		part = &rx->part[at >= rx->count ? at - rx->count : at];
		size = min_t(u32, len, VALE_PART);
		*part = (struct vale_part){
			.data = data,
			.len = size,
			.flags = rx->bad ? VALE_DESC_ERROR : 0,
		};
		data += size;
		len -= size;
	} while (len);
	part->buf = buf;
	if (!rx->left)
		part->flags |= VALE_DESC_EOP;
}

static void vale_receive(struct virtnet_info *vi, struct vale_rxq *rx,
			 void *buf, void *ctx, u32 len)
{
	const u8 *data = (u8 *)buf + vale_headroom(vi, ctx);
	u32 header = 0;

	if (!rx->left) {
		vale_begin(vi, rx, data);
		header = vi->hdr_len;
	}
	rx->left--;
	if (!vale_fits(vi, ctx, len) || len < header) {
		rx->bad = true;
		len = header;
	}
	vale_split(rx, buf, data + header, len - header);
}

/* False: nothing more, and the device will say when there is. */
static bool vale_fetch(struct virtnet_info *vi, u32 q)
{
	struct receive_queue *rq = &vi->rq[q];
	struct vale_rxq *rx = &vi->vale->rx[q];
	void *buf, *ctx;
	u32 len;

	if (rx->n + VALE_PARTS > rx->count)
		return false;
	buf = vale_get(rq, &len, &ctx);
	if (!buf && !virtqueue_enable_cb(rq->vq))
		buf = vale_get(rq, &len, &ctx);
	if (!buf)
		return false;
	vale_receive(vi, rx, buf, ctx, len);
	return true;
}

static u32 vale_rx_get(struct net_device *dev, u32 q, u32 i,
		       struct vale_native_desc *d, u32 n)
{
	struct vale_rxq *rx = vale_rx(dev, q);
	u32 before = i >= rx->first ? i - rx->first : i + rx->count - rx->first;
	u32 got;

	for (got = 0; got < n; got++, d++) {
		if (before + got == rx->n && !vale_fetch(vale_info(dev), q))
			break;
		d->len = rx->part[i].len;
		d->flags = rx->part[i].flags;
		i = i + 1 == rx->count ? 0 : i + 1;
	}
	return got;
}

static const void *vale_rx_data(struct net_device *dev, u32 q, u32 i)
{
	return vale_rx(dev, q)->part[i].data;
}

static void vale_rx_put(struct net_device *dev, u32 q, u32 i,
			const struct vale_native_desc *d, u32 n)
{
	vale_rx_drop(vale_info(dev), q, n);
}

/* As many at a time as the driver does. An empty virtqueue interrupts no more. */
static void vale_rx_kick(struct net_device *dev, u32 q, u32 i)
{
	struct virtnet_info *vi = vale_info(dev);
	struct receive_queue *rq = &vi->rq[q];
	u32 size = virtqueue_get_vring_size(rq->vq);

	if (rq->vq->num_free <= min_t(u32, NAPI_POLL_WEIGHT, size) / 2)
		return;
	if (!try_fill_recv(vi, rq, GFP_ATOMIC | __GFP_NOWARN) &&
	    rq->vq->num_free == size)
		virtqueue_napi_schedule(&rq->napi, rq->vq);
}
