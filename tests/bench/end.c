/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "end.h"

#define TEACH_BATCH 128

void die(const char *what)
{
	perror(what);
	exit(1);
}

void pin_to(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		die("affinity");
}

static void find_rings(struct end *e, const struct nmreq_register *reg)
{
	struct netmap_if *nifp = NETMAP_IF(e->mem, reg->nr_offset);
	unsigned int i;

	e->rings = nifp->ni_tx_rings;
	if (e->rings > END_RINGS || nifp->ni_rx_rings != e->rings)
		die("ring count");
	for (i = 0; i < e->rings; i++) {
		e->tx[i] = NETMAP_TXRING(nifp, i);
		e->rx[i] = NETMAP_RXRING(nifp, i);
	}
}

void end_open(struct end *e, const char *name, const struct end_wish *wish)
{
	struct nmreq_register reg = {
		.nr_mode = NR_REG_ALL_NIC,
		.nr_tx_slots = wish->slots,
		.nr_rx_slots = wish->slots,
		.nr_tx_rings = (uint16_t)wish->rings,
		.nr_rx_rings = (uint16_t)wish->rings,
		.nr_mem_id = wish->mem_id,
		.nr_flags = wish->flags,
	};
	struct nmreq_header h = {
		.nr_version = NETMAP_API,
		.nr_reqtype = NETMAP_REQ_REGISTER,
		.nr_body = (uintptr_t)&reg,
	};

	e->fd = open("/dev/netmap", O_RDWR);
	if (e->fd < 0)
		die("/dev/netmap");
	strncpy(h.nr_name, name, sizeof(h.nr_name) - 1);
	if (ioctl(e->fd, NIOCCTRL, &h))
		die(name);
	e->bytes = reg.nr_memsize;
	e->mem_id = reg.nr_mem_id;
	e->mem = mmap(NULL, e->bytes, PROT_READ | PROT_WRITE, MAP_SHARED,
		      e->fd, 0);
	if (e->mem == MAP_FAILED)
		die("mmap");
	find_rings(e, &reg);
}

void end_close(struct end *e)
{
	munmap(e->mem, e->bytes);
	close(e->fd);
}

/* Multiplying by an odd number permutes the 32-bit numbers. */
void mac_of(uint8_t mac[6], uint32_t n)
{
	uint32_t spread = n * 2654435761u;

	mac[0] = 2;
	mac[1] = 0;
	memcpy(mac + 2, &spread, sizeof(spread));
}

uint32_t end_draw(uint32_t below)
{
	static uint64_t state = 88172645463325252u;

	if (below == 1)
		return 0;
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32_t)((state >> 32) * below >> 32);
}

void end_write(uint8_t *buf, const struct traffic *t)
{
	memset(buf, 0x5a, t->len);
	if (t->ndst)
		mac_of(buf, t->dst0 + end_draw(t->ndst));
	else
		memset(buf, 0xff, 6);
	mac_of(buf + 6, t->src);
	buf[12] = 0x88;		/* an experimental EtherType */
	buf[13] = 0xb5;
}

/* Frames held back go elsewhere each time, as far from the cache as others. */
static uint32_t somewhere(const struct netmap_ring *r, unsigned int n)
{
	static uint32_t turn;

	turn += n;
	return (r->head + turn) % r->num_slots;
}

void end_fill_ring(struct netmap_ring *r, unsigned int n,
		   const struct traffic *t)
{
	uint32_t h = t->held_back ? somewhere(r, n) : r->head;

	for (; n; n--, h = nm_ring_next(r, h)) {
		struct netmap_slot *slot = &r->slot[h];

		end_write((uint8_t *)NETMAP_BUF(r, slot->buf_idx), t);
		slot->len = (uint16_t)t->len;
		slot->flags = 0;
	}
	if (!t->held_back)
		r->head = r->cur = h;
}

void end_fill(struct end *e, const struct traffic *t)
{
	unsigned int i, n = t->batch / e->rings, tries = 0;

	if (t->fill) {
		t->fill(e, t);
		return;
	}
	for (i = 0; i < e->rings; i++) {
		while (nm_ring_space(e->tx[i]) < n) {
			if (++tries > 100000)
				die("sender's ring stays full");
			end_sync(e, NIOCTXSYNC);
		}
		end_fill_ring(e->tx[i], n, t);
	}
}

unsigned int end_drain(struct end *e)
{
	unsigned int i, n = 0;

	for (i = 0; i < e->rings; i++) {
		n += nm_ring_space(e->rx[i]);
		e->rx[i]->head = e->rx[i]->cur = e->rx[i]->tail;
	}
	return n;
}

void end_teach(struct end *e, uint32_t first, uint32_t n)
{
	struct traffic t = { .batch = 1, .len = 60, .dst0 = 1u << 31, .ndst = 1 };
	uint32_t i;

	for (i = 0; i < n; i++) {
		t.src = first + i;
		end_fill_ring(e->tx[0], 1, &t);
		if (i % TEACH_BATCH == TEACH_BATCH - 1 || i == n - 1)
			end_sync(e, NIOCTXSYNC);
	}
}
