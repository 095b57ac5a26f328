/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What the hooks in i40e call. */
#ifndef I40E_VALE_H
#define I40E_VALE_H

#include <vale_native.h>

void i40e_vale_attach(struct i40e_vsi *vsi);
void i40e_vale_detach(struct i40e_vsi *vsi);
void i40e_vale_down(struct i40e_vsi *vsi);
void i40e_vale_tx_init(struct i40e_vsi *vsi);

/* Forget what the driver has of a frame. True: its beginning is gone. */
bool i40e_vale_part(struct i40e_ring *ring);

static inline void i40e_vale_failed(struct i40e_vsi *vsi)
{
	i40e_vale_detach(vsi);
}

static inline bool i40e_vale_rx_init(const struct i40e_ring *ring)
{
	return !ring->vale_give &&
	       vale_native_rx_init(ring->vsi->vale, ring->queue_index);
}

static inline bool i40e_vale_rx_irq(const struct i40e_ring *ring)
{
	return vale_native_rx_irq(ring->vsi->vale, ring->queue_index) !=
	       VALE_NATIVE_PASS;
}

/* The driver has taken back what it sent itself. XDP has rings of its own. */
static inline void i40e_vale_tx_irq(struct i40e_ring *ring)
{
	if (!ring_is_xdp(ring))
		vale_native_tx_irq(ring->vsi->vale, ring->queue_index);
}

/* Sockets copy: their pools would take queues from under a program. */
static inline int i40e_vale_xsk_pool(void)
{
	return -EOPNOTSUPP;
}

#endif /* I40E_VALE_H */
