/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef VALE_TABLE_H
#define VALE_TABLE_H

#include "switch.h"

/* A switch's forwarding table. Everything runs under vn->lock and may sleep. */

/* Of the default size; 0, -ENOMEM. Destroy: nobody forwards any more. */
int vale_table_create(struct vale_switch *sw);
void vale_table_destroy(struct vale_switch *sw);

/* By sw->ageing; also sooner than it was to be. */
void vale_table_schedule_ageing(struct vale_switch *sw);
/* Before what ageing reports to is taken away. */
void vale_table_stop_ageing(struct vale_switch *sw);

/* Up to where to walk from `at` before others get their turn. */
u32 vale_table_stride(const struct vale_fdb *fdb, u32 at);

/* 0, -ENOMEM; what does not fit is forgotten. */
int vale_table_resize(struct vale_switch *sw, u32 entries);

/*
 * Dynamic entries go, of all ports or of one. With `statics` all of a port's do,
 * and none is left behind: a grace period must have passed since it left.
 */
void vale_table_flush(struct vale_switch *sw);
void vale_table_flush_port(struct vale_switch *sw, u8 index, bool statics);

int vale_table_init(void);
void vale_table_fini(void);

#endif /* VALE_TABLE_H */
