// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Owns what a program sends by a virtqueue: copies, in frames of a pool. Those
 * of a program that has gone are under way beside the driver's own, whose
 * routines bring them back.
 */

static struct netdev_queue *vale_stack_queue(struct virtnet_info *vi, u32 q)
{
	return netdev_get_tx_queue(vi->dev, q);
}

/* What is under way is of the past. */
static void vale_tx_restart(struct virtnet_info *vi, u32 q)
{
	struct vale_txq *tx = &vi->vale->tx[q];

	__netif_tx_lock_bh(vale_stack_queue(vi, q));
	tx->count = vale_tx_count(vi);
	tx->clean = 0;
	tx->use = 0;
	tx->held = 0;
	tx->time++;
	__netif_tx_unlock_bh(vale_stack_queue(vi, q));
}

static void vale_tx_take(struct net_device *dev, u32 q,
			 struct vale_native_start *at)
{
	vale_tx_restart(vale_info(dev), q);
}

static void vale_tx_advance(struct vale_txq *tx)
{
	while (tx->clean != tx->use && tx->done[tx->clean])
		tx->clean = tx->clean + 1 == tx->count ? 0 : tx->clean + 1;
}

static bool virtnet_vale_sent(struct send_queue *sq, void *ptr)
{
	const struct virtnet_info *vi = sq->vq->vdev->priv;
	struct vale_frame *frame = ptr;
	struct vale_txq *tx;

	if (!vi->vale || !vi->vale->tx)
		return false;
	tx = &vi->vale->tx[vq2txq(sq->vq)];
	if (frame < tx->frame || frame >= tx->frame + tx->nframes)
		return false;
	tx->idle[tx->nidle++] = frame;
	if (frame->time == tx->time) {
		tx->held--;
		tx->done[frame->last] = true;
		vale_tx_advance(tx);
	}
	return true;
}

static void virtnet_vale_unused(struct virtqueue *vq, void *buf)
{
	struct virtnet_info *vi = vq->vdev->priv;

	if (!virtnet_vale_sent(&vi->sq[vq2txq(vq)], buf))
		virtnet_sq_free_unused_buf(vq, buf);
}

/* The stack's next frame must find room, as the driver leaves it. */
static bool vale_tx_has_room(struct virtnet_info *vi, u32 q)
{
	bool room;

	__netif_tx_lock_bh(vale_stack_queue(vi, q));
	vale_reap(vi, q);
	room = vi->sq[q].vq->num_free >= 2 + MAX_SKB_FRAGS;
	__netif_tx_unlock_bh(vale_stack_queue(vi, q));
	return room;
}

/* Frames under way are sent all the same. */
static void vale_tx_give(struct net_device *dev, u32 q)
{
	struct virtnet_info *vi = vale_info(dev);
	struct vale_txq *tx = vale_tx(dev, q);
	u32 i;

	vale_tx_restart(vi, q);
	for (i = 0; i < VALE_TX_PATIENCE && !vale_tx_has_room(vi, q); i++)
		usleep_range(100, 200);
	__netif_tx_lock_bh(vale_stack_queue(vi, q));
	for (i = 0; i < tx->nidle; i++) {
		kfree(tx->idle[i]->data);
		*tx->idle[i] = (struct vale_frame){ };
	}
	__netif_tx_unlock_bh(vale_stack_queue(vi, q));
}

static u32 vale_foreign(struct virtnet_info *vi, u32 q)
{
	const struct vale_txq *tx = &vi->vale->tx[q];

	return tx->count - min(vi->sq[q].vq->num_free + tx->held, tx->count);
}

static u32 vale_tx_pending(struct net_device *dev, u32 q)
{
	struct virtnet_info *vi = vale_info(dev);
	u32 n;

	__netif_tx_lock_bh(vale_stack_queue(vi, q));
	if (vale_foreign(vi, q))
		vale_reap(vi, q);
	n = vale_foreign(vi, q);
	__netif_tx_unlock_bh(vale_stack_queue(vi, q));
	return n;
}

