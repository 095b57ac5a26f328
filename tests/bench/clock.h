/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once
#include <stdint.h>
#include <x86intrin.h>

/* Times in ticks of the time stamp counter: reading it is no system call. */
static inline uint64_t ticks(void)
{
	uint64_t t;

	_mm_lfence();
	t = __rdtsc();
	_mm_lfence();
	return t;
}

/* Compares the counter with the clock for a fifth of a second; once. */
void clock_calibrate(void);
double clock_ns(uint64_t ticks);

/*
 * The mean of the middle half, which outliers do not reach and which is finer
 * than the steps of the counter. Sorts v.
 */
double middle(double *v, int n);
