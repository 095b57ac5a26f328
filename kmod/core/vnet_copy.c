// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Packets into the slots of a receiver whose header is another one. Whole ones
 * fill buffer after buffer, frames cut of one lie in a buffer each.
 */
#include <linux/errno.h>
#include <linux/minmax.h>

#include "copy.h"
#include "ring.h"
#include "slot.h"
#include "sum.h"
#include "vnet.h"

#define CSUM_TCP	16	/* offset in the header */
#define CSUM_UDP	6
#define TCP_SEQ		4
#define TCP_FLAGS	13
#define TCP_FIN		0x01
#define TCP_PSH		0x08
#define TCP_CWR		0x80
#define PROTO_TCP	6
#define PROTO_UDP	17

/* What one receiver wants. */
struct target {
	u32 header;
	struct vale_window *w;
};

static int prepare(struct vale_vnet *p, const struct vale_batch *b, u32 i,
		   u32 header, u32 buf_size)
{
	int err = vale_vnet_open(p, b, i);

	if (!err && buf_size <= header)
		err = -EMSGSIZE;
	if (err || header)
		return err;
	err = vale_vnet_check(p);
	if (err || !p->hdr.gso_type)
		return err;
	return vale_vnet_parse(p) ?: vale_vnet_cut(p, buf_size);
}

static u32 slots_of(const struct vale_vnet *p, u32 header, u32 buf_size)
{
	if (p->cut)
		return p->frames;
	return max(1u, (header + p->len + buf_size - 1) / buf_size);
}

u32 vale_vnet_fit(const struct vale_batch *b, struct vale_cursor c,
		  u32 header, const struct vale_bufs *bufs, u32 room,
		  u32 *packets)
{
	u32 size = vale_bufs_room(bufs);
	struct vale_vnet p;
	u32 used = 0;
	u32 n = 0;
	u32 need;
	u16 i;

	while ((i = vale_batch_next(b, &c)) != VALE_BATCH_END) {
		need = 0;
		if (!prepare(&p, b, i, header, size))
			need = slots_of(&p, header, size);
		if (used + need > room)
			break;
		used += need;
		n++;
	}
	*packets = n;
	return used;
}

/* Where the k-th slot of the window is filled; NULL: its index is none. */
static u8 *buffer(const struct vale_window *w, u32 k)
{
	struct netmap_slot *slot = &w->slot[vale_ring_add(w->pos, k, w->n)];
	u8 *buf = vale_buf(w->bufs, READ_ONCE(slot->buf_idx));

	return buf ? buf + vale_bufs_offset(w->bufs, READ_ONCE(slot->ptr)) :
		     NULL;
}

static void fill(const struct vale_window *w, u32 k, u32 len, u32 flags)
{
	vale_slot_fill(&w->slot[vale_ring_add(w->pos, k, w->n)], len, flags);
}

static void commit(struct vale_window *w, u32 slots, struct vale_copied *done)
{
	w->pos = vale_ring_add(w->pos, slots, w->n);
	w->room -= slots;
	done->slots += slots;
}

/* ---- whole packets ---- */

/* Those of one slot, the k-th, from byte `at` of the packet on. */
static u64 sum_slot(const struct vale_vnet *p, const u8 *buf, u32 at, u32 n)
{
	u32 start = max_t(u32, p->hdr.csum_start, at);
	u16 folded;

	if (start >= at + n)
		return 0;
	folded = vale_sum_fold(vale_sum(0, buf + start - at, at + n - start));
	return (start - p->hdr.csum_start) & 1 ? vale_sum_odd(folded) : folded;
}

/*
 * The sum of what was written, whose own field holds that of the pseudo
 * header, goes there; the field may lie in two buffers.
 */
static bool finish_sum(const struct vale_vnet *p, const struct vale_window *w)
{
	u32 size = vale_bufs_room(w->bufs);
	u32 field = (u32)p->hdr.csum_start + p->hdr.csum_offset;
	u8 bytes[2];
	u64 sum = 0;
	u32 at, i;
	u16 result;
	u8 *buf;

	if (!(p->hdr.flags & VALE_VNET_NEEDS_CSUM) || field + 2 > p->len)
		return true;
	for (at = 0; at < p->len; at += size) {
		buf = buffer(w, at / size);
		if (!buf)
			return false;
		sum += sum_slot(p, buf, at, min(size, p->len - at));
	}
	result = ~vale_sum_fold(sum);
	result = result ?: 0xffff;
	__builtin_memcpy(bytes, &result, 2);
	for (i = 0; i < 2; i++) {
		buf = buffer(w, (field + i) / size);
		if (!buf)
			return false;
		buf[(field + i) % size] = bytes[i];
	}
	return true;
}

/* Slot k of `count`: 0, -EINVAL: no such buffer, -EFAULT. */
static int write_slot(struct vale_vnet *p, const struct target *t, u32 k,
		      u32 count)
{
	u32 front = k ? 0 : t->header;
	u32 n = min(vale_bufs_room(t->w->bufs) - front, p->data.left);
	u8 *to = buffer(t->w, k);
	int err;

	if (!to)
		return -EINVAL;
	vale_copy(to, (const u8 *)&p->hdr, front);
	err = vale_reader_take(&p->data, to + front, n);
	fill(t->w, k, front + n, count << NS_PORT_SHIFT |
	     (k + 1 < count ? NS_MOREFRAG : 0));
	return err;
}

static void write_whole(struct vale_vnet *p, const struct target *t, u32 count,
			struct vale_copied *done)
{
	u32 k = 0;
	int err = 0;

