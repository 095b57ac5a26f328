// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The descriptor rings of e1000e as programs' rings: extended receive and
 * legacy transmit descriptors, one queue. Included at the end of netdev.c.
 */

#define VALE_TX_PATIENCE 100	/* times 100 us until what is under way is lost */

static struct e1000_adapter *vale_adapter(struct net_device *dev)
{
	return netdev_priv(dev);
}

static void vale_config(struct net_device *dev, struct vale_native_config *c)
{
	struct e1000_adapter *adapter = vale_adapter(dev);

	c->nrings[VALE_NATIVE_RX] = 1;
	c->nrings[VALE_NATIVE_TX] = 1;
	c->nslots[VALE_NATIVE_RX] = adapter->rx_ring->count;
	c->nslots[VALE_NATIVE_TX] = adapter->tx_ring->count;
	/* The driver splits packets then, over so many buffers. */
	c->rx_size = dev->mtu > ETH_DATA_LEN ? 4 * PAGE_SIZE :
					       adapter->rx_buffer_len;
	c->crc = adapter->flags2 & FLAG2_CRC_STRIPPING ||
		 dev->features & NETIF_F_RXFCS ? 0 : ETH_FCS_LEN;
}

static bool vale_lock(struct net_device *dev)
{
	struct e1000_adapter *adapter = vale_adapter(dev);

	while (test_and_set_bit(__E1000_RESETTING, &adapter->state))
		usleep_range(1000, 2000);
	return netif_running(dev) && !test_bit(__E1000_DOWN, &adapter->state);
}

static void vale_unlock(struct net_device *dev)
{
	clear_bit(__E1000_RESETTING, &vale_adapter(dev)->state);
}

static struct napi_struct *vale_napi(struct net_device *dev, int dir, u32 q)
{
	return &vale_adapter(dev)->napi;
}

static void vale_rx_take(struct net_device *dev, u32 q,
			 struct vale_native_start *at)
{
	struct e1000_adapter *adapter = vale_adapter(dev);
	struct e1000_ring *ring = adapter->rx_ring;

	at->clean = ring->next_to_clean;
	at->use = ring->next_to_use;
	at->torn = adapter->flags2 & FLAG2_IS_DISCARDING;
	adapter->flags2 &= ~FLAG2_IS_DISCARDING;
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
	e1e_flush();
	netif_addr_unlock_bh(dev);
}

/* A frame on its way into memory gets there. */
static void vale_rx_stop(struct net_device *dev, u32 q)
{
	vale_receive(dev, false);
	usleep_range(100, 150);
}

static void vale_rx_tail(struct e1000_adapter *adapter, u32 i)
{
	if (adapter->flags2 & FLAG2_PCIM2PCI_ARBITER_WA)
		e1000e_update_rdt_wa(adapter->rx_ring, i);
	else
		writel(i, adapter->rx_ring->tail);
}

static void vale_tx_tail(struct e1000_adapter *adapter, u32 i)
{
	if (adapter->flags2 & FLAG2_PCIM2PCI_ARBITER_WA)
		e1000e_update_tdt_wa(adapter->tx_ring, i);
	else
		writel(i, adapter->tx_ring->tail);
}

/* As the driver after a reset: on, then buffers. */
static void vale_rx_give(struct net_device *dev, u32 q)
{
	struct e1000_adapter *adapter = vale_adapter(dev);
	struct e1000_ring *ring = adapter->rx_ring;

	e1000_clean_rx_ring(ring);
	writel(0, ring->head);
	vale_rx_tail(adapter, 0);
	vale_receive(dev, true);
	adapter->alloc_rx_buf(ring, e1000_desc_unused(ring), GFP_KERNEL);
}

static void vale_tx_take(struct net_device *dev, u32 q,
			 struct vale_native_start *at)
{
	struct e1000_ring *ring = vale_adapter(dev)->tx_ring;

	at->clean = READ_ONCE(ring->next_to_clean);
	at->use = ring->next_to_use;
}

static void vale_transmit(struct e1000_adapter *adapter, bool on)
{
	struct e1000_hw *hw = &adapter->hw;
	u32 tctl = er32(TCTL);

	ew32(TCTL, on ? tctl | E1000_TCTL_EN : tctl & ~E1000_TCTL_EN);
	e1e_flush();
}

/* With MSI-X the ring is cleaned by an interrupt of its own. */
static void vale_tx_interrupt(struct e1000_adapter *adapter, bool on)
{
	if (!adapter->msix_entries)
		return;
	if (on)
		enable_irq(adapter->msix_entries[1].vector);
	else
		disable_irq(adapter->msix_entries[1].vector);
}

