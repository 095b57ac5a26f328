/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef VALE_CORE_VNET_H
#define VALE_CORE_VNET_H

#include "fwd.h"

/*
 * Ports whose packets have a virtio-net header in front (SEMANTICS 5.8), of 10
 * or 12 bytes. Between ports of equal length packets go as they are; here is
 * what happens between others:
 *
 *   none -> some    zeros in front
 *   10 <-> 12       the first 10 bytes as they are, the last 2 zero
 *   some -> none    taken off, and done what it asks for: one checksum, or the
 *                   packet cut into frames with checksums of their own
 */
#define VALE_VNET_SHORT		10
#define VALE_VNET_LONG		12
#define VALE_VNET_FRAME		1514	/* cut no larger, tags excepted */
#define VALE_VNET_HEADERS	256	/* Ethernet to TCP, when cut */

#define VALE_VNET_NEEDS_CSUM	1
#define VALE_VNET_DATA_VALID	2

#define VALE_VNET_GSO_TCPV4	1
#define VALE_VNET_GSO_UDP	3
#define VALE_VNET_GSO_TCPV6	4
#define VALE_VNET_GSO_ECN	0x80

/* In the byte order of the machine. */
struct vale_vnet_hdr {
	u8 flags;
	u8 gso_type;
	u16 hdr_len;
	u16 gso_size;
	u16 csum_start;
	u16 csum_offset;
	u16 num_buffers;
};

/* Reads a packet's bytes once, in order, wherever its fragments lie. */
struct vale_reader {
	const struct vale_frag *f;
	u32 at;		/* in *f */
	u32 left;	/* of the packet */
};

/* 0, -EFAULT; len <= r->left */
int __must_check vale_reader_take(struct vale_reader *r, u8 *to, u32 len);

struct vale_vnet {
	struct vale_vnet_hdr hdr;	/* zero if there is none */
	struct vale_reader data;	/* behind it */
	u32 len;			/* without it */
	bool cut;
	bool v6;			/* from here on: of what is parsed */
	bool tcp;
	u16 l3;				/* offsets of headers */
	u16 l4;
	u16 head_len;			/* of all of them */
	u32 mss;			/* payload of a frame, if cut */
	u32 frames;			/* ... and how many */
	u8 head[VALE_VNET_HEADERS];	/* copied once, since judged */
};

/* The header length a port may have: 0, 10 or 12. */
static inline bool vale_vnet_valid(u32 header)
{
	return !header || header == VALE_VNET_SHORT ||
	       header == VALE_VNET_LONG;
}

/*
 * The Ethernet header of packet i: within its first fragment, behind the port's
 * header, or at the start of the second if that is all of the first. 0,
 * -EINVAL: it is not there, -EFAULT.
 */
int vale_vnet_fetch(const struct vale_batch *b, u32 i, u8 *to);

/* Packet i and its header. 0, -EINVAL: shorter than that, -EFAULT. */
int vale_vnet_open(struct vale_vnet *p, const struct vale_batch *b, u32 i);

/* Does the header ask for what there is? 0, -EINVAL. */
int vale_vnet_check(const struct vale_vnet *p);

/*
 * The headers of a packet that is to be cut, its data not read yet. 0, -EFAULT,
 * -EINVAL: it is not of the type it says.
 */
int vale_vnet_parse(struct vale_vnet *p);

/* Into frames of at most `limit` bytes. 0, -EMSGSIZE: headers take that much. */
int vale_vnet_cut(struct vale_vnet *p, u32 limit);

/*
 * As vale_batch_fit and vale_batch_copy, for a receiver whose packets have
 * `header` bytes in front, not those of the batch. A packet is as many frames
 * as it is cut into, in done->packets and done->asked, too.
 */
u32 vale_vnet_fit(const struct vale_batch *b, struct vale_cursor c,
		  u32 header, const struct vale_bufs *bufs, u32 room,
		  u32 *packets);
void vale_vnet_copy(struct vale_batch *b, struct vale_cursor *c, u32 packets,
		    u32 header, struct vale_window *w,
		    struct vale_copied *done);

#endif /* VALE_CORE_VNET_H */
