/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>
#include <time.h>

#include "clock.h"

static double ns_per_tick;

static double now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

void clock_calibrate(void)
{
	double start = now_ns(), end;
	uint64_t first = ticks();

	do {
		end = now_ns();
	} while (end - start < 2e8);
	ns_per_tick = (end - start) / (double)(ticks() - first);
}

double clock_ns(uint64_t n)
{
	return (double)n * ns_per_tick;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double middle(double *v, int n)
{
	int first = n / 4, last = n - first, i;
	double sum = 0;

	qsort(v, (size_t)n, sizeof(*v), compare);
	for (i = first; i < last; i++)
		sum += v[i];
	return sum / (last - first);
}
