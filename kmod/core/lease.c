// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#include <asm/barrier.h>
#include <linux/string.h>

#include "lease.h"

void vale_lease_init(struct vale_lease *lease, u32 *done, u32 n)
{
	lease->n = n;
	lease->done = done;
	vale_lease_reset(lease, 0);
}

void vale_lease_reset(struct vale_lease *lease, u32 pos)
{
	lease->next = pos;
	lease->tail = pos;
	lease->waiting = 0;
	memset(lease->done, 0, lease->n * sizeof(*lease->done));
}

bool vale_lease_shrink(struct vale_lease *lease, u32 start, u32 k, u32 unused)
{
	if (vale_ring_add(start, k, lease->n) != lease->next)
		return false;
	lease->next = vale_ring_add(start, k - unused, lease->n);
	return true;
}

bool vale_lease_complete(struct vale_lease *lease, u32 start, u32 k)
{
	u32 tail, done;

	if (!k)		/* shrunk to nothing: start may be another's by now */
		return false;
	if (start != lease->tail) {
		lease->done[start] = 1 + k;
		lease->waiting++;
		return false;
	}
	tail = vale_ring_add(start, k, lease->n);
	while (lease->waiting && (done = lease->done[tail])) {
		lease->done[tail] = 0;
		lease->waiting--;
		tail = vale_ring_add(tail, done - 1, lease->n);
	}
	/* (O) slots before tail; partner: vale_lease_published */
	smp_store_release(&lease->tail, tail);
	return true;
}
