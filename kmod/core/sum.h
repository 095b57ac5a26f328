/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef VALE_CORE_SUM_H
#define VALE_CORE_SUM_H

#include <asm/byteorder.h>
#include <linux/types.h>

/*
 * The Internet checksum, in whatever byte order memory has: the sum of 16-bit
 * words of memory, to be stored as it is.
 */
static inline u64 vale_sum(u64 sum, const u8 *from, u32 len)
{
	u32 word;
	u16 half;

	for (; len >= 4; len -= 4, from += 4) {
		__builtin_memcpy(&word, from, 4);
		sum += word;
	}
	if (len & 2) {
		__builtin_memcpy(&half, from, 2);
		sum += half;
		from += 2;
	}
	if (len & 1)
		sum += (__force u16)__cpu_to_be16(*from << 8);
	return sum;
}

/* A number as it would lie in a header. */
static inline u64 vale_sum_16(u64 sum, u16 number)
{
	return sum + (__force u16)__cpu_to_be16(number);
}

static inline u16 vale_sum_fold(u64 sum)
{
	sum = (sum & 0xffffffff) + (sum >> 32);
	sum = (sum & 0xffff) + (sum >> 16 & 0xffff) + (sum >> 32);
	sum = (sum & 0xffff) + (sum >> 16);
	return (sum & 0xffff) + (sum >> 16);
}

/* What begins behind an odd number of bytes of the whole. */
static inline u64 vale_sum_odd(u16 folded)
{
	return (u16)(folded << 8 | folded >> 8);
}

#endif /* VALE_CORE_SUM_H */
