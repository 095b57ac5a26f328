/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What the hooks in igb call. */
#ifndef IGB_VALE_H
#define IGB_VALE_H

#include <vale_native.h>

static void igb_vale_attach(struct igb_adapter *adapter);
static void igb_vale_detach(struct igb_adapter *adapter);

static inline struct vale_native *igb_vale_of(const struct igb_ring *ring)
{
	return ((struct igb_adapter *)netdev_priv(ring->netdev))->vale;
}

static inline void igb_vale_down(struct igb_adapter *adapter)
{
	vale_native_down(adapter->vale);
}

static inline bool igb_vale_rx_init(struct igb_ring *ring)
{
	return vale_native_rx_init(igb_vale_of(ring), ring->queue_index);
}

static inline void igb_vale_tx_init(struct igb_adapter *adapter)
{
	u32 q;

	for (q = 0; q < adapter->num_tx_queues; q++)
		adapter->tx_ring[q]->vale_taken =
			vale_native_tx_init(adapter->vale, q);
}

static inline bool igb_vale_rx_irq(const struct igb_q_vector *q_vector)
{
	const struct igb_ring *ring = q_vector->rx.ring;

	return vale_native_rx_irq(igb_vale_of(ring), ring->queue_index) !=
	       VALE_NATIVE_PASS;
}

/* The driver has taken back what it sent itself. */
static inline void igb_vale_tx_irq(const struct igb_q_vector *q_vector)
{
	const struct igb_ring *ring = q_vector->tx.ring;

	vale_native_tx_irq(igb_vale_of(ring), ring->queue_index);
}

/* XDP sends by rings whose stack's queue is stopped. Under that queue's lock. */
static inline bool igb_vale_xdp_tx(const struct igb_ring *ring)
{
	return ring->vale_taken;
}

static inline bool igb_vale_xdp_tail(const struct igb_ring *ring)
{
	return ring->vale_taken;
}

#endif /* IGB_VALE_H */
