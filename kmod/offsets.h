/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef VALE_OFFSETS_H
#define VALE_OFFSETS_H

#include "handle.h"

struct vale_opts;

/*
 * What the option asks for, on the handle's rings, none of which is on yet for
 * it. 0 (also if it is not there), -EINVAL, -EBUSY, -EOPNOTSUPP; the option
 * says so, too.
 */
int vale_offsets_install(struct vale_handle *h, struct vale_port *port,
			 struct vale_opts *opts);

/* The last user of a ring that stays is gone. */
void vale_offsets_clear(struct vale_ring *ring);

#endif /* VALE_OFFSETS_H */
