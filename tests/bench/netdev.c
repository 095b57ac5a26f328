/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rows in which frames cross netdevs. The peer is the kernel's own generator
 * and its own bridge, measured in the same run.
 */
#include <fcntl.h>
#include <linux/if_packet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "measure.h"
#include "netdev.h"
#include "pktgen.h"

#define ROUNDS 31
#define PKTGEN_COUNT 2000
#define BURST 64		/* frames of one poll of a driver */
#define STATION 77u		/* behind the VALE port */
#define PEER_STATION 78u	/* behind the netdev */

static const struct end_wish defaults;
static const struct end_wish usual = { .slots = 1024 };

unsigned long netdev_received(const char *dev)
{
	unsigned long n = 0;
	char path[96];
	FILE *f;

	snprintf(path, sizeof(path), "/sys/class/net/%s/statistics/rx_packets",
		 dev);
	f = fopen(path, "r");
	if (!f || fscanf(f, "%lu", &n) != 1)
		die(path);
	fclose(f);
	return n;
}

void netdev_announce(const char *dev, uint32_t station)
{
	struct sockaddr_ll to = {
		.sll_family = AF_PACKET,
		.sll_ifindex = (int)if_nametoindex(dev),
	};
	int fd = socket(AF_PACKET, SOCK_RAW, 0);
	uint8_t frame[60] = { 0 };

	memset(frame, 0xff, 6);
	mac_of(frame + 6, station);
	frame[12] = 0x88;
	frame[13] = 0xb5;
	if (fd < 0 || sendto(fd, frame, sizeof(frame), 0, (void *)&to,
			     sizeof(to)) < 0)
		die("packet socket");
	close(fd);
}

void netdev_attach(int fd, const char *name)
{
	struct nmreq_vale_attach body = { .reg.nr_mode = NR_REG_ALL_NIC };
	struct nmreq_header h = {
		.nr_version = NETMAP_API,
		.nr_reqtype = NETMAP_REQ_VALE_ATTACH,
		.nr_body = (uintptr_t)&body,
	};

	strncpy(h.nr_name, name, sizeof(h.nr_name) - 1);
	if (ioctl(fd, NIOCCTRL, &h))
		die(name);
}

int netdev_rows(char **args)
{
	static const struct {
		unsigned int batch;
		unsigned int len;
	} shapes[] = { { 1, 60 }, { 64, 60 }, { 250, 60 }, { 250, 1514 } };
	struct end from, to;
	size_t i;

	end_open(&from, args[0], &defaults);
	end_open(&to, args[1], &defaults);
	for (i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		const struct traffic t = { .batch = shapes[i].batch,
					   .len = shapes[i].len, .ndst = 1,
					   .src = 1 };
		struct result r = measure(&from, &to, 1, &t);

		print_row("emulated veth to veth", &t, &r);
	}
	end_close(&from);
	end_close(&to);
	return 0;
}

static void aim_pktgen(const char *dev, uint32_t dst, struct pktgen p)
{
	mac_of(p.dst, dst);
	mac_of(p.src, PEER_STATION);
	pktgen_setup(dev, &p);
}

/* The switch's way out: to `peer`, whose host stack drops the frames. */
static void nic_out_rows(struct end *port, const char *peer)
{
	static const unsigned int lens[] = { 60, 1514 };
	size_t i;

	for (i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
		const struct traffic t = { .batch = 256, .len = lens[i],
					   .dst0 = PEER_STATION, .ndst = 1,
					   .src = STATION };
		unsigned long before = netdev_received(peer);
		struct result r = measure(port, NULL, 0, &t);

		r.delivered = (double)(netdev_received(peer) - before) /
			      (double)measure_frames(&t);
		print_row("vale port to attached veth", &t, &r);
	}
}

/*
 * The way in: as many as fit the port's ring, received in between. Sent on a
 * netdev one by one, or `burst` at a time as a NIC's poll would hand them over.
 */
static void nic_in_rows(const char *name, struct end *port, const char *dev,
			unsigned int burst)
{
	static const unsigned int lens[] = { 60, 1514 };
	double ns[ROUNDS];
	size_t i;
	int j;

	for (i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
		const struct traffic t = { .batch = burst ? 15 * burst : 1000,
					   .len = lens[i] };
		struct result r = { .rx_ns = -1, .empty_ns = -1 };
		unsigned int got = 0;

		aim_pktgen(dev, STATION, (struct pktgen){
			.len = t.len, .count = t.batch, .streams = 1,
			.burst = burst });
		for (j = 0; j < ROUNDS; j++) {
			ns[j] = pktgen_run(dev);
			end_sync(port, NIOCRXSYNC);
			got += end_drain(port);
			end_sync(port, NIOCRXSYNC);
		}
		r.tx_ns = middle(ns, ROUNDS) / t.batch;
		r.delivered = (double)got / (ROUNDS * t.batch);
		print_row(name, &t, &r);
	}
}

int nic_rows(char **args)
{
	char name[40];
	struct end port;

	end_open(&port, "valebN:p", &usual);
	snprintf(name, sizeof(name), "valebN:%s", args[0]);
	netdev_attach(port.fd, name);
	end_teach(&port, STATION, 1);
	netdev_announce(args[1], PEER_STATION);
	nic_out_rows(&port, args[1]);
	nic_in_rows("pktgen, attached veth to vale port", &port, args[1], 0);
	nic_in_rows("bursts, attached veth to vale port", &port, args[0], BURST);
	end_close(&port);
	return 0;
}

int attach_netdev(char **args)
{
	int fd = open("/dev/netmap", O_RDWR);

	if (fd < 0)
		die("/dev/netmap");
	netdev_attach(fd, args[0]);
	close(fd);
	return 0;
}

/* How the frames are made; of what length is the row's matter. */
static void pktgen_row(char **args, unsigned int len, struct pktgen p)
{
	const struct traffic t = { .batch = PKTGEN_COUNT, .len = len };
	struct result r = { .rx_ns = -1, .empty_ns = -1 };
	unsigned long before = netdev_received(args[2]);
	double ns[ROUNDS];
	int i;

	p.len = t.len;
	p.count = t.batch;
	aim_pktgen(args[1], STATION, p);
	for (i = 0; i < ROUNDS; i++)
		ns[i] = pktgen_run(args[1]);
	r.tx_ns = middle(ns, ROUNDS) / t.batch;
	r.delivered = (double)(netdev_received(args[2]) - before) /
		      ((double)ROUNDS * t.batch);
	print_row(args[0], &t, &r);
}

static int pktgen_both(char **args, struct pktgen p)
{
	netdev_announce(args[2], STATION);	/* a switch in between learns it */
	pktgen_row(args, 60, p);
	pktgen_row(args, 1514, p);
	return 0;
}

int pktgen_rows(char **args)
{
	return pktgen_both(args, (struct pktgen){ .streams = 1 });
}

int stream_rows(char **args)
{
	return pktgen_both(args, (struct pktgen){ .streams = 64 });
}

int burst_rows(char **args)
{
	return pktgen_both(args,
			   (struct pktgen){ .streams = 1, .burst = BURST });
}
