/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Senders of one process on CPUs of their own, doing what vport_flow.c and
 * vport_fill.c do with kmod/core: who finds nobody at the receiver's ring copies
 * under its lock; who does reserves slots, copies without it, and completes. The
 * receiver takes no time: who finds a ring full releases all that is published.
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
#include "core/flow_one.h"
#include "core/lease.h"
#include "core/ring.h"

#include "clock.h"

#define SENDERS 2
#define SLOTS 1024
#define BATCH 512u	/* handed over at a time */
#define PART 64u	/* copied under the lock at a time */
#define BESIDE 256u	/* reserved at a time, where others are */
#define CROWD 64u	/* batches for which that is remembered */
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
	u32 crowd;		/* batches for which others are expected */
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

/* What the sender has next, up to where its ring ends, `most` slots at most. */
static struct vale_stretch stretch(struct sender *s, u32 most)
{
	return (struct vale_stretch){
		.from = &s->from.slot[s->pos],
		.from_bufs = &s->from.bufs,
		.to_bufs = &s->to->side.bufs,
		.slots = most < SLOTS - s->pos ? most : SLOTS - s->pos,
	};
}

/* To what the receiver has room for. The lock is held. Returns the first slot. */
static u32 aim(struct vale_stretch *t, struct ring *r)
{
	u32 start = r->lease.next;
	u32 room = vale_lease_room(&r->lease, r->hwcur);

	if (room < t->slots) {
		r->hwcur = r->lease.tail;
		room = vale_lease_room(&r->lease, r->hwcur);
	}
	room = room < SLOTS - start ? room : SLOTS - start;
	t->slots = t->slots < room ? t->slots : room;
	t->to = &r->side.slot[start];
	return start;
}

/* Of one stretch all packets go, or nothing is as it should be. */
static void copy(struct sender *s, struct vale_stretch *t)
{
	if (vale_flow_copy(&s->flow, t) != t->slots)
		abort();
	s->pos = vale_ring_add(s->pos, t->slots, SLOTS);
	s->sent += t->slots;
}

/* The slots sent; -1: somebody else is there. */
static int send_alone(struct sender *s, u32 left)
{
	struct vale_stretch t = stretch(s, left < PART ? left : PART);
	struct ring *r = s->to;
	int sent = -1;

	if (pthread_spin_trylock(&r->lock))
		return -1;
	if (vale_lease_is_idle(&r->lease)) {
		aim(&t, r);
		copy(s, &t);
		vale_lease_pass(&r->lease, t.slots);
		sent = (int)t.slots;
	}
	pthread_spin_unlock(&r->lock);
	return sent;
}

/* Side by side with others. */
static u32 send_beside(struct sender *s, u32 left)
{
	struct vale_stretch t = stretch(s, left < BESIDE ? left : BESIDE);
	struct ring *r = s->to;
	u32 start;

	t.slots = vale_flow_count(&s->flow, &t);
	pthread_spin_lock(&r->lock);
	start = aim(&t, r);
	vale_lease_reserve(&r->lease, t.slots);
	pthread_spin_unlock(&r->lock);
	copy(s, &t);
	pthread_spin_lock(&r->lock);
	vale_lease_complete(&r->lease, start, t.slots);
	pthread_spin_unlock(&r->lock);
	return t.slots;
}

static void send_batch(struct sender *s)
{
	u32 left = BATCH;
	int sent;

	if (!vale_flow_seems(&s->flow, &s->from.slot[s->pos], &s->from.bufs))
		abort();
	s->crowd -= s->crowd > 0;
	while (left) {
		sent = s->crowd ? -1 : send_alone(s, left);
		if (sent < 0) {
			s->crowd = s->crowd ? s->crowd : CROWD;
			sent = (int)send_beside(s, left);
		}
		left -= (u32)sent;
	}
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
		send_batch(s);
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
	vale_flow_address(&s->flow, 2, 4);
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
