/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Two processes on two CPUs send at the same time, each from a port of its own
 * on one switch. Both begin a batch together and take its time; rounds in which
 * the two system calls did not lie over each other do not count. Who has a
 * receiver reads a byte of each frame afterwards, so that its lines move. A mode
 * has blocks of rounds, and the first of each do not count either: they find
 * lines where the mode before left them.
 */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "measure.h"
#include "scale.h"

#define WORKERS 2
#define ROUNDS 12000
#define BLOCK 40		/* rounds of a mode, before the next has its turn */
#define SETTLE 10		/* of these: almost five laps around the rings */
#define LEAST 100		/* rounds that must count */
#define OVERLAP 0.75		/* of the shorter of two calls */
#define BATCH 500
#define SLOTS 1024

/* Who sends, to which worker's receiver; -1: does not. */
struct mode {
	const char *name;
	int to[WORKERS];
	int alone;		/* the mode with one sender it is compared to */
};

static const struct mode modes[] = {
	{ "one sender, receiver on its CPU", { 0, -1 }, 0 },
	{ "one sender, receiver on the other CPU", { 1, -1 }, 1 },
	{ "two senders, two receivers", { 0, 1 }, 0 },
	{ "two senders, two receivers, CPUs crossed", { 1, 0 }, 1 },
	{ "two senders, one receiver", { 0, 0 }, 0 },
};

#define MODES (int)(sizeof(modes) / sizeof(modes[0]))

struct call {
	uint64_t start, end;
	double empty;
};

struct shared {
	_Atomic(unsigned int) arrived;
	struct call call[WORKERS][ROUNDS];
	unsigned long got[WORKERS];
	unsigned long sent[WORKERS];
};

struct worker {
	struct shared *shared;
	int id;
	unsigned int barriers;
	struct end from, to;
	unsigned int len;
};

/* Spinning: both CPUs are ours, and waking up would take longer than a batch. */
static void meet(struct worker *w)
{
	unsigned int all = ++w->barriers * WORKERS;

	atomic_fetch_add(&w->shared->arrived, 1);
	while (atomic_load(&w->shared->arrived) < all)
		;
}

static unsigned int read_all(const struct end *e)
{
	struct netmap_ring *r = e->rx[0];
	unsigned int n = 0, sum = 0;
	uint32_t i;

	for (i = r->head; i != r->tail; i = nm_ring_next(r, i), n++)
		sum += *(volatile uint8_t *)NETMAP_BUF(r, r->slot[i].buf_idx);
	return sum ? n : 0;
}

static void receive(struct worker *w)
{
	end_sync(&w->to, NIOCRXSYNC);
	w->shared->got[w->id] += read_all(&w->to);
	end_drain(&w->to);
	end_sync(&w->to, NIOCRXSYNC);
}

static int mode_of(int round)
{
	return round / BLOCK % MODES;
}

static void do_round(struct worker *w, int round)
{
	const struct mode *m = &modes[mode_of(round)];
	struct call *c = &w->shared->call[w->id][round];
	struct traffic t = { .batch = BATCH, .len = w->len, .ndst = 1,
			     .src = 1000 + (uint32_t)w->id };

	t.dst0 = (uint32_t)m->to[w->id];
	if (m->to[w->id] >= 0) {
		c->empty = measure_sync(&w->from, NIOCTXSYNC);
		end_fill(&w->from, &t);
		w->shared->sent[w->id] += BATCH;
	}
	meet(w);
	c->start = ticks();
	if (m->to[w->id] >= 0)
		end_sync(&w->from, NIOCTXSYNC);
	c->end = ticks();
	meet(w);
	receive(w);
}

static void open_ends(struct worker *w)
{
	const struct end_wish wish = { .slots = SLOTS };
	char name[32];

	snprintf(name, sizeof(name), "valebC:from%d", w->id);
	end_open(&w->from, name, &wish);
	snprintf(name, sizeof(name), "valebC:to%d", w->id);
	end_open(&w->to, name, &wish);
	meet(w);
	end_teach(&w->to, (uint32_t)w->id, 1);
	meet(w);
	receive(w);
	w->shared->got[w->id] = 0;
	meet(w);
}

static void work(struct worker *w)
{
	int i;

	pin_to(w->id);
	open_ends(w);
	for (i = 0; i < ROUNDS; i++)
		do_round(w, i);
	end_close(&w->from);
	end_close(&w->to);
}

static int lay_over(const struct call *a, const struct call *b)
{
	uint64_t first = a->start > b->start ? a->start : b->start;
	uint64_t last = a->end < b->end ? a->end : b->end;
	uint64_t one = a->end - a->start, other = b->end - b->start;
	uint64_t shorter = one < other ? one : other;

	return last > first && (double)(last - first) > OVERLAP * (double)shorter;
}

/* Of a worker in a mode, per frame; the number of rounds in *n. */
static double ns_of(const struct shared *s, int mode, int worker, int *n)
{
	static double v[ROUNDS], empty[ROUNDS];
	const struct call *c;
	int i;

	*n = 0;
	for (i = 0; i < ROUNDS; i++) {
		c = &s->call[worker][i];
		if (mode_of(i) != mode || i % BLOCK < SETTLE)
			continue;
		if (modes[mode].to[1] >= 0 &&
		    !lay_over(&s->call[0][i], &s->call[1][i]))
			continue;
		v[*n] = clock_ns(c->end - c->start);
		empty[(*n)++] = c->empty;
	}
	if (*n < LEAST)
		die("the CPUs are not free");
	return (middle(v, *n) - middle(empty, *n)) / BATCH;
}

static void print_mode(const struct shared *s, int mode, unsigned int len,
		       double *rates)
{
	const struct mode *m = &modes[mode];
	char name[96];
	int i, n;

	rates[mode] = 0;
	for (i = 0; i < WORKERS; i++)
		if (m->to[i] >= 0)
			rates[mode] += 1e3 / ns_of(s, mode, i, &n);
	snprintf(name, sizeof(name), "%s, %u B", m->name, len);
	print_figure(name, "Mpps", rates[mode]);
	if (m->alone == mode)
		return;
	snprintf(name, sizeof(name), "%s, %u B, to row %d of it", m->name, len,
		 m->alone + 1);
	print_figure(name, "x", rates[mode] / rates[m->alone]);
}

static struct shared *share(void)
{
	void *mem = mmap(NULL, sizeof(struct shared), PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (mem == MAP_FAILED)
		die("mmap");
	return mem;
}

static void compare(unsigned int len)
{
	struct shared *s = share();
	double rates[MODES];
	int i, status;

	for (i = 0; i < WORKERS; i++) {
		struct worker w = { .shared = s, .id = i, .len = len };

		if (!fork()) {
			work(&w);
			_exit(0);
		}
	}
	while (wait(&status) > 0)
		if (status)
			die("a sender failed");
	if (s->got[0] + s->got[1] != s->sent[0] + s->sent[1])
		fprintf(stderr, "smp: %lu frames sent, %lu received\n",
			s->sent[0] + s->sent[1], s->got[0] + s->got[1]);
	for (i = 0; i < MODES; i++)
		print_mode(s, i, len, rates);
	munmap(s, sizeof(*s));
}

int smp_figures(char **args)
{
	(void)args;
	compare(60);
	compare(1514);
	return 0;
}
