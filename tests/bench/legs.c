/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The same frames on the same legs by programs of netmap and of AF_PACKET
 * (TPACKET_V3), in turns. What a sender's figure contains besides its own work
 * is said by what is at the other end: a stack that drops, or a receiver. A
 * receiver of AF_PACKET takes its blocks without any system call and reads
 * nothing in them, which counts as free.
 */
#include <string.h>

#include "clock.h"
#include "legs.h"
#include "measure.h"
#include "netdev.h"
#include "packet.h"

#define ROUNDS 2001
#define WARM_UP 64
#define STATION 79u		/* behind the VALE port */
#define PEER_STATION 80u	/* behind the netdev */

static const struct end_wish defaults;
static const struct end_wish usual = { .slots = 1024 };

static const struct traffic shapes[] = {
	{ .batch = 64, .len = 60, .ndst = 1, .src = 1 },
	{ .batch = 250, .len = 60, .ndst = 1, .src = 1 },
	{ .batch = 250, .len = 1514, .ndst = 1, .src = 1 },
};

#define SHAPES (sizeof(shapes) / sizeof(shapes[0]))

/* What both ends of netmap cost. */
static struct result sum(struct result r)
{
	r.tx_ns += r.rx_ns;
	r.rx_ns = -1;
	return r;
}

static void by_netmap(const char *name, struct end *from, struct end *to)
{
	size_t i;

	for (i = 0; i < SHAPES; i++) {
		struct result r = measure(from, to, to ? 1 : 0, &shapes[i]);

		if (to)
			r = sum(r);
		print_row_against(name, name, &shapes[i], &r);
	}
}

static double timed_send(const struct packet_end *e)
{
	uint64_t start = ticks();

	packet_send(e);
	return clock_ns(ticks() - start);
}

static struct result measure_packet(struct packet_end *from,
				    struct packet_end *to,
				    const struct traffic *t)
{
	static double full[ROUNDS], empty[ROUNDS];
	struct result r = { .rx_ns = -1, .delivered = -1 };
	double sent = (double)t->batch * (WARM_UP + ROUNDS);
	unsigned long got = 0;
	int i;

	for (i = -WARM_UP; i < ROUNDS; i++) {
		double e = timed_send(from), f;

		packet_fill(from, t);
		f = timed_send(from);
		if (to)
			got += packet_drain(to);
		if (i < 0)
			continue;
		empty[i] = e;
		full[i] = f;
	}
	r.empty_ns = middle(empty, ROUNDS);
	r.tx_ns = (middle(full, ROUNDS) - r.empty_ns) / t->batch;
	if (to)
		r.delivered = (double)(got + packet_drain_rest(to)) / sent;
	return r;
}

static void by_packet(const char *name, const char *base, char **legs,
		      int receives)
{
	struct packet_end from, to;
	size_t i;

	packet_open(&from, legs[0], 0);
	if (receives)
		packet_open(&to, legs[1], 1);
	for (i = 0; i < SHAPES; i++) {
		struct result r = measure_packet(&from, receives ? &to : NULL,
						 &shapes[i]);

		print_row_against(name, base, &shapes[i], &r);
	}
	if (receives)
		packet_close(&to);
	packet_close(&from);
}

int leg_rows(char **args)
{
	struct end from, to;

	end_open(&from, args[0], &defaults);
	by_netmap("netmap to the stack", &from, NULL);
	end_open(&to, args[1], &defaults);
	by_netmap("netmap to netmap", &from, &to);
	end_close(&to);
	end_close(&from);
	by_packet("TPACKET_V3 to the stack", "netmap to the stack", args, 0);
	by_packet("TPACKET_V3 to TPACKET_V3", "netmap to netmap", args, 1);
	return 0;
}

/* Frames from the port to the station behind the netdev. */
static struct traffic to_peer(const struct traffic *shape)
{
	struct traffic t = *shape;

	t.dst0 = PEER_STATION;
	t.src = STATION;
	return t;
}

static struct packet_end *listener;
static unsigned long heard;

/* The listener makes room before the next frames. */
static void drain_and_fill(struct end *e, const struct traffic *t)
{
	struct traffic plain = *t;

	plain.fill = NULL;
	heard += packet_drain(listener);
	end_fill(e, &plain);
}

static void to_stack(struct end *port, const char *peer)
{
	size_t i;

	for (i = 0; i < SHAPES; i++) {
		struct traffic t = to_peer(&shapes[i]);
		unsigned long before = netdev_received(peer);
		struct result r = measure(port, NULL, 0, &t);

		r.delivered = (double)(netdev_received(peer) - before) /
			      (double)measure_frames(&t);
		print_row_against("switch to the stack", "switch to the stack",
				  &t, &r);
	}
}

static void to_netmap(struct end *port, const char *peer)
{
	struct end to;
	size_t i;

	end_open(&to, peer, &defaults);
	for (i = 0; i < SHAPES; i++) {
		struct traffic t = to_peer(&shapes[i]);
		struct result r = sum(measure(port, &to, 1, &t));

		print_row_against("switch to netmap", "switch to the stack", &t,
				  &r);
	}
	end_close(&to);
}

static void to_packet(struct end *port, const char *peer)
{
	struct packet_end to;
	size_t i;

	packet_open(&to, peer, 1);
	listener = &to;
	for (i = 0; i < SHAPES; i++) {
		struct traffic t = to_peer(&shapes[i]);
		struct result r;

		t.fill = drain_and_fill;
		heard = 0;
		r = measure(port, NULL, 0, &t);
		heard += packet_drain_rest(&to);
		r.delivered = (double)heard / (double)measure_frames(&t);
		print_row_against("switch to TPACKET_V3",
				  "switch to the stack", &t, &r);
	}
	packet_close(&to);
}

/* A port and the netdev on a switch that has the netdev's name. */
static void open_before(struct end *port, const char *dev, const char *peer)
{
	char name[40];

	snprintf(name, sizeof(name), "vale%s:p", dev);
	end_open(port, name, &usual);
	snprintf(name, sizeof(name), "vale%s:%s", dev, dev);
	netdev_attach(port->fd, name);
	end_teach(port, STATION, 1);
	netdev_announce(peer, PEER_STATION);
}

int through_rows(char **args)
{
	struct end port;
	size_t i;

	open_before(&port, args[1], args[2]);
	for (i = 0; i < SHAPES; i++) {
		struct traffic t = to_peer(&shapes[i]);
		unsigned long before = netdev_received(args[2]);
		struct result r = measure(&port, NULL, 0, &t);

		r.delivered = (double)(netdev_received(args[2]) - before) /
			      (double)measure_frames(&t);
		print_row_against(args[0], "switch to the stack", &t, &r);
	}
	end_close(&port);
	return 0;
}

int receiver_rows(char **args)
{
	struct end port;

	open_before(&port, args[0], args[1]);
	to_stack(&port, args[1]);
	to_netmap(&port, args[1]);
	to_packet(&port, args[1]);
	end_close(&port);
	return 0;
}
