// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#include <linux/string.h>

#include "../core/pipe.h"
#include "selftest.h"

#define N 8u

static struct netmap_slot tx[N], rx[N];

static void fill(void)
{
	u32 i;

	memset(rx, 0, sizeof(rx));
	for (i = 0; i < N; i++)
		tx[i] = (struct netmap_slot){
			.buf_idx = 100 + i, .len = 60 + i, .ptr = 1000 + i
		};
}

static bool same(const struct netmap_slot *a, const struct netmap_slot *b)
{
	return !memcmp(a, b, sizeof(*a));
}

static bool empty(u32 from, u32 to)
{
	static const struct netmap_slot none;

	for (; from < to; from++)
		if (!same(&rx[from], &none))
			return false;
	return true;
}

static bool whole_packets(void)
{
	fill();
	CASE(vale_pipe_send(tx, rx, N, 0, 0, 0) == 0);
	CASE(empty(0, N));
	CASE(vale_pipe_send(tx, rx, N, 0, 3, 0) == 3);
	CASE(same(&tx[0], &rx[0]) && same(&tx[2], &rx[2]) && empty(3, N));
	CASE(vale_pipe_send(tx, rx, N, 3, 1, 3) == 1);
	CASE(same(&tx[7], &rx[7]) && same(&tx[0], &rx[0]));
	CASE(vale_pipe_send(tx, rx, N, 6, 0, 6) == 0);
	return true;
}

/* An unfinished packet is sent along, but not shown. */
static bool hidden(void)
{
	fill();
	tx[2].flags = NS_MOREFRAG;
	tx[3].flags = NS_MOREFRAG;
	CASE(vale_pipe_send(tx, rx, N, 0, 3, 0) == 2);
	CASE(vale_pipe_send(tx, rx, N, 3, 4, 2) == 2);
	CASE(vale_pipe_send(tx, rx, N, 4, 5, 2) == 5);
	CASE(same(&tx[3], &rx[3]));
	tx[7].flags = NS_MOREFRAG;
	CASE(vale_pipe_send(tx, rx, N, 7, 0, 7) == 7);
	CASE(vale_pipe_send(tx, rx, N, 0, 1, 7) == 1);
	return true;
}

/* The other end is told of a new buffer, each time once. */
static bool changed_buffers(void)
{
	fill();
	tx[1].flags = NS_BUF_CHANGED | NS_REPORT;
	vale_pipe_send(tx, rx, N, 0, 2, 0);
	CASE(rx[1].flags == (NS_BUF_CHANGED | NS_REPORT));
	CASE(tx[1].flags == NS_REPORT);
	rx[0].buf_idx = 7;
	rx[0].flags = NS_BUF_CHANGED;
	rx[1].flags = 0;
	vale_pipe_return(tx, rx, N, 0, 2);
	CASE(tx[0].buf_idx == 7 && tx[0].flags == NS_BUF_CHANGED);
	CASE(rx[0].flags == 0);
	CASE(tx[1].flags == 0);
	return true;
}

static bool returned(void)
{
	fill();
	vale_pipe_send(tx, rx, N, 6, 2, 6);
	rx[7].buf_idx = 50;
	rx[0].buf_idx = 51;
	rx[1].buf_idx = 52;
	vale_pipe_return(tx, rx, N, 6, 1);
	CASE(tx[6].buf_idx == 106 && tx[7].buf_idx == 50);
	CASE(tx[0].buf_idx == 51 && tx[1].buf_idx == 101);
	return true;
}

bool vale_selftest_pipe(void)
{
	CASE(whole_packets());
	CASE(hidden());
	CASE(changed_buffers());
	CASE(returned());
	return true;
}
