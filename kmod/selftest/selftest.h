/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef VALE_SELFTEST_H
#define VALE_SELFTEST_H

#include <linux/printk.h>
#include <linux/types.h>

/*
 * One function per core unit, linked into vale.ko when VALE_SELFTEST=y and
 * run first at load, and into a userspace binary under the sanitizers. Each is
 * a list of cases, one a line; the first that fails names itself.
 */
#define CASE(cond)							\
	do {								\
		if (!(cond)) {						\
			pr_err("vale: selftest %s:%d failed: %s\n",	\
			       __FILE__, __LINE__, #cond);		\
			return false;					\
		}							\
	} while (0)

bool vale_selftest_ring(void);
bool vale_selftest_bufs(void);
bool vale_selftest_lease(void);
bool vale_selftest_fdb(void);
bool vale_selftest_copy(void);
bool vale_selftest_gather(void);
bool vale_selftest_classify(void);
bool vale_selftest_deliver(void);
bool vale_selftest_exchange(void);
bool vale_selftest_swap(void);
bool vale_selftest_flow(void);
bool vale_selftest_name(void);
bool vale_selftest_req(void);
bool vale_selftest_layout(void);
bool vale_selftest_pipe(void);
bool vale_selftest_mirror(void);
bool vale_selftest_vnet(void);
bool vale_selftest_offsets(void);
bool vale_selftest_confine(void);

/* All of them: 0, or -ENOTRECOVERABLE. */
int vale_selftest(void);

#endif /* VALE_SELFTEST_H */
