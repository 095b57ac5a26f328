// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
//
// Where e1000e calls vale.ko; about rules and their names see e1000.cocci.

// e1000.h: struct e1000_adapter
@vale_native@
@@
struct e1000_adapter {
	...
+	struct vale_native *vale;
};

// netdev.c: #include "e1000.h"
@vale_h@
@@
#include "e1000.h"
+#include "e1000e_vale.h"

// netdev.c: e1000_probe
@vale_attach@
symbol adapter, err_register;
identifier netdev, err;
@@
+e1000e_vale_attach(adapter);
err = register_netdev(netdev);
if (err)
+{
+	e1000e_vale_detach(adapter);
	goto err_register;
+}

// netdev.c: e1000_remove
@vale_detach@
symbol adapter;
identifier netdev;
@@
unregister_netdev(netdev);
+e1000e_vale_detach(adapter);

// netdev.c: e1000e_down
@vale_down@
symbol rctl;
@@
e1000e_down(...)
{
	...
+	e1000e_vale_down(adapter);
	rctl = er32(RCTL);
	...
}

// netdev.c: e1000_configure
@vale_rx_init@
symbol adapter, rx_ring;
@@
e1000_configure(...)
{
	...
-	adapter->alloc_rx_buf(rx_ring, e1000_desc_unused(rx_ring), GFP_KERNEL);
+	if (!e1000e_vale_rx_init(adapter))
+		adapter->alloc_rx_buf(rx_ring, e1000_desc_unused(rx_ring), GFP_KERNEL);
}

// netdev.c: e1000_configure
@vale_tx_init@
symbol adapter;
@@
e1000_configure(...)
{
	...
	e1000_configure_tx(adapter);
+	e1000e_vale_tx_init(adapter);
	...
}

// netdev.c: e1000e_poll
@vale_rx_irq@
symbol adapter, work_done, budget;
@@
e1000e_poll(...)
{
	...
-	adapter->clean_rx(adapter->rx_ring, &work_done, budget);
+	if (!e1000e_vale_rx_irq(adapter))
+		adapter->clean_rx(adapter->rx_ring, &work_done, budget);
	...
}

// netdev.c: e1000_clean_tx_irq
@vale_tx_irq@
symbol tx_ring, adapter, i;
@@
e1000_clean_tx_irq(...)
{
	...
+	e1000e_vale_tx_irq(adapter);
	i = tx_ring->next_to_clean;
	...
}

// netdev.c: e1000_clean_tx_irq
@vale_tx_end@
symbol count, tx_ring, i;
expression E;
@@
while (E &&
-	(count < tx_ring->count)
+	(count < tx_ring->count) && !e1000e_vale_tx_end(tx_ring, i)
	) { ... }
