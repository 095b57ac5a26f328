/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef VALE_CORE_RING_H
#define VALE_CORE_RING_H

#include <linux/types.h>

/*
 * Positions of one ring of n slots, all modulo n. head, cur and tail are what
 * was last accepted from and published to the program; hwcur and hwtail are
 * the kernel's:
 *
 *   TX   hwcur .. head   submitted, not yet taken by the kernel
 *        head .. hwtail  free for the program (tail = hwtail at last sync)
 *   RX   hwcur .. hwtail filled (hwcur = release point)
 *        head .. tail    the program's
 */
struct vale_pos {
	u32 n;
	u32 head;
	u32 cur;
	u32 tail;
	u32 hwcur;
	u32 hwtail;
};

static inline u32 vale_ring_next(u32 i, u32 n)
{
	return i + 1 == n ? 0 : i + 1;
}

/* i + k for k <= n */
static inline u32 vale_ring_add(u32 i, u32 k, u32 n)
{
	i += k;
	return i >= n ? i - n : i;
}

/* slots from a to b, going up */
static inline u32 vale_ring_distance(u32 a, u32 b, u32 n)
{
	return b >= a ? b - a : b + n - a;
}

/* i - 1 */
static inline u32 vale_ring_prev(u32 i, u32 n)
{
	return i ? i - 1 : n - 1;
}

/*
 * Accept head and cur as read once from shared memory (SEMANTICS 4.2).
 * True: pos->head and pos->cur updated. False: pos->head = pos->cur =
 * pos->hwcur and pos->tail = pos->hwtail; the caller publishes these and
 * repairs the slots. For RX, hwtail must have been refreshed by the caller
 * only if the program could have seen it: accepted range ends at pos->tail.
 */
bool vale_ring_accept_tx(struct vale_pos *pos, u32 head, u32 cur);
bool vale_ring_accept_rx(struct vale_pos *pos, u32 head, u32 cur);

#endif /* VALE_CORE_RING_H */
