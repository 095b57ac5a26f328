// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Owns reading frames out of the slots of a netdev's rings, whatever they will
 * become. A slot belongs to a program that may change it at any time: each
 * field is read once. Everything here runs with the ring's gate held.
 */
#include "core/copy.h"
#include "nic_priv.h"

/* One slot; no data: a bad one. Clears the flags that it is the kernel's to clear. */
static u16 read_slot(struct vale_ring *ring, u32 at, struct vale_piece *piece)
{
	const u16 clear = NS_BUF_CHANGED |
			  (ring->dir == VALE_TX ? NS_REPORT : NS_FORWARD);
	struct netmap_slot *slot = &ring->shared->slot[at];
	u32 offset = vale_bufs_offset(&ring->bufs, READ_ONCE(slot->ptr));
	u16 flags = READ_ONCE(slot->flags);

	if (flags & clear)
		WRITE_ONCE(slot->flags, flags & ~clear);
	piece->idx = READ_ONCE(slot->buf_idx);
	piece->offset = offset;
	piece->data = vale_buf(&ring->bufs, piece->idx);
	piece->len = READ_ONCE(slot->len);
	if (piece->len > ring->bufs.size - offset)
		piece->data = NULL;
	else if (piece->data)
		piece->data += offset;
	return flags;
}

static void add_piece(struct vale_nic_ring *nr, struct vale_found *f,
		      const struct vale_piece *piece)
{
	if (!piece->data) {
		f->bad = true;
		f->why = VALE_DROP_BAD_SLOT;
	} else if (f->npieces == NETMAP_MAX_FRAGS) {
		f->bad = true;
		f->why = VALE_DROP_FRAGS;
	} else {
		nr->piece[f->npieces++] = *piece;
		f->len += piece->len;
	}
}

struct vale_found vale_slots_read(struct vale_nic_ring *nr, u32 at)
{
	struct vale_ring *ring = nr->ring;
	struct vale_found f = { };
	struct vale_piece piece;
	u16 flags;

	do {
		flags = read_slot(ring, at, &piece);
		add_piece(nr, &f, &piece);
		f.flags |= flags;
		f.slots++;
		at = vale_ring_next(at, ring->pos.n);
		f.open = !ring->host && flags & NS_MOREFRAG;
	} while (f.open && at != ring->pos.head);
	if (!f.bad && f.len < ETH_HLEN) {
		f.bad = true;
		f.why = VALE_DROP_RUNT;
	}
	return f;
}

void vale_slots_copy(const struct vale_nic_ring *nr,
		     const struct vale_found *f, struct sk_buff *skb)
{
	u8 *to = skb_put(skb, f->len);
	u32 i;

	for (i = 0; i < f->npieces; to += nr->piece[i++].len)
		vale_copy(to, nr->piece[i].data, nr->piece[i].len);
}

/* What is left of a frame's pieces. */
struct reader {
	const struct vale_piece *piece;
	u32 n;
	u32 done;	/* of the first */
};

static u32 read_some(struct reader *r, u8 *to, u32 room)
{
	u32 len = 0, part;

	while (r->n && len < room) {
		part = min(r->piece->len - r->done, room - len);
		vale_copy(to + len, r->piece->data + r->done, part);
		len += part;
		r->done += part;
		if (r->done == r->piece->len) {
			r->done = 0;
			r->piece++;
			r->n--;
		}
	}
	return len;
}

bool vale_slots_refill(const struct vale_nic_ring *from,
		       const struct vale_found *f, struct vale_ring *ring)
{
	struct reader r = { .piece = from->piece, .n = f->npieces };
	const struct vale_bufs *bufs = &ring->bufs;
	u32 start = ring->pos.hwtail, left = f->len, len;
	struct netmap_slot *slot;
	u8 *buf;

	for (; left; left -= len) {
		slot = &ring->shared->slot[ring->pos.hwtail];
		buf = vale_buf(bufs, READ_ONCE(slot->buf_idx));
		ring->pos.hwtail = vale_ring_next(ring->pos.hwtail,
						  ring->pos.n);
		if (unlikely(!buf)) {
			vale_emul_give_up(ring, start, ring->pos.hwtail);
			return false;
		}
		vale_buf_prefetch_row(buf, bufs->size, left);
		buf += vale_bufs_offset(bufs, READ_ONCE(slot->ptr));
		len = read_some(&r, buf, vale_bufs_room(bufs));
		WRITE_ONCE(slot->len, len);
		WRITE_ONCE(slot->flags, left > len ? NS_MOREFRAG : 0);
	}
	return true;
}
