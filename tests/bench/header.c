/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Packets of 64 KiB with a virtio-net header that asks for segmentation: cut
 * in software for a port without such a header, and handed over as they are to
 * one that has it. Figures are those of the frames they are or become.
 */
#include <string.h>

#include "abi.h"
#include "measure.h"

#define PACKETS 8
#define SEGMENTS 44
#define MSS 1460
#define HDR 12
#define HEADERS (14 + 20 + 20)
#define SIZE (HDR + HEADERS + SEGMENTS * MSS)
#define BUF 2048
#define SLOTS ((SIZE + BUF - 1) / BUF)

static void put16(uint8_t *to, unsigned int v)
{
	to[0] = (uint8_t)(v >> 8);
	to[1] = (uint8_t)v;
}

/* The sum of the pseudo header is left out: it costs the same. */
static const uint8_t *image(void)
{
	static uint8_t b[SIZE];
	uint8_t *ip = b + HDR + 14, *tcp = ip + 20;

	memset(b, 0x5a, sizeof(b));
	memset(b, 0, HDR + HEADERS);
	b[0] = 1;		/* NEEDS_CSUM */
	b[1] = 1;		/* TCPV4 */
	b[2] = HEADERS;
	b[4] = MSS & 0xff;
	b[5] = MSS >> 8;
	b[6] = 14 + 20;
	b[8] = 16;
	memset(b + HDR, 0xff, 6);
	mac_of(b + HDR + 6, 1u << 30);
	put16(b + HDR + 12, 0x0800);
	ip[0] = 0x45;
	put16(ip + 2, SIZE - HDR - 14);
	ip[8] = 64;
	ip[9] = 6;
	ip[12] = ip[16] = 10;
	ip[15] = 1;
	ip[19] = 2;
	tcp[12] = 0x50;
	tcp[13] = 0x10;		/* ACK */
	return b;
}

static void fill_packet(struct netmap_ring *r, const uint8_t *b)
{
	size_t at;
	uint32_t h = r->head;

	for (at = 0; at < SIZE; at += BUF, h = nm_ring_next(r, h)) {
		struct netmap_slot *slot = &r->slot[h];
		size_t n = SIZE - at < BUF ? SIZE - at : BUF;

		memcpy(NETMAP_BUF(r, slot->buf_idx), b + at, n);
		slot->len = (uint16_t)n;
		slot->flags = at + n < SIZE ? NS_MOREFRAG : 0;
	}
	r->head = r->cur = h;
}

static void fill(struct end *e, const struct traffic *t)
{
	int i;

	(void)t;
	for (i = 0; i < PACKETS; i++)
		fill_packet(e->tx[0], image());
}

static void set_header(const struct end *e, const char *name)
{
	struct nmreq_port_hdr body = { .nr_hdr_len = HDR };
	struct nmreq_header h = {
		.nr_version = NETMAP_API,
		.nr_reqtype = NETMAP_REQ_PORT_HDR_SET,
		.nr_body = (uintptr_t)&body,
	};

	strncpy(h.nr_name, name, sizeof(h.nr_name) - 1);
	if (ioctl(e->fd, NIOCCTRL, &h))
		die(name);
}

static void open_with_header(struct end *e, const char *name)
{
	const struct end_wish wish = { .slots = 1024,
				       .flags = NR_ACCEPT_VNET_HDR };

	end_open(e, name, &wish);
	set_header(e, name);
}

/* Slots that arrive for the frames counted. */
static void row(const char *name, struct end *from, struct end *to,
		unsigned int slots)
{
	const struct traffic t = { .batch = PACKETS * SEGMENTS, .len = 1514,
				   .fill = slots ? fill : NULL,
				   .ndst = !slots, .src = 1u << 30 };
	struct result r = measure(from, to, 1, &t);

	if (slots)
		r.delivered *= (double)t.batch / slots;
	print_row(name, &t, &r);
}

int header_rows(char **args)
{
	struct end from, to;

	(void)args;
	end_open(&from, "valebG:a", &(struct end_wish){ .slots = 1024 });
	end_open(&to, "valebG:b", &(struct end_wish){ .slots = 1024 });
	end_teach(&to, 0, 1);
	row("unicast", &from, &to, 0);
	end_close(&from);

	open_with_header(&from, "valebG:h");
	row("TSO of 64 KiB, cut in software", &from, &to, PACKETS * SEGMENTS);
	end_close(&to);
	open_with_header(&to, "valebG:w");
	row("TSO of 64 KiB, kept whole", &from, &to, PACKETS * SLOTS);
	end_close(&from);
	end_close(&to);
	return 0;
}
