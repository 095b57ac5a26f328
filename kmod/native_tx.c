// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Owns sending slots by a hardware ring, straight from their buffers. Slots of
 * frames that are none have no descriptor and come back with those around
 * them; the last descriptor of a batch is reported. What the driver sent before
 * the program came occupies descriptors until it is done.
 */
#include "native.h"

static u32 hardware_room(const struct vale_native_ring *nr)
{
	const struct vale_native *native = nr->np->native;
	u32 held = vale_native_distance(nr->clean, nr->use, nr->count);

	held += native->ops->tx_pending(native->dev, nr->queue);
	return held >= nr->count - 1 ? 0 : nr->count - 1 - held;
}

/* `slots` from the oldest on have been sent. */
static void retire(struct vale_native_ring *nr, u32 slots)
{
	const struct vale_pos *pos = &nr->ring->pos;
	u32 at = vale_ring_add(pos->hwcur, pos->n - nr->busy, pos->n);

	nr->busy -= slots;
	for (; slots; slots--, at = vale_ring_next(at, pos->n)) {
		if (__test_and_clear_bit(at, nr->sent))
			nr->clean = vale_native_next(nr, nr->clean, 1);
		__clear_bit(at, nr->marked);
		if (__test_and_clear_bit(at, nr->copied))
			nr->bounce.used--;
	}
}

/* Find the next one to be reported; is it done? How many slots that are. */
static u32 sent_slots(const struct vale_native_ring *nr)
{
	const struct vale_native *native = nr->np->native;
	const struct vale_pos *pos = &nr->ring->pos;
	u32 at = vale_ring_add(pos->hwcur, pos->n - nr->busy, pos->n);
	u32 i = nr->clean, k;

	if (nr->clean == nr->use)
		return nr->busy;
	for (k = 0; k < nr->busy; k++, at = vale_ring_next(at, pos->n)) {
		if (test_bit(at, nr->marked))
			return native->ops->tx_done(native->dev, nr->queue,
						    i) ? k + 1 : 0;
		if (test_bit(at, nr->sent))
			i = vale_native_next(nr, i, 1);
	}
	return 0;
}

void vale_native_tx_reclaim(struct vale_native_ring *nr)
{
	struct vale_pos *pos = &nr->ring->pos;
	u32 waiting, room, free, tail, n;

	while (nr->busy && (n = sent_slots(nr)))
		retire(nr, n);
	waiting = vale_ring_distance(pos->hwcur, pos->head, pos->n);
	room = hardware_room(nr);
	free = min(pos->n - 1 - nr->busy, room);
	tail = vale_ring_add(pos->hwcur, max(free, waiting), pos->n);
	/* What the program was told once stays its. */
	if (vale_ring_distance(pos->hwcur, tail, pos->n) >
	    vale_ring_distance(pos->hwcur, pos->hwtail, pos->n))
		pos->hwtail = tail;
}

static bool must_copy(const struct vale_native_ring *nr,
		      const struct vale_found *f)
{
	return unlikely(nr->bounce.base) &&
	       f->npieces > nr->np->config.tx_parts;
}

/* The frame as so many descriptors, for its last slots. 0: it cannot be sent. */
static u32 describe(struct vale_native_ring *nr, const struct vale_found *f,
		    struct vale_native_desc *d)
{
	struct vale_nic_ring *adapter = nr->ring->adapter;
	struct vale_dma *dma = &nr->np->dma;
	u32 i;

	if (must_copy(nr, f))
		return vale_bounce_put(&nr->bounce, adapter->piece, f, d);
	for (i = 0; i < f->npieces; i++) {
		const struct vale_piece *piece = &adapter->piece[i];
		dma_addr_t at;

		d[i] = (struct vale_native_desc){
			.addr = (void *)piece->data,
			.len = piece->len,
			.flags = i + 1 == f->npieces ? VALE_DESC_EOP : 0,
		};
		if (vale_native_copies(nr->np->native))
			continue;
		at = vale_dma_get(dma, piece->idx);
		if (at == DMA_MAPPING_ERROR)
			return 0;
		d[i].dma = at + piece->offset;
		dma_sync_single_for_device(dma->dev, d[i].dma, piece->len,
					   DMA_TO_DEVICE);
	}
	return f->npieces;
}

