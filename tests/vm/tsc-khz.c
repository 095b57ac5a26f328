/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Prints the rate of this machine's time stamp counter in kHz. An emulated
 * guest sees the same counter, but on a loaded host it misjudges its rate by
 * up to 14 times against emulated timers, and all its time limits with it.
 */
#include <stdint.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>
#include <x86intrin.h>

struct moment {
	uint64_t ticks;
	int64_t ns;
};

/* The closest of some readings of both clocks. */
static struct moment now(void)
{
	struct moment best = { 0, 0 };
	uint64_t span, least = UINT64_MAX;
	int i;

	for (i = 0; i < 32; i++) {
		struct timespec ts;
		uint64_t before = __rdtsc();

		clock_gettime(CLOCK_MONOTONIC_RAW, &ts);
		span = __rdtsc() - before;
		if (span >= least)
			continue;
		least = span;
		best.ticks = before + span / 2;
		best.ns = ts.tv_sec * 1000000000LL + ts.tv_nsec;
	}
	return best;
}

int main(void)
{
	struct moment a = now(), b;

	usleep(200000);
	b = now();
	printf("%.0f\n", (double)(b.ticks - a.ticks) * 1e6 / (double)(b.ns - a.ns));
	return 0;
}
