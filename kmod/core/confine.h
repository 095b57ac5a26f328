/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef VALE_CORE_CONFINE_H
#define VALE_CORE_CONFINE_H

#include <linux/types.h>
#include <net/netmap.h>
#include <linux/vale.h>

/* What a confined descriptor may open. */
struct vale_confine_port {
	char name[VALE_NAME_SIZE];
	u16 mem_id;	/* of its region */
};

/* Is it, VALE_NAME_SIZE bytes, the name of a switch's port? 0, -EINVAL. */
int vale_confine_check_name(const char *name);

/*
 * May a confined descriptor ask for this? Whatever it may not name makes no
 * difference: 0 or -EPERM, for a port that exists as for one that does not.
 */
int vale_confine_check(const struct vale_confine_port *port,
		       const struct nmreq_header *hdr, const void *body);

/* And may these options be in it? */
struct vale_opts;
int vale_confine_check_options(const struct vale_opts *opts);

#endif /* VALE_CORE_CONFINE_H */
