// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * vmxnet3 stops all queues or none. To have a program's receive buffers back
 * the device is quiesced and activated again, with what it was told and with
 * rings that begin anew; it is not reset, and the link is not looked at. What
 * it had received before is dealt with in between, and it had sent everything.
 */

#define VALE_RX_FIRST 32	/* buffers that it has when it starts again */

/* All but the one that is off already. */
static void vale_polls(struct vmxnet3_adapter *adapter,
		       const struct napi_struct *held, bool on)
{
	struct napi_struct *napi;
	u32 q;

	for (q = 0; q < adapter->num_rx_queues; q++) {
		napi = &adapter->rx_queue[q].napi;
		if (napi == held)
			continue;
		if (!on) {
			napi_disable(napi);
			continue;
		}
		napi_enable(napi);
		local_bh_disable();
		napi_schedule(napi);
		local_bh_enable();
	}
}

/* A queue that the driver does not think stopped it does not wake. */
static void vale_hold_stack(struct vmxnet3_adapter *adapter)
{
	struct netdev_queue *txq;
	u32 q;

	for (q = 0; q < adapter->num_tx_queues; q++) {
		txq = netdev_get_tx_queue(adapter->netdev, q);
		__netif_tx_lock_bh(txq);
		netif_tx_stop_queue(txq);
		adapter->tx_queue[q].stopped = false;
		__netif_tx_unlock_bh(txq);
	}
}

static bool vale_tx_idle(struct vmxnet3_tx_queue *tq)
{
	struct vmxnet3_cmd_ring *ring = &tq->tx_ring;

	local_bh_disable();
	vmxnet3_tq_tx_complete(tq, tq->adapter);
	local_bh_enable();
	if (ring->next2comp != ring->next2fill)
		return false;
	if (!ring->vale_taken)
		return true;
	vale_tx_complete(tq);
	return tq->buf_info[vale_before(ring, ring->vale_next)].vale_sent;
}

/* The frames under way are sent if that does not take too long. */
static bool vale_tx_wait(struct vmxnet3_tx_queue *tq, int *patience)
{
	while (!vale_tx_idle(tq)) {
		if (!netif_carrier_ok(tq->adapter->netdev) || !(*patience)--)
			return false;
		usleep_range(100, 200);
	}
	return true;
}

/* What has come goes to the stack, or to the program whose ring it is in. */
static void vale_rx_save(struct vmxnet3_adapter *adapter)
{
	struct vmxnet3_rx_queue *rq;
	u32 q;

	for (q = 0; q < adapter->num_rx_queues; q++) {
		rq = &adapter->rx_queue[q];
		if (rq->rx_ring[0].vale_taken) {
			vale_native_rx_save(adapter->vale, q);
			continue;
		}
		local_bh_disable();
		while (vmxnet3_rq_rx_complete(rq, adapter, NAPI_POLL_WEIGHT))
			;
		local_bh_enable();
		dev_kfree_skb(rq->rx_ctx.skb);
		rq->rx_ctx.skb = NULL;
	}
}

static void vale_pause(struct vmxnet3_adapter *adapter,
		       const struct napi_struct *held)
{
	int patience = VALE_TX_PATIENCE;
	u32 q;

	set_bit(VMXNET3_STATE_BIT_QUIESCED, &adapter->state);
	vale_interrupts(adapter, false);
	vale_polls(adapter, held, false);
	vale_hold_stack(adapter);
	vale_native_down(adapter->vale);
	for (q = 0; q < adapter->num_tx_queues; q++)
		vale_tx_wait(&adapter->tx_queue[q], &patience);
	vale_command(adapter, VMXNET3_CMD_QUIESCE_DEV);
	vale_rx_save(adapter);
}

static void vale_tx_rewind(struct vmxnet3_tx_queue *tq)
{
	vmxnet3_tq_cleanup(tq, tq->adapter);
	memset(tq->tx_ring.base, 0,
	       tq->tx_ring.size * sizeof(*tq->tx_ring.base));
	memset(tq->comp_ring.base, 0,
	       tq->comp_ring.size * sizeof(*tq->comp_ring.base));
}

static void vale_rx_rewind(struct vmxnet3_rx_queue *rq)
{
	struct vmxnet3_comp_ring *comp = &rq->comp_ring;

	memset(comp->base, 0, comp->size * sizeof(*comp->base));
	comp->next2proc = 0;
	comp->gen = VMXNET3_INIT_GEN;
	vale_rx_reset(rq, 0);
	vale_rx_reset(rq, 1);
	if (rq->rx_ring[0].vale_taken)
		vale_rx_begin(rq, 0);
	else
		vale_rx_fill(rq, 0, VALE_RX_FIRST);
	vale_rx_fill(rq, 1, VALE_RX_FIRST);
}

/* No more than the device needs in order to start. */
static void vale_rewind(struct vmxnet3_adapter *adapter)
{
	u32 q;

	for (q = 0; q < adapter->num_tx_queues; q++)
		vale_tx_rewind(&adapter->tx_queue[q]);
	for (q = 0; q < adapter->num_rx_queues; q++)
		vale_rx_rewind(&adapter->rx_queue[q]);
	vale_rx_lro(adapter);
}

