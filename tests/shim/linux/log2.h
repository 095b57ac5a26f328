/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once
#include <linux/types.h>

#define ilog2(n) ((n) ? 63 - __builtin_clzll(n) : 0)
static inline bool is_power_of_2(unsigned long n)
{
	return n && !(n & (n - 1));
}
