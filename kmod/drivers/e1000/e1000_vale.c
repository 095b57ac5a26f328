// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The descriptor rings of e1000 as programs' rings: legacy descriptors, one
 * queue. Included at the end of e1000_main.c. The driver's receive buffers stay
 * in buffer_info while a program has the ring; e1000_alloc_rx_buffers finds
 * them there when it gets the ring back.
 */

#define VALE_TX_PATIENCE 100	/* times 100 us until what is under way is lost */

static struct e1000_adapter *vale_adapter(struct net_device *dev)
{
	return netdev_priv(dev);
}

static void vale_config(struct net_device *dev, struct vale_native_config *c)
{
	struct e1000_adapter *adapter = vale_adapter(dev);

	c->nrings[VALE_NATIVE_RX] = adapter->num_rx_queues;
	c->nrings[VALE_NATIVE_TX] = adapter->num_tx_queues;
	c->nslots[VALE_NATIVE_RX] = adapter->rx_ring->count;
	c->nslots[VALE_NATIVE_TX] = adapter->tx_ring->count;
	c->rx_size = adapter->rx_buffer_len;
	c->crc = dev->features & NETIF_F_RXFCS ? 0 : ETH_FCS_LEN;
}

static bool vale_lock(struct net_device *dev)
{
	struct e1000_adapter *adapter = vale_adapter(dev);

	while (test_and_set_bit(__E1000_RESETTING, &adapter->flags))
		usleep_range(1000, 2000);
	return netif_running(dev) && !test_bit(__E1000_DOWN, &adapter->flags);
}

static void vale_unlock(struct net_device *dev)
{
	clear_bit(__E1000_RESETTING, &vale_adapter(dev)->flags);
}

static struct napi_struct *vale_napi(struct net_device *dev, int dir, u32 q)
{
	return &vale_adapter(dev)->napi;
}

static void vale_rx_take(struct net_device *dev, u32 q,
			 struct vale_native_start *at)
{
	struct e1000_adapter *adapter = vale_adapter(dev);
	struct e1000_rx_ring *ring = &adapter->rx_ring[q];

	at->clean = ring->next_to_clean;
	at->use = ring->next_to_use;
	at->torn = adapter->discarding || ring->rx_skb_top;
	napi_free_frags(&adapter->napi);
	ring->rx_skb_top = NULL;
	adapter->discarding = false;
}

/* Filters are set under the same lock. */
static void vale_receive(struct net_device *dev, bool on)
{
	struct e1000_adapter *adapter = vale_adapter(dev);
	struct e1000_hw *hw = &adapter->hw;
	u32 rctl;

	netif_addr_lock_bh(dev);
	rctl = er32(RCTL);
	ew32(RCTL, on ? rctl | E1000_RCTL_EN : rctl & ~E1000_RCTL_EN);
	E1000_WRITE_FLUSH();
	netif_addr_unlock_bh(dev);
}

/* A frame on its way into memory gets there. */
static void vale_rx_stop(struct net_device *dev, u32 q)
{
	vale_receive(dev, false);
	usleep_range(100, 150);
}

static void vale_rx_give(struct net_device *dev, u32 q)
{
	struct e1000_adapter *adapter = vale_adapter(dev);
	struct e1000_rx_ring *ring = &adapter->rx_ring[q];
	u8 __iomem *regs = adapter->hw.hw_addr;

	memset(ring->desc, 0, ring->size);
	ring->next_to_clean = 0;
	ring->next_to_use = 0;
	writel(0, regs + ring->rdh);
	writel(0, regs + ring->rdt);
	/* As the driver after a reset: on, then buffers. */
	vale_receive(dev, true);
	local_bh_disable();
	adapter->alloc_rx_buf(adapter, ring, E1000_DESC_UNUSED(ring));
	local_bh_enable();
}

static void vale_tx_take(struct net_device *dev, u32 q,
			 struct vale_native_start *at)
{
	struct e1000_tx_ring *ring = &vale_adapter(dev)->tx_ring[q];

	at->clean = ring->next_to_clean;
	at->use = ring->next_to_use;
}

static void vale_transmit(struct e1000_adapter *adapter, bool on)
{
	struct e1000_hw *hw = &adapter->hw;
	u32 tctl = er32(TCTL);

	ew32(TCTL, on ? tctl | E1000_TCTL_EN : tctl & ~E1000_TCTL_EN);
	E1000_WRITE_FLUSH();
}

/* The frames under way are sent if that does not take too long. */
static void vale_tx_give(struct net_device *dev, u32 q)
{
	struct e1000_adapter *adapter = vale_adapter(dev);
	struct e1000_tx_ring *ring = &adapter->tx_ring[q];
	u8 __iomem *regs = adapter->hw.hw_addr;
	int i;

	for (i = 0; i < VALE_TX_PATIENCE && netif_carrier_ok(dev) &&
	     readl(regs + ring->tdh) != readl(regs + ring->tdt); i++)
		usleep_range(100, 200);
	vale_transmit(adapter, false);
	usleep_range(100, 150);
	e1000_clean_tx_ring(adapter, ring);
	vale_transmit(adapter, true);
}

