// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The descriptor rings of 8139cp as programs' rings (realtek.h). Included at
 * the end of 8139cp.c. The chip is stopped and started as a whole, as the
 * driver does when sending takes too long; the PHY and the link stay as they
 * are.
 */

static struct cp_private *vale_cp(struct net_device *dev)
{
	return netdev_priv(dev);
}

static struct vale_rtl_ring vale_rx(const struct cp_private *cp)
{
	return (struct vale_rtl_ring){
		.desc = (struct vale_rtl_desc *)cp->rx_ring,
		.count = CP_RX_RING_SIZE,
		.len_mask = 0x1fff,
		.error_mask = RxError | RxErrFIFO,
	};
}

static struct vale_rtl_ring vale_tx(const struct cp_private *cp)
{
	return (struct vale_rtl_ring){
		.desc = (struct vale_rtl_desc *)cp->tx_ring,
		.count = CP_TX_RING_SIZE,
	};
}

static void vale_config(struct net_device *dev, struct vale_native_config *c)
{
	BUILD_BUG_ON(CP_RX_RING_SIZE > VALE_RTL_COUNT_MAX);
	BUILD_BUG_ON(sizeof(struct cp_desc) != sizeof(struct vale_rtl_desc));
	BUILD_BUG_ON(offsetof(struct cp_desc, addr) !=
		     offsetof(struct vale_rtl_desc, addr));
	c->nrings[VALE_NATIVE_RX] = 1;
	c->nrings[VALE_NATIVE_TX] = 1;
	c->nslots[VALE_NATIVE_RX] = CP_RX_RING_SIZE;
	c->nslots[VALE_NATIVE_TX] = CP_TX_RING_SIZE;
	c->rx_size = vale_cp(dev)->rx_buf_sz;
	c->crc = ETH_FCS_LEN;
}

/* All that resets it holds RTNL; a timeout leaves it to vale_reset then. */
static bool vale_lock(struct net_device *dev)
{
	return vale_cp(dev)->vale.rtl.up;
}

static void vale_unlock(struct net_device *dev)
{
}

static struct napi_struct *vale_napi(struct net_device *dev, int dir, u32 q)
{
	return &vale_cp(dev)->napi;
}

/* The driver gives each back at once: all are the hardware's or filled. */
static void vale_rx_take(struct net_device *dev, u32 q,
			 struct vale_native_start *at)
{
	struct cp_private *cp = vale_cp(dev);
	struct vale_rtl_ring ring = vale_rx(cp);

	spin_lock_irq(&cp->lock);
	at->clean = cp->rx_tail;
	at->use = at->clean;
	at->full = true;
	vale_rtl_keep(&cp->vale.rtl, &ring);
	cp->vale.rtl.rx = true;
	spin_unlock_irq(&cp->lock);
}

/* What the driver has not taken back by now will not be. */
static void vale_drop_tx(struct cp_private *cp)
{
	u32 i;

	for (i = 0; i < CP_TX_RING_SIZE; i++) {
		if (!cp->tx_skb[i])
			continue;
		dma_unmap_single(&cp->pdev->dev,
				 le64_to_cpu(cp->tx_ring[i].addr),
				 cp->tx_opts[i] & 0xffff, DMA_TO_DEVICE);
		if (cp->tx_opts[i] & LastFrag)
			dev_consume_skb_any(cp->tx_skb[i]);
		cp->tx_skb[i] = NULL;
	}
	netdev_reset_queue(cp->dev);
}

/* Both directions; NAPI is off. From here on the stack's frames wait. */
static void vale_stop(struct cp_private *cp)
{
	struct vale_rtl_ring rx = vale_rx(cp), tx = vale_tx(cp);

	vale_native_down(cp->vale.native);
	netif_tx_disable(cp->dev);
	spin_lock_irq(&cp->lock);
	cp->vale.rtl.up = false;
	cpw16_f(IntrMask, 0);
	spin_unlock_irq(&cp->lock);
	vale_rtl_tx_idle(cp->dev, &tx, cp->vale.rtl.tx ? cp->vale.rtl.tx_use :
							 cp->tx_head);
	spin_lock_irq(&cp->lock);
	cp_stop_hw(cp);
	spin_unlock_irq(&cp->lock);
	/* A frame on its way into memory gets there; others are lost. */
	udelay(100);
	vale_drop_tx(cp);
	vale_rtl_empty(&tx);
	if (cp->vale.rtl.rx)
		vale_rtl_restore(&cp->vale.rtl, &rx);
	cp->vale.rtl.rx = false;
	cp->vale.rtl.tx_use = 0;
}

