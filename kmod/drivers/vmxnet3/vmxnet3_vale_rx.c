// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Receiving by vmxnet3's rings. Completions lie in a ring of their own, in the
 * order of the frames: what each says is noted with its descriptor, where it
 * can be asked for more than once.
 */

#define VALE_RX_COPIED	0x40	/* it lies in the data ring */
#define VALE_RX_DONE	0x80
#define VALE_NO_DESC	U32_MAX

static void vale_rx_reset(struct vmxnet3_rx_queue *rq, int which)
{
	struct vmxnet3_cmd_ring *ring = &rq->rx_ring[which];

	memset(ring->base, 0, ring->size * sizeof(*ring->base));
	ring->gen = VMXNET3_INIT_GEN;
	ring->next2fill = 0;
	ring->next2comp = 0;
	ring->isOutOfOrder = 0;
}

/* The driver's buffers in the next descriptors, after a reset; not in the last. */
static void vale_rx_fill(struct vmxnet3_rx_queue *rq, int which, u32 end)
{
	struct vmxnet3_cmd_ring *ring = &rq->rx_ring[which];
	struct vmxnet3_rx_buf_info *bi = rq->buf_info[which] + ring->next2fill;
	u32 bits;

	for (; ring->next2fill < min(end, ring->size); bi++) {
		union Vmxnet3_GenericDesc *desc = ring->base + ring->next2fill;

		if (!bi->skb)
			return;
		dma_sync_single_for_device(&rq->adapter->pdev->dev,
					   bi->dma_addr, bi->len,
					   DMA_FROM_DEVICE);
		bits = bi->buf_type == VMXNET3_RX_BUF_PAGE ?
		       VMXNET3_RXD_BTYPE_BODY : VMXNET3_RXD_BTYPE_HEAD;
		bits = bits << VMXNET3_RXD_BTYPE_SHIFT | bi->len;
		desc->rxd.addr = cpu_to_le64(bi->dma_addr);
		bi->comp_state = VMXNET3_RXD_COMP_DONE;
		if (ring->next2fill + 1 == ring->size) {
			desc->dword[2] = cpu_to_le32(bits);
			return;
		}
		bi->comp_state = VMXNET3_RXD_COMP_PENDING;
		bits |= VMXNET3_INIT_GEN << VMXNET3_RXD_GEN_SHIFT;
		dma_wmb();
		desc->dword[2] = cpu_to_le32(bits);
		ring->next2fill++;
	}
}

/* Notes of descriptors from there on are to come. */
static void vale_rx_begin(struct vmxnet3_rx_queue *rq, u32 next)
{
	struct vmxnet3_cmd_ring *ring = &rq->rx_ring[0];
	u32 i;

	for (i = 0; i < ring->size; i++) {
		rq->buf_info[0][i].vale_addr = NULL;
		rq->buf_info[0][i].vale_flags = 0;
	}
	ring->vale_next = next;
	ring->vale_open = VALE_NO_DESC;
}

/*
 * As vmxnet3_set_features() for the device, not for who asks for features.
 * True: it is to be told.
 */
static bool vale_rx_lro(struct vmxnet3_adapter *adapter)
{
	struct Vmxnet3_MiscConf *misc = &adapter->shared->devRead.misc;
	bool on = adapter->netdev->features & NETIF_F_LRO &&
		  !vmxnet3_vale_no_lro(adapter);
	bool was = misc->uptFeatures & UPT1_F_LRO;

	if (on)
		misc->uptFeatures |= UPT1_F_LRO;
	else
		misc->uptFeatures &= ~UPT1_F_LRO;
	return on != was;
}

void vmxnet3_vale_rx_init(struct vmxnet3_adapter *adapter)
{
	struct vmxnet3_rx_queue *rq;
	u32 q;

	for (q = 0; adapter->vale && q < adapter->num_rx_queues; q++) {
		rq = &adapter->rx_queue[q];
		vale_rx_reset(rq, 0);
		vale_rx_begin(rq, 0);
		rq->rx_ring[0].vale_taken = vale_native_rx_init(adapter->vale,
								q);
		if (!rq->rx_ring[0].vale_taken)
			vale_rx_fill(rq, 0, U32_MAX);
	}
	vale_rx_lro(adapter);
}

void vmxnet3_vale_rx_end(struct vmxnet3_rx_queue *rq)
{
	if (!rq->rx_ring[0].vale_taken)
		return;
	vale_rx_reset(rq, 0);
	vale_rx_fill(rq, 0, U32_MAX);
}

