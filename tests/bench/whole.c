/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Everything a frame costs on its way through a switch, for a comparison with
 * those who have no batches and no programs: writing it, both system calls,
 * forwarding, taking it.
 */
#include "clock.h"
#include "measure.h"
#include "scale.h"

#define REPS 1001
#define BATCH 500

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

static void row(struct end *from, struct end *to, unsigned int len)
{
	const struct traffic t = { .batch = BATCH, .len = len, .ndst = 1,
				   .src = 1u << 30 };
	struct result r = { .rx_ns = -1, .empty_ns = -1 };
	static double v[REPS];
	unsigned long got = 0;
	int i;

	for (i = 0; i < REPS; i++)
		v[i] = once(from, to, &t, &got);
	r.tx_ns = middle(v, REPS) / BATCH;
	r.delivered = (double)got / ((double)REPS * BATCH);
	print_row("unicast, with both programs", &t, &r);
}

int whole_rows(char **args)
{
	const struct end_wish wish = { .slots = 1024 };
	struct end from, to;

	(void)args;
	end_open(&from, "valebW:a", &wish);
	end_open(&to, "valebW:b", &wish);
	end_teach(&to, 0, 1);
	row(&from, &to, 60);
	row(&from, &to, 1514);
	end_close(&from);
	end_close(&to);
	return 0;
}