/* Descriptors up to the end of the frame; its length. */
static u32 vale_frame_parts(const struct vale_native_desc *d, u32 *len)
{
	u32 n = 1;

	for (*len = d->len; !(d->flags & VALE_DESC_EOP); n++)
		*len += (++d)->len;
	return n;
}

static struct vale_frame *vale_frame(struct virtnet_info *vi,
				     struct vale_txq *tx, u32 len)
{
	u32 size = max_t(u32, vi->hdr_len + len, VALE_FRAME);
	struct vale_frame *frame;

	if (!tx->nidle)
		return NULL;
	frame = tx->idle[tx->nidle - 1];
	if (frame->size < size) {
		kfree(frame->data);
		frame->data = kmalloc(size, GFP_ATOMIC | __GFP_NOWARN);
		frame->size = frame->data ? size : 0;
	}
	return frame->data ? frame : NULL;
}

static bool vale_send(struct virtnet_info *vi, u32 q,
		      const struct vale_native_desc *d, u32 len, u32 last)
{
	struct vale_txq *tx = &vi->vale->tx[q];
	struct send_queue *sq = &vi->sq[q];
	struct vale_frame *frame = vale_frame(vi, tx, len);
	u8 *to;

	if (!frame)
		return false;
	memset(frame->data, 0, vi->hdr_len);
	for (to = frame->data + vi->hdr_len; len; d++) {
		memcpy(to, d->addr, d->len);
		to += d->len;
		len -= d->len;
	}
	sg_init_one(sq->sg, frame->data, to - frame->data);
	if (virtqueue_add_outbuf(sq->vq, sq->sg, 1, frame, GFP_ATOMIC))
		return false;
	frame->last = last;
	frame->time = tx->time;
	tx->nidle--;
	tx->held++;
	return true;
}

static void vale_tx_put(struct net_device *dev, u32 q, u32 i,
			const struct vale_native_desc *d, u32 n)
{
	struct virtnet_info *vi = vale_info(dev);
	struct vale_txq *tx = vale_tx(dev, q);
	u32 parts, len, last;

	__netif_tx_lock_bh(vale_stack_queue(vi, q));
	for (; n; n -= parts, d += parts) {
		parts = vale_frame_parts(d, &len);
		last = i + parts - 1;
		last = last >= tx->count ? last - tx->count : last;
		for (; i != last; i = i + 1 == tx->count ? 0 : i + 1)
			tx->done[i] = true;
		tx->done[last] = !vale_send(vi, q, d, len, last);
		if (tx->done[last])
			dev->stats.tx_dropped++;
		i = last + 1 == tx->count ? 0 : last + 1;
		tx->use = i;
	}
	vale_tx_advance(tx);
	__netif_tx_unlock_bh(vale_stack_queue(vi, q));
}

static void vale_tx_kick(struct net_device *dev, u32 q, u32 i)
{
	struct virtnet_info *vi = vale_info(dev);
	struct virtqueue *vq = vi->sq[q].vq;
	bool notify;

	__netif_tx_lock_bh(vale_stack_queue(vi, q));
	notify = virtqueue_kick_prepare(vq);
	__netif_tx_unlock_bh(vale_stack_queue(vi, q));
	if (notify)
		virtqueue_notify(vq);
}

/* From `clean` on to `use`? */
static bool vale_under_way(const struct vale_txq *tx, u32 i)
{
	return vale_native_distance(tx->clean, i, tx->count) <
	       vale_native_distance(tx->clean, tx->use, tx->count);
}

/* If not, the device will say so. */
static bool vale_tx_done(struct net_device *dev, u32 q, u32 i)
{
	struct virtnet_info *vi = vale_info(dev);
	struct vale_txq *tx = vale_tx(dev, q);
	bool done;

	__netif_tx_lock_bh(vale_stack_queue(vi, q));
	if (vale_under_way(tx, i))
		vale_reap(vi, q);
	if (vale_under_way(tx, i) &&
	    !virtqueue_enable_cb_delayed(vi->sq[q].vq))
		vale_reap(vi, q);
	done = !vale_under_way(tx, i);
	__netif_tx_unlock_bh(vale_stack_queue(vi, q));
	return done;
}
