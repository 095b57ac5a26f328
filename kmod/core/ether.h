/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef VALE_CORE_ETHER_H
#define VALE_CORE_ETHER_H

#include <asm/byteorder.h>
#include <linux/types.h>

#define VALE_MAC_MASK	((1ull << 48) - 1)
#define VALE_MAC_NONE	(~0ull)		/* no address is like this */

/* MAC addresses as fdb.h has them. */
struct vale_ether {
	u64 dst;
	u64 src;
};

/* The header's first 14 bytes in two loads; each byte is used once. */
static inline struct vale_ether vale_ether_load(const u8 *data)
{
	u64 dst, src;

	__builtin_memcpy(&dst, data, 8);
	__builtin_memcpy(&src, data + 6, 8);
	return (struct vale_ether){
		.dst = __le64_to_cpu((__force __le64)dst) & VALE_MAC_MASK,
		.src = __le64_to_cpu((__force __le64)src) & VALE_MAC_MASK,
	};
}

#endif /* VALE_CORE_ETHER_H */