/* The frames under way are sent if that does not take too long. */
static void vale_tx_give(struct net_device *dev, u32 q)
{
	struct e1000_adapter *adapter = vale_adapter(dev);
	struct e1000_ring *ring = adapter->tx_ring;
	int i;

	for (i = 0; i < VALE_TX_PATIENCE && netif_carrier_ok(dev) &&
	     readl(ring->head) != readl(ring->tail); i++)
		usleep_range(100, 200);
	vale_tx_interrupt(adapter, false);
	vale_transmit(adapter, false);
	usleep_range(100, 150);
	e1000_clean_tx_ring(ring);
	writel(0, ring->head);
	vale_tx_tail(adapter, 0);
	vale_transmit(adapter, true);
	vale_tx_interrupt(adapter, true);
}

static u32 vale_tx_pending(struct net_device *dev, u32 q)
{
	struct e1000_ring *ring = vale_adapter(dev)->tx_ring;
	u32 clean = READ_ONCE(ring->next_to_clean);

	return vale_native_distance(clean, ring->next_to_use, ring->count);
}

static void vale_tx_put(struct net_device *dev, u32 q, u32 i,
			const struct vale_native_desc *d, u32 n)
{
	struct e1000_ring *ring = vale_adapter(dev)->tx_ring;
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
	dma_wmb();
	vale_tx_tail(vale_adapter(dev), i);
}

static bool vale_tx_done(struct net_device *dev, u32 q, u32 i)
{
	struct e1000_ring *ring = vale_adapter(dev)->tx_ring;

	return READ_ONCE(E1000_TX_DESC(*ring, i)->upper.data) &
	       cpu_to_le32(E1000_TXD_STAT_DD);
}

/* The second half is where the device writes its status. */
static void vale_rx_put(struct net_device *dev, u32 q, u32 i,
			const struct vale_native_desc *d, u32 n)
{
	struct e1000_ring *ring = vale_adapter(dev)->rx_ring;

	for (; n--; d++, i = i + 1 == ring->count ? 0 : i + 1) {
		union e1000_rx_desc_extended *desc =
			E1000_RX_DESC_EXT(*ring, i);

		desc->read.buffer_addr = cpu_to_le64(d->dma);
		desc->read.reserved = 0;
	}
}

static void vale_rx_kick(struct net_device *dev, u32 q, u32 i)
{
	dma_wmb();
	vale_rx_tail(vale_adapter(dev), i);
}

static u32 vale_rx_get(struct net_device *dev, u32 q, u32 i,
		       struct vale_native_desc *d, u32 n)
{
	struct e1000_ring *ring = vale_adapter(dev)->rx_ring;
	u32 got;

	for (got = 0; got < n; got++, d++, i = i + 1 == ring->count ? 0 : i + 1) {
		union e1000_rx_desc_extended *desc =
			E1000_RX_DESC_EXT(*ring, i);
		u32 status =
			le32_to_cpu(READ_ONCE(desc->wb.upper.status_error));

		if (!(status & E1000_RXD_STAT_DD))
			break;
		dma_rmb();
		d->len = le16_to_cpu(desc->wb.upper.length);
		d->flags = 0;
		if (status & E1000_RXD_STAT_EOP)
			d->flags |= VALE_DESC_EOP;
		if (status & E1000_RXDEXT_ERR_FRAME_ERR_MASK)
			d->flags |= VALE_DESC_ERROR;
		if (status & E1000_RXD_STAT_VP) {
			d->flags |= VALE_DESC_VLAN;
			d->vlan = le16_to_cpu(desc->wb.upper.vlan);
		}
	}
	return got;
}

static const void *vale_rx_data(struct net_device *dev, u32 q, u32 i)
{
	struct e1000_adapter *adapter = vale_adapter(dev);
	struct e1000_buffer *buffer = &adapter->rx_ring->buffer_info[i];

	dma_sync_single_for_cpu(&adapter->pdev->dev, buffer->dma,
				adapter->rx_buffer_len, DMA_FROM_DEVICE);
	return buffer->skb->data;
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

static bool vale_stop_rx;
module_param(vale_stop_rx, bool, 0444);
MODULE_PARM_DESC(vale_stop_rx, "1: native adapters on 82574 and 82583 too, although the driver avoids stopping their receivers");

/* Not those that want their rings flushed first. */
static void e1000e_vale_attach(struct e1000_adapter *adapter)
{
	if ((adapter->flags2 & FLAG2_NO_DISABLE_RX && !vale_stop_rx) ||
	    adapter->hw.mac.type >= e1000_pch_spt)
		return;
	adapter->vale = vale_native_attach(adapter->netdev,
					   &adapter->pdev->dev, &vale_ops);
}

static void e1000e_vale_detach(struct e1000_adapter *adapter)
{
	vale_native_detach(adapter->vale);
	adapter->vale = NULL;
}
