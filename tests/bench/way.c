/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Ways for a packet between two processes. Netdevs are made by init: tap0 and
 * tap1 on a bridge, and a pair vleg0, vleg1.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_bridge.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "way.h"

#define ETHERTYPE 0x88b5

static uint8_t frame[WAY_LEN];

/* From this end to the other. */
static void address_frame(int id)
{
	mac_of(frame, (uint32_t)!id);
	mac_of(frame + 6, (uint32_t)id);
	frame[12] = ETHERTYPE >> 8;
	frame[13] = ETHERTYPE & 0xff;
}

static void open_port(struct way *w, int id)
{
	const struct end_wish defaults = { 0 };
	char name[32];

	snprintf(name, sizeof(name), "valebL%d:port%d", w->spins, id);
	end_open(&w->end, name, &defaults);
	w->fd = w->end.fd;
	address_frame(id);
}

static void put_frame(struct way *w)
{
	struct netmap_ring *r = w->end.tx[0];
	struct netmap_slot *slot = &r->slot[r->head];

	memcpy(NETMAP_BUF(r, slot->buf_idx), frame, sizeof(frame));
	slot->len = sizeof(frame);
	slot->flags = 0;
	r->head = r->cur = nm_ring_next(r, r->head);
}

static int take_frame(struct way *w)
{
	struct netmap_ring *r = w->end.rx[0];

	if (r->head == r->tail)
		return 0;
	r->head = r->cur = nm_ring_next(r, r->head);
	return 1;
}

/* poll sends what is in the TX ring, sleeps and shows what has come. */
static void wait_port(struct way *w)
{
	struct pollfd p = { .fd = w->fd, .events = POLLIN };

	while (!take_frame(w))
		if (poll(&p, 1, -1) < 0)
			die("poll");
}

static void send_port_now(struct way *w)
{
	put_frame(w);
	end_sync(&w->end, NIOCTXSYNC);
}

static void spin_port(struct way *w)
{
	while (!take_frame(w))
		end_sync(&w->end, NIOCRXSYNC);
}

/* A pair that both processes have from before they parted. */
static int pair[2][2] = { { -1, -1 }, { -1, -1 } };

static void open_pair(struct way *w, int id)
{
	w->fd = pair[w->spins][id];
	address_frame(id);
}

__attribute__((constructor)) static void make_pairs(void)
{
	int i;

	for (i = 0; i < 2; i++)
		if (socketpair(AF_UNIX, SOCK_DGRAM, 0, pair[i]))
			die("socketpair");
}

static void send_socket(struct way *w)
{
	if (send(w->fd, frame, sizeof(frame), 0) != sizeof(frame))
		die("send");
}

static void receive_socket(struct way *w)
{
	uint8_t got[2048];
	ssize_t n;

	do
		n = recv(w->fd, got, sizeof(got), w->spins ? MSG_DONTWAIT : 0);
	while (n < 0 && errno == EAGAIN);
	if (n != sizeof(frame))
		die("recv");
}

/* A bridge forwards to a port a moment after its carrier is there. */
static void wait_forwarding(const char *dev)
{
	char path[64];
	int state = 0;

	snprintf(path, sizeof(path), "/sys/class/net/%s/brport/state", dev);
	while (state != BR_STATE_FORWARDING) {
		FILE *f = fopen(path, "r");

		if (!f || fscanf(f, "%d", &state) != 1)
			die(path);
		fclose(f);
		usleep(10000);
	}
}

static void open_tap(struct way *w, int id)
{
	struct ifreq ifr = { .ifr_flags = IFF_TAP | IFF_NO_PI };

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "tap%d", id);
	w->fd = open("/dev/net/tun", O_RDWR | (w->spins ? O_NONBLOCK : 0));
	if (w->fd < 0 || ioctl(w->fd, TUNSETIFF, &ifr))
		die("tap");
	wait_forwarding(ifr.ifr_name);
	address_frame(id);
}

static void write_tap(struct way *w)
{
	if (write(w->fd, frame, sizeof(frame)) != sizeof(frame))
		die("write to tap");
}

/* What else comes, as the bridge's own, is passed over. */
static void read_tap(struct way *w)
{
	uint8_t got[2048];

	do {
		if (read(w->fd, got, sizeof(got)) < 0)
			die("read from tap");
	} while (got[12] != frame[12] || got[13] != frame[13]);
}

static void open_packet(struct way *w, int id)
{
	struct sockaddr_ll at = { .sll_family = AF_PACKET,
				  .sll_protocol = htons(ETHERTYPE) };
	const char *name = id ? "vleg1" : "vleg0";
	int on = 1;

	at.sll_ifindex = (int)if_nametoindex(name);
	w->fd = socket(AF_PACKET, SOCK_RAW, 0);
	if (w->fd < 0 || bind(w->fd, (void *)&at, sizeof(at)) ||
	    setsockopt(w->fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on,
		       sizeof(on)))
		die(name);
	address_frame(id);
}

const struct way way_poll = { "VALE, poll", open_port, put_frame, wait_port,
			      0, -1, { 0 } };

const struct way ways[] = {
	{ "VALE, poll", open_port, put_frame, wait_port, 0, -1, { 0 } },
	{ "Unix datagram pair, blocking", open_pair, send_socket,
	  receive_socket, 0, -1, { 0 } },
	{ "TAP + Linux bridge, blocking", open_tap, write_tap, read_tap, 0, -1,
	  { 0 } },
	{ "AF_PACKET on veth, blocking", open_packet, send_socket,
	  receive_socket, 0, -1, { 0 } },
	{ "VALE, spinning", open_port, send_port_now, spin_port, 1, -1, { 0 } },
	{ "Unix datagram pair, spinning", open_pair, send_socket,
	  receive_socket, 1, -1, { 0 } },
	{ "AF_PACKET on veth, spinning", open_packet, send_socket,
	  receive_socket, 1, -1, { 0 } },
};

const int nways = sizeof(ways) / sizeof(ways[0]);
