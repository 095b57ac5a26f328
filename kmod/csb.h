/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef VALE_CSB_H
#define VALE_CSB_H

#include <linux/wait.h>
#include <net/netmap.h>

struct vale_handle;
struct vale_port;
struct vale_request;

/*
 * Control and status blocks in user memory stand in for head, cur and tail of
 * a handle's rings: one entry each, TX rings first. What is read there is
 * believed as little as the rings are.
 */
struct vale_csb {
	struct nm_csb_atok __user *atok;
	struct nm_csb_ktoa __user *ktoa;
};

/* The loop of a handle that syncs its rings in the caller's stead. */
struct vale_kloop {
	unsigned long state;		/* VALE_KLOOP_* */
	wait_queue_head_t wait;		/* the loop, and who stops it */
};

enum { VALE_KLOOP_RUNNING, VALE_KLOOP_STOP };

int vale_csb_enable(struct vale_request *req);
/* REGISTER's option, 0 if there is none; the handle is bound to port, and
 * nobody knows yet. Under h->lock.
 */
int vale_csb_register(struct vale_request *req, struct vale_port *port);
void vale_csb_drop(struct vale_handle *h);

/* kloop.c */
int vale_kloop_start(struct vale_request *req);
int vale_kloop_stop(struct vale_request *req);

#endif /* VALE_CSB_H */
