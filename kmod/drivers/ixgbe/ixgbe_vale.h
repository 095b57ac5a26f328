/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What the hooks in ixgbe call. */
#ifndef IXGBE_VALE_H
#define IXGBE_VALE_H

#include <vale_native.h>

static void ixgbe_vale_attach(struct ixgbe_adapter *adapter);
static void ixgbe_vale_detach(struct ixgbe_adapter *adapter);

static inline void ixgbe_vale_failed(struct ixgbe_adapter *adapter)
{
	ixgbe_vale_detach(adapter);
}

static inline void ixgbe_vale_down(struct ixgbe_adapter *adapter)
{
	vale_native_down(adapter->vale);
}

static inline bool ixgbe_vale_rx_init(struct ixgbe_adapter *adapter,
				      const struct ixgbe_ring *ring)
{
	return vale_native_rx_init(adapter->vale, ring->queue_index);
}

static inline void ixgbe_vale_tx_init(struct ixgbe_adapter *adapter)
{
	u32 q;

	for (q = 0; q < adapter->num_tx_queues; q++)
		vale_native_tx_init(adapter->vale, q);
}

static inline bool ixgbe_vale_rx_irq(const struct ixgbe_q_vector *q_vector,
				     const struct ixgbe_ring *ring)
{
	return vale_native_rx_irq(q_vector->adapter->vale,
				  ring->queue_index) != VALE_NATIVE_PASS;
}

/* The driver has taken back what it sent itself. XDP has rings of its own. */
static inline void ixgbe_vale_tx_irq(const struct ixgbe_q_vector *q_vector,
				     struct ixgbe_ring *ring)
{
	if (!ring_is_xdp(ring))
		vale_native_tx_irq(q_vector->adapter->vale, ring->queue_index);
}

/* Sockets copy: their pools would take queues from under a program. */
static inline int ixgbe_vale_xsk_pool(const struct ixgbe_adapter *adapter)
{
	return -EOPNOTSUPP;
}

#endif /* IXGBE_VALE_H */
