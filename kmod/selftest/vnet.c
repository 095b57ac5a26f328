// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#include <linux/errno.h>
#include <linux/string.h>

#include "../core/vnet.h"
#include "selftest.h"

#define BUF	2048u
#define BUFS	24u
#define SLOTS	16u
#define PACKET	8192u

static u8 memory[BUFS * BUF], packet[PACKET];
static u8 *chunk = memory;
static struct vale_bufs bufs = {
	.chunk = &chunk,
	.shift = 5,
	.size = BUF,
	.total = BUFS,
};
static struct netmap_slot rx[SLOTS];
static struct vale_batch batch;
static struct vale_copied done;

static void put16(u8 *to, u32 v)
{
	to[0] = v >> 8;
	to[1] = v;
}

static u32 get16(const u8 *from)
{
	return from[0] << 8 | from[1];
}

/* By bytes, as no fast version would. 0xffff: the sum in it is right. */
static u32 sum_of(u32 sum, const u8 *from, u32 len)
{
	u32 i;

	for (i = 0; i < len; i++)
		sum += i & 1 ? from[i] : from[i] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

static bool sums_right(const u8 *frame, u32 len, u32 l3, u32 l4)
{
	const u8 *ip = frame + l3;
	bool v6 = ip[0] >> 4 == 6;
	u32 proto = v6 ? 0 : ip[9];
	u32 sum;

	if (v6)		/* no test has more than one extension */
		proto = l4 - l3 > 40 ? ip[40] : ip[6];
	if (!v6 && sum_of(0, ip, l4 - l3) != 0xffff)
		return false;
	sum = sum_of(proto + len - l4, ip + (v6 ? 8 : 12), v6 ? 32 : 8);
	return sum_of(sum, frame + l4, len - l4) == 0xffff;
}

/*
 * One packet in the batch: what lies in packet[], `len` bytes with the header,
 * in fragments of at most `frag`.
 */
static void load(u32 header, u32 len, u32 frag)
{
	u32 i;

	vale_batch_init(&batch);
	batch.header = header;
	vale_batch_add(&batch, packet, len, frag);
	batch.frag[0].next = VALE_BATCH_END;
	batch.flood = (struct vale_queue){ 0, 0, batch.frag[0].nfrags, 1 };
	memset(memory, 0xee, sizeof(memory));
	memset(&done, 0, sizeof(done));
	for (i = 0; i < SLOTS; i++)
		rx[i] = (struct netmap_slot){ .buf_idx = 2 + i, .len = 9 };
}

/* To a receiver with that header; slots used. */
static u32 pass(u32 header, u32 room)
{
	struct vale_cursor c = vale_batch_begin(&batch, NULL);
	struct vale_window w = { rx, &bufs, SLOTS, SLOTS - 1, 0 };
	u32 packets;

	done.asked = c.packets;
	w.room = vale_vnet_fit(&batch, c, header, &bufs, room, &packets);
	vale_vnet_copy(&batch, &c, packets, header, &w, &done);
	return done.slots;
}

/* The k-th slot written. */
static const struct netmap_slot *slot(u32 k)
{
	return &rx[(SLOTS - 1 + k) % SLOTS];
}

static u8 *data(u32 k)
{
	return vale_buf(&bufs, slot(k)->buf_idx);
}

static struct vale_vnet_hdr *header(void)
{
	return (struct vale_vnet_hdr *)packet;
}

static bool lengths(void)
{
	u32 i;

	for (i = 0; i < PACKET; i++)
		packet[i] = i * 7 + (i >> 8);
	load(0, 60, BUF);
	CASE(pass(12, 8) == 1 && slot(0)->len == 72);
	CASE(slot(0)->flags == 1 << NS_PORT_SHIFT && done.bytes == 72);
	for (i = 0; i < 12; i++)
		CASE(!data(0)[i]);
	CASE(!memcmp(data(0) + 12, packet, 60) && data(0)[72] == 0xee);
	load(10, 70, BUF);
	CASE(pass(12, 8) == 1 && slot(0)->len == 72);
	CASE(!memcmp(data(0), packet, 10) && !data(0)[10] && !data(0)[11]);
	CASE(!memcmp(data(0) + 12, packet + 10, 60));
	load(12, 72, 12);		/* the header in a slot of its own */
	CASE(pass(10, 8) == 1 && slot(0)->len == 70);
	CASE(!memcmp(data(0), packet, 10));
	CASE(!memcmp(data(0) + 10, packet + 12, 60));
	load(0, 2040, BUF);		/* it takes two buffers with a header */
	CASE(pass(12, 8) == 2 && slot(0)->len == BUF && slot(1)->len == 4);
	CASE(slot(0)->flags == (2 << NS_PORT_SHIFT | NS_MOREFRAG));
	CASE(slot(1)->flags == 2 << NS_PORT_SHIFT);
	CASE(!memcmp(data(1), packet + 2036, 4) && done.packets == 1);
	load(0, 2040, BUF);		/* ... which there is no room for */
	CASE(pass(12, 1) == 0 && done.packets == 0);
	load(0, 2040, BUF);		/* ... the second of which is none */
	rx[0].buf_idx = 1;
	CASE(pass(12, 8) == 2 && slot(0)->len == 0 && slot(1)->len == 0);
	CASE(done.packets == 0 && done.drops[VALE_DROP_BAD_BUFFER] == 1);
	return true;
}

static bool ethernet_header(void)
{
	u8 copy[VALE_ETH_HEADER];

	load(12, 72, BUF);
	CASE(vale_vnet_fetch(&batch, 0, copy) == 0);
	CASE(!memcmp(copy, packet + 12, sizeof(copy)));
	load(12, 72, 12);
	CASE(vale_vnet_fetch(&batch, 0, copy) == -EINVAL); /* 12 bytes of it */
	batch.frag[1].len = VALE_ETH_HEADER;
	CASE(vale_vnet_fetch(&batch, 0, copy) == 0);
	CASE(!memcmp(copy, packet + 12, sizeof(copy)));
	load(12, 72, 20);
	CASE(vale_vnet_fetch(&batch, 0, copy) == -EINVAL);
	load(12, 25, BUF);
	CASE(vale_vnet_fetch(&batch, 0, copy) == -EINVAL);
	return true;
}

/* Packets to come with header of 12 bytes; returns bytes of the frame's. */
static u32 make(u32 l3, u32 l4, bool v6, bool tcp, u32 payload)
{
	u8 *frame = packet + 12, *ip = frame + l3;
	u32 head = l4 + (tcp ? 24 : 8);
	u32 i;

	for (i = 0; i < PACKET; i++)
		packet[i] = i * 11 + (i >> 8);
	*header() = (struct vale_vnet_hdr){
		.flags = VALE_VNET_NEEDS_CSUM,
		.gso_type = !tcp ? VALE_VNET_GSO_UDP :
			    v6 ? VALE_VNET_GSO_TCPV6 : VALE_VNET_GSO_TCPV4,
		.gso_size = 1000,
		.csum_start = l4,
		.csum_offset = tcp ? 16 : 6,
	};
	for (i = 12; i + 2 < l3; i += 4)
		put16(frame + i, 0x8100);
	put16(frame + l3 - 2, v6 ? 0x86dd : 0x0800);
	ip[0] = v6 ? 0x60 : 0x40 | (l4 - l3) / 4;
	put16(ip + 6, v6 ? 0 : 0x4000);
	if (v6) {
		ip[6] = l4 - l3 > 40 ? 60 : tcp ? 6 : 17;
		ip[40] = tcp ? 6 : 17;
		ip[41] = (l4 - l3 - 40) / 8 - 1;
		if (l4 - l3 == 40)	/* that was the next header's */
			ip[41] = 0;
	} else {
		ip[9] = tcp ? 6 : 17;
		put16(ip + 4, 0xffff);
	}
	if (tcp) {
		frame[l4 + 12] = 0x60;
		frame[l4 + 13] = 0xff;
		put16(frame + l4 + 4, 0xffff);
		put16(frame + l4 + 6, 0xff00);
	}
	return head + payload;
}

/* Frames of 1000, 1000 and 500 bytes of payload. */
static bool cut_in_three(u32 l3, u32 l4, bool v6, bool tcp, u32 frag)
{
	u32 head = l4 + (tcp ? 24 : 8), k, n;
	u32 len = make(l3, l4, v6, tcp, 2500);

	load(12, 12 + len, frag);
	CASE(pass(0, SLOTS - 1) == 3 && done.packets == 3 && done.asked == 3);
	CASE(done.bytes == 2500 + 3 * head);
	for (k = 0; k < 3; k++) {
		n = k < 2 ? 1000 : 500;
		CASE(slot(k)->len == head + n);
		CASE(slot(k)->flags == 1 << NS_PORT_SHIFT);
		CASE(data(k)[head + n] == 0xee);
		CASE(!memcmp(data(k), packet + 12, l3));
		CASE(!memcmp(data(k) + head, packet + 12 + head + 1000 * k, n));
		CASE(sums_right(data(k), head + n, l3, l4));
		if (v6)
			CASE(get16(data(k) + l3 + 4) == head - l3 - 40 + n);
		else
			CASE(get16(data(k) + l3 + 2) == head - l3 + n &&
			     get16(data(k) + l3 + 4) == (0xffff + k) % 65536);
		if (!tcp)
			CASE(get16(data(k) + l4 + 4) == 8 + n);
	}
	return true;
}

/* Sequence number goes on from 0xffffff00; FIN and PSH last, CWR first. */
static bool tcp_fields(void)
{
	const u8 flags[] = { 0xf6, 0x76, 0x7f };
	u32 k;

	CASE(cut_in_three(14, 34, false, true, BUF));
	for (k = 0; k < 3; k++) {
		CASE(data(k)[34 + 13] == flags[k]);
		CASE(get16(data(k) + 38) == (k ? 0 : 0xffff));
		CASE(get16(data(k) + 40) == (0xff00 + k * 1000) % 65536);
	}
	return true;
}

static bool cut(void)
{
	CASE(tcp_fields());
	CASE(cut_in_three(14, 34, false, true, 33));	/* many fragments */
	CASE(cut_in_three(14, 74, false, true, BUF));	/* with options */
	CASE(cut_in_three(18, 38, false, true, BUF));	/* tagged */
	CASE(cut_in_three(22, 42, false, true, 100));
	CASE(cut_in_three(14, 54, true, true, BUF));
	CASE(cut_in_three(14, 70, true, true, 64));	/* an extension */
	CASE(cut_in_three(18, 58, true, true, BUF));
	CASE(cut_in_three(14, 34, false, false, BUF));
	CASE(cut_in_three(14, 54, true, false, 77));
	return true;
}

/* Neither the size asked for nor an Ethernet frame is exceeded. */
static bool sizes(void)
{
	u32 len = make(14, 34, false, true, 3000);

	header()->gso_size = 60000;
	load(12, 12 + len, BUF);
	CASE(pass(0, SLOTS - 1) == 3 && slot(0)->len == 1514);
	CASE(slot(2)->len == 58 + 3000 - 2 * (1514 - 58));
	header()->gso_size = 1;
	load(12, 12 + len, BUF);
	CASE(pass(0, SLOTS - 1) == 0 && done.packets == 0);
	len = make(14, 34, false, true, 0);
	load(12, 12 + len, BUF);
	CASE(pass(0, SLOTS - 1) == 1 && slot(0)->len == 58);
	CASE(sums_right(data(0), 58, 14, 34));
	len = make(14, 34, false, true, 2500);
	load(12, 12 + len, BUF);
	rx[0].buf_idx = BUFS;
	CASE(pass(0, SLOTS - 1) == 2 && done.packets == 0 && done.asked == 3);
	CASE(done.drops[VALE_DROP_BAD_BUFFER] == 3 && slot(0)->len == 0);
	return true;
}

/* One checksum, in a field that lies in two buffers, or where there is none. */
static bool sum_alone(void)
{
	u32 len, l4 = BUF - 17;

	len = make(14, 34, false, true, 4000);
	header()->gso_type = 0;
	header()->csum_start = l4;
	put16(packet + 12 + BUF - 1, 0);
	load(12, 12 + len, BUF);
	CASE(pass(0, 8) == 2 && done.packets == 1 && slot(0)->len == BUF);
	CASE(slot(1)->len == len - BUF);
	/* both buffers lie behind one another but for the first slot's */
	memmove(memory, data(0), BUF);
	memmove(memory + BUF, data(1), BUF);
	CASE(sum_of(0, memory + l4, len - l4) == 0xffff);
	header()->csum_start = len - 17;
	load(12, 12 + len, BUF);
	CASE(pass(0, 8) == 2 && !memcmp(data(0), packet + 12, BUF));
	CASE(!memcmp(data(1), packet + 12 + BUF, len - BUF));
	return true;
}

static bool refused(u32 len, u32 room)
{
	load(12, len, BUF);
	return !pass(0, room) && !done.packets &&
	       batch.drops[VALE_DROP_IN_OFFLOAD] == 1;
}

static bool bad(void)
{
	u32 len = 12 + make(14, 34, false, true, 2500);
	u32 i;

	for (i = 0; i < 256; i++) {
		header()->flags = i;
		CASE(refused(len, 8) == (i > 3));
	}
	header()->flags = 1;
	for (i = 0; i < 256; i++) {
		header()->gso_type = i;
		CASE(refused(len, 8) == (i && (i & 0x7f) != 1));
	}
	header()->gso_type = 1;
	CASE(!refused(len, 8) && refused(12 + 57, 8) && refused(12 + 33, 8));
	header()->gso_size = 0;
	CASE(refused(len, 8));
	make(14, 34, false, true, 2500);
	packet[12 + 14 + 7] = 1;			/* a fragment */
	CASE(refused(len, 8));
	make(14, 34, false, true, 2500);
	packet[12 + 14] = 0x44;
	CASE(refused(len, 8));
	make(14, 34, false, true, 2500);
	packet[12 + 34 + 12] = 0x40;
	CASE(refused(len, 8));
	make(14, 62, true, true, 2500);
	CASE(!refused(len, 8));
	packet[12 + 14 + 6] = 43;
	packet[12 + 14 + 43] = 0;
	CASE(!refused(len, 8));
	packet[12 + 14 + 43] = 1;			/* a route to go */
	CASE(refused(len, 8));
	packet[12 + 14 + 43] = 0;
	packet[12 + 14 + 41] = 255;
	CASE(refused(len, 8));
	return true;
}

bool vale_selftest_vnet(void)
{
	CASE(lengths());
	CASE(ethernet_header());
	CASE(cut());
	CASE(sizes());
	CASE(sum_alone());
	CASE(bad());
	return true;
}
