/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sender and receivers take turns on one CPU, so that neither scheduling nor
 * wake-ups play a part. What a system call costs by itself, 12 us under User
 * Mode Linux, is measured by syncs with nothing to do and subtracted.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "clock.h"
#include "measure.h"

#define REPS_MAX 8001
#define WARM_UP 64
#define BUF_SIZE 2048
#define BUFS 1024

struct series {
	double tx[REPS_MAX];
	double tx_empty[REPS_MAX];
	double rx[REPS_MAX];
	double rx_empty[REPS_MAX];
};

static int reps_for(unsigned int batch)
{
	if (batch <= 8)
		return REPS_MAX;
	return batch <= 64 ? 4001 : 2001;
}

double measure_sync(const struct end *e, unsigned long cmd)
{
	uint64_t start = ticks();

	end_sync(e, cmd);
	return clock_ns(ticks() - start);
}

static void release_all(struct end *e)
{
	end_sync(e, NIOCRXSYNC);
	end_drain(e);
	end_sync(e, NIOCRXSYNC);
}

/* All receivers take what came; the times are those of the first. */
static unsigned int receive(struct end *to, int nto, double *time,
			    double *empty)
{
	unsigned int got = 0;
	int i;

	*time = *empty = 0;
	for (i = 0; i < nto; i++) {
		double t = measure_sync(&to[i], NIOCRXSYNC);

		got += end_drain(&to[i]);
		end_sync(&to[i], NIOCRXSYNC);
		if (i)
			continue;
		*time = t;
		*empty = measure_sync(&to[i], NIOCRXSYNC);
	}
	return got;
}

/* Times of `reps` rounds; returns the number of frames received. */
static unsigned long run(struct series *s, int reps, struct end *from,
			 struct end *to, int nto, const struct traffic *t)
{
	unsigned long got = 0;
	int i;

	for (i = 0; i < reps; i++) {
		s->tx_empty[i] = measure_sync(from, NIOCTXSYNC);
		end_fill(from, t);
		s->tx[i] = measure_sync(from, NIOCTXSYNC);
		got += receive(to, nto, &s->rx[i], &s->rx_empty[i]);
	}
	return got;
}

unsigned long measure_frames(const struct traffic *t)
{
	return (unsigned long)t->batch * (WARM_UP + reps_for(t->batch));
}

struct result measure(struct end *from, struct end *to, int nto,
		      const struct traffic *t)
{
	static struct series s;
	int reps = t->reps ? t->reps : reps_for(t->batch), i;
	struct result r = { .rx_ns = -1, .delivered = -1 };
	unsigned long got;

	for (i = 0; i < nto; i++)
		release_all(&to[i]);
	release_all(from);
	run(&s, WARM_UP, from, to, nto, t);
	got = run(&s, reps, from, to, nto, t);
	r.empty_ns = middle(s.tx_empty, reps);
	r.tx_ns = (middle(s.tx, reps) - r.empty_ns) / t->batch;
	if (nto) {
		double asked = (double)reps * t->batch;

		r.rx_ns = (middle(s.rx, reps) - middle(s.rx_empty, reps)) /
			  t->batch;
		r.delivered = (double)got / (t->ndst ? asked : asked * nto);
	}
	return r;
}

static uint8_t *map_bufs(void)
{
	void *mem = mmap(NULL, BUFS * BUF_SIZE, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	if (mem == MAP_FAILED)
		die("mmap");
	return mem;
}

static double timed_copies(uint8_t *to, const uint8_t *from, unsigned int at,
			   const struct traffic *t)
{
	uint64_t start = ticks();
	unsigned int i;

	for (i = 0; i < t->batch; i++) {
		size_t where = (size_t)((at + i) % BUFS) * BUF_SIZE;

		memcpy(to + where, from + where, t->len);
		__asm__ volatile("" ::: "memory");
	}
	return clock_ns(ticks() - start);
}

struct result measure_memcpy(const struct traffic *t)
{
	static double v[REPS_MAX];
	uint8_t *from = map_bufs(), *to = map_bufs();
	int reps = reps_for(t->batch), i;
	unsigned int at = 0, j;

	for (i = 0; i < reps; i++, at += t->batch) {
		for (j = 0; j < t->batch; j++)
			memset(from + (size_t)((at + j) % BUFS) * BUF_SIZE, i,
			       t->len);
		v[i] = timed_copies(to, from, at, t);
	}
	munmap(from, BUFS * BUF_SIZE);
	munmap(to, BUFS * BUF_SIZE);
	return (struct result){
		.tx_ns = middle(v, reps) / t->batch,
		.rx_ns = -1,
		.empty_ns = -1,
		.delivered = -1,
	};
}

static void print_number(const char *key, double v)
{
	if (v == -1)
		printf(", \"%s\": null", key);
	else
		printf(", \"%s\": %.3f", key, v);
}

static void print_numbers(const struct traffic *t, const struct result *r)
{
	printf(", \"len\": %u, \"batch\": %u", t->len, t->batch);
	print_number("ns", r->tx_ns);
	print_number("rx_ns", r->rx_ns);
	print_number("empty_ns", r->empty_ns);
	print_number("delivered", r->delivered);
	printf("}\n");
	fflush(stdout);
}

void print_row(const char *name, const struct traffic *t,
	       const struct result *r)
{
	print_row_against(name, "unicast", t, r);
}

void print_point(const char *plot, const char *series, unsigned int x,
		 const struct traffic *t, const struct result *r)
{
	printf("{\"plot\": \"%s\", \"series\": \"%s\", \"x\": %u, ", plot,
	       series, x);
	printf("\"row\": \"%u %s, %s\", \"base\": \"\"", x, plot, series);
	print_numbers(t, r);
}

void print_figure(const char *name, const char *unit, double value)
{
	printf("{\"row\": \"%s\", \"unit\": \"%s\", \"value\": %.4g}\n", name,
	       unit, value);
	fflush(stdout);
}

void print_row_against(const char *name, const char *base,
		       const struct traffic *t, const struct result *r)
{
	printf("{\"row\": \"%s\", \"base\": \"%s\"", name, base);
	print_numbers(t, r);
}
