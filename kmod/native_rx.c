// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Owns receiving by a hardware ring whose buffers are those of slots. What the
 * device was given is remembered (`posted`): slots are shared memory, and their
 * owner may write to those that are the kernel's. The driver's own buffers,
 * which the hardware fills first, are copied from.
 */
#include <linux/if_vlan.h>

#include "native.h"

/* Frames being taken in: their slots begin at hwtail. */
struct intake {
	u32 scanned;	/* descriptors looked at since `clean` */
	u32 start;	/* of these, where the frame begins */
	u32 len;	/* of the frame */
	u64 packets;
	u64 bytes;
	bool bad;
};

static struct netmap_slot *slot_at(const struct vale_native_ring *nr, u32 k)
{
	struct vale_ring *ring = nr->ring;

	return &ring->shared->slot[vale_ring_add(ring->pos.hwtail, k,
						 ring->pos.n)];
}

/* Where the frame's part k is, for the CPU. NULL: nowhere. */
static u8 *own_data(struct vale_native_ring *nr, u32 k, u32 len)
{
	struct vale_ring *ring = nr->ring;
	struct vale_posted *p = &nr->posted[vale_ring_add(ring->pos.hwtail, k,
							  ring->pos.n)];
	struct netmap_slot *slot = slot_at(nr, k);
	u8 *buf = vale_buf(&ring->bufs, p->idx);

	if (!buf)
		return NULL;
	dma_sync_single_for_cpu(nr->np->dma.dev,
				vale_dma_get(&nr->np->dma, p->idx) + p->offset,
				len, DMA_FROM_DEVICE);
	if (READ_ONCE(slot->buf_idx) != p->idx)
		WRITE_ONCE(slot->buf_idx, p->idx);
	return buf + p->offset;
}

static u8 *foreign_data(struct vale_native_ring *nr, u32 k, u32 len)
{
	struct vale_native *native = nr->np->native;
	const struct vale_bufs *bufs = &nr->ring->bufs;
	struct netmap_slot *slot = slot_at(nr, k);
	u8 *buf = vale_buf(bufs, READ_ONCE(slot->buf_idx));

	if (!buf || len > vale_bufs_room(bufs))
		return NULL;
	buf += vale_bufs_offset(bufs, READ_ONCE(slot->ptr));
	memcpy(buf, native->ops->rx_data(native->dev, nr->queue,
					 vale_native_next(nr, nr->clean, k)),
	       len);
	return buf;
}

/* The tag that the hardware took off goes back to where it was. */
static u32 insert_tag(u8 *data, u32 len, u16 vlan)
{
	memmove(data + 2 * ETH_ALEN + VLAN_HLEN, data + 2 * ETH_ALEN,
		len - 2 * ETH_ALEN);
	put_unaligned_be16(ETH_P_8021Q, data + 2 * ETH_ALEN);
	put_unaligned_be16(vlan, data + 2 * ETH_ALEN + 2);
	return len + VLAN_HLEN;
}

/* The frame check sequence may be the last part, and more. */
static u32 trim(struct vale_native_ring *nr, const struct intake *in, u32 len)
{
	u32 crc = nr->np->config.crc;
	struct netmap_slot *before;

	if (len >= crc)
		return len - crc;
	if (in->scanned > in->start) {
		before = slot_at(nr, in->scanned - 1);
		WRITE_ONCE(before->len, READ_ONCE(before->len) - (crc - len));
	}
	return 0;
}

static void take_part(struct vale_native_ring *nr, struct intake *in,
		      const struct vale_native_desc *d)
{
	struct netmap_slot *slot = slot_at(nr, in->scanned);
	bool last = d->flags & VALE_DESC_EOP;
	u32 len = last ? trim(nr, in, d->len) : d->len;
	u8 *data = in->scanned < nr->foreign ?
		   foreign_data(nr, in->scanned, d->len) :
		   own_data(nr, in->scanned, d->len);

	if (!data || d->flags & VALE_DESC_ERROR)
		in->bad = true;
	else if (d->flags & VALE_DESC_VLAN && in->scanned == in->start &&
		 len >= 2 * ETH_ALEN && len + VLAN_HLEN <=
		 vale_bufs_room(&nr->ring->bufs))
		len = insert_tag(data, len, d->vlan);
	in->len += len;
	WRITE_ONCE(slot->len, len);
	WRITE_ONCE(slot->flags, last ? 0 : NS_MOREFRAG);
}

/* A frame that cannot be had is handed over empty. */
static void empty_slots(struct vale_native_ring *nr, u32 from, u32 to)
{
	for (; from < to; from++) {
		WRITE_ONCE(slot_at(nr, from)->len, 0);
		WRITE_ONCE(slot_at(nr, from)->flags, 0);
	}
}

