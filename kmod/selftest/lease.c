// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#include "../core/lease.h"
#include "selftest.h"

#define N 8

static u32 done[N];

static bool rooms(void)
{
	struct vale_lease l;

	vale_lease_init(&l, done, N);
	CASE(vale_lease_room(&l, 0) == 7);
	CASE(vale_lease_reserve(&l, 3) == 0);
	CASE(vale_lease_room(&l, 0) == 4);
	CASE(vale_lease_room(&l, 2) == 6);	/* receiver released two */
	CASE(vale_lease_reserve(&l, 4) == 3);
	CASE(vale_lease_room(&l, 0) == 0);
	CASE(vale_lease_room(&l, 5) == 5);
	vale_lease_reset(&l, 6);
	CASE(l.next == 6 && l.tail == 6);
	CASE(vale_lease_room(&l, 6) == 7);
	return true;
}

static bool in_order(void)
{
	struct vale_lease l;

	vale_lease_init(&l, done, N);
	CASE(vale_lease_reserve(&l, 3) == 0);
	CASE(vale_lease_complete(&l, 0, 3));
	CASE(l.tail == 3);
	CASE(vale_lease_reserve(&l, 5) == 3);	/* up to the end of the ring */
	CASE(vale_lease_complete(&l, 3, 5));
	CASE(l.tail == 0);
	return true;
}

/* A sender alone. */
static bool at_once(void)
{
	struct vale_lease l;

	vale_lease_init(&l, done, N);
	vale_lease_reset(&l, 5);
	CASE(vale_lease_is_idle(&l));
	vale_lease_pass(&l, 3);
	CASE(vale_lease_is_idle(&l) && vale_lease_published(&l) == 0);
	CASE(vale_lease_room(&l, 5) == 4);
	vale_lease_reserve(&l, 2);
	CASE(!vale_lease_is_idle(&l) && vale_lease_published(&l) == 0);
	CASE(vale_lease_complete(&l, 0, 2));
	CASE(vale_lease_is_idle(&l) && vale_lease_published(&l) == 2);
	return true;
}

static bool out_of_order(void)
{
	struct vale_lease l;

	vale_lease_init(&l, done, N);
	vale_lease_reset(&l, 5);
	CASE(vale_lease_reserve(&l, 2) == 5);
	CASE(vale_lease_reserve(&l, 1) == 7);
	CASE(vale_lease_reserve(&l, 2) == 0);
	CASE(!vale_lease_complete(&l, 0, 2));
	CASE(!vale_lease_complete(&l, 7, 1));
	CASE(l.tail == 5);
	CASE(vale_lease_complete(&l, 5, 2));	/* sets all three free */
	CASE(l.tail == 2);
	CASE(vale_lease_reserve(&l, 2) == 2);
	CASE(vale_lease_complete(&l, 2, 2));
	CASE(vale_lease_reserve(&l, 4) == 4);
	CASE(vale_lease_reserve(&l, 1) == 0);
	CASE(vale_lease_reserve(&l, 1) == 1);
	CASE(!vale_lease_complete(&l, 1, 1));
	CASE(vale_lease_complete(&l, 4, 4));	/* no mark was left behind */
	CASE(l.tail == 0);
	CASE(vale_lease_complete(&l, 0, 1));
	CASE(l.tail == 2);
	return true;
}

static bool shrinking(void)
{
	struct vale_lease l;

	vale_lease_init(&l, done, N);
	CASE(vale_lease_reserve(&l, 4) == 0);
	CASE(vale_lease_shrink(&l, 0, 4, 1));	/* the newest: given back */
	CASE(l.next == 3);
	CASE(vale_lease_reserve(&l, 2) == 3);
	CASE(!vale_lease_shrink(&l, 0, 3, 1));	/* one follows */
	CASE(l.next == 5);
	CASE(vale_lease_shrink(&l, 3, 2, 2));	/* all of it */
	CASE(l.next == 3);
	CASE(!vale_lease_complete(&l, 3, 0));
	CASE(!vale_lease_complete(&l, l.tail, 0));
	CASE(vale_lease_reserve(&l, 1) == 3);	/* by somebody else */
	CASE(!vale_lease_complete(&l, 3, 1));
	CASE(vale_lease_complete(&l, 0, 3));
	CASE(l.tail == 4);
	vale_lease_reset(&l, 6);
	CASE(vale_lease_reserve(&l, 7) == 6);
	CASE(vale_lease_shrink(&l, 6, 7, 6));	/* back over the end */
	CASE(l.next == 7);
	return true;
}

bool vale_selftest_lease(void)
{
	CASE(rooms());
	CASE(in_order());
	CASE(at_once());
	CASE(out_of_order());
	CASE(shrinking());
	return true;
}
