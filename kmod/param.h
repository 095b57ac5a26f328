/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef VALE_PARAM_H
#define VALE_PARAM_H

#include "core/layout.h"

/*
 * The historical parameters (SEMANTICS section 10), shown under both
 * /sys/module/vale/parameters and, by the stub module netmap.ko,
 * /sys/module/netmap/parameters. Written by sysfs at any time: read once.
 */
struct vale_params {
	int verbose;
	int no_timestamp;
	int no_pendintr;
	int txsync_retry;
	int fwd;
	int admode;
	int generic_hwcsum;
	int generic_mit;
	int generic_ringsize;
	int generic_rings;
	int generic_txqdisc;
	int generic_zcopy;
	int ptnet_vnet_hdr;
	int bridge_batch;
	int max_bridges;
	int default_pipes;
	int sink_delay_ns;
	unsigned int size[VALE_POOLS];		/* global region */
	unsigned int num[VALE_POOLS];
	unsigned int curr_size[VALE_POOLS];
	unsigned int curr_num[VALE_POOLS];
	unsigned int priv_size[VALE_POOLS];	/* private regions, minimum */
	unsigned int priv_num[VALE_POOLS];
	int priv_buf_colour;
};

extern struct vale_params vale_param;

/* One module_param_named per row, for whichever module includes it. */
#define VALE_PARAMS(P)					\
	P(verbose, verbose, int, 0644)			\
	P(no_timestamp, no_timestamp, int, 0644)	\
	P(no_pendintr, no_pendintr, int, 0644)		\
	P(txsync_retry, txsync_retry, int, 0644)	\
	P(fwd, fwd, int, 0644)				\
	P(admode, admode, int, 0644)			\
	P(generic_hwcsum, generic_hwcsum, int, 0644)	\
	P(generic_mit, generic_mit, int, 0644)		\
	P(generic_ringsize, generic_ringsize, int, 0644) \
	P(generic_rings, generic_rings, int, 0644)	\
	P(generic_txqdisc, generic_txqdisc, int, 0644)	\
	P(generic_zcopy, generic_zcopy, int, 0644)	\
	P(ptnet_vnet_hdr, ptnet_vnet_hdr, int, 0644)	\
	P(bridge_batch, bridge_batch, int, 0644)	\
	P(max_bridges, max_bridges, int, 0444)		\
	P(default_pipes, default_pipes, int, 0644)	\
	P(sink_delay_ns, sink_delay_ns, int, 0644)	\
	P(priv_buf_colour, priv_buf_colour, int, 0644)	\
	VALE_POOL_PARAMS(P, if, VALE_POOL_IF)		\
	VALE_POOL_PARAMS(P, ring, VALE_POOL_RING)	\
	VALE_POOL_PARAMS(P, buf, VALE_POOL_BUF)

#define VALE_POOL_PARAMS(P, pool, i)				\
	P(pool##_size, size[i], uint, 0644)			\
	P(pool##_num, num[i], uint, 0644)			\
	P(pool##_curr_size, curr_size[i], uint, 0444)		\
	P(pool##_curr_num, curr_num[i], uint, 0444)		\
	P(priv_##pool##_size, priv_size[i], uint, 0644)	\
	P(priv_##pool##_num, priv_num[i], uint, 0644)

#define VALE_PARAM_DEFINE(name, field, type, mode) \
	module_param_named(name, vale_param.field, type, mode);

#endif /* VALE_PARAM_H */
