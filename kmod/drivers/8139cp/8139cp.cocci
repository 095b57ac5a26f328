// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
//
// Where 8139cp calls vale.ko. A rule's name is also the end of what it inserts (vale_NAME): that is how kmod/drivers/build
// knows that it has matched. The comment before a rule says where it should.

// 8139cp.c: #include <linux/uaccess.h>
@vale_h@
@@
#include <linux/uaccess.h>
+#include "8139cp_vale.h"

// 8139cp.c: struct cp_private
@cp_vale@
@@
struct cp_private {
	...
+	struct cp_vale vale;
};

// 8139cp.c: cp_init_one
@vale_attach@
symbol cp;
identifier dev, rc;
@@
cp_init_one(...)
{
	...
+	cp_vale_attach(cp);
	rc = register_netdev(dev);
	...
}

// 8139cp.c: cp_remove_one, and cp_init_one where it fails
@vale_detach@
symbol cp;
expression E;
@@
+cp_vale_detach(cp);
iounmap(E);

// 8139cp.c: cp_open where it fails, cp_close
@vale_down@
symbol cp;
@@
+cp_vale_down(cp);
cp_free_rings(cp);

// 8139cp.c: cp_open, cp_resume
@vale_rx_init@
symbol cp;
@@
+cp_vale_rx_init(cp);
cp_init_hw(cp);

// 8139cp.c: cp_open, cp_resume
@vale_tx_init@
symbol cp;
@@
cp_enable_irq(cp);
+cp_vale_tx_init(cp);

// 8139cp.c: cp_suspend
@vale_suspend@
symbol cp;
@@
cp_suspend(...)
{
	...
+	cp_vale_suspend(cp);
	device_set_wakeup_enable(...);
	...
}

// 8139cp.c: cp_rx_poll
@vale_tx_poll@
symbol cp, IntrStatus, cp_rx_intr_mask;
@@
cp_rx_poll(...)
{
	...
	cpw16(IntrStatus, cp_rx_intr_mask);
+	cp_vale_tx_poll(cp);
	...
}

// 8139cp.c: cp_rx_poll
@vale_rx_irq@
symbol cp, rx, budget;
@@
while (
-	rx < budget
+	rx < budget && !cp_vale_rx_irq(cp)
	) { ... }

// 8139cp.c: cp_interrupt
@vale_tx_irq@
symbol cp;
@@
cp_interrupt(...)
{
	<+...
	cp_tx(cp);
+	cp_vale_tx_irq(cp);
	...+>
}

// 8139cp.c: cp_interrupt
@vale_schedule@
symbol cp;
@@
cp_interrupt(...)
{
	<+...
-	napi_schedule_prep(&cp->napi)
+	cp_vale_schedule(cp)
	...+>
}

// 8139cp.c: cp_start_xmit
@vale_xmit@
symbol cp;
identifier flags;
@@
cp_start_xmit(...)
{
	...
	spin_lock_irqsave(&cp->lock, flags);
+	if (cp_vale_xmit(cp)) {
+		spin_unlock_irqrestore(&cp->lock, flags);
+		return NETDEV_TX_BUSY;
+	}
	...
}

// 8139cp.c: cp_tx_timeout
@vale_timeout@
symbol cp;
identifier flags;
@@
cp_tx_timeout(...)
{
	...
	spin_lock_irqsave(&cp->lock, flags);
+	if (cp_vale_timeout(cp)) {
+		spin_unlock_irqrestore(&cp->lock, flags);
+		return;
+	}
	...
}
