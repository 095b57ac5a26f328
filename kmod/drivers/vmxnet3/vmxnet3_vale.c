// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The descriptor rings of vmxnet3 as programs' rings. Included at the end of
 * vmxnet3_drv.c. The driver's receive buffers stay in buf_info while a program
 * has the ring. Of a queue's two receive rings the program has the first; the
 * second, which only frames larger than a buffer need, stays the driver's.
 *
 * A program's positions are next2fill of a receive ring, which goes on for it,
 * and vale_next of a transmit ring, whose next2fill stays where the driver's
 * own descriptors end.
 */

#define VALE_TX_PATIENCE 100	/* times 100 us until what is under way is lost */

static struct vmxnet3_adapter *vale_adapter(struct net_device *dev)
{
	return netdev_priv(dev);
}

static struct vmxnet3_rx_queue *vale_rx(struct net_device *dev, u32 q)
{
	return &vale_adapter(dev)->rx_queue[q];
}

static struct vmxnet3_tx_queue *vale_tx(struct net_device *dev, u32 q)
{
	return &vale_adapter(dev)->tx_queue[q];
}

static void vale_command(struct vmxnet3_adapter *adapter, u32 cmd)
{
	unsigned long flags;

	spin_lock_irqsave(&adapter->cmd_lock, flags);
	VMXNET3_WRITE_BAR1_REG(adapter, VMXNET3_REG_CMD, cmd);
	spin_unlock_irqrestore(&adapter->cmd_lock, flags);
}

/* From version 7 on a frame longer than that is spread over both rings. */
static u32 vale_rx_size(const struct vmxnet3_adapter *adapter)
{
	u32 size = adapter->netdev->mtu + VMXNET3_MAX_ETH_HDR_SIZE;

	if (!VMXNET3_VERSION_GE_7(adapter))
		return max_t(u32, size, VMXNET3_MIN_T0_BUF_SIZE);
	return size > VMXNET3_MAX_SKB_BUF_SIZE ? U32_MAX : size;
}

/* Before the device was up for the first time its rings have no size. */
static void vale_config(struct net_device *dev, struct vale_native_config *c)
{
	struct vmxnet3_adapter *adapter = vale_adapter(dev);

	c->nrings[VALE_NATIVE_RX] = adapter->num_rx_queues;
	c->nrings[VALE_NATIVE_TX] = adapter->num_tx_queues;
	c->nslots[VALE_NATIVE_RX] = adapter->rx_queue[0].rx_ring[0].size ?:
				    adapter->rx_ring_size;
	c->nslots[VALE_NATIVE_TX] = adapter->tx_queue[0].tx_ring.size ?:
				    adapter->tx_ring_size;
	c->rx_size = vale_rx_size(adapter);
	c->tx_parts = VMXNET3_MAX_TXD_PER_PKT;
}

/*
 * The caller holds RTNL, under which all resets are. The driver's bit for
 * resets is no lock: it is taken before RTNL by one of them.
 */
static bool vale_lock(struct net_device *dev)
{
	return netif_running(dev) && netif_device_present(dev) &&
	       !test_bit(VMXNET3_STATE_BIT_QUIESCED, &vale_adapter(dev)->state);
}

static void vale_unlock(struct net_device *dev)
{
}

static struct napi_struct *vale_napi(struct net_device *dev, int dir, u32 q)
{
	struct vmxnet3_adapter *adapter = vale_adapter(dev);
	bool alone = adapter->intr.type == VMXNET3_IT_MSIX &&
		     (dir == VALE_NATIVE_RX ||
		      adapter->share_intr == VMXNET3_INTR_BUDDYSHARE);

	return &adapter->rx_queue[alone ? q : 0].napi;
}

/* Transmission's may be no poll routine's, and the link's are never. */
static void vale_interrupts(struct vmxnet3_adapter *adapter, bool on)
{
	int i;

	if (adapter->intr.type != VMXNET3_IT_MSIX)
		return;
	for (i = 0; i < adapter->intr.num_intrs; i++) {
		if (on)
			enable_irq(adapter->intr.msix_entries[i].vector);
		else
			disable_irq(adapter->intr.msix_entries[i].vector);
	}
}

/* XDP looks at `stopped`, sends under the queue's lock, and is in RCU. */
static void vale_set_taken(struct vmxnet3_tx_queue *tq, bool taken)
{
	struct netdev_queue *txq = netdev_get_tx_queue(tq->adapter->netdev,
						       tq->qid);

	__netif_tx_lock_bh(txq);
	tq->tx_ring.vale_taken = taken;
	tq->stopped = taken;
	__netif_tx_unlock_bh(txq);
}

static u32 vale_before(const struct vmxnet3_cmd_ring *ring, u32 i)
{
	return i ? i - 1 : ring->size - 1;
}

