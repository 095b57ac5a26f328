/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One packet between two processes and back, by one way after the other and
 * that again and again, so that all have the same share of what else the
 * machine does. Who sleeps shares a CPU with the other, who spins has one of
 * his own. Half of the time of a round trip is shown. It begins with a lap
 * around rings that is not, as every page of theirs is missed once.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "measure.h"
#include "scale.h"
#include "way.h"

#define PATIENCE 60	/* seconds: a lost packet would be waited for */
#define WAYS_MAX 8
#define TURNS 20
#define TRIPS 270	/* by one way, in one turn */
#define WARM_UP 20	/* of these */
#define KEPT (TRIPS - WARM_UP)
#define LAP 1100	/* round trips, rings having 1024 slots */

struct side {
	struct way way[WAYS_MAX];
	int id;
	int spins;		/* only the ways that do, or those that do not */
	int tell, hear;		/* pipes to and from the other side */
};

static double times[WAYS_MAX][TURNS * KEPT];

static void meet(const struct side *s)
{
	char c = 0;

	if (write(s->tell, &c, 1) != 1 || read(s->hear, &c, 1) != 1)
		die("the other side");
}

static double round_trip(struct way *w)
{
	uint64_t start = ticks();

	w->send(w);
	w->wait(w);
	return clock_ns(ticks() - start) / 2e3;
}

static void ping(struct way *w, int trips)
{
	while (trips--)
		round_trip(w);
}

static void ping_timed(struct way *w, double *time)
{
	int i;

	ping(w, WARM_UP);
	for (i = 0; i < KEPT; i++)
		time[i] = round_trip(w);
}

/* Who sends by poll sends its last answer only by another call. */
static void answer(struct way *w, int trips)
{
	while (trips--) {
		w->wait(w);
		w->send(w);
	}
	if (w->end.mem)
		end_sync(&w->end, NIOCTXSYNC);
}

static void play(struct side *s)
{
	int turn, i;

	alarm(PATIENCE);
	pin_to(s->spins ? s->id : 0);
	for (i = 0; i < nways; i++) {
		s->way[i] = ways[i];
		if (ways[i].spins != s->spins)
			continue;
		s->way[i].open(&s->way[i], s->id);
		meet(s);
		if (s->id)
			answer(&s->way[i], LAP);
		else
			ping(&s->way[i], LAP);
	}
	for (turn = 0; turn < TURNS; turn++)
		for (i = 0; i < nways; i++) {
			if (ways[i].spins != s->spins)
				continue;
			meet(s);
			if (s->id)
				answer(&s->way[i], TRIPS);
			else
				ping_timed(&s->way[i], &times[i][turn * KEPT]);
		}
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void print_way(int i)
{
	static const double part[] = { 0.5, 0.99, 0.999 };
	static const char *const label[] = { "half", "99 %", "99.9 %" };
	const int n = TURNS * KEPT;
	char name[96];
	size_t k;

	qsort(times[i], n, sizeof(times[i][0]), compare);
	for (k = 0; k < sizeof(part) / sizeof(part[0]); k++) {
		snprintf(name, sizeof(name), "%s, %s within", ways[i].name,
			 label[k]);
		print_figure(name, "us", times[i][(int)(part[k] * n)]);
	}
}

int latency_figures(char **args)
{
	int there[2], back[2], status, i;
	struct side s = { .spins = !strcmp(args[0], "spinning") };

	if (pipe(there) || pipe(back))
		die("pipe");
	s.id = !fork();
	s.tell = s.id ? back[1] : there[1];
	s.hear = s.id ? there[0] : back[0];
	play(&s);
	if (s.id)
		_exit(0);
	if (wait(&status) < 0 || status)
		die("the other side");
	for (i = 0; i < nways; i++)
		if (ways[i].spins == s.spins)
			print_way(i);
	return 0;
}
