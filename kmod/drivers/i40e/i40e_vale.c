// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The descriptor rings of i40e's main VSI as programs' rings. A queue is
 * switched on and off by QENA; where it begins is in a context in the host's
 * memory (HMC), which the driver's own routines set up anew. What was sent the
 * hardware tells by a position behind the ring. XDP has rings of its own.
 * Included at the end of i40e_main.c.
 */

#include "i40e_txrx_common.h"

#define VALE_TX_PATIENCE 100	/* times 100 us until what is under way is lost */
#define VALE_TX_PARTS 8		/* what the hardware takes for a frame */

static struct i40e_vsi *vale_vsi(struct net_device *dev)
{
	struct i40e_netdev_priv *np = netdev_priv(dev);

	return np->vsi;
}

static struct i40e_ring *vale_rx(struct net_device *dev, u32 q)
{
	return vale_vsi(dev)->rx_rings[q];
}

static struct i40e_ring *vale_tx(struct net_device *dev, u32 q)
{
	return vale_vsi(dev)->tx_rings[q];
}

static u16 vale_pf_q(const struct i40e_ring *ring)
{
	return ring->vsi->base_queue + ring->queue_index;
}

/* The hardware strips the frame check sequence, and counts buffers by 128. */
static void vale_config(struct net_device *dev, struct vale_native_config *c)
{
	struct i40e_vsi *vsi = vale_vsi(dev);

	c->nrings[VALE_NATIVE_RX] = vsi->num_queue_pairs;
	c->nrings[VALE_NATIVE_TX] = vsi->num_queue_pairs;
	c->nslots[VALE_NATIVE_RX] = vsi->rx_rings[0]->count;
	c->nslots[VALE_NATIVE_TX] = vsi->tx_rings[0]->count;
	c->rx_size = ALIGN(vsi->rx_buf_len, BIT(I40E_RXQ_CTX_DBUFF_SHIFT));
	c->tx_parts = VALE_TX_PARTS;
	c->tx_least = I40E_MIN_TX_LEN;
}

/* A reset stops queues without RTNL; they come up under it. */
static bool vale_lock(struct net_device *dev)
{
	struct i40e_vsi *vsi = vale_vsi(dev);

	mutex_lock(&vsi->vale_lock);
	return vsi->vale_up;
}

static void vale_unlock(struct net_device *dev)
{
	mutex_unlock(&vale_vsi(dev)->vale_lock);
}

static struct napi_struct *vale_napi(struct net_device *dev, int dir, u32 q)
{
	struct i40e_ring *ring = dir == VALE_NATIVE_RX ? vale_rx(dev, q) :
							vale_tx(dev, q);

	return &ring->q_vector->napi;
}

static void vale_rx_take(struct net_device *dev, u32 q,
			 struct vale_native_start *at)
{
	struct i40e_ring *ring = vale_rx(dev, q);

	at->torn = i40e_vale_part(ring);
	at->clean = ring->next_to_clean;
	at->use = ring->next_to_use;
}

/* An erratum: it says that it is done up to 50 ms before it is. */
static void vale_rx_stop(struct net_device *dev, u32 q)
{
	struct i40e_ring *ring = vale_rx(dev, q);

	i40e_control_wait_rx_q(ring->vsi->back, vale_pf_q(ring), false);
	msleep(50);
}

/* Its buffers are allocated again; what fails now its poll routine repeats. */
static void vale_rx_give(struct net_device *dev, u32 q)
{
	struct i40e_ring *ring = vale_rx(dev, q);

	i40e_clean_rx_ring(ring);
	ring->vale_give = true;
	i40e_configure_rx_ring(ring);
	ring->vale_give = false;
	i40e_control_wait_rx_q(ring->vsi->back, vale_pf_q(ring), true);
}

static void vale_tx_take(struct net_device *dev, u32 q,
			 struct vale_native_start *at)
{
	struct i40e_ring *ring = vale_tx(dev, q);

	at->clean = ring->next_to_clean;
	at->use = ring->next_to_use;
	ring->vale_use = at->use;
}

/* The frames under way are sent if that does not take too long. */
static void vale_tx_give(struct net_device *dev, u32 q)
{
	struct i40e_ring *ring = vale_tx(dev, q);
	struct i40e_vsi *vsi = ring->vsi;
	int i;

	for (i = 0; i < VALE_TX_PATIENCE && netif_carrier_ok(dev) &&
	     i40e_get_head(ring) != ring->vale_use; i++)
		usleep_range(100, 200);
	i40e_control_wait_tx_q(vsi->seid, vsi->back, vale_pf_q(ring), false,
			       false);
	i40e_clean_tx_ring(ring);
	i40e_configure_tx_ring(ring);
	i40e_control_wait_tx_q(vsi->seid, vsi->back, vale_pf_q(ring), false,
			       true);
}

static u32 vale_tx_pending(struct net_device *dev, u32 q)
{
	struct i40e_ring *ring = vale_tx(dev, q);
	u32 clean = smp_load_acquire(&ring->next_to_clean);

	return vale_native_distance(clean, ring->next_to_use, ring->count);
}