static void vale_refill(struct vmxnet3_adapter *adapter)
{
	struct vmxnet3_rx_queue *rq;
	bool *taken;
	u32 q;

	for (q = 0; q < adapter->num_rx_queues; q++) {
		rq = &adapter->rx_queue[q];
		taken = &rq->rx_ring[0].vale_taken;
		if (*taken)
			*taken = vale_native_rx_init(adapter->vale, q);
		if (!*taken)
			vale_rx_fill(rq, 0, U32_MAX);
		vale_rx_fill(rq, 1, U32_MAX);
	}
}

/* The table of multicast addresses is there for no longer than a command. */
static bool vale_activate(struct vmxnet3_adapter *adapter)
{
	struct Vmxnet3_RxFilterConf *filter =
		&adapter->shared->devRead.rxFilterConf;
	unsigned long flags;
	u32 err;

	filter->rxMode = 0;
	filter->mfTableLen = 0;
	filter->mfTablePA = 0;
	spin_lock_irqsave(&adapter->cmd_lock, flags);
	VMXNET3_WRITE_BAR1_REG(adapter, VMXNET3_REG_CMD,
			       VMXNET3_CMD_ACTIVATE_DEV);
	err = VMXNET3_READ_BAR1_REG(adapter, VMXNET3_REG_CMD);
	spin_unlock_irqrestore(&adapter->cmd_lock, flags);
	if (err)
		netdev_err(adapter->netdev, "not activated again: error %u\n",
			   err);
	return !err;
}

/* As vmxnet3_activate_dev() does. */
static void vale_tell(struct vmxnet3_adapter *adapter)
{
	u32 q;

	vmxnet3_init_bufsize(adapter);
	vmxnet3_init_coalesce(adapter);
	vmxnet3_init_rssfields(adapter);
	for (q = 0; q < adapter->num_rx_queues; q++) {
		struct vmxnet3_rx_queue *rq = &adapter->rx_queue[q];

		VMXNET3_WRITE_BAR0_REG(adapter, adapter->rx_prod_offset + q * 8,
				       rq->rx_ring[0].next2fill);
		VMXNET3_WRITE_BAR0_REG(adapter, adapter->rx_prod2_offset + q * 8,
				       rq->rx_ring[1].next2fill);
	}
	netif_addr_lock_bh(adapter->netdev);
	vmxnet3_set_mc(adapter->netdev);
	netif_addr_unlock_bh(adapter->netdev);
}

static void vale_release_stack(struct vmxnet3_adapter *adapter)
{
	u32 q;

	for (q = 0; q < adapter->num_tx_queues; q++) {
		if (netif_carrier_ok(adapter->netdev))
			vmxnet3_tq_wake(&adapter->tx_queue[q], adapter);
		else
			vmxnet3_tq_stop(&adapter->tx_queue[q], adapter);
	}
}

/* A device that does not come back is reset by the driver. */
static void vale_resume(struct vmxnet3_adapter *adapter,
			const struct napi_struct *held)
{
	bool active;

	vale_rewind(adapter);
	active = vale_activate(adapter);
	vale_refill(adapter);
	vale_tell(adapter);
	vmxnet3_vale_tx_init(adapter);
	clear_bit(VMXNET3_STATE_BIT_QUIESCED, &adapter->state);
	vale_release_stack(adapter);
	vale_polls(adapter, held, true);
	vale_interrupts(adapter, true);
	vmxnet3_enable_all_intrs(adapter);
	if (!active)
		schedule_work(&adapter->work);
}

void vmxnet3_vale_tx_init(struct vmxnet3_adapter *adapter)
{
	struct vmxnet3_tx_queue *tq;
	u32 q;

	for (q = 0; adapter->vale && q < adapter->num_tx_queues; q++) {
		tq = &adapter->tx_queue[q];
		vale_tx_begin(tq);
		vale_set_taken(tq, vale_native_tx_init(adapter->vale, q));
	}
}

/* However many queues are given back together, it is stopped once. */
static void vale_rx_stop(struct net_device *dev, u32 q)
{
	struct vmxnet3_adapter *adapter = vale_adapter(dev);

	if (!adapter->vale_stops++)
		vale_pause(adapter, NULL);
}

static void vale_rx_give(struct net_device *dev, u32 q)
{
	struct vmxnet3_adapter *adapter = vale_adapter(dev);

	vale_rx(dev, q)->rx_ring[0].vale_taken = false;
	if (!--adapter->vale_stops)
		vale_resume(adapter, NULL);
}

/* As a rule the driver goes on where the program was; else it begins anew. */
static void vale_tx_give(struct net_device *dev, u32 q)
{
	struct vmxnet3_adapter *adapter = vale_adapter(dev);
	struct napi_struct *held = vale_napi(dev, VALE_NATIVE_TX, q);
	struct vmxnet3_tx_queue *tq = vale_tx(dev, q);
	struct vmxnet3_cmd_ring *ring = &tq->tx_ring;
	int patience = VALE_TX_PATIENCE;
	bool idle;

	vale_interrupts(adapter, false);
	idle = vale_tx_wait(tq, &patience);
	if (idle) {
		ring->next2fill = ring->vale_next;
		ring->next2comp = ring->vale_next;
		ring->gen = ring->vale_gen;
	}
	vale_set_taken(tq, false);
	vale_interrupts(adapter, true);
	if (idle)
		return;
	vale_pause(adapter, held);
	vale_resume(adapter, held);
}
