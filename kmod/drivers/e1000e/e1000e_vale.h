/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What the hooks in e1000e call. */
#ifndef E1000E_VALE_H
#define E1000E_VALE_H

#include <vale_native.h>

static void e1000e_vale_attach(struct e1000_adapter *adapter);
static void e1000e_vale_detach(struct e1000_adapter *adapter);

static inline void e1000e_vale_down(struct e1000_adapter *adapter)
{
	vale_native_down(adapter->vale);
}

/* Descriptors for split packets are others: the ring stays the driver's. */
static inline bool e1000e_vale_rx_init(struct e1000_adapter *adapter)
{
	return !adapter->rx_ps_pages && vale_native_rx_init(adapter->vale, 0);
}

static inline void e1000e_vale_tx_init(struct e1000_adapter *adapter)
{
	vale_native_tx_init(adapter->vale, 0);
}

static inline bool e1000e_vale_rx_irq(struct e1000_adapter *adapter)
{
	return !adapter->rx_ps_pages &&
	       vale_native_rx_irq(adapter->vale, 0) != VALE_NATIVE_PASS;
}

/* The driver goes on to take back what it sent itself. */
static inline void e1000e_vale_tx_irq(struct e1000_adapter *adapter)
{
	vale_native_tx_irq(adapter->vale, 0);
}

/* Where the driver's own descriptors end: what follows may be a program's. */
static inline bool e1000e_vale_tx_end(const struct e1000_ring *ring,
				      unsigned int i)
{
	return i == READ_ONCE(ring->next_to_use);
}

#endif /* E1000E_VALE_H */
