// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The descriptor rings of igc as programs' rings: much as igb, but stopping a
 * queue flushes it, as the driver does. Included at the end of igc_main.c. The driver's
 * receive pages stay in rx_buffer_info while a program has the ring;
 * igc_alloc_rx_buffers finds them there when it gets the ring back.
 */

#define VALE_TX_PATIENCE 100	/* times 100 us until what is under way is lost */
#define VALE_TX_LEAST 17	/* bytes, or the hardware hangs */
#define VALE_STOP_PATIENCE 100	/* times 10 us until a queue must have stopped */

static struct igc_adapter *vale_adapter(struct net_device *dev)
{
	return netdev_priv(dev);
}

static struct igc_ring *vale_rx(struct net_device *dev, u32 q)
{
	return vale_adapter(dev)->rx_ring[q];
}

static struct igc_ring *vale_tx(struct net_device *dev, u32 q)
{
	return vale_adapter(dev)->tx_ring[q];
}

/*
 * RLPML keeps longer frames away while the MTU lets it (igc_set_rx_mode), and
 * a time stamp may come before; else only SRRCTL bounds a frame.
 */
static u32 vale_rx_size(const struct igc_adapter *adapter)
{
	if (PAGE_SIZE < SZ_8K &&
	    adapter->max_frame_size <= IGC_MAX_FRAME_BUILD_SKB)
		return IGC_MAX_FRAME_BUILD_SKB + IGC_TS_HDR_LEN;
	return ring_uses_large_buffer(adapter->rx_ring[0]) ?
	       IGC_RXBUFFER_3072 : IGC_RXBUFFER_2048;
}

/* Nobody has used the link for a while, or the machine sleeps. */
static const char *vale_refusal(struct net_device *dev)
{
	return vale_adapter(dev)->rx_ring[0] ? NULL : "it is suspended";
}

/* The hardware strips the frame check sequence. */
static void vale_config(struct net_device *dev, struct vale_native_config *c)
{
	struct igc_adapter *adapter = vale_adapter(dev);

	if (vale_refusal(dev))
		return;
	c->nrings[VALE_NATIVE_RX] = adapter->num_rx_queues;
	c->nrings[VALE_NATIVE_TX] = adapter->num_tx_queues;
	c->nslots[VALE_NATIVE_RX] = adapter->rx_ring[0]->count;
	c->nslots[VALE_NATIVE_TX] = adapter->tx_ring[0]->count;
	c->rx_size = vale_rx_size(adapter);
	c->tx_least = VALE_TX_LEAST;
}

static bool vale_lock(struct net_device *dev)
{
	struct igc_adapter *adapter = vale_adapter(dev);

	while (test_and_set_bit(__IGC_RESETTING, &adapter->state))
		usleep_range(1000, 2000);
	return netif_running(dev) && !test_bit(__IGC_DOWN, &adapter->state);
}

static void vale_unlock(struct net_device *dev)
{
	clear_bit(__IGC_RESETTING, &vale_adapter(dev)->state);
}

static struct napi_struct *vale_napi(struct net_device *dev, int dir, u32 q)
{
	struct igc_ring *ring = dir == VALE_NATIVE_RX ? vale_rx(dev, q) :
							vale_tx(dev, q);

	return &ring->q_vector->napi;
}

/* The bit reads as set until the queue's last descriptor is written. */
static void vale_queue_off(struct igc_adapter *adapter, u32 reg)
{
	struct igc_hw *hw = &adapter->hw;
	int i;

	BUILD_BUG_ON(IGC_RXDCTL_QUEUE_ENABLE != IGC_TXDCTL_QUEUE_ENABLE);
	BUILD_BUG_ON(IGC_RXDCTL_SWFLUSH != IGC_TXDCTL_SWFLUSH);
	wr32(reg, (rd32(reg) & ~IGC_RXDCTL_QUEUE_ENABLE) |
		  IGC_RXDCTL_SWFLUSH);
	for (i = 0; i < VALE_STOP_PATIENCE &&
	     rd32(reg) & IGC_RXDCTL_QUEUE_ENABLE; i++)
		udelay(10);
}

static void vale_queue_on(struct igc_adapter *adapter, u32 reg)
{
	struct igc_hw *hw = &adapter->hw;

	wr32(reg, (rd32(reg) & ~IGC_RXDCTL_SWFLUSH) | IGC_RXDCTL_QUEUE_ENABLE);
	wrfl();
}

