/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What the hooks in igc call. */
#ifndef IGC_VALE_H
#define IGC_VALE_H

#include <vale_native.h>

static void igc_vale_attach(struct igc_adapter *adapter);
static void igc_vale_detach(struct igc_adapter *adapter);

static inline void igc_vale_failed(struct igc_adapter *adapter)
{
	igc_vale_detach(adapter);
}

static inline struct vale_native *igc_vale_of(const struct igc_ring *ring)
{
	return ((struct igc_adapter *)netdev_priv(ring->netdev))->vale;
}

static inline void igc_vale_down(struct igc_adapter *adapter)
{
	vale_native_down(adapter->vale);
}

static inline bool igc_vale_rx_init(struct igc_ring *ring)
{
	return vale_native_rx_init(igc_vale_of(ring), ring->queue_index);
}

static inline void igc_vale_tx_init(struct igc_adapter *adapter)
{
	u32 q;

	for (q = 0; q < adapter->num_tx_queues; q++)
		adapter->tx_ring[q]->vale_taken =
			vale_native_tx_init(adapter->vale, q);
}

static inline bool igc_vale_rx_irq(const struct igc_q_vector *q_vector)
{
	const struct igc_ring *ring = q_vector->rx.ring;

	return vale_native_rx_irq(igc_vale_of(ring), ring->queue_index) !=
	       VALE_NATIVE_PASS;
}

/* The driver has taken back what it sent itself. */
static inline void igc_vale_tx_irq(const struct igc_q_vector *q_vector)
{
	const struct igc_ring *ring = q_vector->tx.ring;

	vale_native_tx_irq(igc_vale_of(ring), ring->queue_index);
}

/* XDP sends by rings whose stack's queue is stopped. Under that queue's lock. */
static inline bool igc_vale_xdp_tx(const struct igc_ring *ring)
{
	return ring->vale_taken;
}

static inline bool igc_vale_xdp_tail(const struct igc_ring *ring)
{
	return ring->vale_taken;
}

/* Sockets copy: their pools would take queues from under a program. */
static inline int igc_vale_xsk_pool(void)
{
	return -EOPNOTSUPP;
}

#endif /* IGC_VALE_H */
