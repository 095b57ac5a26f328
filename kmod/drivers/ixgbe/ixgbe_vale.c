// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The descriptor rings of ixgbe as programs' rings, from 82599 on: queues are
 * stopped one by one, by the driver's own routines; XDP has rings of its own.
 * Included at the end of ixgbe_main.c. The driver's receive pages stay in
 * rx_buffer_info while a program has the ring; ixgbe_alloc_rx_buffers finds them
 * there when it gets the ring back.
 */

#define VALE_TX_PATIENCE 100	/* times 100 us until what is under way is lost */
#define VALE_TX_PARTS 40	/* what the hardware holds of a queue */
#define VALE_TX_LEAST 17	/* bytes, or the hardware hangs */
#define VALE_NO_BUFFER SZ_1G	/* larger than any */

static struct ixgbe_adapter *vale_adapter(struct net_device *dev)
{
	return netdev_priv(dev);
}

static struct ixgbe_ring *vale_rx(struct net_device *dev, u32 q)
{
	return vale_adapter(dev)->rx_ring[q];
}

static struct ixgbe_ring *vale_tx(struct net_device *dev, u32 q)
{
	return vale_adapter(dev)->tx_ring[q];
}

/*
 * Where the driver builds frames around their data, the chip keeps longer ones
 * away, unless it is to store bad ones too; a time stamp may come after. Else
 * only SRRCTL bounds a frame. Where the chip itself switches, queues are not
 * what they seem.
 */
static u32 vale_rx_size(const struct ixgbe_adapter *adapter)
{
	u32 size = ixgbe_rx_bufsz(adapter->rx_ring[0]);

	if (adapter->flags & (IXGBE_FLAG_SRIOV_ENABLED | IXGBE_FLAG_VMDQ_ENABLED))
		return VALE_NO_BUFFER;
	if (adapter->netdev->features & NETIF_F_RXALL)
		return max_t(u32, size, IXGBE_RXBUFFER_2K);
	return size < IXGBE_RXBUFFER_2K ? size + IXGBE_TS_HDR_LEN : size;
}

static const char *vale_refusal(struct net_device *dev)
{
	return vale_adapter(dev)->rx_ring[0] ? NULL : "it is suspended";
}

/* The hardware strips the frame check sequence, unless it is asked for. */
static void vale_config(struct net_device *dev, struct vale_native_config *c)
{
	struct ixgbe_adapter *adapter = vale_adapter(dev);

	if (vale_refusal(dev))
		return;
	c->nrings[VALE_NATIVE_RX] = adapter->num_rx_queues;
	c->nrings[VALE_NATIVE_TX] = adapter->num_tx_queues;
	c->nslots[VALE_NATIVE_RX] = adapter->rx_ring[0]->count;
	c->nslots[VALE_NATIVE_TX] = adapter->tx_ring[0]->count;
	c->rx_size = vale_rx_size(adapter);
	c->tx_parts = VALE_TX_PARTS;
	c->tx_least = VALE_TX_LEAST;
}

static bool vale_lock(struct net_device *dev)
{
	struct ixgbe_adapter *adapter = vale_adapter(dev);

	while (test_and_set_bit(__IXGBE_RESETTING, &adapter->state))
		usleep_range(1000, 2000);
	return netif_running(dev) && !test_bit(__IXGBE_DOWN, &adapter->state);
}

static void vale_unlock(struct net_device *dev)
{
	clear_bit(__IXGBE_RESETTING, &vale_adapter(dev)->state);
}

static struct napi_struct *vale_napi(struct net_device *dev, int dir, u32 q)
{
	struct ixgbe_ring *ring = dir == VALE_NATIVE_RX ? vale_rx(dev, q) :
							vale_tx(dev, q);

	return &ring->q_vector->napi;
}

/* Of a frame in several buffers: it waits in the next of them. */
static bool vale_drop_part(struct ixgbe_ring *ring)
{
	struct ixgbe_rx_buffer *bi = &ring->rx_buffer_info[ring->next_to_clean];
	struct sk_buff *skb = bi->skb;

	if (!skb)
		return false;
	if (IXGBE_CB(skb)->page_released)
		dma_unmap_page_attrs(ring->dev, IXGBE_CB(skb)->dma,
				     ixgbe_rx_pg_size(ring), DMA_FROM_DEVICE,
				     IXGBE_RX_DMA_ATTR);
	dev_kfree_skb(skb);
	bi->skb = NULL;
	return true;
}

