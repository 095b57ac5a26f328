// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#include <linux/string.h>

#include "../core/copy.h"
#include "selftest.h"

#define LONGEST	600u
#define GUARD	0xa5

static u8 from[LONGEST];
static u8 to[LONGEST + 2];

/* Every byte of len copied, the one before and all behind untouched. */
static bool exact(u32 len)
{
	u32 i;

	memset(to, GUARD, sizeof(to));
	vale_copy(to + 1, from, len);
	if (to[0] != GUARD || memcmp(to + 1, from, len))
		return false;
	for (i = len + 1; i < sizeof(to); i++)
		if (to[i] != GUARD)
			return false;
	return true;
}

bool vale_selftest_copy(void)
{
	u32 len, i;

	for (i = 0; i < LONGEST; i++)
		from[i] = i % 163;	/* never GUARD, no short period */
	for (len = 0; len <= LONGEST; len++)
		CASE(exact(len));
	return true;
}
