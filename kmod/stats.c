// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Owns allocation and summing of per-CPU counters. */
#include "stats.h"

#include <linux/netdevice.h>

struct vale_stats __percpu *vale_stats_alloc(void)
{
	return netdev_alloc_pcpu_stats(struct vale_stats);
}

void vale_stats_read(struct vale_stats __percpu *stats, struct vale_totals *t)
{
	struct vale_totals one;
	unsigned int start;
	int cpu, i;

	memset(t, 0, sizeof(*t));
	for_each_possible_cpu(cpu) {
		struct vale_stats *s = per_cpu_ptr(stats, cpu);

		do {
			start = u64_stats_fetch_begin(&s->syncp);
			for (i = 0; i < __VALE_CNT_MAX; i++)
				one.counter[i] = u64_stats_read(&s->counter[i]);
			for (i = 0; i < __VALE_DROP_MAX; i++)
				one.drop[i] = u64_stats_read(&s->drop[i]);
		} while (u64_stats_fetch_retry(&s->syncp, start));

		for (i = 0; i < __VALE_CNT_MAX; i++)
			t->counter[i] += one.counter[i];
		for (i = 0; i < __VALE_DROP_MAX; i++)
			t->drop[i] += one.drop[i];
	}
}
