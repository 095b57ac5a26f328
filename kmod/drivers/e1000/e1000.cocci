// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
//
// Where e1000 calls vale.ko. A rule's name is also the end of what it inserts (vale_NAME): that is how kmod/drivers/build
// knows that it has matched. The comment before a rule says where it should.

// e1000.h: struct e1000_adapter
@vale_native@
@@
struct e1000_adapter {
	...
+	struct vale_native *vale;
};

// e1000_main.c: #include "e1000.h"
@vale_h@
@@
#include "e1000.h"
+#include "e1000_vale.h"

// e1000_main.c: e1000_probe
@vale_attach@
symbol adapter;
identifier netdev, err;
@@
+e1000_vale_attach(adapter);
err = register_netdev(netdev);

// e1000_main.c: e1000_remove, and e1000_probe where it fails
@vale_detach@
symbol adapter;
identifier hw;
@@
+e1000_vale_detach(adapter);
e1000_phy_hw_reset(hw);

// e1000_main.c: e1000_down
@vale_down@
symbol rctl;
@@
e1000_down(...)
{
	...
+	e1000_vale_down(adapter);
	rctl = er32(RCTL);
	...
}

// e1000_main.c: e1000_configure
@vale_rx_init@
symbol adapter, ring;
@@
e1000_configure(...)
{
	<+...
-	adapter->alloc_rx_buf(adapter, ring, E1000_DESC_UNUSED(ring));
+	if (!e1000_vale_rx_init(adapter))
+		adapter->alloc_rx_buf(adapter, ring, E1000_DESC_UNUSED(ring));
	...+>
}

// e1000_main.c: e1000_configure
@vale_tx_init@
symbol adapter;
@@
e1000_configure(...)
{
	...
	e1000_configure_tx(adapter);
+	e1000_vale_tx_init(adapter);
	...
}

// e1000_main.c: e1000_clean
@vale_rx_irq@
symbol adapter, work_done, budget;
@@
e1000_clean(...)
{
	...
-	adapter->clean_rx(adapter, &adapter->rx_ring[0], &work_done, budget);
+	if (!e1000_vale_rx_irq(adapter))
+		adapter->clean_rx(adapter, &adapter->rx_ring[0], &work_done, budget);
	...
}

// e1000_main.c: e1000_clean
@vale_tx_irq@
symbol adapter, tx_clean_complete;
@@
e1000_clean(...)
{
	...
+	e1000_vale_tx_irq(adapter);
	tx_clean_complete = e1000_clean_tx_irq(...);
	...
}

// e1000_main.c: e1000_clean_tx_irq
@vale_tx_end@
symbol count, tx_ring, i;
expression E;
@@
while (E &&
-	(count < tx_ring->count)
+	(count < tx_ring->count) && !e1000_vale_tx_end(tx_ring, i)
	) { ... }