static void vale_fill(struct cp_private *cp)
{
	struct vale_rtl_ring ring = vale_rx(cp);
	u32 i;

	for (i = 0; i < CP_RX_RING_SIZE; i++) {
		ring.desc[i].opts2 = 0;
		ring.desc[i].opts1 = vale_rtl_opts1(&ring, i, VALE_RTL_OWN |
						    cp->rx_buf_sz);
	}
}

/* All interrupts are on again when the poll routine ends. */
static void vale_start(struct cp_private *cp)
{
	spin_lock_irq(&cp->lock);
	cp_start_hw(cp);
	__cp_set_rx_mode(cp->dev);
	cp->vale.rtl.up = true;
	cpw16_f(IntrMask, cp_norx_intr_mask);
	spin_unlock_irq(&cp->lock);
	netif_wake_queue(cp->dev);
}

static void vale_rx_stop(struct net_device *dev, u32 q)
{
	vale_stop(vale_cp(dev));
}

/* The other direction may be a program's still. */
static void vale_rx_give(struct net_device *dev, u32 q)
{
	struct cp_private *cp = vale_cp(dev);

	vale_fill(cp);
	vale_start(cp);
	cp->vale.rtl.tx = vale_native_tx_init(cp->vale.native, 0);
}

static void vale_tx_take(struct net_device *dev, u32 q,
			 struct vale_native_start *at)
{
	struct cp_private *cp = vale_cp(dev);

	spin_lock_irq(&cp->lock);
	at->clean = cp->tx_tail;
	at->use = cp->tx_head;
	cp->vale.rtl.tx_use = at->use;
	cp->vale.rtl.tx = true;
	spin_unlock_irq(&cp->lock);
}

static void vale_tx_go_on(struct cp_private *cp)
{
	spin_lock_irq(&cp->lock);
	vale_drop_tx(cp);
	cp->tx_head = cp->vale.rtl.tx_use;
	cp->tx_tail = cp->tx_head;
	cp->vale.rtl.tx = false;
	spin_unlock_irq(&cp->lock);
}

/* An idle ring goes on where it is. */
static void vale_tx_give(struct net_device *dev, u32 q)
{
	struct cp_private *cp = vale_cp(dev);
	struct vale_rtl_ring ring = vale_tx(cp);

	if (vale_rtl_tx_idle(dev, &ring, cp->vale.rtl.tx_use)) {
		vale_tx_go_on(cp);
		return;
	}
	vale_stop(cp);
	cp->vale.rtl.tx = false;
	cp_vale_rx_init(cp);
	vale_start(cp);
}

static u32 vale_tx_pending(struct net_device *dev, u32 q)
{
	struct cp_private *cp = vale_cp(dev);

	return (cp->tx_head - READ_ONCE(cp->tx_tail)) & (CP_TX_RING_SIZE - 1);
}

static void vale_tx_put(struct net_device *dev, u32 q, u32 i,
			const struct vale_native_desc *d, u32 n)
{
	struct vale_rtl_ring ring = vale_tx(vale_cp(dev));

	vale_rtl_tx_put(&ring, i, d, n);
}

static void vale_tx_kick(struct net_device *dev, u32 q, u32 i)
{
	struct cp_private *cp = vale_cp(dev);

	cp->vale.rtl.tx_use = i;
	dma_wmb();
	cpw8(TxPoll, NormalTxPoll);
}

static bool vale_tx_done(struct net_device *dev, u32 q, u32 i)
{
	struct vale_rtl_ring ring = vale_tx(vale_cp(dev));

	return vale_rtl_done(&ring, i);
}

static void vale_rx_put(struct net_device *dev, u32 q, u32 i,
			const struct vale_native_desc *d, u32 n)
{
	struct vale_rtl_ring ring = vale_rx(vale_cp(dev));

	vale_rtl_rx_put(&ring, i, d, n);
}

