/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef VALE_CORE_FWD_H
#define VALE_CORE_FWD_H

#include <linux/types.h>
#include <net/netmap.h>
#include <linux/vale.h>

#include "bufs.h"
#include "fdb.h"
#include "slot.h"

#define VALE_BATCH_MAX	1024	/* fragments; a last packet may overshoot */
#define VALE_BATCH_ROOM	(VALE_BATCH_MAX + NETMAP_MAX_FRAGS)
#define VALE_BATCH_WHOLE 256	/* packets of a batch of whole ones */
#define VALE_BATCH_END	0xffff
#define VALE_ETH_HEADER	14

/*
 * A batch is what one source ring sends in one go:
 *
 *   gather    slots (or socket buffers) -> frag[]    validated once
 *   classify  frag[] -> one queue per destination    FDB lookups, learning list
 *   deliver   per destination: fit, reserve, copy    queue and flood merged in
 *                                                    order of arrival
 * A packet is its first fragment's index.
 *
 * With `exchange` set, a packet of one fragment that goes to one port of its
 * sender's region is not copied: the two slots exchange buffers, and both say
 * NS_BUF_CHANGED.
 *
 * A batch of whole packets has one fragment for each, which describes its
 * beginning, and in whole[] the embedder's object that the packet is: where
 * source and destination know these objects, they pass the switch uncopied.
 * Having no slots, they exchange nothing.
 */
struct vale_frag {
	const u8 *data;	/* kernel address; user address if NS_INDIRECT */
	union {
		struct {
			u16 len;
			u16 flags;	/* NS_MOREFRAG, _INDIRECT, _NO_LEARN */
		};
		u32 len_flags;		/* both, as a slot has them */
	};
	/* of the first fragment only: */
	union {
		struct {
			u16 next;	/* packet in the queue */
			u16 nfrags;	/* 1..64 */
		};
		u32 place;		/* both, as vale_frag_place has them */
	};
};

static inline u32 vale_frag_place(u16 next, u16 nfrags)
{
	return vale_len_flags(next, nfrags);
}

/* Bytes of the packet that starts at f. */
static inline u32 vale_packet_len(const struct vale_frag *f)
{
	u32 len = 0;
	u32 i;

	for (i = 0; i < f->nfrags; i++)
		len += f[i].len;
	return len;
}

struct vale_flow;

struct vale_queue {
	u16 head;
	u16 tail;
	u16 slots;	/* fragments of all packets in it */
	u16 packets;
};

/*
 * The slots a batch came from: fragment i is slot first + i modulo n. No slots
 * if that is not so, because some were bad or none were gathered, or if packets
 * have offsets in their buffers.
 */
struct vale_origin {
	struct netmap_slot *slot;
	u8 **chunk;	/* of the region's buffers */
	u32 n;
	u32 first;
};

/* A small batch lies in the first of its pages. */
struct vale_batch {
	u16 nfrags;
	u16 npackets;	/* gathered; runts and SAME_PORT are among them */
	u16 ndst;	/* destinations in dst[] */
	u16 nlearn;
	u32 nbytes;
	u32 nmulticast;	/* of the flooded ones: group addresses */
	u32 nmore;	/* frames that whole packets stand for beyond one each */
	u16 nwhole;	/* packets in whole[]: all or none */
	bool opaque;	/* for some of them the fragment is not all of it */
	bool indirect;	/* slots with NS_INDIRECT were met */
	bool exchange;	/* give away buffers rather than copy; the caller's */
	u8 header;	/* bytes in front of each packet (vnet.h); the caller's */
	struct vale_flow *flow;	/* where to note the last packet's way, or
				 * NULL; the caller's */
	struct vale_origin origin;
	u32 drops[__VALE_DROP_MAX];
	struct vale_queue flood;
	struct vale_queue to[VALE_PORT_MAX];	/* empty unless in dst[] */
	u8 dst[VALE_PORT_MAX];
	struct vale_frag frag[VALE_BATCH_ROOM];
	u64 learn[VALE_BATCH_MAX];	/* source addresses for vale_fdb_learn */
	void *whole[VALE_BATCH_WHOLE];	/* by packet; NULL: taken away */
};

/* A packet that stays an object of the embedder's. */
struct vale_whole {
	void *object;
	const u8 *data;	/* its beginning, kernel address */
	u32 len;	/* of that */
	u32 frames;	/* on the wire: more than one if it is still to be cut */
	u32 bytes;	/* ... and in these */
	bool opaque;	/* `data` is not just what the wire would have */
};

/* Where delivery of one destination stands; fits a register. */
struct vale_cursor {
	u16 unicast;	/* next packet of the destination's own queue */
	u16 flood;	/* next packet of the flood queue */
	u16 slots;	/* fragments still to come */
	u16 packets : 15;	/* packets still to come */
	u16 row : 1;	/* they are consecutive in frag[], a fragment each */
};

/* Slots to write into: `room` of them, from pos, modulo n. */
struct vale_window {
	struct netmap_slot *slot;
	const struct vale_bufs *bufs;
	u32 n;
	u32 pos;
	u32 room;
};

