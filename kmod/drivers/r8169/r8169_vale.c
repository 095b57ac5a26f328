// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The descriptor rings of r8169 as programs' rings (realtek.h). Included at the
 * end of r8169_main.c. These chips fetch descriptors ahead and have no way to
 * stop one direction of which the driver knows: it stops them by resetting the
 * MAC, the PHY and the link staying as they are, and so do we.
 */

#define VALE_RX_LEAST 1536	/* bytes a buffer is given to write to, a multiple of 8 */

static struct rtl8169_private *vale_tp(struct net_device *dev)
{
	return netdev_priv(dev);
}

static struct vale_rtl_ring vale_rx(const struct rtl8169_private *tp)
{
	return (struct vale_rtl_ring){
		.desc = (struct vale_rtl_desc *)tp->RxDescArray,
		.count = NUM_RX_DESC,
		.len_mask = GENMASK(13, 0),
		.error_mask = RxRES,
	};
}

static struct vale_rtl_ring vale_tx(const struct rtl8169_private *tp)
{
	return (struct vale_rtl_ring){
		.desc = (struct vale_rtl_desc *)tp->TxDescArray,
		.count = NUM_TX_DESC,
	};
}

/* The hardware wants multiples of 8. */
static void vale_config(struct net_device *dev, struct vale_native_config *c)
{
	u32 frame = dev->mtu + VLAN_ETH_HLEN + ETH_FCS_LEN;

	BUILD_BUG_ON(NUM_RX_DESC > VALE_RTL_COUNT_MAX);
	BUILD_BUG_ON(sizeof(struct RxDesc) != sizeof(struct vale_rtl_desc));
	BUILD_BUG_ON(offsetof(struct RxDesc, addr) !=
		     offsetof(struct vale_rtl_desc, addr));
	c->nrings[VALE_NATIVE_RX] = 1;
	c->nrings[VALE_NATIVE_TX] = 1;
	c->nslots[VALE_NATIVE_RX] = NUM_RX_DESC;
	c->nslots[VALE_NATIVE_TX] = NUM_TX_DESC;
	c->rx_size = max_t(u32, VALE_RX_LEAST, ALIGN(frame, 8));
	c->crc = dev->features & NETIF_F_RXFCS ? 0 : ETH_FCS_LEN;
}

static bool vale_lock(struct net_device *dev)
{
	struct rtl8169_private *tp = vale_tp(dev);

	mutex_lock(&tp->vale.lock);
	return tp->vale.rtl.up;
}

static void vale_unlock(struct net_device *dev)
{
	mutex_unlock(&vale_tp(dev)->vale.lock);
}

static struct napi_struct *vale_napi(struct net_device *dev, int dir, u32 q)
{
	return &vale_tp(dev)->napi;
}

/* The driver gives each back at once: all are the hardware's or filled. */
static void vale_rx_take(struct net_device *dev, u32 q,
			 struct vale_native_start *at)
{
	struct rtl8169_private *tp = vale_tp(dev);
	struct vale_rtl_ring ring = vale_rx(tp);

	at->clean = tp->cur_rx % NUM_RX_DESC;
	at->use = at->clean;
	at->full = true;
	vale_rtl_keep(&tp->vale.rtl, &ring);
	tp->vale.rtl.rx = true;
}

/* Both directions, as before a reset; NAPI is off and the lock is held. */
static void vale_stop(struct rtl8169_private *tp)
{
	struct vale_rtl_ring tx = vale_tx(tp);

	vale_native_down(tp->vale.native);
	netif_tx_disable(tp->dev);
	vale_rtl_tx_idle(tp->dev, &tx, tp->vale.rtl.tx ? tp->vale.rtl.tx_use :
				       tp->cur_tx % NUM_TX_DESC);
	tp->vale.napi_off = true;
	rtl8169_cleanup(tp);
	tp->vale.napi_off = false;
}

static void vale_fill(struct rtl8169_private *tp)
{
	int i;

	for (i = 0; i < NUM_RX_DESC; i++)
		rtl8169_mark_to_asic(tp->RxDescArray + i);
}

static void vale_start(struct rtl8169_private *tp)
{
	rtl_hw_start(tp);
	tp->vale.rtl.up = true;
	netif_wake_queue(tp->dev);
}

static void vale_rx_stop(struct net_device *dev, u32 q)
{
	vale_stop(vale_tp(dev));
}

/* The other direction may be a program's still. */
static void vale_rx_give(struct net_device *dev, u32 q)
{
	struct rtl8169_private *tp = vale_tp(dev);

	vale_fill(tp);
	vale_start(tp);
	tp->vale.rtl.tx = vale_native_tx_init(tp->vale.native, 0);
}

static void vale_tx_take(struct net_device *dev, u32 q,
			 struct vale_native_start *at)
{
	struct rtl8169_private *tp = vale_tp(dev);

	at->clean = tp->dirty_tx % NUM_TX_DESC;
	at->use = tp->cur_tx % NUM_TX_DESC;
	tp->vale.rtl.tx_use = at->use;
	tp->vale.rtl.tx = true;
}

