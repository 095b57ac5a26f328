/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once
#include "end.h"

/* Kernel work per frame; -1 where a row has no such figure. */
struct result {
	double tx_ns;		/* of the sender's sync, an empty one subtracted */
	double rx_ns;		/* of the first receiver's */
	double empty_ns;	/* the empty sync of the sender itself */
	double delivered;	/* frames received of those that should be */
};

/* One sender, nto receivers that should each get all frames (broadcast) or
 * the first of which should (unicast); all driven by this one thread. */
struct result measure(struct end *from, struct end *to, int nto,
		      const struct traffic *t);

/* How many frames measure() sends in all. */
unsigned long measure_frames(const struct traffic *t);

/* The yardstick: memcpy of the same frames between buffers laid out alike. */
struct result measure_memcpy(const struct traffic *t);

/* One sync, in nanoseconds, its system call included. */
double measure_sync(const struct end *e, unsigned long cmd);

/* One JSON object a line on standard output. */
void print_row(const char *name, const struct traffic *t,
	       const struct result *r);
/* The same as a point of a plot (tests/bench/plot). */
void print_point(const char *plot, const char *series, unsigned int x,
		 const struct traffic *t, const struct result *r);
/* What is not a time per frame: one number and its unit. */
void print_figure(const char *name, const char *unit, double value);
/* Names the row that this one is to be held against, instead of "unicast". */
void print_row_against(const char *name, const char *base,
		       const struct traffic *t, const struct result *r);