/* Empty the batch; its memory was zeroed once, when it was allocated. */
void vale_batch_init(struct vale_batch *b);

/*
 * Take slots from..to (modulo n) into an empty batch, whole packets, until
 * VALE_BATCH_MAX fragments are reached or exceeded. Returns the position after
 * the last slot taken. Bad packets are counted in b->drops. NS_BUF_CHANGED is
 * cleared in the slots. An unfinished packet at `to` ends there. Nothing else
 * is changed, so the batch may be emptied and gathered again.
 */
u32 vale_batch_gather(struct vale_batch *b, struct netmap_slot *slot, u32 n,
		      u32 from, u32 to, const struct vale_bufs *bufs);

/*
 * Append one packet of `len` bytes at `data` (kernel address), cut into
 * fragments of at most `frag_len`. False: no room left, nothing changed; too
 * many fragments or a runt is counted and true. Reads nothing at `data`.
 */
bool vale_batch_add(struct vale_batch *b, const u8 *data, u32 len,
		    u32 frag_len);

/*
 * Append a packet to an empty batch or one of whole packets; the batch does
 * not own the object. False: no room left, nothing changed.
 */
bool vale_batch_add_whole(struct vale_batch *b, const struct vale_whole *w);

/* Append the packet at fragment i to a queue that classify did not make. */
void vale_batch_queue(struct vale_batch *b, struct vale_queue *q, u16 i);

/*
 * Sort the packets into queues. src: index of the port they came from. The
 * Ethernet header must lie in the first fragment (runt otherwise); that of an
 * NS_INDIRECT one is fetched with vale_fetch_user. Unknown unicast and group
 * addresses go to the flood queue; to the port itself: dropped, SAME_PORT.
 */
void vale_batch_classify(struct vale_batch *b, const struct vale_fdb *fdb,
			 u8 src, u16 now);

static inline bool vale_queue_is_row(const struct vale_queue *q)
{
	return q->slots == q->packets &&
	       q->tail - q->head + 1 == q->packets;
}

/* Start of what goes to one port: q may be empty or NULL. */
static inline struct vale_cursor vale_batch_begin(const struct vale_batch *b,
						  const struct vale_queue *q)
{
	struct vale_cursor c = {
		.unicast = VALE_BATCH_END,
		.flood = b->flood.head,
		.slots = b->flood.slots,
		.packets = b->flood.packets,
		.row = vale_queue_is_row(&b->flood),
	};

	if (q && q->packets) {
		c.row = !c.packets && vale_queue_is_row(q);
		c.unicast = q->head;
		c.slots += q->slots;
		c.packets += q->packets;
	}
	return c;
}

/* The packet the cursor points at, VALE_BATCH_END at the end. */
static inline u16 vale_batch_peek(const struct vale_cursor *c)
{
	return c->unicast < c->flood ? c->unicast : c->flood;
}

/* The same, and advances. */
static inline u16 vale_batch_next(const struct vale_batch *b,
				  struct vale_cursor *c)
{
	u16 i = vale_batch_peek(c);

	if (i == VALE_BATCH_END)
		return i;
	if (i == c->unicast)
		c->unicast = b->frag[i].next;
	else
		c->flood = b->frag[i].next;
	c->slots -= b->frag[i].nfrags;
	c->packets--;
	return i;
}

/* How many slots the packets from the cursor on take, whole packets, at most
 * `room`; the number of packets in *packets. The cursor is not moved. */
u32 vale_batch_fit(const struct vale_batch *b, struct vale_cursor c, u32 room,
		   u32 *packets);

/* Start of a port's own queue alone. */
static inline struct vale_cursor vale_batch_unicast(const struct vale_queue *q)
{
	return (struct vale_cursor){
		.unicast = q->head,
		.flood = VALE_BATCH_END,
		.slots = q->slots,
		.packets = q->packets,
		.row = vale_queue_is_row(q),
	};
}

struct vale_copied {
	u32 asked;	/* packets; the caller's, for its own use */
	u32 slots;
	u32 packets;
	u64 bytes;
	u32 drops[__VALE_DROP_MAX];	/* FAULT, TOO_LONG, BAD_BUFFER */
};

/*
 * Copy `packets` packets from the cursor on into the window; advances cursor
 * and window. Slots get len and (nfrags << 8 | NS_MOREFRAG but on the last). A
 * packet that cannot be read or is too long leaves no slot behind. One that
 * meets an invalid buffer leaves its slots up to that one empty (len and flags
 * 0, counted in done->slots), or the bad slot would stay in the way for ever.
 */
void vale_batch_copy(struct vale_batch *b, struct vale_cursor *c, u32 packets,
		     struct vale_window *w, struct vale_copied *done);

/* Empty slots at the window's start; it then begins behind them. */
void vale_window_skip(struct vale_window *w, u32 n, struct vale_copied *done);

/*
 * Provided by the embedder: copy from the sending process's memory without
 * sleeping; 0 or -EFAULT.
 */
int vale_fetch_user(void *dst, const void *user, size_t len);

#endif /* VALE_CORE_FWD_H */
