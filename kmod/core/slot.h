/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef VALE_CORE_SLOT_H
#define VALE_CORE_SLOT_H

#include <linux/compiler.h>
#include <linux/types.h>
#include <net/netmap.h>

/* What a slot said at one moment: its first eight bytes in one load. */
union vale_slot_word {
	u64 all;
	struct {
		u32 buf_idx;
		u16 len;
		u16 flags;
	};
};

static inline union vale_slot_word vale_slot_read(const struct netmap_slot *slot)
{
	return (union vale_slot_word){ .all = READ_ONCE(*(const u64 *)slot) };
}

static inline void vale_slot_write(struct netmap_slot *slot,
				   union vale_slot_word w)
{
	WRITE_ONCE(*(u64 *)slot, w.all);
}

#endif /* VALE_CORE_SLOT_H */
