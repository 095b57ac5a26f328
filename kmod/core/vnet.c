// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * What a virtio-net header says and the packet behind it is. All of it is the
 * sender's word, which may change at any time: what is decided on is copied
 * first, and no offset is believed.
 */
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "copy.h"
#include "vnet.h"

#define ETH_TYPE	12
#define TAG_LEN		4
#define TYPE_IPV4	0x0800
#define TYPE_IPV6	0x86dd
#define TYPE_VLAN	0x8100
#define TYPE_SVLAN	0x88a8
#define IPV4_LEN	20
#define IPV6_LEN	40
#define IPV4_FRAGMENT	0x3fff	/* more to come, or an offset */
#define TCP_LEN		20
#define UDP_LEN		8
#define PROTO_HOP	0
#define PROTO_TCP	6
#define PROTO_UDP	17
#define PROTO_ROUTING	43
#define PROTO_OPTIONS	60

static int copy(u8 *to, const struct vale_frag *f, u32 at, u32 len)
{
	if (unlikely(f->flags & NS_INDIRECT))
		return vale_fetch_user(to, f->data + at, len);
	vale_copy(to, f->data + at, len);
	return 0;
}

/* Bytes that lie together, at most len of them, which is not 0. */
static u32 next_piece(struct vale_reader *r, u32 len)
{
	while (r->at == r->f->len) {
		r->f++;
		r->at = 0;
	}
	return min_t(u32, len, r->f->len - r->at);
}

int vale_reader_take(struct vale_reader *r, u8 *to, u32 len)
{
	u32 n;

	r->left -= len;
	for (; len; len -= n, to += n, r->at += n) {
		n = next_piece(r, len);
		if (copy(to, r->f, r->at, n))
			return -EFAULT;
	}
	return 0;
}

static void skip(struct vale_reader *r, u32 len)
{
	u32 n;

	r->left -= len;
	for (; len; len -= n, r->at += n)
		n = next_piece(r, len);
}

int vale_vnet_fetch(const struct vale_batch *b, u32 i, u8 *to)
{
	const struct vale_frag *f = &b->frag[i];
	u32 at = b->header;

	if (f->len == at && f->nfrags > 1) {
		f++;
		at = 0;
	}
	if (f->len < at + VALE_ETH_HEADER)
		return -EINVAL;
	return copy(to, f, at, VALE_ETH_HEADER);
}

int vale_vnet_open(struct vale_vnet *p, const struct vale_batch *b, u32 i)
{
	const struct vale_frag *f = &b->frag[i];

	p->hdr = (struct vale_vnet_hdr){};
	p->data = (struct vale_reader){ .f = f, .left = vale_packet_len(f) };
	p->len = p->data.left - min_t(u32, b->header, p->data.left);
	p->cut = false;
	p->frames = 1;
	if (f->len < b->header)
		return -EINVAL;
	return vale_reader_take(&p->data, (u8 *)&p->hdr, b->header);
}

int vale_vnet_check(const struct vale_vnet *p)
{
	u8 type = p->hdr.gso_type;

	if (p->hdr.flags & ~(VALE_VNET_NEEDS_CSUM | VALE_VNET_DATA_VALID))
		return -EINVAL;
	if (!type)
		return 0;
	switch (type & ~VALE_VNET_GSO_ECN) {
	case VALE_VNET_GSO_TCPV4:
	case VALE_VNET_GSO_TCPV6:
	case VALE_VNET_GSO_UDP:
		return p->hdr.gso_size ? 0 : -EINVAL;
	}
	return -EINVAL;
}

/* How much of the head is there: what lies behind is not the packet's. */
struct head {
	const u8 *bytes;
	u32 len;
};

static bool has(const struct head *h, u32 at, u32 len)
{
	return at + len <= h->len;
}

static u32 get16(const u8 *from)
{
	return from[0] << 8 | from[1];
}

/* Offset of the type behind all tags; its own if there is none. */
static int skip_tags(const struct head *h, u32 *at)
{
	*at = ETH_TYPE;
	while (has(h, *at, 2)) {
		u32 type = get16(h->bytes + *at);

		if (type != TYPE_VLAN && type != TYPE_SVLAN)
			return 0;
		*at += TAG_LEN;
	}
	return -EINVAL;
}

