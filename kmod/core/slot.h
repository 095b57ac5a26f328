/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef VALE_CORE_SLOT_H
#define VALE_CORE_SLOT_H

#include <linux/compiler.h>
#include <linux/types.h>
#include <net/netmap.h>

/*
 * The first eight bytes of a slot, read in one piece. Slots belong to programs
 * that may change them at any time, so a slot is judged by what one load of it
 * said.
 */
union vale_slot_word {
	u64 all;
	struct {
		u32 buf_idx;
		union {
			struct {
				u16 len;
				u16 flags;
			};
			u32 len_flags;
		};
	};
};

static inline union vale_slot_word vale_slot_read(const struct netmap_slot *slot)
{
	return (union vale_slot_word){ .all = READ_ONCE(*(const u64 *)slot) };
}

/* As the union above has them; compilers put that together piece by piece. */
static inline u32 vale_len_flags(u16 len, u16 flags)
{
	return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ?
		       len | (u32)flags << 16 :
		       flags | (u32)len << 16;
}

static inline bool vale_slot_has(union vale_slot_word w, u16 flags)
{
	return w.len_flags & vale_len_flags(0, flags);
}

/* Length and flags; the buffer stays. */
static inline void vale_slot_fill(struct netmap_slot *slot, u16 len, u16 flags)
{
	WRITE_ONCE(*(u32 *)&slot->len, vale_len_flags(len, flags));
}

static inline void vale_slot_write(struct netmap_slot *slot,
				   union vale_slot_word w)
{
	WRITE_ONCE(*(u64 *)slot, w.all);
}

#endif /* VALE_CORE_SLOT_H */
