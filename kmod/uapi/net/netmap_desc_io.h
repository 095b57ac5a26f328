/* SPDX-License-Identifier: BSD-2-Clause */
/* Packets of a port that nm_open() opened: sending by copy, receiving by callback or one at a time. */
#ifndef _NET_NETMAP_DESC_IO_H_
#define _NET_NETMAP_DESC_IO_H_

#include <stddef.h>
#include <stdint.h>

#include <net/netmap_desc.h>
#include <net/netmap_user.h>

/* bytes of each slot that nm_inject() fills */
static inline uint32_t nm_ring_room_(const struct netmap_ring *ring,
				     const struct netmap_slot *slot)
{
	return (uint32_t)(ring->nr_buf_size - NETMAP_ROFFSET(ring, slot));
}

/* puts the packet at ring->head if it fits */
static inline int nm_ring_inject_(struct netmap_ring *ring, const void *buf,
				  size_t size)
{
	const char *from = (const char *)buf;
	uint32_t head = ring->head, space = nm_ring_space(ring);
	size_t left = size;

	for (; space; space--) {
		struct netmap_slot *slot = &ring->slot[head];
		uint32_t room = nm_ring_room_(ring, slot);
		uint32_t n = left < room ? (uint32_t)left : room;

		nm_pkt_copy(from, NETMAP_BUF_OFFSET(ring, slot), n);
		slot->len = (uint16_t)n;
		slot->flags = 0;
		from += n;
		left -= n;
		head = nm_ring_next(ring, head);
		if (!left) {
			ring->head = ring->cur = head;
			return 1;
		}
		slot->flags = NS_MOREFRAG;
	}
	return 0;
}

/*
 * Copies a packet into the first TX ring with room for it; size, or 0 if none
 * has. Sending it is up to the next poll or NIOCTXSYNC.
 */
static inline int nm_inject(struct nm_desc *d, const void *buf, size_t size)
{
	int rings = d->last_tx_ring - d->first_tx_ring + 1;

	for (; rings > 0; rings--) {
		struct netmap_ring *ring = NETMAP_TXRING(d->nifp,
							 d->cur_tx_ring);

		if (nm_ring_inject_(ring, buf, size))
			return (int)size;
		d->cur_tx_ring++;
		if (d->cur_tx_ring > d->last_tx_ring)
			d->cur_tx_ring = d->first_tx_ring;
	}
	return 0;
}

static inline void nm_desc_next_rx_(struct nm_desc *d)
{
	d->cur_rx_ring++;
	if (d->cur_rx_ring > d->last_rx_ring)
		d->cur_rx_ring = d->first_rx_ring;
}

/* takes the packet at ring->head into hdr and moves on */
static inline void nm_ring_take_(struct netmap_ring *ring,
				 struct nm_pkthdr *hdr)
{
	uint32_t head = ring->head;
	struct netmap_slot *slot = &ring->slot[head];

	hdr->ts = ring->ts;
	hdr->slot = slot;
	hdr->buf = (uint8_t *)NETMAP_BUF_OFFSET(ring, slot);
	hdr->len = hdr->caplen = slot->len;
	head = nm_ring_next(ring, head);
	while ((slot->flags & NS_MOREFRAG) && head != ring->tail) {
		slot = &ring->slot[head];
		if (hdr->caplen == hdr->len &&
		    (uint8_t *)NETMAP_BUF_OFFSET(ring, slot) ==
			    hdr->buf + hdr->len)
			hdr->caplen += slot->len;
		hdr->len += slot->len;
		head = nm_ring_next(ring, head);
	}
	ring->head = ring->cur = head;
}

/*
 * Calls cb for up to cnt packets (0 or -1: for all there are) and releases them.
 * A packet is held back until it is known whether another one follows.
 */
static inline int nm_dispatch(struct nm_desc *d, int cnt, nm_cb_t cb,
			      unsigned char *arg)
{
	int rings = d->last_rx_ring - d->first_rx_ring + 1;
	int got = 0;

	d->hdr.d = d;
	d->hdr.flags = NM_MORE_PKTS;
	for (; rings > 0 && (cnt <= 0 || got < cnt); rings--) {
		struct netmap_ring *ring = NETMAP_RXRING(d->nifp,
							 d->cur_rx_ring);

		for (; !nm_ring_empty(ring) && (cnt <= 0 || got < cnt); got++) {
			if (got)
				cb(arg, &d->hdr, d->hdr.buf);
			nm_ring_take_(ring, &d->hdr);
		}
		if (nm_ring_empty(ring))
			nm_desc_next_rx_(d);
	}
	d->hdr.flags = 0;
	if (got)
		cb(arg, &d->hdr, d->hdr.buf);
	return got;
}

/* The next slot's bytes, valid until the next sync, or NULL. */
static inline unsigned char *nm_nextpkt(struct nm_desc *d,
					struct nm_pkthdr *hdr)
{
	int rings = d->last_rx_ring - d->first_rx_ring + 1;

	for (; rings > 0; rings--, nm_desc_next_rx_(d)) {
		struct netmap_ring *ring = NETMAP_RXRING(d->nifp,
							 d->cur_rx_ring);
		struct netmap_slot *slot = &ring->slot[ring->head];

		if (nm_ring_empty(ring))
			continue;
		hdr->ts = ring->ts;
		hdr->len = hdr->caplen = slot->len;
		hdr->buf = (uint8_t *)NETMAP_BUF_OFFSET(ring, slot);
		hdr->slot = slot;
		ring->head = ring->cur = nm_ring_next(ring, ring->head);
		return hdr->buf;
	}
	return NULL;
}

#endif /* _NET_NETMAP_DESC_IO_H_ */
