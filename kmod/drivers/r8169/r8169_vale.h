/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What the hooks in r8169 call. */
#ifndef R8169_VALE_H
#define R8169_VALE_H

#include <linux/mutex.h>

#include "realtek.h"

struct rtl8169_private;

struct r8169_vale {
	struct vale_native *native;
	struct vale_rtl rtl;
	struct mutex lock;	/* from a reset's beginning to its end */
	bool napi_off;		/* already, by who resets */
};

static void r8169_vale_attach(struct rtl8169_private *tp);
static void r8169_vale_detach(struct rtl8169_private *tp);
static void r8169_vale_failed(struct rtl8169_private *tp);
static void r8169_vale_lock(struct rtl8169_private *tp);
/* Returns whether the driver may switch its NAPI off. */
static bool r8169_vale_down(struct rtl8169_private *tp);
/* The hardware has been reset. */
static void r8169_vale_clear(struct rtl8169_private *tp);
static bool r8169_vale_rx_init(struct rtl8169_private *tp);
/* The hardware runs: what r8169_vale_lock began ends. */
static void r8169_vale_tx_init(struct rtl8169_private *tp);
static bool r8169_vale_rx_irq(struct rtl8169_private *tp);
static void r8169_vale_tx_irq(struct rtl8169_private *tp);

#endif /* R8169_VALE_H */