static void vale_rx_take(struct net_device *dev, u32 q,
			 struct vale_native_start *at)
{
	struct igc_ring *ring = vale_rx(dev, q);

	at->clean = ring->next_to_clean;
	at->use = ring->next_to_use;
	at->torn = ring->skb;
	dev_kfree_skb(ring->skb);
	ring->skb = NULL;
}

static void vale_rx_stop(struct net_device *dev, u32 q)
{
	vale_queue_off(vale_adapter(dev), IGC_RXDCTL(vale_rx(dev, q)->reg_idx));
}

/* The driver fills all but the last, and reuses pages from there on. */
static void vale_empty_last(struct igc_ring *ring)
{
	struct igc_rx_buffer *last = &ring->rx_buffer_info[ring->count - 1];
	struct igc_rx_buffer *bi;

	for (bi = ring->rx_buffer_info; last->page && bi < last; bi++)
		if (!bi->page)
			swap(*bi, *last);
}

static void vale_rx_give(struct net_device *dev, u32 q)
{
	struct igc_adapter *adapter = vale_adapter(dev);
	struct igc_ring *ring = vale_rx(dev, q);
	struct igc_hw *hw = &adapter->hw;

	memset(ring->desc, 0, ring->size);
	vale_empty_last(ring);
	ring->next_to_clean = 0;
	ring->next_to_use = 0;
	ring->next_to_alloc = 0;
	wr32(IGC_RDH(ring->reg_idx), 0);
	writel(0, ring->tail);
	/* As the driver after a reset: on, then buffers. */
	vale_queue_on(adapter, IGC_RXDCTL(ring->reg_idx));
	local_bh_disable();
	igc_alloc_rx_buffers(ring, igc_desc_unused(ring));
	local_bh_enable();
}

/* XDP sends under this lock, whether the stack's queue is stopped or not. */
static void vale_set_taken(struct igc_ring *ring, bool taken)
{
	struct netdev_queue *txq = txring_txq(ring);

	__netif_tx_lock_bh(txq);
	ring->vale_taken = taken;
	__netif_tx_unlock_bh(txq);
}

static void vale_tx_take(struct net_device *dev, u32 q,
			 struct vale_native_start *at)
{
	struct igc_ring *ring = vale_tx(dev, q);

	vale_set_taken(ring, true);
	at->clean = ring->next_to_clean;
	at->use = ring->next_to_use;
}

/* The frames under way are sent if that does not take too long. */
static void vale_tx_give(struct net_device *dev, u32 q)
{
	struct igc_adapter *adapter = vale_adapter(dev);
	struct igc_ring *ring = vale_tx(dev, q);
	struct igc_hw *hw = &adapter->hw;
	int i;

	for (i = 0; i < VALE_TX_PATIENCE && netif_carrier_ok(dev) &&
	     rd32(IGC_TDH(ring->reg_idx)) != readl(ring->tail); i++)
		usleep_range(100, 200);
	vale_queue_off(adapter, IGC_TXDCTL(ring->reg_idx));
	igc_clean_tx_ring(ring);
	memset(ring->tx_buffer_info, 0,
	       sizeof(struct igc_tx_buffer) * ring->count);
	wr32(IGC_TDH(ring->reg_idx), 0);
	writel(0, ring->tail);
	vale_queue_on(adapter, IGC_TXDCTL(ring->reg_idx));
	vale_set_taken(ring, false);
}

static u32 vale_tx_pending(struct net_device *dev, u32 q)
{
	struct igc_ring *ring = vale_tx(dev, q);
	u32 clean = smp_load_acquire(&ring->next_to_clean);

	return vale_native_distance(clean, ring->next_to_use, ring->count);
}

static void vale_tx_put(struct net_device *dev, u32 q, u32 i,
			const struct vale_native_desc *d, u32 n)
{
	struct igc_ring *ring = vale_tx(dev, q);
	bool first = true;
	u32 cmd;

	for (; n--; d++, i = i + 1 == ring->count ? 0 : i + 1) {
		union igc_adv_tx_desc *desc = IGC_TX_DESC(ring, i);

		cmd = IGC_ADVTXD_DTYP_DATA | IGC_ADVTXD_DCMD_DEXT |
		      IGC_ADVTXD_DCMD_IFCS | d->len;
		if (d->flags & VALE_DESC_EOP)
			cmd |= IGC_ADVTXD_DCMD_EOP;
		if (d->flags & VALE_DESC_REPORT)
			cmd |= IGC_ADVTXD_DCMD_RS;
		desc->read.buffer_addr = cpu_to_le64(d->dma);
		desc->read.cmd_type_len = cpu_to_le32(cmd);
		desc->read.olinfo_status = 0;
		if (first)
			igc_tx_olinfo_status(ring, desc, 0,
					     vale_native_frame_len(d));
		first = d->flags & VALE_DESC_EOP;
	}
}

