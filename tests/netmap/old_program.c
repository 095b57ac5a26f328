/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Includes and calls as programs of netmap's age write them. It is compiled as gnu89, gnu99, C11 and C++20, with
 * all warnings as errors, and never run.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/poll.h>
#include <net/if.h>
#define NETMAP_WITH_LIBS
#include <net/netmap_user.h>

static void take(u_char *arg, const struct nm_pkthdr *h, const u_char *buf)
{
	unsigned long *sum = (unsigned long *)(void *)arg;

	*sum += h->len + buf[0];
}

static int move(struct nm_desc *d)
{
	struct nm_pkthdr h;
	struct netmap_ring *ring;
	unsigned long sum = 0;
	u_char *p;
	int i;

	for (i = d->first_rx_ring; i <= d->last_rx_ring; i++) {
		ring = NETMAP_RXRING(d->nifp, i);
		while (!nm_ring_empty(ring)) {
			struct netmap_slot *slot = &ring->slot[ring->cur];

			sum += (u_char)NETMAP_BUF(ring, slot->buf_idx)[0];
			ring->head = ring->cur = nm_ring_next(ring, ring->cur);
		}
	}
	while ((p = nm_nextpkt(d, &h)) != NULL)
		sum += p[0];
	nm_dispatch(d, -1, take, (u_char *)&sum);
	return nm_inject(d, "x", 1) == 1 && sum != 0;
}

int main(int argc, char **argv)
{
	struct nm_desc *d;
	struct nmreq req;
	struct pollfd fds;
	int ret;

	memset(&req, 0, sizeof(req));
	d = nm_open(argc > 1 ? argv[1] : "vale0:x", &req, NETMAP_NO_TX_POLL, NULL);
	if (d == NULL) {
		D("cannot open: %s", strerror(errno));
		return 1;
	}
	ND("not printed");
	RD(1, "fd %d", NETMAP_FD(d));
	fds.fd = d->fd;
	fds.events = POLLIN;
	ret = poll(&fds, 1, 1000) > 0 ? move(d) : 0;
	if (IS_NETMAP_DESC(d) && P2NMD(d)->req.nr_tx_rings > 0)
		ioctl(d->fd, NIOCTXSYNC, NULL);
	nm_close(d);
	return ret;
}