/* Nothing of the program's is under way from there on. */
static void vale_tx_begin(struct vmxnet3_tx_queue *tq)
{
	struct vmxnet3_cmd_ring *ring = &tq->tx_ring;

	ring->vale_next = ring->next2fill;
	ring->vale_gen = ring->gen;
	tq->buf_info[vale_before(ring, ring->vale_next)].vale_sent = true;
	if (ring->next2comp == ring->next2fill)
		smp_store_release(&ring->vale_drained, true);
}

static void vale_tx_take(struct net_device *dev, u32 q,
			 struct vale_native_start *at)
{
	struct vmxnet3_adapter *adapter = vale_adapter(dev);
	struct vmxnet3_tx_queue *tq = vale_tx(dev, q);

	tq->tx_ring.vale_drained = false;
	vale_set_taken(tq, true);
	synchronize_net();
	vale_interrupts(adapter, false);
	vale_tx_begin(tq);
	at->clean = tq->tx_ring.next2comp;
	at->use = tq->tx_ring.next2fill;
	vale_interrupts(adapter, true);
}

static u32 vale_tx_pending(struct net_device *dev, u32 q)
{
	const struct vmxnet3_cmd_ring *ring = &vale_tx(dev, q)->tx_ring;
	u32 clean = READ_ONCE(ring->next2comp);

	/* Partner: vmxnet3_vale_tx_more(). */
	if (smp_load_acquire(&ring->vale_drained))
		return 0;
	return vale_native_distance(clean, ring->next2fill, ring->size);
}

/* The device may look at any time: the first descriptor becomes its last. */
static void vale_tx_put(struct net_device *dev, u32 q, u32 i,
			const struct vale_native_desc *d, u32 n)
{
	struct vmxnet3_tx_queue *tq = vale_tx(dev, q);
	struct vmxnet3_cmd_ring *ring = &tq->tx_ring;
	union Vmxnet3_GenericDesc *first = ring->base + i;
	u8 held = 1;
	u32 bits;

	for (; n--; d++, held = 0) {
		union Vmxnet3_GenericDesc *desc = ring->base + i;

		tq->buf_info[i].vale_sent = false;
		bits = d->flags & VALE_DESC_EOP ? VMXNET3_TXD_EOP : 0;
		if (d->flags & VALE_DESC_REPORT)
			bits |= VMXNET3_TXD_CQ;
		desc->txd.addr = cpu_to_le64(d->dma);
		desc->dword[3] = cpu_to_le32(bits);
		bits = d->len & (VMXNET3_MAX_TX_BUF_SIZE - 1);
		bits |= (ring->vale_gen ^ held) << VMXNET3_TXD_GEN_SHIFT;
		desc->dword[2] = cpu_to_le32(bits);
		if (++i == ring->size) {
			i = 0;
			VMXNET3_FLIP_RING_GEN(ring->vale_gen);
		}
	}
	ring->vale_next = i;
	dma_wmb();
	first->dword[2] ^= cpu_to_le32(VMXNET3_TXD_GEN);
}

static void vale_tx_kick(struct net_device *dev, u32 q, u32 i)
{
	struct vmxnet3_adapter *adapter = vale_adapter(dev);

	vale_tx(dev, q)->shared->txNumDeferred = 0;
	VMXNET3_WRITE_BAR0_REG(adapter, adapter->tx_prod_offset + q * 8, i);
}

/* After those of the driver's descriptors, completions are a program's. */
static void vale_tx_complete(struct vmxnet3_tx_queue *tq)
{
	struct vmxnet3_comp_ring *comp = &tq->comp_ring;
	const struct Vmxnet3_TxCompDesc *tcd;

	/* Partner: vmxnet3_vale_tx_more(). */
	if (!smp_load_acquire(&tq->tx_ring.vale_drained))
		return;
	for (;;) {
		tcd = &comp->base[comp->next2proc].tcd;
		if (VMXNET3_TCD_GET_GEN(tcd) != comp->gen)
			return;
		dma_rmb();
		tq->buf_info[VMXNET3_TCD_GET_TXIDX(tcd)].vale_sent = true;
		vmxnet3_comp_ring_adv_next2proc(comp);
	}
}

static bool vale_tx_done(struct net_device *dev, u32 q, u32 i)
{
	struct vmxnet3_tx_queue *tq = vale_tx(dev, q);

	vale_tx_complete(tq);
	return tq->buf_info[i].vale_sent;
}

#include "vmxnet3_vale_rx.c"
#include "vmxnet3_vale_restart.c"

static const struct vale_native_ops vale_ops = {
	.rx_together = true,
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

/* Not devices that complete buffers in another order than they were given. */
void vmxnet3_vale_attach(struct vmxnet3_adapter *adapter)
{
	if (IS_ENABLED(CONFIG_CPU_BIG_ENDIAN) ||
	    adapter->dev_caps[0] & BIT(VMXNET3_CAP_OOORX_COMP))
		return;
	adapter->vale = vale_native_attach(adapter->netdev,
					   &adapter->pdev->dev, &vale_ops);
}

void vmxnet3_vale_detach(struct vmxnet3_adapter *adapter)
{
	vale_native_detach(adapter->vale);
	adapter->vale = NULL;
}