/* An idle ring goes on where it is. */
static void vale_tx_give(struct net_device *dev, u32 q)
{
	struct rtl8169_private *tp = vale_tp(dev);
	struct vale_rtl_ring ring = vale_tx(tp);

	if (vale_rtl_tx_idle(dev, &ring, tp->vale.rtl.tx_use)) {
		rtl8169_tx_clear(tp);
		tp->cur_tx = tp->vale.rtl.tx_use;
		tp->dirty_tx = tp->cur_tx;
		tp->vale.rtl.tx = false;
		return;
	}
	vale_stop(tp);
	if (!r8169_vale_rx_init(tp))
		vale_fill(tp);
	vale_start(tp);
}

static u32 vale_tx_pending(struct net_device *dev, u32 q)
{
	struct rtl8169_private *tp = vale_tp(dev);

	return tp->cur_tx - READ_ONCE(tp->dirty_tx);
}

static void vale_tx_put(struct net_device *dev, u32 q, u32 i,
			const struct vale_native_desc *d, u32 n)
{
	struct rtl8169_private *tp = vale_tp(dev);
	struct vale_rtl_ring ring = vale_tx(tp);

	vale_rtl_tx_put(&ring, i, d, n);
}

static void vale_tx_kick(struct net_device *dev, u32 q, u32 i)
{
	struct rtl8169_private *tp = vale_tp(dev);

	tp->vale.rtl.tx_use = i;
	dma_wmb();
	rtl8169_doorbell(tp);
}

static bool vale_tx_done(struct net_device *dev, u32 q, u32 i)
{
	struct vale_rtl_ring ring = vale_tx(vale_tp(dev));

	return vale_rtl_done(&ring, i);
}

static void vale_rx_put(struct net_device *dev, u32 q, u32 i,
			const struct vale_native_desc *d, u32 n)
{
	struct vale_rtl_ring ring = vale_rx(vale_tp(dev));

	vale_rtl_rx_put(&ring, i, d, n);
}

/* It sees by itself. */
static void vale_rx_kick(struct net_device *dev, u32 q, u32 i)
{
}

static u32 vale_rx_get(struct net_device *dev, u32 q, u32 i,
		       struct vale_native_desc *d, u32 n)
{
	struct vale_rtl_ring ring = vale_rx(vale_tp(dev));

	return vale_rtl_rx_get(&ring, i, d, n);
}

static const void *vale_rx_data(struct net_device *dev, u32 q, u32 i)
{
	struct rtl8169_private *tp = vale_tp(dev);

	dma_sync_single_for_cpu(tp_to_dev(tp), le64_to_cpu(tp->vale.rtl.own[i]),
				R8169_RX_BUF_SIZE, DMA_FROM_DEVICE);
	return page_address(tp->Rx_databuff[i]);
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

static void r8169_vale_attach(struct rtl8169_private *tp)
{
	mutex_init(&tp->vale.lock);
	tp->vale.native = vale_native_attach(tp->dev, tp_to_dev(tp),
					     &vale_ops);
}

static void r8169_vale_detach(struct rtl8169_private *tp)
{
	vale_native_detach(tp->vale.native);
	tp->vale.native = NULL;
}

static void r8169_vale_failed(struct rtl8169_private *tp)
{
	r8169_vale_detach(tp);
}

static void r8169_vale_lock(struct rtl8169_private *tp)
{
	mutex_lock(&tp->vale.lock);
}

static bool r8169_vale_down(struct rtl8169_private *tp)
{
	tp->vale.rtl.up = false;
	vale_native_down(tp->vale.native);
	return !tp->vale.napi_off;
}

static void r8169_vale_clear(struct rtl8169_private *tp)
{
	struct vale_rtl_ring rx = vale_rx(tp), tx = vale_tx(tp);

	if (tp->vale.rtl.rx)
		vale_rtl_restore(&tp->vale.rtl, &rx);
	if (tp->vale.rtl.tx)
		vale_rtl_empty(&tx);
	tp->vale.rtl.rx = false;
	tp->vale.rtl.tx = false;
	tp->vale.rtl.tx_use = 0;
}

static bool r8169_vale_rx_init(struct rtl8169_private *tp)
{
	struct vale_rtl_ring ring = vale_rx(tp);

	vale_rtl_keep(&tp->vale.rtl, &ring);
	vale_rtl_empty(&ring);
	tp->vale.rtl.rx = vale_native_rx_init(tp->vale.native, 0);
	return tp->vale.rtl.rx;
}

static void r8169_vale_tx_init(struct rtl8169_private *tp)
{
	tp->vale.rtl.tx = vale_native_tx_init(tp->vale.native, 0);
	tp->vale.rtl.up = true;
	mutex_unlock(&tp->vale.lock);
}

static bool r8169_vale_rx_irq(struct rtl8169_private *tp)
{
	return vale_native_rx_irq(tp->vale.native, 0) != VALE_NATIVE_PASS;
}

/* A doorbell may be lost while the hardware is about to end: once more. */
static void r8169_vale_tx_irq(struct rtl8169_private *tp)
{
	if (vale_native_tx_irq(tp->vale.native, 0) != VALE_NATIVE_PASS)
		rtl8169_doorbell(tp);
}