static u32 vale_tx_pending(struct net_device *dev, u32 q)
{
	struct e1000_tx_ring *ring = &vale_adapter(dev)->tx_ring[q];
	u32 clean = smp_load_acquire(&ring->next_to_clean);

	return vale_native_distance(clean, ring->next_to_use, ring->count);
}

static void vale_tx_put(struct net_device *dev, u32 q, u32 i,
			const struct vale_native_desc *d, u32 n)
{
	struct e1000_tx_ring *ring = &vale_adapter(dev)->tx_ring[q];
	u32 cmd;

	for (; n--; d++, i = i + 1 == ring->count ? 0 : i + 1) {
		struct e1000_tx_desc *desc = E1000_TX_DESC(*ring, i);

		cmd = E1000_TXD_CMD_IFCS;
		if (d->flags & VALE_DESC_EOP)
			cmd |= E1000_TXD_CMD_EOP;
		if (d->flags & VALE_DESC_REPORT)
			cmd |= E1000_TXD_CMD_RS | E1000_TXD_CMD_IDE;
		desc->buffer_addr = cpu_to_le64(d->dma);
		desc->lower.data = cpu_to_le32(cmd | d->len);
		desc->upper.data = 0;
	}
}

static void vale_tx_kick(struct net_device *dev, u32 q, u32 i)
{
	struct e1000_adapter *adapter = vale_adapter(dev);

	dma_wmb();
	writel(i, adapter->hw.hw_addr + adapter->tx_ring[q].tdt);
}

static bool vale_tx_done(struct net_device *dev, u32 q, u32 i)
{
	struct e1000_tx_ring *ring = &vale_adapter(dev)->tx_ring[q];

	return READ_ONCE(E1000_TX_DESC(*ring, i)->upper.data) &
	       cpu_to_le32(E1000_TXD_STAT_DD);
}

static void vale_rx_put(struct net_device *dev, u32 q, u32 i,
			const struct vale_native_desc *d, u32 n)
{
	struct e1000_rx_ring *ring = &vale_adapter(dev)->rx_ring[q];

	for (; n--; d++, i = i + 1 == ring->count ? 0 : i + 1) {
		struct e1000_rx_desc *desc = E1000_RX_DESC(*ring, i);

		desc->buffer_addr = cpu_to_le64(d->dma);
		desc->status = 0;
	}
}

/* As the driver does: the tail points at the last one, not behind it. */
static void vale_rx_kick(struct net_device *dev, u32 q, u32 i)
{
	struct e1000_adapter *adapter = vale_adapter(dev);
	struct e1000_rx_ring *ring = &adapter->rx_ring[q];

	dma_wmb();
	writel((i ?: ring->count) - 1, adapter->hw.hw_addr + ring->rdt);
}

static u32 vale_rx_get(struct net_device *dev, u32 q, u32 i,
		       struct vale_native_desc *d, u32 n)
{
	struct e1000_rx_ring *ring = &vale_adapter(dev)->rx_ring[q];
	u32 got;

	for (got = 0; got < n; got++, d++, i = i + 1 == ring->count ? 0 : i + 1) {
		struct e1000_rx_desc *desc = E1000_RX_DESC(*ring, i);
		u8 status = READ_ONCE(desc->status);

		if (!(status & E1000_RXD_STAT_DD))
			break;
		dma_rmb();
		d->len = le16_to_cpu(desc->length);
		d->flags = 0;
		if (status & E1000_RXD_STAT_EOP)
			d->flags |= VALE_DESC_EOP;
		if (desc->errors & E1000_RXD_ERR_FRAME_ERR_MASK)
			d->flags |= VALE_DESC_ERROR;
		if (status & E1000_RXD_STAT_VP) {
			d->flags |= VALE_DESC_VLAN;
			d->vlan = le16_to_cpu(desc->special);
		}
	}
	return got;
}

static const void *vale_rx_data(struct net_device *dev, u32 q, u32 i)
{
	struct e1000_adapter *adapter = vale_adapter(dev);
	struct e1000_rx_buffer *buffer = &adapter->rx_ring[q].buffer_info[i];

	dma_sync_single_for_cpu(&adapter->pdev->dev, buffer->dma,
				adapter->rx_buffer_len, DMA_FROM_DEVICE);
	return adapter->clean_rx == e1000_clean_rx_irq ?
	       buffer->rxbuf.data : page_address(buffer->rxbuf.page);
}

static const struct vale_native_ops vale_ops = {
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

/* Older ones have errata about where buffers may lie. */
static void e1000_vale_attach(struct e1000_adapter *adapter)
{
	if (adapter->hw.mac_type < e1000_82540)
		return;
	adapter->vale = vale_native_attach(adapter->netdev,
					   &adapter->pdev->dev, &vale_ops);
}

static void e1000_vale_detach(struct e1000_adapter *adapter)
{
	vale_native_detach(adapter->vale);
	adapter->vale = NULL;
}
