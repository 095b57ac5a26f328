/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef VALE_PIPE_H
#define VALE_PIPE_H

#include "port.h"

struct nmreq_register;
struct vale_pipe_name;

/* All under RTNL and the parent's vn->lock; the end named, with a reference. */

/* NULL: the parent has no such pipe. */
struct vale_port *vale_pipe_find(struct vale_port *parent,
				 const struct vale_pipe_name *name);

/* Make both ends; reg, clamped, says how the master looks. ERR_PTR. */
struct vale_port *vale_pipe_create(struct vale_port *parent,
				   const struct vale_pipe_name *name,
				   struct nmreq_register *reg);

/* The same, only to be looked at: in the parent's region if it has one. */
struct vale_port *vale_pipe_preview(struct vale_port *parent,
				    const struct vale_pipe_name *name,
				    struct nmreq_register *reg);

#endif /* VALE_PIPE_H */
