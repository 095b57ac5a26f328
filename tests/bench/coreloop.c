/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The forwarding loop of kmod/core alone, on this process's memory: what
 * gathering, looking up, reserving, copying and completing cost without
 * kernel, system call and locks.
 *
 *   coreloop              a JSON object per row
 *   coreloop COUNT        60-byte unicast, batches of 512, COUNT times, silent:
 *                         to be run under callgrind
 */
#include <linux/cache.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/copy.h"
#include "core/fwd.h"
#include "core/lease.h"
#include "core/ring.h"

#include "clock.h"

#define SLOTS 1024
#define REPS 4001
#define BUF_SIZE 2048
#define FDB_ENTRIES 8192
#define SENDER 0
#define RECEIVER 1

struct side {
	struct netmap_slot slot[SLOTS];
	u8 *chunk;
	struct vale_bufs bufs;
	u32 pos;		/* sender: head; receiver: hwcur */
};

struct scene {
	struct side from;
	struct side to;
	struct vale_lease lease;
	struct vale_fdb fdb;
	struct vale_batch batch;
};

int vale_fetch_user(void *dst, const void *user, size_t len)
{
	memcpy(dst, user, len);
	return 0;
}

void vale_copy_long(u8 *to, const u8 *from, u32 len)
{
	memcpy(to, from, len);
}

static void *zeroed(size_t bytes)
{
	void *mem = aligned_alloc(4096, (bytes + 4095) & ~(size_t)4095);

	if (!mem)
		abort();
	return memset(mem, 0, bytes);
}

/* colour: in lines, as kmod/pool.c has it. */
static void side_init(struct side *s, u32 colour)
{
	u32 i;

	s->chunk = zeroed((SLOTS + VALE_BUF_FIRST + 1) * BUF_SIZE);
	s->chunk += (size_t)colour * L1_CACHE_BYTES;
	s->bufs = (struct vale_bufs){
		.chunk = &s->chunk,
		.shift = 11,
		.size = BUF_SIZE,
		.total = SLOTS + VALE_BUF_FIRST,
	};
	for (i = 0; i < SLOTS; i++)
		s->slot[i].buf_idx = i + VALE_BUF_FIRST;
}

static struct scene *scene_make(void)
{
	static const u64 key[2] = { 0x243f6a8885a308d3, 0x13198a2e03707345 };
	struct scene *sc = zeroed(sizeof(*sc));
	u8 old;

	side_init(&sc->from, 1);
	side_init(&sc->to, 14);
	vale_lease_init(&sc->lease, zeroed(SLOTS * sizeof(u32)), SLOTS);
	vale_fdb_init(&sc->fdb, zeroed(vale_fdb_bytes(FDB_ENTRIES)),
		      FDB_ENTRIES, key);
	vale_fdb_learn(&sc->fdb, 2, RECEIVER, 0, &old);
	vale_fdb_learn(&sc->fdb, 4, SENDER, 0, &old);
	return sc;
}

static void fill(struct side *s, u32 n, u32 len)
{
	u32 i;

	for (i = 0; i < n; i++) {
		struct netmap_slot *slot = &s->slot[(s->pos + i) % SLOTS];
		u8 *buf = vale_buf(&s->bufs, slot->buf_idx);

		memset(buf, 0, len);
		buf[0] = 2;
		buf[6] = 4;
		slot->len = (u16)len;
		slot->flags = 0;
	}
}

static void forward(struct scene *sc, u32 n)
{
	struct vale_batch *b = &sc->batch;
	struct vale_copied done = { 0 };
	struct vale_window w = { .slot = sc->to.slot, .bufs = &sc->to.bufs,
				 .n = SLOTS };
	struct vale_cursor c;
	u32 slots, packets;

	vale_batch_init(b);
	sc->from.pos = vale_batch_gather(b, sc->from.slot, SLOTS, sc->from.pos,
					 (sc->from.pos + n) % SLOTS,
					 &sc->from.bufs);
	vale_batch_classify(b, &sc->fdb, SENDER, 0);
	c = vale_batch_unicast(&b->to[RECEIVER]);
	slots = vale_batch_fit(b, c, vale_lease_room(&sc->lease, sc->to.pos),
			       &packets);
	w.pos = vale_lease_reserve(&sc->lease, slots);
	w.room = slots;
	vale_batch_copy(b, &c, packets, &w, &done);
	vale_lease_complete(&sc->lease, vale_ring_add(w.pos, SLOTS - slots,
						      SLOTS), slots);
	sc->to.pos = sc->lease.tail;
	if (done.packets != n)
		abort();
}

static void row(struct scene *sc, u32 batch, u32 len)
{
	static double v[REPS];
	int i;

	for (i = 0; i < REPS; i++) {
		uint64_t start;

		fill(&sc->from, batch, len);
		start = ticks();
		forward(sc, batch);
		v[i] = clock_ns(ticks() - start);
	}
	printf("{\"row\": \"core loop in userspace\", \"len\": %u, \"batch\": %u, "
	       "\"ns\": %.3f, \"rx_ns\": null, \"empty_ns\": null, "
	       "\"delivered\": 1}\n", len, batch, middle(v, REPS) / batch);
}

static void count_instructions(struct scene *sc, int count)
{
	while (count--) {
		fill(&sc->from, 512, 60);
		forward(sc, 512);
	}
}

int main(int argc, char **argv)
{
	struct scene *sc = scene_make();

	if (argc > 1) {
		count_instructions(sc, atoi(argv[1]));
		return 0;
	}
	clock_calibrate();
	row(sc, 1, 60);
	row(sc, 8, 60);
	row(sc, 64, 60);
	row(sc, 512, 60);
	row(sc, 512, 508);
	row(sc, 512, 1514);
	return 0;
}