static void vale_rx_take(struct net_device *dev, u32 q,
			 struct vale_native_start *at)
{
	struct ixgbe_ring *ring = vale_rx(dev, q);

	at->clean = ring->next_to_clean;
	at->use = ring->next_to_use;
	at->torn = vale_drop_part(ring);
}

static void vale_rx_stop(struct net_device *dev, u32 q)
{
	ixgbe_disable_rxr_hw(vale_adapter(dev), vale_rx(dev, q));
}

/* The driver fills all but the last, and reuses pages from there on. */
static void vale_empty_last(struct ixgbe_ring *ring)
{
	struct ixgbe_rx_buffer *last = &ring->rx_buffer_info[ring->count - 1];
	struct ixgbe_rx_buffer *bi;

	for (bi = ring->rx_buffer_info; last->page && bi < last; bi++)
		if (!bi->page)
			swap(*bi, *last);
}

static void vale_rx_give(struct net_device *dev, u32 q)
{
	struct ixgbe_adapter *adapter = vale_adapter(dev);
	struct ixgbe_ring *ring = vale_rx(dev, q);
	struct ixgbe_hw *hw = &adapter->hw;
	u32 rxdctl = IXGBE_READ_REG(hw, IXGBE_RXDCTL(ring->reg_idx));

	memset(ring->desc, 0, ring->size);
	vale_empty_last(ring);
	ring->next_to_clean = 0;
	ring->next_to_use = 0;
	ring->next_to_alloc = 0;
	IXGBE_WRITE_REG(hw, IXGBE_RDH(ring->reg_idx), 0);
	IXGBE_WRITE_REG(hw, IXGBE_RDT(ring->reg_idx), 0);
	/* As the driver after a reset: on, then buffers. */
	IXGBE_WRITE_REG(hw, IXGBE_RXDCTL(ring->reg_idx),
			(rxdctl & ~IXGBE_RXDCTL_SWFLSH) | IXGBE_RXDCTL_ENABLE);
	ixgbe_rx_desc_queue_enable(adapter, ring);
	local_bh_disable();
	ixgbe_alloc_rx_buffers(ring, ixgbe_desc_unused(ring));
	local_bh_enable();
}

static void vale_tx_take(struct net_device *dev, u32 q,
			 struct vale_native_start *at)
{
	struct ixgbe_ring *ring = vale_tx(dev, q);

	at->clean = ring->next_to_clean;
	at->use = ring->next_to_use;
}

/* The frames under way are sent if that does not take too long. */
static void vale_tx_give(struct net_device *dev, u32 q)
{
	struct ixgbe_adapter *adapter = vale_adapter(dev);
	struct ixgbe_ring *ring = vale_tx(dev, q);
	struct ixgbe_hw *hw = &adapter->hw;
	int i;

	for (i = 0; i < VALE_TX_PATIENCE && netif_carrier_ok(dev) &&
	     IXGBE_READ_REG(hw, IXGBE_TDH(ring->reg_idx)) !=
	     IXGBE_READ_REG(hw, IXGBE_TDT(ring->reg_idx)); i++)
		usleep_range(100, 200);
	ixgbe_disable_txr_hw(adapter, ring);
	ixgbe_clean_tx_ring(ring);
	ixgbe_configure_tx_ring(adapter, ring);
}

static u32 vale_tx_pending(struct net_device *dev, u32 q)
{
	struct ixgbe_ring *ring = vale_tx(dev, q);
	u32 clean = smp_load_acquire(&ring->next_to_clean);

	return vale_native_distance(clean, ring->next_to_use, ring->count);
}

