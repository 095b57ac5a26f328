// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
//
// Where igb calls vale.ko. A rule's name is also the end of what it inserts (vale_NAME): that is how kmod/drivers/build
// knows that it has matched. The comment before a rule says where it should.

// igb.h: struct igb_ring
@vale_taken@
@@
struct igb_ring {
	...
+	bool vale_taken;
};

// igb.h: struct igb_adapter
@vale_native@
@@
struct igb_adapter {
	...
+	struct vale_native *vale;
};

// igb_main.c: #include "igb.h"
@vale_h@
@@
#include "igb.h"
+#include "igb_vale.h"

// igb_main.c: igb_probe
@vale_attach@
symbol adapter;
identifier netdev, err;
@@
+igb_vale_attach(adapter);
err = register_netdev(netdev);

// igb_main.c: igb_remove, and igb_probe where it fails
@vale_detach@
symbol adapter;
@@
+igb_vale_detach(adapter);
kfree(adapter->mac_table);

// igb_main.c: igb_down
@vale_down@
symbol rctl;
@@
igb_down(...)
{
	...
+	igb_vale_down(adapter);
	rctl = rd32(E1000_RCTL);
	...
}

// igb_main.c: igb_configure
@vale_rx_init@
symbol ring;
@@
igb_configure(...)
{
	<+...
-	igb_alloc_rx_buffers(ring, igb_desc_unused(ring));
+	if (!igb_vale_rx_init(ring))
+		igb_alloc_rx_buffers(ring, igb_desc_unused(ring));
	...+>
}

// igb_main.c: igb_configure
@vale_tx_init@
symbol adapter;
@@
igb_configure(...)
{
	...
	igb_configure_tx(adapter);
+	igb_vale_tx_init(adapter);
	...
}

// igb_main.c: igb_poll
@vale_rx_irq@
symbol q_vector, budget;
@@
igb_poll(...)
{
	<+...
-	igb_clean_rx_irq(q_vector, budget)
+	(igb_vale_rx_irq(q_vector) ? 0 : igb_clean_rx_irq(q_vector, budget))
	...+>
}

// igb_main.c: igb_clean_tx_irq
@vale_tx_irq@
symbol q_vector, tx_ring, i;
@@
	tx_ring->next_to_clean = i;
+	igb_vale_tx_irq(q_vector);

// igb_main.c: igb_xmit_xdp_ring
@vale_xdp_tx@
symbol tx_ring;
expression E;
@@
igb_xmit_xdp_ring(...)
{
	...
	if (
-	    igb_maybe_stop_tx(tx_ring, E)
+	    igb_vale_xdp_tx(tx_ring) || igb_maybe_stop_tx(tx_ring, E)
	   )
		return IGB_XDP_CONSUMED;
	...
}

// igb_main.c: igb_xdp_xmit, and where frames are sent back
@vale_xdp_tail@
symbol tx_ring;
@@
-	igb_xdp_ring_update_tail(tx_ring);
+	if (!igb_vale_xdp_tail(tx_ring))
+		igb_xdp_ring_update_tail(tx_ring);

// Not before 6.14. Sockets copy instead: their pools would take queues from under a program.
@no_zero_copy@
@@
-	NETDEV_XDP_ACT_XSK_ZEROCOPY
+	0