/*
 * The driver's next2comp is the last completed, or 0 if none was. What of a
 * frame is still to come has descriptors only if the first ring has such.
 */
static void vale_rx_take(struct net_device *dev, u32 q,
			 struct vale_native_start *at)
{
	struct vmxnet3_adapter *adapter = vale_adapter(dev);
	struct vmxnet3_rx_queue *rq = vale_rx(dev, q);
	struct vmxnet3_cmd_ring *ring = &rq->rx_ring[0];

	at->clean = ring->next2comp;
	if (rq->buf_info[0][at->clean].comp_state == VMXNET3_RXD_COMP_DONE)
		VMXNET3_INC_RING_IDX_ONLY(at->clean, ring->size);
	at->use = ring->next2fill;
	at->torn = rq->rx_ctx.skb && adapter->rx_buf_per_pkt > 1;
	dev_kfree_skb(rq->rx_ctx.skb);
	rq->rx_ctx.skb = NULL;
	vale_rx_begin(rq, at->clean);
	ring->vale_taken = true;
	if (vale_rx_lro(adapter))
		vale_command(adapter, VMXNET3_CMD_UPDATE_FEATURE);
}

static void vale_rx_put(struct net_device *dev, u32 q, u32 i,
			const struct vale_native_desc *d, u32 n)
{
	struct vmxnet3_rx_queue *rq = vale_rx(dev, q);
	struct vmxnet3_cmd_ring *ring = &rq->rx_ring[0];

	for (; n--; d++) {
		union Vmxnet3_GenericDesc *desc = ring->base + ring->next2fill;
		struct vmxnet3_rx_buf_info *bi = rq->buf_info[0] +
						 ring->next2fill;

		bi->vale_addr = d->addr;
		bi->vale_flags = 0;
		desc->rxd.addr = cpu_to_le64(d->dma);
		dma_wmb();
		desc->dword[2] = cpu_to_le32(ring->gen << VMXNET3_RXD_GEN_SHIFT |
					     d->len);
		vmxnet3_cmd_ring_adv_next2fill(ring);
	}
}

static void vale_rx_kick(struct net_device *dev, u32 q, u32 i)
{
	struct vmxnet3_adapter *adapter = vale_adapter(dev);

	dma_wmb();
	if (unlikely(vale_rx(dev, q)->shared->updateRxProd))
		VMXNET3_WRITE_BAR0_REG(adapter, adapter->rx_prod_offset + q * 8,
				       i);
}

/* A short frame that did not go to its buffer: as if it had. */
static void vale_rx_small(struct vmxnet3_rx_queue *rq,
			  struct vmxnet3_rx_buf_info *bi, u32 idx)
{
	const union Vmxnet3_GenericDesc *desc = &rq->rx_ring[0].base[idx];

	if (!bi->vale_addr) {
		bi->vale_flags |= VALE_RX_COPIED;
		return;
	}
	bi->vale_len = min_t(u32, bi->vale_len, desc->rxd.len);
	memcpy(bi->vale_addr, &rq->data_ring.base[idx * rq->data_ring.desc_size],
	       bi->vale_len);
	dma_sync_single_for_device(&rq->adapter->pdev->dev,
				   le64_to_cpu(desc->rxd.addr), bi->vale_len,
				   DMA_BIDIRECTIONAL);
}

/* Descriptors that the device passed over are handed on empty. */
static void vale_rx_skip(struct vmxnet3_rx_queue *rq, u32 idx)
{
	struct vmxnet3_cmd_ring *ring = &rq->rx_ring[0];

	while (ring->vale_next != idx) {
		struct vmxnet3_rx_buf_info *bi = rq->buf_info[0] +
						 ring->vale_next;

		bi->vale_len = 0;
		bi->vale_flags = VALE_RX_DONE | VALE_DESC_EOP |
				 VALE_DESC_ERROR;
		VMXNET3_INC_RING_IDX_ONLY(ring->vale_next, ring->size);
	}
	VMXNET3_INC_RING_IDX_ONLY(ring->vale_next, ring->size);
}

/* What comes after it decides whether the frame goes on in this ring. */
static void vale_rx_release(struct vmxnet3_rx_queue *rq, u8 flags)
{
	struct vmxnet3_cmd_ring *ring = &rq->rx_ring[0];

	if (ring->vale_open == VALE_NO_DESC)
		return;
	rq->buf_info[0][ring->vale_open].vale_flags |= flags;
	if (flags & VALE_RX_DONE)
		ring->vale_open = VALE_NO_DESC;
}