static void vale_tx_put(struct net_device *dev, u32 q, u32 i,
			const struct vale_native_desc *d, u32 n)
{
	struct ixgbe_ring *ring = vale_tx(dev, q);
	bool first = true;
	u32 cmd;

	for (; n--; d++, i = i + 1 == ring->count ? 0 : i + 1) {
		union ixgbe_adv_tx_desc *desc = IXGBE_TX_DESC(ring, i);

		cmd = IXGBE_ADVTXD_DTYP_DATA | IXGBE_ADVTXD_DCMD_DEXT |
		      IXGBE_ADVTXD_DCMD_IFCS | d->len;
		if (d->flags & VALE_DESC_EOP)
			cmd |= IXGBE_ADVTXD_DCMD_EOP;
		if (d->flags & VALE_DESC_REPORT)
			cmd |= IXGBE_ADVTXD_DCMD_RS;
		desc->read.buffer_addr = cpu_to_le64(d->dma);
		desc->read.cmd_type_len = cpu_to_le32(cmd);
		desc->read.olinfo_status = 0;
		if (first)
			ixgbe_tx_olinfo_status(desc, 0,
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
	return READ_ONCE(IXGBE_TX_DESC(vale_tx(dev, q), i)->wb.status) &
	       cpu_to_le32(IXGBE_TXD_STAT_DD);
}

/* The second half is where length and status will be written. */
static void vale_rx_put(struct net_device *dev, u32 q, u32 i,
			const struct vale_native_desc *d, u32 n)
{
	struct ixgbe_ring *ring = vale_rx(dev, q);

	for (; n--; d++, i = i + 1 == ring->count ? 0 : i + 1) {
		union ixgbe_adv_rx_desc *desc = IXGBE_RX_DESC(ring, i);

		desc->read.pkt_addr = cpu_to_le64(d->dma);
		desc->read.hdr_addr = 0;
	}
}

static void vale_rx_kick(struct net_device *dev, u32 q, u32 i)
{
	dma_wmb();
	writel(i, vale_rx(dev, q)->tail);
}

static void vale_describe(union ixgbe_adv_rx_desc *desc,
			  struct vale_native_desc *d)
{
	d->flags = 0;
	if (ixgbe_test_staterr(desc, IXGBE_RXD_STAT_EOP))
		d->flags |= VALE_DESC_EOP;
	if (ixgbe_test_staterr(desc, IXGBE_RXDADV_ERR_FRAME_ERR_MASK |
				     IXGBE_RXD_STAT_TSIP))
		d->flags |= VALE_DESC_ERROR;
	if (ixgbe_test_staterr(desc, IXGBE_RXD_STAT_VP)) {
		d->flags |= VALE_DESC_VLAN;
		d->vlan = le16_to_cpu(desc->wb.upper.vlan);
	}
}

/* The driver clears no more than the length of its own: it is what tells. */
static u32 vale_rx_get(struct net_device *dev, u32 q, u32 i,
		       struct vale_native_desc *d, u32 n)
{
	struct ixgbe_ring *ring = vale_rx(dev, q);
	u32 got;

	for (got = 0; got < n; got++, d++, i = i + 1 == ring->count ? 0 : i + 1) {
		union ixgbe_adv_rx_desc *desc = IXGBE_RX_DESC(ring, i);

		d->len = le16_to_cpu(READ_ONCE(desc->wb.upper.length));
		if (!d->len)
			break;
		dma_rmb();
		vale_describe(desc, d);
	}
	return got;
}

static const void *vale_rx_data(struct net_device *dev, u32 q, u32 i)
{
	struct ixgbe_ring *ring = vale_rx(dev, q);
	struct ixgbe_rx_buffer *bi = &ring->rx_buffer_info[i];

	dma_sync_single_range_for_cpu(ring->dev, bi->dma, bi->page_offset,
				      ixgbe_rx_bufsz(ring), DMA_FROM_DEVICE);
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

/* Segments merged by the chip lie in descriptors that do not follow each other. */
static void vale_no_lro(struct ixgbe_adapter *adapter)
{
	adapter->flags2 &= ~(IXGBE_FLAG2_RSC_CAPABLE | IXGBE_FLAG2_RSC_ENABLED);
	adapter->netdev->features &= ~NETIF_F_LRO;
	adapter->netdev->hw_features &= ~NETIF_F_LRO;
}

/* Queues of 82598 have not all that is used here. */
static void ixgbe_vale_attach(struct ixgbe_adapter *adapter)
{
	if (adapter->hw.mac.type == ixgbe_mac_82598EB)
		return;
	vale_no_lro(adapter);
	adapter->vale = vale_native_attach(adapter->netdev,
					   &adapter->pdev->dev, &vale_ops);
}

static void ixgbe_vale_detach(struct ixgbe_adapter *adapter)
{
	vale_native_detach(adapter->vale);
	adapter->vale = NULL;
}
