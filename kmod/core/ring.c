// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#include "ring.h"

/* base <= head <= cur <= tail, going round from base */
static bool in_order(u32 base, u32 head, u32 cur, u32 tail, u32 n)
{
	u32 to_head, to_cur;

	if (head >= n || cur >= n)
		return false;
	to_head = vale_ring_distance(base, head, n);
	to_cur = vale_ring_distance(base, cur, n);
	return to_head <= to_cur && to_cur <= vale_ring_distance(base, tail, n);
}

static bool accept(struct vale_pos *pos, u32 base, u32 head, u32 cur)
{
	if (in_order(base, head, cur, pos->tail, pos->n)) {
		pos->head = head;
		pos->cur = cur;
		return true;
	}
	pos->head = pos->hwcur;
	pos->cur = pos->hwcur;
	pos->tail = pos->hwtail;
	return false;
}

bool vale_ring_accept_tx(struct vale_pos *pos, u32 head, u32 cur)
{
	return accept(pos, pos->head, head, cur);
}

bool vale_ring_accept_rx(struct vale_pos *pos, u32 head, u32 cur)
{
	return accept(pos, pos->hwcur, head, cur);
}