static void vale_rx_note(struct vmxnet3_rx_queue *rq,
			 const struct Vmxnet3_RxCompDesc *rcd)
{
	struct vmxnet3_cmd_ring *ring = &rq->rx_ring[0];
	u32 idx = rcd->rxdIdx;
	struct vmxnet3_rx_buf_info *bi = rq->buf_info[0] + idx;

	if (WARN_ON_ONCE(idx >= ring->size))
		return;
	vale_rx_release(rq, VALE_RX_DONE);
	vale_rx_skip(rq, idx);
	bi->vale_len = rcd->len;
	bi->vale_flags = rcd->eop ? VALE_RX_DONE | VALE_DESC_EOP : 0;
	if (rcd->eop && (rcd->err || !rcd->len))
		bi->vale_flags |= VALE_DESC_ERROR;
	if (rcd->ts) {
		bi->vale_flags |= VALE_DESC_VLAN;
		bi->vale_tag = rcd->tci;
	}
	if (VMXNET3_RX_DATA_RING(rq->adapter, rcd->rqID))
		vale_rx_small(rq, bi, idx);
	if (!rcd->eop)
		ring->vale_open = idx;
}

/* A frame that took a buffer of the second ring is too long for a program. */
static void vale_rx_body(struct vmxnet3_rx_queue *rq,
			 const struct Vmxnet3_RxCompDesc *rcd)
{
	struct vmxnet3_adapter *adapter = rq->adapter;
	struct vmxnet3_cmd_ring *ring = &rq->rx_ring[1];

	vale_rx_release(rq, rcd->eop ? VALE_DESC_ERROR | VALE_DESC_EOP |
				       VALE_RX_DONE : VALE_DESC_ERROR);
	ring->next2comp = rcd->rxdIdx;
	while (vmxnet3_cmd_ring_desc_avail(ring)) {
		ring->base[ring->next2fill].rxd.gen = ring->gen;
		vmxnet3_cmd_ring_adv_next2fill(ring);
	}
	if (unlikely(rq->shared->updateRxProd))
		VMXNET3_WRITE_BAR0_REG(adapter, adapter->rx_prod2_offset +
				       rq->qid * 8, ring->next2fill);
}

static void vale_rx_complete(struct vmxnet3_rx_queue *rq)
{
	struct vmxnet3_comp_ring *comp = &rq->comp_ring;
	const union Vmxnet3_GenericDesc *desc;
	u32 last;

	for (;;) {
		desc = &comp->base[comp->next2proc];
		last = le32_to_cpu(READ_ONCE(desc->dword[3]));
		if (last >> 31 != comp->gen)
			return;
		dma_rmb();
		if (desc->rcd.rqID == rq->qid2)
			vale_rx_body(rq, &desc->rcd);
		else
			vale_rx_note(rq, &desc->rcd);
		vmxnet3_comp_ring_adv_next2proc(comp);
	}
}

static u32 vale_rx_get(struct net_device *dev, u32 q, u32 i,
		       struct vale_native_desc *d, u32 n)
{
	struct vmxnet3_rx_queue *rq = vale_rx(dev, q);
	u32 got;

	vale_rx_complete(rq);
	for (got = 0; got < n; got++, d++) {
		const struct vmxnet3_rx_buf_info *bi = rq->buf_info[0] + i;

		if (!(bi->vale_flags & VALE_RX_DONE))
			break;
		d->len = bi->vale_len;
		d->flags = bi->vale_flags & ~(VALE_RX_DONE | VALE_RX_COPIED);
		d->vlan = bi->vale_tag;
		VMXNET3_INC_RING_IDX_ONLY(i, rq->rx_ring[0].size);
	}
	return got;
}

static const void *vale_rx_data(struct net_device *dev, u32 q, u32 i)
{
	struct vmxnet3_rx_queue *rq = vale_rx(dev, q);
	struct vmxnet3_rx_buf_info *bi = rq->buf_info[0] + i;

	if (bi->vale_flags & VALE_RX_COPIED)
		return &rq->data_ring.base[i * rq->data_ring.desc_size];
	dma_sync_single_for_cpu(&rq->adapter->pdev->dev, bi->dma_addr, bi->len,
				DMA_FROM_DEVICE);
	if (bi->buf_type == VMXNET3_RX_BUF_SKB)
		return bi->skb->data;
	return page_address(bi->page) + offset_in_page(bi->dma_addr);
}
