/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once
#include <stdint.h>

struct pktgen {
	uint8_t dst[6];
	uint8_t src[6];
	unsigned int len;
	unsigned int count;
	unsigned int burst;	/* 0: sent on the netdev; else received on it,
				 * so many at a time */
	unsigned int streams;	/* source addresses, in turn; at least 1 */
};

/* The kernel's packet generator, one thread; the module is loaded. */
void pktgen_setup(const char *dev, const struct pktgen *p);
/* Send them all; the time it took in ns. */
double pktgen_run(const char *dev);
