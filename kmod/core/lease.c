// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
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
	u32 done;

	if (!k)		/* shrunk to nothing: start may be another's by now */
		return false;
	if (start != lease->tail) {
		lease->done[start] = 1 + k;
		lease->waiting++;
		return false;
	}
	lease->tail = vale_ring_add(start, k, lease->n);
	while (lease->waiting && (done = lease->done[lease->tail])) {
		lease->done[lease->tail] = 0;
		lease->waiting--;
		lease->tail = vale_ring_add(lease->tail, done - 1, lease->n);
	}
	return true;
}
