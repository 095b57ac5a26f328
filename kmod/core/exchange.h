/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef VALE_CORE_EXCHANGE_H
#define VALE_CORE_EXCHANGE_H

#include "fwd.h"

/* One region, and one destination? Flooded ones have others. */
bool vale_batch_may_exchange(const struct vale_batch *b,
			     const struct vale_cursor *c,
			     const struct vale_window *w);

/*
 * Part of vale_batch_copy: as many of the next `most` packets as are plain, of
 * one good fragment each, give their buffers away; returns how many.
 */
u32 vale_batch_exchange(const struct vale_batch *b, struct vale_cursor *c,
			u32 most, struct vale_window *w,
			struct vale_copied *done);

#endif /* VALE_CORE_EXCHANGE_H */
