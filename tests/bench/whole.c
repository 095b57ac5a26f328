/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Everything a frame costs on its way, for comparisons with those who have no
 * batches and no programs, or do part of the work later: writing it, both
 * system calls, forwarding, taking it, giving its slot back.
 */
#include "clock.h"
#include "measure.h"
#include "scale.h"

#define REPS 1001

struct kind {
	const char *name;
	const char *base;
	unsigned int batch;
	unsigned int stations;	/* that the frames are for, in turn */
	int no_calls;	/* what system calls cost by themselves is not of it */
};

static double once(struct end *from, struct end *to, const struct traffic *t,
		   unsigned long *got)
{
	uint64_t start = ticks();

	end_fill(from, t);
	end_sync(from, NIOCTXSYNC);
	end_sync(to, NIOCRXSYNC);
	*got += end_drain(to);
	return clock_ns(ticks() - start);
}

static void row(const struct kind *k, struct end *from, struct end *to,
		unsigned int len)
{
	const struct traffic t = { .batch = k->batch, .len = len,
				   .ndst = k->stations, .src = 1u << 30 };
	struct result r = { .rx_ns = -1, .empty_ns = -1 };
	static double v[REPS];
	unsigned long got = 0;
	int i;

	for (i = 0; i < REPS; i++) {
		v[i] = once(from, to, &t, &got);
		if (k->no_calls)
			v[i] -= measure_sync(from, NIOCTXSYNC) +
				measure_sync(to, NIOCTXSYNC);
	}
	r.tx_ns = middle(v, REPS) / k->batch;
	r.delivered = (double)got / ((double)REPS * k->batch);
	print_row_against(k->name, k->base, &t, &r);
}

static void rows(const struct kind *k, struct end *from, struct end *to)
{
	row(k, from, to, 60);
	row(k, from, to, 1514);
}

int whole_rows(char **args)
{
	static const struct kind
		one = { "unicast, with both programs", "unicast", 500, 1, 0 },
		many = { "unicast to 64 stations, with both programs",
			 "unicast, with both programs", 500, 64, 0 };
	const struct end_wish wish = { .slots = 1024 };
	struct end from, to;

	(void)args;
	end_open(&from, "valebW:a", &wish);
	end_open(&to, "valebW:b", &wish);
	end_teach(&to, 0, many.stations);
	rows(&one, &from, &to);
	rows(&many, &from, &to);
	return 0;
}

#define PIPE "pipe, there and back"

/* Rings that hold three batches, or, of both ends together, as many. */
static void there_and_back(const char *name, const char *a, const char *b)
{
	const struct kind kind = { name, PIPE, 250, 1, 1 };
	const struct end_wish wish = { .slots = 1024 };
	struct end from, to;

	end_open(&from, a, &wish);
	end_open(&to, b, &wish);
	rows(&kind, &from, &to);
	end_close(&from);
	end_close(&to);
}

int pipe_ends_rows(char **args)
{
	(void)args;
	there_and_back(PIPE, "valebV:x{1", "valebV:x}1");
	return 0;
}

/* Two netdevs joined to each other. */
int ends_rows(char **args)
{
	there_and_back(args[0], args[1], args[2]);
	return 0;
}
