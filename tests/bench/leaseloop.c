/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Senders of one process on CPUs of their own, doing what vport_flow.c does
 * with kmod/core: gather a part, reserve its slots under the ring's lock, copy
 * without, complete under the lock. The receiver takes no time: who finds a
 * ring full releases all that is published.
 *
 *   leaseloop      figures, a JSON object a line
 *
 * Others may use the machine, so the time is cut into short windows and those
 * count in which every sender had its CPU for nearly all of it.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/copy.h"
#include "core/ether.h"
#include "core/flow.h"
#include "core/lease.h"
#include "core/ring.h"

#include "clock.h"

#define SENDERS 2
#define SLOTS 1024
#define BUF_SIZE 2048
#define LINE 64
#define WINDOWS 101
#define TRIES 4000
#define WINDOW_NS 4e6
#define ENOUGH 0.95	/* of a window */

struct side {
	struct netmap_slot *slot;
	u8 *chunk;
	struct vale_bufs bufs;
};

/* Laid out as struct vale_ring is: what senders write is a line by itself. */
struct ring {
	struct side side;
	_Alignas(LINE) u32 hwcur;
	_Alignas(LINE) pthread_spinlock_t lock;
	struct vale_lease lease;
};

struct sender {
	_Alignas(LINE) struct side from;
	struct vale_flow flow;
	struct ring *to;
	int cpu;
	u32 pos;
	unsigned long sent;
	double share;		/* of the window, in which it ran */
};

static struct sender senders[SENDERS];
static struct ring rings[SENDERS];
static _Atomic(int) ready;
static _Atomic(uint64_t) deadline;

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

static void side_init(struct side *s)
{
	u32 i;

	s->slot = zeroed(SLOTS * sizeof(*s->slot));
	s->chunk = zeroed((SLOTS + VALE_BUF_FIRST) * BUF_SIZE);
	s->bufs = (struct vale_bufs){
		.chunk = &s->chunk,
		.shift = 11,
		.size = BUF_SIZE,
		.total = SLOTS + VALE_BUF_FIRST,
	};
	for (i = 0; i < SLOTS; i++)
		s->slot[i].buf_idx = i + VALE_BUF_FIRST;
}

static void write_frames(struct sender *s, u32 len)
{
	u32 i;

	for (i = 0; i < SLOTS; i++) {
		u8 *buf = vale_buf(&s->from.bufs, s->from.slot[i].buf_idx);

		memset(buf, 0, len);
		buf[0] = 2;
		buf[6] = 4;
		s->from.slot[i].len = (u16)len;
	}
}

/* As many slots as the part has packets; 0: others are still filling theirs. */
static u32 reserve(struct ring *r, u32 packets, u32 *start)
{
	u32 room;

	pthread_spin_lock(&r->lock);
	room = vale_lease_room(&r->lease, r->hwcur);
	if (room < packets) {
		r->hwcur = r->lease.tail;
		room = vale_lease_room(&r->lease, r->hwcur);
	}
	if (room < packets)
		packets = 0;
	*start = vale_lease_reserve(&r->lease, packets);
	pthread_spin_unlock(&r->lock);
	return packets;
}

static void send_part(struct sender *s)
{
	struct ring *r = s->to;
	struct vale_window w = { .slot = r->side.slot, .bufs = &r->side.bufs,
				 .n = SLOTS };
	struct vale_flow_part part;
	u32 end = vale_ring_add(s->pos, VALE_FLOW_PART, SLOTS), start;

	vale_flow_gather(&part, &s->flow, s->from.slot, SLOTS, s->pos, end,
			 &s->from.bufs);
	w.room = reserve(r, part.packets, &start);
	w.pos = start;
	if (!w.room)
		return;
	vale_flow_copy(&part, &w);
	if (w.room)
		abort();
	pthread_spin_lock(&r->lock);
	vale_lease_complete(&r->lease, start, part.packets);
	pthread_spin_unlock(&r->lock);
	s->pos = end;
	s->sent += part.packets;
}

static double cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* One window, which ends for all at the same time. */
static void *run(void *arg)
{
	struct sender *s = arg;
	cpu_set_t set;
	uint64_t start, end;
	double used;

	CPU_ZERO(&set);
	CPU_SET(s->cpu, &set);
	pthread_setaffinity_np(pthread_self(), sizeof(set), &set);
	atomic_fetch_sub(&ready, 1);
	while (!(end = atomic_load(&deadline)))
		;
	s->sent = 0;
	used = cpu_ns();
	start = ticks();
	while (ticks() < end)
		send_part(s);
	s->share = (cpu_ns() - used) / clock_ns(ticks() - start);
	return NULL;
}

/* Mpps of n senders together; 0 if one of them had to wait for its CPU. */
static double window(int n)
{
	static uint64_t length;
	double sum = 0, least = 1;
	pthread_t thread[SENDERS];
	int i;

	while (!length || clock_ns(length) < WINDOW_NS)
		length = length * 2 + 1;
	atomic_store(&deadline, 0);
	atomic_store(&ready, n);
	for (i = 0; i < n; i++)
		pthread_create(&thread[i], NULL, run, &senders[i]);
	while (atomic_load(&ready))
		sched_yield();
	atomic_store(&deadline, ticks() + length);
	for (i = 0; i < n; i++) {
		pthread_join(thread[i], NULL);
		sum += (double)senders[i].sent;
		least = senders[i].share < least ? senders[i].share : least;
	}
	return least < ENOUGH ? 0 : sum * 1e3 / clock_ns(length);
}

static void print(const char *what, unsigned int len, const char *unit,
		  double value)
{
	printf("{\"row\": \"%s, %u B, core's loop\", \"unit\": \"%s\", "
	       "\"value\": %.3f}\n", what, len, unit, value);
}

/* One alone, two with a receiver each, two with the same, in turns. */
static void compare(unsigned int len)
{
	static const int n[] = { 1, 2, 2 };
	static double rate[3][WINDOWS];
	int count[3] = { 0 }, tries, i;
	double mid[3];

	for (i = 0; i < SENDERS; i++)
		write_frames(&senders[i], len);
	for (tries = 0; tries < TRIES * 3; tries++) {
		int k = tries % 3;
		double v;

		if (count[k] == WINDOWS)
			continue;
		senders[1].to = &rings[k < 2];
		v = window(n[k]);
		if (v)
			rate[k][count[k]++] = v;
	}
	for (i = 0; i < 3; i++) {
		if (count[i] < WINDOWS / 4) {
			fprintf(stderr, "leaseloop: the CPUs are not free\n");
			exit(1);
		}
		mid[i] = middle(rate[i], count[i]);
	}
	print("one sender", len, "Mpps", mid[0]);
	print("two senders, two receivers, together", len, "x", mid[1] / mid[0]);
	print("two senders, one receiver, together", len, "x", mid[2] / mid[0]);
}

static void make(int i)
{
	struct sender *s = &senders[i];
	struct ring *r = &rings[i];

	side_init(&s->from);
	s->flow = (struct vale_flow){ .dst = 2, .src = 4 };
	s->cpu = i;
	s->to = r;
	side_init(&r->side);
	pthread_spin_init(&r->lock, PTHREAD_PROCESS_PRIVATE);
	vale_lease_init(&r->lease, zeroed(SLOTS * sizeof(u32)), SLOTS);
}

int main(void)
{
	int i;

	clock_calibrate();
	for (i = 0; i < SENDERS; i++)
		make(i);
	compare(60);
	compare(1514);
	return 0;
}