static void vale_tx_kick(struct net_device *dev, u32 q, u32 i)
{
	dma_wmb();
	writel(i, vale_tx(dev, q)->tail);
}

static bool vale_tx_done(struct net_device *dev, u32 q, u32 i)
{
	return READ_ONCE(IGC_TX_DESC(vale_tx(dev, q), i)->wb.status) &
	       cpu_to_le32(IGC_TXD_STAT_DD);
}

/* The second half is where length and status will be written. */
static void vale_rx_put(struct net_device *dev, u32 q, u32 i,
			const struct vale_native_desc *d, u32 n)
{
	struct igc_ring *ring = vale_rx(dev, q);

	for (; n--; d++, i = i + 1 == ring->count ? 0 : i + 1) {
		union igc_adv_rx_desc *desc = IGC_RX_DESC(ring, i);

		desc->read.pkt_addr = cpu_to_le64(d->dma);
		desc->read.hdr_addr = 0;
	}
}

static void vale_rx_kick(struct net_device *dev, u32 q, u32 i)
{
	dma_wmb();
	writel(i, vale_rx(dev, q)->tail);
}

static u16 vale_vlan(const struct igc_ring *ring,
		     union igc_adv_rx_desc *desc)
{
	if (igc_test_staterr(desc, IGC_RXDEXT_STATERR_LB) &&
	    test_bit(IGC_RING_FLAG_RX_LB_VLAN_BSWAP, &ring->flags))
		return be16_to_cpu((__force __be16)desc->wb.upper.vlan);
	return le16_to_cpu(desc->wb.upper.vlan);
}

/* A time stamp before the frame is not taken off: docs/native.md. */
static void vale_describe(const struct igc_ring *ring,
			  union igc_adv_rx_desc *desc,
			  struct vale_native_desc *d)
{
	d->flags = 0;
	if (igc_test_staterr(desc, IGC_RXD_STAT_EOP))
		d->flags |= VALE_DESC_EOP;
	if (igc_test_staterr(desc, IGC_RXDEXT_STATERR_RXE |
				   IGC_RXDADV_STAT_TSIP))
		d->flags |= VALE_DESC_ERROR;
	if (igc_test_staterr(desc, IGC_RXD_STAT_VP)) {
		d->flags |= VALE_DESC_VLAN;
		d->vlan = vale_vlan(ring, desc);
	}
}

/* The driver clears no more than the length of its own: it is what tells. */
static u32 vale_rx_get(struct net_device *dev, u32 q, u32 i,
		       struct vale_native_desc *d, u32 n)
{
	struct igc_ring *ring = vale_rx(dev, q);
	u32 got;

	for (got = 0; got < n; got++, d++, i = i + 1 == ring->count ? 0 : i + 1) {
		union igc_adv_rx_desc *desc = IGC_RX_DESC(ring, i);

		d->len = le16_to_cpu(READ_ONCE(desc->wb.upper.length));
		if (!d->len)
			break;
		dma_rmb();
		vale_describe(ring, desc, d);
	}
	return got;
}

static const void *vale_rx_data(struct net_device *dev, u32 q, u32 i)
{
	struct igc_ring *ring = vale_rx(dev, q);
	struct igc_rx_buffer *bi = &ring->rx_buffer_info[i];

	dma_sync_single_range_for_cpu(ring->dev, bi->dma, bi->page_offset,
				      igc_rx_bufsz(ring), DMA_FROM_DEVICE);
	return page_address(bi->page) + bi->page_offset;
}

static const struct vale_native_ops vale_ops = {
	.refusal = vale_refusal,
	.config = vale_config,
	.lock = vale_lock,
	.unlock = vale_unlock,
	.napi = vale_napi,
	.rx_take = vale_rx_take,
	.tx_take = vale_tx_take,
	.rx_stop = vale_rx_stop,
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

static void igc_vale_attach(struct igc_adapter *adapter)
{
	adapter->vale = vale_native_attach(adapter->netdev,
					   &adapter->pdev->dev, &vale_ops);
}

static void igc_vale_detach(struct igc_adapter *adapter)
{
	vale_native_detach(adapter->vale);
	adapter->vale = NULL;
}
