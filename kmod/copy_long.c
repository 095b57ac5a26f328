// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Owns the copying of long pieces of frames for the core. The kernel's memcpy
 * uses string instructions only where FSRM says that they are fast for short
 * pieces too, and moves words one by one elsewhere (User Mode Linux, many
 * Intel CPUs). Long ones profit from them much earlier.
 */
#include <linux/string.h>

#include "arch.h"
#include "core/copy.h"

void vale_copy_long(u8 *to, const u8 *from, u32 len)
{
	if (!vale_arch_copy(to, from, len))
		memcpy(to, from, len);
}
