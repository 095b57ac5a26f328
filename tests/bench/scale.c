/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The cost of a frame of 60 bytes as a function of how much there is of
 * something. Method as in measure.c; where there are many ports, fewer
 * repetitions, as all receivers are emptied in each.
 */
#include <string.h>

#include "clock.h"
#include "measure.h"
#include "scale.h"

#define PORTS_MAX    254
#define SWITCHES_MAX 64
#define BATCH	     256
#define REPS_MAX     2001
#define FLOWS	     4096

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

static int fewer_reps(unsigned int n)
{
	return n <= 8 ? REPS_MAX : (int)(16000 / n);
}

/*
 * The first port sends to one other, to all others in turn as chance has it,
 * and to all of them at once. That one is per copy: there are n - 1.
 */
static void ports_point(struct end *e, unsigned int n)
{
	struct traffic t = { .batch = BATCH,
			     .len = 60,
			     .ndst = 1,
			     .src = 1u << 30,
			     .reps = fewer_reps(n) };
	struct result r = measure(&e[0], &e[1], 1, &t);

	print_point("ports", "to one", n, &t, &r);
	t.ndst = n - 1;
	r = measure(&e[0], &e[1], (int)n - 1, &t);
	print_point("ports", "to all at random", n, &t, &r);
	t.ndst = 0;
	r = measure(&e[0], &e[1], (int)n - 1, &t);
	r.tx_ns /= n - 1;
	print_point("ports", "broadcast, a copy", n, &t, &r);
	t.batch = 1;
	r = measure(&e[0], &e[1], (int)n - 1, &t);
	r.tx_ns /= n - 1;
	print_point("ports", "one broadcast, a copy", n, &t, &r);
}

static void ports_points(void)
{
	static const unsigned int points[] = { 2, 4, 8, 16, 32, 64, 128, 254 };
	const struct end_wish wish = { .slots = 1024 };
	static struct end e[PORTS_MAX];
	unsigned int n = 0;
	char name[32];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(points); i++) {
		for (; n < points[i]; n++) {
			snprintf(name, sizeof(name), "valebP:port%u", n);
			end_open(&e[n], name, &wish);
			if (n)
				end_teach(&e[n], n - 1, 1);
		}
		ports_point(e, n);
	}
	while (n)
		end_close(&e[--n]);
}

struct pair {
	struct end from, to;
};

/* A pair of ports after the other sends one batch. */
static struct result in_turns(struct pair *pair, unsigned int n,
			      const struct traffic *t)
{
	static double tx[REPS_MAX], empty[REPS_MAX];
	struct result r = { .rx_ns = -1 };
	unsigned long got = 0;
	int i;

	for (i = 0; i < REPS_MAX; i++) {
		struct pair *p = &pair[(unsigned int)i % n];

		empty[i] = measure_sync(&p->from, NIOCTXSYNC);
		end_fill(&p->from, t);
		tx[i] = measure_sync(&p->from, NIOCTXSYNC);
		end_sync(&p->to, NIOCRXSYNC);
		got += end_drain(&p->to);
		end_sync(&p->to, NIOCRXSYNC);
	}
	r.empty_ns = middle(empty, REPS_MAX);
	r.tx_ns = (middle(tx, REPS_MAX) - r.empty_ns) / t->batch;
	r.delivered = (double)got / ((double)REPS_MAX * t->batch);
	return r;
}

static void open_pair(struct pair *p, const char *sw,
		      const struct end_wish *wish)
{
	char name[32];

	snprintf(name, sizeof(name), "%s:a", sw);
	end_open(&p->from, name, wish);
	snprintf(name, sizeof(name), "%s:b", sw);
	end_open(&p->to, name, wish);
	end_teach(&p->to, 0, FLOWS / 8);
	end_sync(&p->from, NIOCRXSYNC);
	end_drain(&p->from);
	end_sync(&p->from, NIOCRXSYNC);
}

static void close_pair(struct pair *p)
{
	end_close(&p->from);
	end_close(&p->to);
}

static void switches_points(void)
{
	static const unsigned int batches[] = { 8, BATCH };
	const struct end_wish wish = { .slots = 1024 };
	static struct pair pair[SWITCHES_MAX];
	unsigned int n, made = 0;
	char name[32];
	size_t i;

	for (n = 1; n <= SWITCHES_MAX; n *= 2) {
		for (; made < n; made++) {
			snprintf(name, sizeof(name), "valebS%u", made);
			open_pair(&pair[made], name, &wish);
		}
		for (i = 0; i < ARRAY_SIZE(batches); i++) {
			const struct traffic t = { .batch = batches[i],
						   .len = 60,
						   .ndst = 1,
						   .src = 1u << 30 };
			struct result r = in_turns(pair, n, &t);

			print_point("switches in turns",
				    i ? "batches of 256" : "batches of 8", n,
				    &t, &r);
		}
	}
	while (made)
		close_pair(&pair[--made]);
}

static void slots_points(void)
{
	static const unsigned int lens[] = { 60, 1514 };
	struct end_wish wish = { 0 };
	struct pair pair;
	size_t i;

	for (wish.slots = 128; wish.slots <= 4096; wish.slots *= 2) {
		open_pair(&pair, "valebL", &wish);
		for (i = 0; i < ARRAY_SIZE(lens); i++) {
			const struct traffic t = { .batch = 64,
						   .len = lens[i],
						   .ndst = 1,
						   .src = 1u << 30 };
			struct result r = in_turns(&pair, 1, &t);

			print_point("slots", i ? "1514 bytes" : "60 bytes",
				    wish.slots, &t, &r);
		}
		close_pair(&pair);
	}
}

/* Each frame into the ring that its flow's number says, as RSS would. */
static void fill_spread(struct end *e, const struct traffic *t)
{
	unsigned int i;

	for (i = 0; i < t->batch; i++) {
		struct traffic one = *t;

		one.dst0 = end_draw(FLOWS / 8);
		one.ndst = 1;
		end_fill_ring(e->tx[one.dst0 * 2654435761u % 65521 % e->rings],
			      1, &one);
	}
}

static void rings_points(void)
{
	static const char *const series[] = { "one flow a ring",
					      "512 flows, spread" };
	struct end_wish wish = { .slots = 512 };
	struct pair pair;
	size_t i;

	for (wish.rings = 1; wish.rings <= END_RINGS; wish.rings *= 2) {
		open_pair(&pair, "valebQ", &wish);
		for (i = 0; i < ARRAY_SIZE(series); i++) {
			const struct traffic t = {
				.batch = BATCH,
				.len = 60,
				.ndst = 1,
				.src = 1u << 30,
				.fill = i ? fill_spread : NULL,
			};
			struct result r = in_turns(&pair, 1, &t);

			print_point("rings", series[i], wish.rings, &t, &r);
		}
		close_pair(&pair);
	}
}

int scale_points(char **args)
{
	(void)args;
	ports_points();
	switches_points();
	slots_points();
	rings_points();
	return 0;
}
