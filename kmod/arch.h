/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What only some processors have; the only place that asks which one it is. */
#ifndef VALE_ARCH_H
#define VALE_ARCH_H

#include <linux/kasan-checks.h>
#include <linux/types.h>

#ifdef CONFIG_X86_64
#include <asm/cpufeature.h>

/* len >= 8 bytes by string instruction. False: this CPU has no good one. */
static inline bool vale_arch_copy(u8 *to, const u8 *from, u32 len)
{
	unsigned long words = len / 8;

	if (!static_cpu_has(X86_FEATURE_REP_GOOD))
		return false;
	kasan_check_read(from, len);
	kasan_check_write(to, len);
	/* the end first: it overlaps the last word */
	__builtin_memcpy(to + len - 8, from + len - 8, 8);
	asm volatile("rep movsq"
		     : "+D"(to), "+S"(from), "+c"(words)
		     :
		     : "memory");
	return true;
}
#else
static inline bool vale_arch_copy(u8 *to, const u8 *from, u32 len)
{
	return false;
}
#endif

#endif /* VALE_ARCH_H */
