// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
//
// Where r8169 calls vale.ko. A rule's name is also the end of what it inserts (vale_NAME): that is how kmod/drivers/build
// knows that it has matched. The comment before a rule says where it should.

// r8169_main.c: #include "r8169.h"
@vale_h@
@@
#include "r8169.h"
+#include "r8169_vale.h"

// r8169_main.c: struct rtl8169_private
@r8169_vale@
@@
struct rtl8169_private {
	...
+	struct r8169_vale vale;
};

// r8169_main.c: rtl_init_one
@vale_attach@
symbol tp;
identifier dev, rc;
@@
+r8169_vale_attach(tp);
rc = register_netdev(dev);

// r8169_main.c: rtl_init_one, where it fails
@vale_failed@
identifier rc;
@@
rtl_init_one(...)
{
	...
	rc = register_netdev(...);
	if (rc)
-		return rc;
+	{
+		r8169_vale_failed(tp);
+		return rc;
+	}
	...
}

// r8169_main.c: rtl_remove_one
@vale_detach@
symbol tp;
@@
unregister_netdev(tp->dev);
+r8169_vale_detach(tp);

// r8169_main.c: rtl_reset_work
@vale_lock@
symbol tp;
@@
rtl_reset_work(...)
{
	...
	netif_stop_queue(tp->dev);
+	r8169_vale_lock(tp);
	...
}

// r8169_main.c: rtl8169_cleanup
@vale_down@
symbol tp;
@@
rtl8169_cleanup(...)
{
	...
-	napi_disable(&tp->napi);
+	if (r8169_vale_down(tp))
+		napi_disable(&tp->napi);
	...
}

// r8169_main.c: rtl8169_cleanup
@vale_clear@
symbol tp;
@@
rtl8169_cleanup(...)
{
	...
	rtl8169_tx_clear(tp);
+	r8169_vale_clear(tp);
	...
}

// r8169_main.c: rtl_reset_work
@vale_rx_init@
symbol tp, i;
@@
rtl_reset_work(...)
{
	...
-	for (i = 0; i < NUM_RX_DESC; i++)
-		rtl8169_mark_to_asic(tp->RxDescArray + i);
+	if (!r8169_vale_rx_init(tp))
+		for (i = 0; i < NUM_RX_DESC; i++)
+			rtl8169_mark_to_asic(tp->RxDescArray + i);
	...
}

// r8169_main.c: rtl_reset_work
@vale_tx_init@
symbol tp;
@@
rtl_reset_work(...)
{
	...
	rtl_hw_start(tp);
+	r8169_vale_tx_init(tp);
}

// r8169_main.c: rtl8169_poll
@vale_rx_irq@
symbol dev, tp, budget;
@@
rtl8169_poll(...)
{
	<+...
-	rtl_rx(dev, tp, budget)
+	(r8169_vale_rx_irq(tp) ? 0 : rtl_rx(dev, tp, budget))
	...+>
}

// r8169_main.c: rtl8169_poll
@vale_tx_irq@
symbol dev, tp, budget;
@@
rtl8169_poll(...)
{
	...
	rtl_tx(dev, tp, budget);
+	r8169_vale_tx_irq(tp);
	...
}
