/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef VALE_MONITOR_H
#define VALE_MONITOR_H

#include "port.h"

/* A port that shows what passes through the rings of another. */
struct vale_monitor {
	struct vale_port port;
	struct vale_port *observed;	/* NULL: it is an orphan */
	struct list_head list;		/* observed->monitors */
	bool zero_copy;
	bool orphan;
	u64 directions;			/* NR_MONITOR_TX, NR_MONITOR_RX */
	struct list_head *taps;		/* by RX ring: what fills it */
};

static inline struct vale_monitor *vale_monitor_of(struct vale_port *port)
{
	return container_of(port, struct vale_monitor, port);
}

/* monitor_port.c */
bool vale_port_is_monitor(const struct vale_port *port);

/*
 * The port's last user leaves: its monitors see nothing any more. The caller
 * waits for a grace period. Under vn->lock.
 */
void vale_monitor_orphan(struct vale_port *port);

/*
 * The port operations of a ring that monitors observe (ring->watched), and
 * what they see of it. The gate is held. `before`: the head accepted before.
 */
int vale_monitor_txsync(struct vale_ring *ring, u32 before, int flags);
int vale_monitor_rxsync(struct vale_ring *ring, int flags);

/* The gate of a watched ring was left: let in who found it taken. */
void vale_monitor_left(struct vale_ring *ring);

/* New packets wait for a watched RX ring. Any context. */
void vale_monitor_wake(struct vale_ring *ring);

/* Take in what waits for the rings that this one of a monitor shows. */
void vale_monitor_sync_observed(struct vale_ring *ring);

/* Join a monitor's open rings to the observed ones, 0 or -ENOMEM; and undo,
 * before a grace period. Under vn->lock.
 */
int vale_monitor_tap(struct vale_monitor *m);
void vale_monitor_untap(struct vale_monitor *m);

#endif /* VALE_MONITOR_H */