/* Offset behind the header and protocol of what follows. */
static int parse_ipv4(const struct head *h, u32 *at, u8 *proto)
{
	const u8 *ip = h->bytes + *at;
	u32 len;

	if (!has(h, *at, IPV4_LEN))
		return -EINVAL;
	len = (ip[0] & 15) * 4;
	if (ip[0] >> 4 != 4 || len < IPV4_LEN || !has(h, *at, len) ||
	    get16(ip + 6) & IPV4_FRAGMENT)
		return -EINVAL;
	*proto = ip[9];
	*at += len;
	return 0;
}

/* A route still to go has the final destination's checksum: not ours to do. */
static bool is_skipped(u8 proto, const u8 *ext)
{
	return proto == PROTO_HOP || proto == PROTO_OPTIONS ||
	       (proto == PROTO_ROUTING && !ext[3]);
}

static int parse_ipv6(const struct head *h, u32 *at, u8 *proto)
{
	const u8 *ip = h->bytes + *at;

	if (!has(h, *at, IPV6_LEN) || ip[0] >> 4 != 6)
		return -EINVAL;
	*proto = ip[6];
	*at += IPV6_LEN;
	while (*proto != PROTO_TCP && *proto != PROTO_UDP) {
		const u8 *ext = h->bytes + *at;

		if (!has(h, *at, 8) || !is_skipped(*proto, ext))
			return -EINVAL;
		*proto = ext[0];
		*at += 8 + ext[1] * 8;
	}
	return 0;
}

/* Offset behind the TCP or UDP header. */
static int parse_l4(const struct head *h, u32 *at, bool tcp)
{
	u32 len = UDP_LEN;

	if (!has(h, *at, tcp ? TCP_LEN : UDP_LEN))
		return -EINVAL;
	if (tcp)
		len = (h->bytes[*at + 12] >> 4) * 4;
	if (len < (tcp ? TCP_LEN : UDP_LEN) || !has(h, *at, len))
		return -EINVAL;
	*at += len;
	return 0;
}

static bool is_of_type(const struct vale_vnet *p, u8 proto)
{
	switch (p->hdr.gso_type & ~VALE_VNET_GSO_ECN) {
	case VALE_VNET_GSO_TCPV4:
		return !p->v6 && proto == PROTO_TCP;
	case VALE_VNET_GSO_TCPV6:
		return p->v6 && proto == PROTO_TCP;
	}
	return proto == PROTO_UDP;
}

static int parse_headers(struct vale_vnet *p, const struct head *h)
{
	u32 at, type;
	u8 proto = 0;
	int err;

	err = skip_tags(h, &at);
	if (err)
		return err;
	type = get16(h->bytes + at);
	at += 2;
	p->l3 = at;
	p->v6 = type == TYPE_IPV6;
	if (p->v6)
		err = parse_ipv6(h, &at, &proto);
	else
		err = type == TYPE_IPV4 ? parse_ipv4(h, &at, &proto) : -EINVAL;
	if (err)
		return err;
	p->l4 = at;
	p->tcp = proto == PROTO_TCP;
	err = is_of_type(p, proto) ? parse_l4(h, &at, p->tcp) : -EINVAL;
	p->head_len = at;
	return err;
}

int vale_vnet_parse(struct vale_vnet *p)
{
	const struct head h = { p->head, min_t(u32, p->len, sizeof(p->head)) };
	struct vale_reader r = p->data;
	int err;

	if (vale_reader_take(&r, p->head, h.len))
		return -EFAULT;
	err = parse_headers(p, &h);
	if (err)
		return err;
	skip(&p->data, p->head_len);
	return 0;
}

int vale_vnet_cut(struct vale_vnet *p, u32 limit)
{
	limit = min_t(u32, limit, VALE_VNET_FRAME + p->l3 - VALE_ETH_HEADER);
	if (limit <= p->head_len)
		return -EMSGSIZE;
	p->cut = true;
	p->mss = min_t(u32, p->hdr.gso_size, limit - p->head_len);
	p->frames = max(1u, (p->len - p->head_len + p->mss - 1) / p->mss);
	return 0;
}
