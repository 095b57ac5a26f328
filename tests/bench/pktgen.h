/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once
#include <stdint.h>

/* The kernel's packet generator, one thread; the module is loaded. */
void pktgen_setup(const char *dev, const uint8_t dst[6], const uint8_t src[6],
		  unsigned int len, unsigned int count);
/* Send them all; the time it took in ns. */
double pktgen_run(const char *dev);
