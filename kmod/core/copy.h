/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef VALE_CORE_COPY_H
#define VALE_CORE_COPY_H

#include <linux/compiler.h>
#include <linux/types.h>

/*
 * Exactly len bytes, nothing behind them, in general registers. Up to
 * VALE_COPY_SHORT in blocks, the last of which overlaps the one before:
 *
 *   |<---- block ---->|<---- block ---->|<- rest ->|
 *                               |<---- block ----->|
 */
#define VALE_COPY_SHORT 128

/* Provided by the embedder: more than VALE_COPY_SHORT bytes, exactly len. */
void vale_copy_long(u8 *to, const u8 *from, u32 len);

static inline void vale_copy_16(u8 *to, const u8 *from)
{
	u64 a, b;

	__builtin_memcpy(&a, from, 8);
	__builtin_memcpy(&b, from + 8, 8);
	__builtin_memcpy(to, &a, 8);
	__builtin_memcpy(to + 8, &b, 8);
}

static inline void vale_copy_32(u8 *to, const u8 *from)
{
	vale_copy_16(to, from);
	vale_copy_16(to + 16, from + 16);
}

static inline void vale_copy_64(u8 *to, const u8 *from)
{
	vale_copy_32(to, from);
	vale_copy_32(to + 32, from + 32);
}

static inline void vale_copy_tiny(u8 *to, const u8 *from, u32 len)
{
	u32 i;

	for (i = 0; i < len; i++)
		to[i] = from[i];
}

static inline void vale_copy(u8 *to, const u8 *from, u32 len)
{
	u32 last;

	if (likely(len - 33 < 32)) {
		vale_copy_32(to, from);
		vale_copy_32(to + len - 32, from + len - 32);
		return;
	}
	if (len > VALE_COPY_SHORT) {
		vale_copy_long(to, from, len);
		return;
	}
	if (len > 64) {
		last = len - 64;
		vale_copy_64(to + last, from + last);
		for (; len > 64; len -= 64, to += 64, from += 64)
			vale_copy_64(to, from);
		return;
	}
	if (len >= 16) {
		vale_copy_16(to, from);
		vale_copy_16(to + len - 16, from + len - 16);
		return;
	}
	vale_copy_tiny(to, from, len);
}

#endif /* VALE_CORE_COPY_H */
