/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What the hooks in vmxnet3 call. */
#ifndef VMXNET3_VALE_H
#define VMXNET3_VALE_H

#include <vale_native.h>

void vmxnet3_vale_attach(struct vmxnet3_adapter *adapter);
void vmxnet3_vale_detach(struct vmxnet3_adapter *adapter);
/* The driver has filled its rings and told the device of none. */
void vmxnet3_vale_rx_init(struct vmxnet3_adapter *adapter);
/* The device is active. */
void vmxnet3_vale_tx_init(struct vmxnet3_adapter *adapter);
/* The driver is about to free what it thinks descriptors point to. */
void vmxnet3_vale_rx_end(struct vmxnet3_rx_queue *rq);

static inline void vmxnet3_vale_down(struct vmxnet3_adapter *adapter)
{
	vale_native_down(adapter->vale);
}

static inline void vmxnet3_vale_suspend(struct vmxnet3_adapter *adapter)
{
	vale_native_down(adapter->vale);
}

static inline void vmxnet3_vale_failed(struct vmxnet3_adapter *adapter)
{
	vale_native_down(adapter->vale);
}

static inline bool vmxnet3_vale_rx_irq(const struct vmxnet3_rx_queue *rq)
{
	return vale_native_rx_irq(rq->adapter->vale, rq->qid) !=
	       VALE_NATIVE_PASS;
}

static inline void vmxnet3_vale_tx_irq(const struct vmxnet3_tx_queue *tq)
{
	vale_native_tx_irq(tq->adapter->vale, tq->qid);
}

/* Completions after those of the driver's own descriptors are a program's. */
static inline bool vmxnet3_vale_tx_more(struct vmxnet3_tx_queue *tq)
{
	if (!tq->tx_ring.vale_taken ||
	    tq->tx_ring.next2comp != tq->tx_ring.next2fill)
		return true;
	/* The next one to look at is settled. */
	smp_store_release(&tq->tx_ring.vale_drained, true);
	return false;
}

/* XDP sends by rings that are not stopped. */
static inline bool vmxnet3_vale_stopped(const struct vmxnet3_tx_queue *tq)
{
	return tq->tx_ring.vale_taken;
}

/* A program's slots are no larger than a frame. */
static inline bool vmxnet3_vale_no_lro(const struct vmxnet3_adapter *adapter)
{
	u32 q;

	for (q = 0; q < adapter->num_rx_queues; q++)
		if (adapter->rx_queue[q].rx_ring[0].vale_taken)
			return true;
	return false;
}

#endif /* VMXNET3_VALE_H */