static bool is_frame(struct vale_native_ring *nr, const struct vale_found *f,
		     enum vale_drop *why)
{
	const struct vale_native_config *c = &nr->np->config;

	*why = f->why;
	if (f->bad)
		return false;
	*why = VALE_DROP_RUNT;
	if (f->len < c->tx_least)
		return false;
	*why = VALE_DROP_TOO_LONG;
	return vale_frame_fits(nr->np->native->dev, f->len);
}

struct batch {
	u32 n;		/* descriptors */
	u32 slots;
	u32 at;		/* next slot to look at */
	u32 last;	/* slot of the last descriptor */
	u64 packets;
	u64 bytes;
};

static void note_frame(struct vale_native_ring *nr, struct batch *b,
		       const struct vale_found *f, u32 parts)
{
	const struct vale_pos *pos = &nr->ring->pos;
	u32 i;

	for (i = f->slots - parts; i < f->slots; i++)
		__set_bit(vale_ring_add(b->at, i, pos->n), nr->sent);
	b->last = vale_ring_add(b->at, f->slots - 1, pos->n);
	if (must_copy(nr, f))
		__set_bit(b->last, nr->copied);
	b->n += parts;
	b->packets++;
	b->bytes += f->len;
	if (f->flags & NS_REPORT) {
		nr->desc[b->n - 1].flags |= VALE_DESC_REPORT;
		__set_bit(b->last, nr->marked);
	}
}

/* Descriptors and slots correspond one to one, but for bad frames and copied ones. */
static void add_frame(struct vale_native_ring *nr, struct batch *b,
		      const struct vale_found *f)
{
	enum vale_drop why;
	u32 parts;

	if (!is_frame(nr, f, &why)) {
		vale_nic_drop(nr->ring->adapter, why, 1);
	} else {
		parts = describe(nr, f, &nr->desc[b->n]);
		if (parts)
			note_frame(nr, b, f, parts);
		else
			vale_nic_drop(nr->ring->adapter, VALE_DROP_BAD_BUFFER,
				      1);
	}
	b->slots += f->slots;
	b->at = vale_ring_add(b->at, f->slots, nr->ring->pos.n);
}

static void gather(struct vale_native_ring *nr, struct batch *b)
{
	u32 most = min_t(u32, hardware_room(nr), VALE_NATIVE_BATCH);

	while (b->at != nr->ring->pos.head && b->slots < VALE_NATIVE_BATCH) {
		struct vale_found f = vale_slots_read(nr->ring->adapter, b->at);

		if (b->n + f.npieces > most ||
		    (must_copy(nr, &f) && vale_bounce_full(&nr->bounce)))
			break;
		add_frame(nr, b, &f);
	}
}

/* False: nothing more, or no room. */
static bool send_some(struct vale_native_ring *nr)
{
	const struct vale_native *native = nr->np->native;
	struct vale_pos *pos = &nr->ring->pos;
	struct batch b = { .at = pos->hwcur };

	gather(nr, &b);
	if (b.n) {
		nr->desc[b.n - 1].flags |= VALE_DESC_REPORT;
		__set_bit(b.last, nr->marked);
		native->ops->tx_put(native->dev, nr->queue, nr->use, nr->desc,
				    b.n);
		nr->use = vale_native_next(nr, nr->use, b.n);
		vale_count_out(nr->np->nic->wire.stats, b.packets, b.bytes);
	}
	nr->busy += b.slots;
	pos->hwcur = b.at;
	return b.slots && pos->hwcur != pos->head;
}

/* Without a carrier slots wait, as in the hardware. */
int vale_native_txsync(struct vale_ring *ring)
{
	struct vale_native_ring *nr = vale_native_ring_of(ring);
	const struct vale_native *native;
	u32 before = nr->use;

	rcu_read_lock_bh();
	/* (H) the ring's state; partner: whoever makes it live. */
	if (smp_load_acquire(&nr->live)) {
		native = nr->np->native;
		if (vale_nic_running(nr->np->nic, native->dev)) {
			vale_native_tx_reclaim(nr);
			while (send_some(nr))
				;
			if (nr->use != before)
				native->ops->tx_kick(native->dev, nr->queue,
						     nr->use);
		}
		vale_native_tx_reclaim(nr);
	}
	rcu_read_unlock_bh();
	return 0;
}
