/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef VALE_EVENT_H
#define VALE_EVENT_H

#include <linux/types.h>
#include <linux/vale.h>

struct vale_member;
struct vale_switch;

/* Multicast at once. Under vn->lock; may sleep. */
void vale_event_switch(enum vale_event type, const struct vale_switch *sw);
void vale_event_member(enum vale_event type, const struct vale_member *m);

/*
 * MAC events come from the forwarding path: they are queued (bounded; what
 * does not fit is counted and reported as EVENTS_LOST) and sent by a work item.
 * The caller holds sw->fdb_lock.
 */
int vale_events_start(struct vale_switch *sw);
void vale_events_stop(struct vale_switch *sw);
void vale_event_mac(enum vale_event type, struct vale_switch *sw, u64 mac,
		    u8 port, u8 old);

int vale_genl_init(void);
void vale_genl_fini(void);

#endif /* VALE_EVENT_H */
