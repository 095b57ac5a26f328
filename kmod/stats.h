/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef VALE_STATS_H
#define VALE_STATS_H

#include <linux/percpu.h>
#include <linux/u64_stats_sync.h>
#include <linux/vale.h>

/* Counters of one switch member, per CPU. Written with BH disabled. */
struct vale_stats {
	u64_stats_t counter[__VALE_CNT_MAX];
	u64_stats_t drop[__VALE_DROP_MAX];
	struct u64_stats_sync syncp;
};

struct vale_totals {
	u64 counter[__VALE_CNT_MAX];
	u64 drop[__VALE_DROP_MAX];
};

struct vale_stats __percpu *vale_stats_alloc(void);
void vale_stats_read(struct vale_stats __percpu *stats, struct vale_totals *t);

static inline void vale_count_drop(struct vale_stats __percpu *stats,
				   enum vale_drop why, u64 n)
{
	struct vale_stats *s = this_cpu_ptr(stats);

	u64_stats_update_begin(&s->syncp);
	u64_stats_add(&s->drop[why], n);
	u64_stats_update_end(&s->syncp);
}

static inline void vale_count_frames(struct vale_stats __percpu *stats,
				     enum vale_counter packets, u64 npackets,
				     enum vale_counter bytes, u64 nbytes)
{
	struct vale_stats *s = this_cpu_ptr(stats);

	u64_stats_update_begin(&s->syncp);
	u64_stats_add(&s->counter[packets], npackets);
	u64_stats_add(&s->counter[bytes], nbytes);
	u64_stats_update_end(&s->syncp);
}

static inline void vale_count_in(struct vale_stats __percpu *stats,
				 u64 packets, u64 bytes)
{
	vale_count_frames(stats, VALE_CNT_IN_PACKETS, packets,
			  VALE_CNT_IN_BYTES, bytes);
}

static inline void vale_count_out(struct vale_stats __percpu *stats,
				  u64 packets, u64 bytes)
{
	vale_count_frames(stats, VALE_CNT_OUT_PACKETS, packets,
			  VALE_CNT_OUT_BYTES, bytes);
}

#endif /* VALE_STATS_H */
