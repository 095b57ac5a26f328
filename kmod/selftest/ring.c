// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#include "../core/ring.h"
#include "selftest.h"

/* n = 8; accepted head, published tail, kernel's hwcur and hwtail */
static bool tx(u32 was, u32 tail, u32 head, u32 cur)
{
	struct vale_pos p = { 8, was, was, tail, 6, 5 };
	bool ok = vale_ring_accept_tx(&p, head, cur);

	if (ok)
		return p.head == head && p.cur == cur && p.tail == tail;
	if (p.head != 6 || p.cur != 6 || p.tail != 5)
		pr_err("vale: rejected ring not set to the kernel's\n");
	return false;
}

static bool rx(u32 hwcur, u32 tail, u32 head, u32 cur)
{
	struct vale_pos p = { 8, 1, 1, tail, hwcur, 7 };
	bool ok = vale_ring_accept_rx(&p, head, cur);

	if (ok)
		return p.head == head && p.cur == cur && p.tail == tail;
	if (p.head != hwcur || p.cur != hwcur || p.tail != 7)
		pr_err("vale: rejected ring not set to the kernel's\n");
	return false;
}

static bool arithmetic(void)
{
	CASE(vale_ring_next(0, 8) == 1);
	CASE(vale_ring_next(7, 8) == 0);
	CASE(vale_ring_next(0, 1) == 0);
	CASE(vale_ring_prev(0, 8) == 7);
	CASE(vale_ring_prev(7, 8) == 6);
	CASE(vale_ring_add(6, 1, 8) == 7);
	CASE(vale_ring_add(6, 2, 8) == 0);
	CASE(vale_ring_add(6, 8, 8) == 6);
	CASE(vale_ring_distance(3, 3, 8) == 0);
	CASE(vale_ring_distance(3, 2, 8) == 7);
	CASE(vale_ring_distance(2, 3, 8) == 1);
	return true;
}

bool vale_selftest_ring(void)
{
	CASE(arithmetic());

	CASE(tx(0, 7, 0, 0));	/* nothing new */
	CASE(tx(0, 7, 7, 7));	/* all of it */
	CASE(tx(0, 7, 3, 5));	/* looks ahead */
	CASE(tx(0, 7, 0, 7));	/* looks ahead to the end */
	CASE(!tx(0, 7, 5, 3));	/* cur behind head */
	CASE(!tx(0, 6, 7, 7));	/* beyond tail */
	CASE(!tx(0, 6, 6, 7));
	CASE(!tx(1, 6, 0, 0));	/* backwards */
	CASE(!tx(1, 6, 0, 3));
	CASE(tx(6, 5, 2, 4));	/* around the end */
	CASE(tx(6, 5, 5, 5));
	CASE(!tx(6, 4, 5, 5));
	CASE(!tx(6, 4, 7, 6));
	CASE(tx(3, 3, 3, 3));	/* full */
	CASE(!tx(3, 3, 4, 4));
	CASE(!tx(0, 7, 8, 8));	/* not on the ring */
	CASE(!tx(0, 7, 0, 8));
	CASE(!tx(3, 1, 8, 0));
	CASE(!tx(3, 1, 4, 8));
	CASE(!tx(0, 7, 0xffffffff, 0xffffffff));

	CASE(rx(0, 5, 0, 0));
	CASE(rx(0, 5, 5, 5));
	CASE(rx(0, 5, 2, 4));
	CASE(!rx(0, 5, 6, 6));
	CASE(!rx(0, 5, 4, 2));
	CASE(!rx(2, 5, 1, 3));	/* released twice */
	CASE(rx(6, 1, 7, 0));
	CASE(!rx(6, 1, 7, 2));
	CASE(rx(4, 4, 4, 4));	/* empty */
	CASE(!rx(4, 4, 5, 5));
	CASE(!rx(0, 5, 8, 8));
	return true;
}
