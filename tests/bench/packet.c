/* SPDX-License-Identifier: BSD-2-Clause */
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "packet.h"

#define FRAME_SIZE 2048u
#define FRAMES 1024u
#define BLOCK_SIZE 65536u
#define BLOCKS 32u
#define RING_BYTES (FRAME_SIZE * FRAMES)
#define RETIRE_MS 1		/* a block with something in it waits so long */

_Static_assert(BLOCK_SIZE * BLOCKS == RING_BYTES, "as much in each direction");

static void set(int fd, int option, const void *value, socklen_t len)
{
	if (setsockopt(fd, SOL_PACKET, option, value, len))
		die("packet socket option");
}

static void set_number(int fd, int option, int value)
{
	set(fd, option, &value, sizeof(value));
}

static void make_rings(struct packet_end *e, int receives)
{
	const struct tpacket_req3 rx = {
		.tp_block_size = BLOCK_SIZE,
		.tp_block_nr = BLOCKS,
		.tp_frame_size = FRAME_SIZE,
		.tp_frame_nr = FRAMES,
		.tp_retire_blk_tov = RETIRE_MS,
	};
	struct tpacket_req3 tx = rx;

	tx.tp_retire_blk_tov = 0;
	set_number(e->fd, PACKET_VERSION, TPACKET_V3);
	if (receives)
		set(e->fd, PACKET_RX_RING, &rx, sizeof(rx));
	else
		set(e->fd, PACKET_TX_RING, &tx, sizeof(tx));
}

/* Before it is bound nothing arrives: a sender asks for no protocol. */
static void bind_to(struct packet_end *e, const char *dev, int receives)
{
	const struct sockaddr_ll at = {
		.sll_family = AF_PACKET,
		.sll_protocol = receives ? htons(ETH_P_ALL) : 0,
		.sll_ifindex = (int)if_nametoindex(dev),
	};

	if (receives)
		set_number(e->fd, PACKET_IGNORE_OUTGOING, 1);
	else
		set_number(e->fd, PACKET_QDISC_BYPASS, 1);
	if (bind(e->fd, (const void *)&at, sizeof(at)))
		die(dev);
}

void packet_open(struct packet_end *e, const char *dev, int receives)
{
	uint8_t *mem;

	*e = (struct packet_end){ .fd = socket(AF_PACKET, SOCK_RAW, 0) };
	if (e->fd < 0)
		die("packet socket");
	make_rings(e, receives);
	mem = mmap(NULL, RING_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED,
		   e->fd, 0);
	if (mem == MAP_FAILED)
		die("mmap of a packet socket");
	if (receives)
		e->rx = mem;
	else
		e->tx = mem;
	bind_to(e, dev, receives);
}

void packet_close(struct packet_end *e)
{
	munmap(e->rx ? e->rx : e->tx, RING_BYTES);
	close(e->fd);
}

void packet_fill(struct packet_end *e, const struct traffic *t)
{
	unsigned int i, tries = 0;

	for (i = 0; i < t->batch; i++) {
		struct tpacket3_hdr *h =
			(void *)(e->tx + (size_t)e->frame * FRAME_SIZE);

		while (__atomic_load_n(&h->tp_status, __ATOMIC_ACQUIRE) !=
		       TP_STATUS_AVAILABLE) {
			if (++tries > 100000)
				die("packet socket's ring stays full");
			packet_send(e);
		}
		end_write((uint8_t *)h + TPACKET3_HDRLEN -
				  sizeof(struct sockaddr_ll), t);
		h->tp_len = t->len;
		h->tp_next_offset = 0;
		__atomic_store_n(&h->tp_status, TP_STATUS_SEND_REQUEST,
				 __ATOMIC_RELEASE);
		e->frame = (e->frame + 1) % FRAMES;
	}
}

void packet_send(const struct packet_end *e)
{
	if (send(e->fd, NULL, 0, MSG_DONTWAIT) < 0)
		die("send on a packet socket");
}

static struct tpacket_block_desc *block_at(const struct packet_end *e)
{
	return (void *)(e->rx + (size_t)e->block * BLOCK_SIZE);
}

static int is_ours(const struct tpacket_block_desc *b)
{
	return __atomic_load_n(&b->hdr.bh1.block_status, __ATOMIC_ACQUIRE) &
	       TP_STATUS_USER;
}

unsigned int packet_drain(struct packet_end *e)
{
	struct tpacket_block_desc *b;
	unsigned int n = 0;

	while (is_ours(b = block_at(e))) {
		n += b->hdr.bh1.num_pkts;
		__atomic_store_n(&b->hdr.bh1.block_status, TP_STATUS_KERNEL,
				 __ATOMIC_RELEASE);
		e->block = (e->block + 1) % BLOCKS;
	}
	return n;
}

unsigned int packet_drain_rest(struct packet_end *e)
{
	struct pollfd p = { .fd = e->fd, .events = POLLIN };
	unsigned int n = packet_drain(e);

	while (poll(&p, 1, 100 * RETIRE_MS) > 0)
		n += packet_drain(e);
	return n;
}

unsigned int packet_drops(const struct packet_end *e)
{
	struct tpacket_stats_v3 stats;
	socklen_t len = sizeof(stats);

	if (getsockopt(e->fd, SOL_PACKET, PACKET_STATISTICS, &stats, &len))
		die("statistics of a packet socket");
	return stats.tp_drops;
}
