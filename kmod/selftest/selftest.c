// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#include <linux/errno.h>

#include "selftest.h"

static const struct {
	const char *name;
	bool (*run)(void);
} units[] = {
	{ "ring", vale_selftest_ring },
	{ "bufs", vale_selftest_bufs },
	{ "lease", vale_selftest_lease },
	{ "fdb", vale_selftest_fdb },
	{ "copy", vale_selftest_copy },
	{ "gather", vale_selftest_gather },
	{ "classify", vale_selftest_classify },
	{ "deliver", vale_selftest_deliver },
	{ "exchange", vale_selftest_exchange },
	{ "swap", vale_selftest_swap },
	{ "flow", vale_selftest_flow },
	{ "name", vale_selftest_name },
	{ "req", vale_selftest_req },
	{ "layout", vale_selftest_layout },
	{ "pipe", vale_selftest_pipe },
	{ "mirror", vale_selftest_mirror },
	{ "vnet", vale_selftest_vnet },
	{ "offsets", vale_selftest_offsets },
	{ "confine", vale_selftest_confine },
};

int vale_selftest(void)
{
	size_t i;

	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (!units[i].run()) {
			pr_err("vale: selftest of %s failed\n", units[i].name);
			return -ENOTRECOVERABLE;
		}
	pr_info("vale: selftests passed\n");
	return 0;
}