	if (count > NETMAP_MAX_FRAGS) {
		done->drops[VALE_DROP_TOO_LONG]++;
		return;
	}
	p->hdr.num_buffers = 0;
	while (k < count && !err)
		err = write_slot(p, t, k++, count);
	if (!err && !t->header && !finish_sum(p, t->w))
		err = -EINVAL;
	if (err == -EINVAL) {
		done->drops[VALE_DROP_BAD_BUFFER]++;
		vale_window_skip(t->w, k, done);
	} else if (err) {
		done->drops[VALE_DROP_FAULT]++;
	} else {
		commit(t->w, count, done);
		done->packets++;
		done->bytes += t->header + p->len;
	}
}

/* ---- frames cut of a packet ---- */

static void put16(u8 *to, u32 v)
{
	to[0] = v >> 8;
	to[1] = v;
}

static u32 get32(const u8 *from)
{
	return (u32)from[0] << 24 | from[1] << 16 | from[2] << 8 | from[3];
}

static void put32(u8 *to, u32 v)
{
	put16(to, v >> 16);
	put16(to + 2, v);
}

static void put_sum(u8 *to, u64 sum)
{
	u16 result = ~vale_sum_fold(sum);

	__builtin_memcpy(to, &result, 2);
}

/* The addresses, which TCP and UDP sum up too. */
static u64 finish_ipv4(const struct vale_vnet *p, u8 *ip, u32 k, u32 len)
{
	u32 id = (p->head[p->l3 + 4] << 8 | p->head[p->l3 + 5]) + k;

	put16(ip + 2, len);
	put16(ip + 4, id);
	put16(ip + 10, 0);
	put_sum(ip + 10, vale_sum(0, ip, p->l4 - p->l3));
	return vale_sum(0, ip + 12, 8);
}

static u64 finish_ipv6(u8 *ip, u32 len)
{
	put16(ip + 4, len - 40);
	return vale_sum(0, ip + 8, 32);
}

static void finish_tcp(const struct vale_vnet *p, u8 *tcp, u32 k)
{
	put32(tcp + TCP_SEQ, get32(p->head + p->l4 + TCP_SEQ) + k * p->mss);
	if (k)
		tcp[TCP_FLAGS] &= ~TCP_CWR;
	if (k + 1 < p->frames)
		tcp[TCP_FLAGS] &= ~(TCP_FIN | TCP_PSH);
}

/* Frame k of `len` bytes: its headers are those of the packet. */
static void finish_frame(const struct vale_vnet *p, u8 *frame, u32 k, u32 len)
{
	u8 *ip = frame + p->l3, *l4 = frame + p->l4;
	u8 *field = l4 + (p->tcp ? CSUM_TCP : CSUM_UDP);
	u32 l4_len = len - p->l4;
	u64 sum;

	sum = p->v6 ? finish_ipv6(ip, len - p->l3) :
		      finish_ipv4(p, ip, k, len - p->l3);
	if (p->tcp)
		finish_tcp(p, l4, k);
	else
		put16(l4 + 4, l4_len);
	sum = vale_sum_16(sum, p->tcp ? PROTO_TCP : PROTO_UDP);
	sum = vale_sum_16(sum, l4_len);
	put16(field, 0);
	put_sum(field, vale_sum(sum, l4, l4_len));
	/* Zero would say that there is none. */
	if (!p->tcp && !field[0] && !field[1])
		put16(field, 0xffff);
}

static int write_frame(struct vale_vnet *p, const struct vale_window *w, u32 k,
		       u64 *bytes)
{
	u32 n = min(p->mss, p->data.left);
	u8 *to = buffer(w, k);

	if (!to)
		return -EINVAL;
	vale_copy(to, p->head, p->head_len);
	if (vale_reader_take(&p->data, to + p->head_len, n))
		return -EFAULT;
	finish_frame(p, to, k, p->head_len + n);
	fill(w, k, p->head_len + n, 1 << NS_PORT_SHIFT);
	*bytes += p->head_len + n;
	return 0;
}

/* All frames or none. */
static void write_frames(struct vale_vnet *p, struct vale_window *w,
			 struct vale_copied *done)
{
	u64 bytes = 0;
	u32 k = 0;
	int err = 0;

	done->asked += p->frames - 1;
	while (k < p->frames && !err)
		err = write_frame(p, w, k++, &bytes);
	if (err == -EINVAL) {
		done->drops[VALE_DROP_BAD_BUFFER] += p->frames;
		vale_window_skip(w, k, done);
	} else if (err) {
		done->drops[VALE_DROP_FAULT] += p->frames;
	} else {
		commit(w, k, done);
		done->packets += k;
		done->bytes += bytes;
	}
}

/* ---- */

static void count_bad(struct vale_batch *b, struct vale_copied *done, int err)
{
	if (err == -EFAULT)
		done->drops[VALE_DROP_FAULT]++;
	else if (err == -EMSGSIZE)
		done->drops[VALE_DROP_TOO_LONG]++;
	else
		b->drops[VALE_DROP_IN_OFFLOAD]++;
}

void vale_vnet_copy(struct vale_batch *b, struct vale_cursor *c, u32 packets,
		    u32 header, struct vale_window *w,
		    struct vale_copied *done)
{
	struct target t = { header, w };
	u32 size = vale_bufs_room(w->bufs);
	struct vale_vnet p;
	u32 need;
	int err;

	while (packets--) {
		err = prepare(&p, b, vale_batch_next(b, c), header, size);
		if (err) {
			count_bad(b, done, err);
			continue;
		}
		/* The sender may have changed it since room was made. */
		need = slots_of(&p, header, size);
		if (need > w->room)
			done->drops[VALE_DROP_RING_FULL]++;
		else if (p.cut)
			write_frames(&p, w, done);
		else
			write_whole(&p, &t, need, done);
	}
}
