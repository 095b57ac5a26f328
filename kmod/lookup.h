/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef VALE_LOOKUP_H
#define VALE_LOOKUP_H

#include <net/netmap.h>

#include "core/name.h"
#include "port.h"

struct vale_kind;
struct vale_vport_spec;

/*
 * A port as a request names it: found, or made as REGISTER makes it.
 *
 *   err = vale_lookup_init(&l, vn, text, reg);     which kind; its own checks
 *   err = vale_lookup_lock(&l, true);              for vale_lookup_get
 *   port = vale_lookup_get(&l);                    ERR_PTR
 *   ... vale_port_release(port), or bind to it
 *   vale_lookup_unlock(&l);
 */
struct vale_lookup {
	struct vale_net *vn;
	const char *text;
	struct nmreq_register *reg;	/* a kind may clamp it */
	const struct vale_kind *kind;
	struct vale_name name;
};

/* Kinds in the order they are tried; the first that matches decides. */
struct vale_kind {
	bool (*match)(const struct vale_lookup *l);
	/* Before any lock: 0 or -errno. Optional. */
	int (*check)(const struct vale_lookup *l);
	bool needs_rtnl;
	/* For whom means to make the port: under RTNL alone. Optional. */
	int (*prepare)(const struct vale_lookup *l);
	/* With a reference; NULL: there is none, make one. Optional. */
	struct vale_port *(*find)(struct vale_lookup *l);
	/* A new one, with a reference. `preview`: only to be looked at, nobody
	 * else can find it, no memory is touched.
	 */
	struct vale_port *(*make)(struct vale_lookup *l, bool preview);
};

int vale_lookup_init(struct vale_lookup *l, struct vale_net *vn,
		     const char *text, struct nmreq_register *reg);
int __must_check vale_lookup_lock(struct vale_lookup *l, bool make);
void vale_lookup_unlock(struct vale_lookup *l);

/* Found; -EINVAL if there is none. */
struct vale_port *vale_lookup_find(struct vale_lookup *l);
/* Found or made; or found, else a preview of what would be made. */
struct vale_port *vale_lookup_get(struct vale_lookup *l);
struct vale_port *vale_lookup_preview(struct vale_lookup *l);

extern const struct vale_kind vale_null_kind;
extern const struct vale_kind vale_monitor_kind;
extern const struct vale_kind vale_pipe_kind;

#endif /* VALE_LOOKUP_H */
