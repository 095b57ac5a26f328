/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What the hooks in 8139cp call. */
#ifndef CP_VALE_H
#define CP_VALE_H

#include <linux/workqueue.h>

#include "realtek.h"

struct cp_private;

struct cp_vale {
	struct vale_native *native;
	struct vale_rtl rtl;	/* but for `own` under cp->lock, too */
	struct work_struct reset;
};

static void cp_vale_attach(struct cp_private *cp);
static void cp_vale_detach(struct cp_private *cp);
/* The hardware is stopped. */
static void cp_vale_down(struct cp_private *cp);
static void cp_vale_suspend(struct cp_private *cp);
/* The hardware has been given no ring yet. */
static void cp_vale_rx_init(struct cp_private *cp);
/* The hardware runs. */
static void cp_vale_tx_init(struct cp_private *cp);
static bool cp_vale_rx_irq(struct cp_private *cp);
static void cp_vale_tx_irq(struct cp_private *cp);
static void cp_vale_tx_poll(struct cp_private *cp);
/* Under cp->lock: the poll routine is to run, and was not. */
static bool cp_vale_schedule(struct cp_private *cp);
/* Under cp->lock: the stack's frame has to wait. */
static bool cp_vale_xmit(struct cp_private *cp);
/* Under cp->lock: it is reset elsewhere. */
static bool cp_vale_timeout(struct cp_private *cp);

#endif /* CP_VALE_H */