static void vale_tx_put(struct net_device *dev, u32 q, u32 i,
			const struct vale_native_desc *d, u32 n)
{
	struct i40e_ring *ring = vale_tx(dev, q);
	u32 cmd;

	for (; n--; d++, i = i + 1 == ring->count ? 0 : i + 1) {
		struct i40e_tx_desc *desc = I40E_TX_DESC(ring, i);

		cmd = I40E_TX_DESC_CMD_ICRC;
		if (d->flags & VALE_DESC_EOP)
			cmd |= I40E_TX_DESC_CMD_EOP;
		if (d->flags & VALE_DESC_REPORT)
			cmd |= I40E_TX_DESC_CMD_RS;
		desc->buffer_addr = cpu_to_le64(d->dma);
		desc->cmd_type_offset_bsz = build_ctob(cmd, 0, d->len, 0);
	}
}

static void vale_tx_kick(struct net_device *dev, u32 q, u32 i)
{
	struct i40e_ring *ring = vale_tx(dev, q);

	ring->vale_use = i;
	dma_wmb();
	writel(i, ring->tail);
}

static u32 vale_left(const struct i40e_ring *ring, u32 from)
{
	return vale_native_distance(from, ring->vale_use, ring->count);
}

/* Fewer are left from the hardware's position on than from this one. */
static bool vale_tx_done(struct net_device *dev, u32 q, u32 i)
{
	struct i40e_ring *ring = vale_tx(dev, q);

	return vale_left(ring, i40e_get_head(ring)) < vale_left(ring, i);
}

/* The second half is where length and status will be written. */
static void vale_rx_put(struct net_device *dev, u32 q, u32 i,
			const struct vale_native_desc *d, u32 n)
{
	struct i40e_ring *ring = vale_rx(dev, q);

	for (; n--; d++, i = i + 1 == ring->count ? 0 : i + 1) {
		union i40e_rx_desc *desc = I40E_RX_DESC(ring, i);

		desc->read.pkt_addr = cpu_to_le64(d->dma);
		desc->read.hdr_addr = 0;
	}
}

static void vale_rx_kick(struct net_device *dev, u32 q, u32 i)
{
	dma_wmb();
	writel(i, vale_rx(dev, q)->tail);
}

static void vale_describe(const union i40e_rx_desc *desc, u64 qword,
			  struct vale_native_desc *d)
{
	d->flags = 0;
	if (qword & BIT(I40E_RX_DESC_STATUS_EOF_SHIFT))
		d->flags |= VALE_DESC_EOP;
	if (qword & BIT(I40E_RXD_QW1_ERROR_SHIFT))
		d->flags |= VALE_DESC_ERROR;
	if (qword & BIT(I40E_RX_DESC_STATUS_L2TAG1P_SHIFT)) {
		d->flags |= VALE_DESC_VLAN;
		d->vlan = le16_to_cpu(desc->wb.qword0.lo_dword.l2tag1);
	}
	/* About the flow director, not about a frame. */
	if (i40e_rx_is_programming_status(qword)) {
		d->len = 0;
		d->flags = VALE_DESC_EOP | VALE_DESC_ERROR;
	}
}

static u32 vale_rx_get(struct net_device *dev, u32 q, u32 i,
		       struct vale_native_desc *d, u32 n)
{
	struct i40e_ring *ring = vale_rx(dev, q);
	u64 qword;
	u32 got;

	for (got = 0; got < n; got++, d++, i = i + 1 == ring->count ? 0 : i + 1) {
		union i40e_rx_desc *desc = I40E_RX_DESC(ring, i);

		qword = le64_to_cpu(READ_ONCE(desc->wb.qword1.status_error_len));
		d->len = (qword & I40E_RXD_QW1_LENGTH_PBUF_MASK) >>
			 I40E_RXD_QW1_LENGTH_PBUF_SHIFT;
		if (!d->len && !i40e_rx_is_programming_status(qword))
			break;
		dma_rmb();
		vale_describe(desc, qword, d);
	}
	return got;
}

static const void *vale_rx_data(struct net_device *dev, u32 q, u32 i)
{
	struct i40e_ring *ring = vale_rx(dev, q);
	struct i40e_rx_buffer *bi = &ring->rx_bi[i];

	dma_sync_single_range_for_cpu(ring->dev, bi->dma, bi->page_offset,
				      ring->rx_buf_len, DMA_FROM_DEVICE);
	return page_address(bi->page) + bi->page_offset;
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

void i40e_vale_attach(struct i40e_vsi *vsi)
{
	mutex_init(&vsi->vale_lock);
	if (vsi->type != I40E_VSI_MAIN)
		return;
	vsi->vale = vale_native_attach(vsi->netdev, &vsi->back->pdev->dev,
				       &vale_ops);
}

void i40e_vale_detach(struct i40e_vsi *vsi)
{
	vale_native_detach(vsi->vale);
	vsi->vale = NULL;
}

void i40e_vale_down(struct i40e_vsi *vsi)
{
	if (!vsi->vale)
		return;
	mutex_lock(&vsi->vale_lock);
	vsi->vale_up = false;
	mutex_unlock(&vsi->vale_lock);
	vale_native_down(vsi->vale);
}

void i40e_vale_tx_init(struct i40e_vsi *vsi)
{
	u32 q;

	if (!vsi->vale)
		return;
	mutex_lock(&vsi->vale_lock);
	for (q = 0; q < vsi->num_queue_pairs; q++) {
		vsi->tx_rings[q]->vale_use = 0;
		vale_native_tx_init(vsi->vale, q);
	}
	vsi->vale_up = true;
	mutex_unlock(&vsi->vale_lock);
}