/* It sees by itself. */
static void vale_rx_kick(struct net_device *dev, u32 q, u32 i)
{
}

static u32 vale_rx_get(struct net_device *dev, u32 q, u32 i,
		       struct vale_native_desc *d, u32 n)
{
	struct vale_rtl_ring ring = vale_rx(vale_cp(dev));

	return vale_rtl_rx_get(&ring, i, d, n);
}

static const void *vale_rx_data(struct net_device *dev, u32 q, u32 i)
{
	struct cp_private *cp = vale_cp(dev);

	dma_sync_single_for_cpu(&cp->pdev->dev,
				le64_to_cpu(cp->vale.rtl.own[i]),
				cp->rx_buf_sz, DMA_FROM_DEVICE);
	return cp->rx_skb[i]->data;
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

/* The driver resets under a spinlock, where programs cannot be waited for. */
static void vale_reset(struct work_struct *work)
{
	struct cp_private *cp = container_of(work, struct cp_private,
					     vale.reset);

	rtnl_lock();
	if (netif_running(cp->dev) && netif_device_present(cp->dev)) {
		cp_close(cp->dev);
		if (cp_open(cp->dev))
			netdev_err(cp->dev, "cannot be started again\n");
	}
	rtnl_unlock();
}

static void cp_vale_attach(struct cp_private *cp)
{
	INIT_WORK(&cp->vale.reset, vale_reset);
	cp->vale.native = vale_native_attach(cp->dev, &cp->pdev->dev,
					     &vale_ops);
}

static void cp_vale_detach(struct cp_private *cp)
{
	cancel_work_sync(&cp->vale.reset);
	vale_native_detach(cp->vale.native);
	cp->vale.native = NULL;
}

static void cp_vale_down(struct cp_private *cp)
{
	struct vale_rtl_ring rx = vale_rx(cp), tx = vale_tx(cp);

	cp->vale.rtl.up = false;
	vale_native_down(cp->vale.native);
	if (cp->vale.rtl.rx)
		vale_rtl_restore(&cp->vale.rtl, &rx);
	if (cp->vale.rtl.tx)
		vale_rtl_empty(&tx);
	cp->vale.rtl.rx = false;
	cp->vale.rtl.tx = false;
	cp->vale.rtl.tx_use = 0;
}

static void cp_vale_suspend(struct cp_private *cp)
{
	cp_vale_down(cp);
}

static void cp_vale_rx_init(struct cp_private *cp)
{
	struct vale_rtl_ring ring = vale_rx(cp);

	vale_rtl_keep(&cp->vale.rtl, &ring);
	vale_rtl_empty(&ring);
	cp->vale.rtl.rx = vale_native_rx_init(cp->vale.native, 0);
	if (!cp->vale.rtl.rx)
		vale_fill(cp);
}

static void cp_vale_tx_init(struct cp_private *cp)
{
	cp->vale.rtl.tx = vale_native_tx_init(cp->vale.native, 0);
	cp->vale.rtl.up = true;
}

static bool cp_vale_rx_irq(struct cp_private *cp)
{
	return vale_native_rx_irq(cp->vale.native, 0) != VALE_NATIVE_PASS;
}

/* In the interrupt's handler programs cannot be woken. */
static void cp_vale_tx_irq(struct cp_private *cp)
{
	if (cp->vale.rtl.tx)
		napi_schedule(&cp->napi);
}

static void cp_vale_tx_poll(struct cp_private *cp)
{
	vale_native_tx_irq(cp->vale.native, 0);
}

/*
 * The handler neither masks nor acknowledges what it leaves to the poll routine:
 * while that is off, the line would stay up, and its CPU in the handler.
 */
static bool cp_vale_schedule(struct cp_private *cp)
{
	if (napi_schedule_prep(&cp->napi))
		return true;
	cpw16_f(IntrMask, cpr16(IntrMask) & cp_norx_intr_mask);
	return false;
}

static bool cp_vale_xmit(struct cp_private *cp)
{
	return cp->vale.rtl.tx || !cp->vale.rtl.up;
}

static bool cp_vale_timeout(struct cp_private *cp)
{
	if (!cp->vale.rtl.rx && !cp->vale.rtl.tx)
		return false;
	schedule_work(&cp->vale.reset);
	return true;
}