/* The frames up to the one before `start` are the program's. */
static void commit(struct vale_native_ring *nr, struct intake *in)
{
	const struct vale_native *native = nr->np->native;
	struct vale_pos *pos = &nr->ring->pos;
	u32 foreign = min(nr->foreign, in->start);

	if (vale_native_copies(native)) {
		native->ops->rx_put(native->dev, nr->queue, nr->clean, NULL,
				    in->start);
	} else {
		nr->foreign -= foreign;
		nr->busy -= in->start - foreign;
	}
	nr->clean = vale_native_next(nr, nr->clean, in->start);
	pos->hwtail = vale_ring_add(pos->hwtail, in->start, pos->n);
	in->scanned -= in->start;
	in->start = 0;
}

static void end_frame(struct vale_native_ring *nr, struct intake *in)
{
	struct vale_nic *nic = nr->np->nic;

	if (in->bad || nr->torn) {
		empty_slots(nr, in->start, in->scanned);
		if (!nr->torn)
			vale_nic_drop(nr->ring->adapter, VALE_DROP_BAD_BUFFER,
				      1);
		nr->torn = false;
	} else {
		vale_count_in(nic->wire.stats, 1, in->len);
	}
	in->start = in->scanned;
	in->bad = false;
	in->len = 0;
}

static u32 look(struct vale_native_ring *nr, const struct intake *in)
{
	const struct vale_native *native = nr->np->native;
	u32 most = min(nr->foreign + nr->busy, vale_nic_rx_room(&nr->ring->pos));

	if (in->scanned >= most)
		return 0;
	return native->ops->rx_get(native->dev, nr->queue,
				   vale_native_next(nr, nr->clean, in->scanned),
				   nr->desc, min_t(u32, most - in->scanned,
						   VALE_NATIVE_BATCH));
}

void vale_native_rx_import(struct vale_native_ring *nr)
{
	struct intake in = { };
	u32 i, n;

	while ((n = look(nr, &in))) {
		for (i = 0; i < n; i++) {
			take_part(nr, &in, &nr->desc[i]);
			in.scanned++;
			if (nr->desc[i].flags & VALE_DESC_EOP)
				end_frame(nr, &in);
		}
		commit(nr, &in);
	}
}

/* The buffer of slot `at`, or the waste, for the next descriptor. */
static void post(struct vale_native_ring *nr, u32 at,
		 struct vale_native_desc *d)
{
	struct netmap_slot *slot = &nr->ring->shared->slot[at];
	const struct vale_bufs *bufs = &nr->ring->bufs;
	struct vale_dma *dma = &nr->np->dma;
	u32 idx = READ_ONCE(slot->buf_idx);
	u32 offset = vale_bufs_offset(bufs, READ_ONCE(slot->ptr));
	u32 size = nr->np->config.rx_size;
	dma_addr_t to = DMA_MAPPING_ERROR;

	if (likely(offset + size <= bufs->size))
		to = vale_dma_get(dma, idx);
	if (unlikely(to == DMA_MAPPING_ERROR)) {
		nr->posted[at] = (struct vale_posted){ };
		*d = (struct vale_native_desc){ .dma = dma->waste_dma,
						.addr = dma->waste,
						.len = size };
		return;
	}
	nr->posted[at] = (struct vale_posted){ .idx = idx, .offset = offset };
	*d = (struct vale_native_desc){ .dma = to + offset,
					.addr = vale_buf(bufs, idx) + offset,
					.len = size };
	dma_sync_single_for_device(dma->dev, d->dma, size, DMA_FROM_DEVICE);
	if (READ_ONCE(slot->flags) & NS_BUF_CHANGED)
		WRITE_ONCE(slot->flags, 0);
}

void vale_native_rx_fill(struct vale_native_ring *nr)
{
	const struct vale_native *native = nr->np->native;
	const struct vale_pos *pos = &nr->ring->pos;
	u32 most = min(vale_nic_rx_room(pos), nr->count - 1);
	u32 held = nr->foreign + nr->busy, n;

	if (vale_native_copies(native)) {
		native->ops->rx_kick(native->dev, nr->queue, nr->clean);
		return;
	}
	if (held >= most)
		return;
	while (held < most) {
		for (n = 0; n < VALE_NATIVE_BATCH && held < most; n++, held++)
			post(nr, vale_ring_add(pos->hwtail, held, pos->n),
			     &nr->desc[n]);
		native->ops->rx_put(native->dev, nr->queue, nr->use, nr->desc,
				    n);
		nr->use = vale_native_next(nr, nr->use, n);
		nr->busy += n;
	}
	native->ops->rx_kick(native->dev, nr->queue, nr->use);
}

int vale_native_rxsync(struct vale_ring *ring)
{
	struct vale_native_ring *nr = vale_native_ring_of(ring);

	vale_host_forward_up(ring);
	ring->pos.hwcur = ring->pos.head;
	rcu_read_lock_bh();
	/* (H) the ring's state; partner: whoever makes it live. */
	if (smp_load_acquire(&nr->live)) {
		vale_native_rx_import(nr);
		vale_native_rx_fill(nr);
	}
	rcu_read_unlock_bh();
	return 0;
}
