// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
//
// Where igc calls vale.ko. A rule's name is also the end of what it inserts (vale_NAME): that is how kmod/drivers/build
// knows that it has matched. The comment before a rule says where it should.

// igc.h: struct igc_ring
@vale_taken@
@@
struct igc_ring {
	...
+	bool vale_taken;
};

// igc.h: struct igc_adapter
@vale_native@
@@
struct igc_adapter {
	...
+	struct vale_native *vale;
};

// igc_main.c: #include "igc_xdp.h"
@vale_h@
@@
#include "igc_xdp.h"
+#include "igc_vale.h"

// igc_main.c: igc_probe
@vale_attach@
symbol adapter;
identifier netdev, err;
@@
+igc_vale_attach(adapter);
err = register_netdev(netdev);

// igc_main.c: igc_remove
@vale_detach@
symbol netdev, adapter;
@@
unregister_netdev(netdev);
+igc_vale_detach(adapter);

// igc_main.c: igc_probe, where it fails
@vale_failed@
symbol adapter;
@@
igc_probe(...)
{
	<+...
err_register:
+	igc_vale_failed(adapter);
	igc_release_hw_control(adapter);
	...+>
}

// igc_main.c: igc_down
@vale_down@
symbol adapter;
@@
igc_down(...)
{
	...
+	igc_vale_down(adapter);
	igc_ptp_suspend(adapter);
	...
}

// igc_main.c: igc_configure
@vale_rx_init@
symbol ring;
@@
igc_configure(...)
{
	<+...
-	igc_alloc_rx_buffers(ring, igc_desc_unused(ring));
+	if (!igc_vale_rx_init(ring))
+		igc_alloc_rx_buffers(ring, igc_desc_unused(ring));
	...+>
}

// igc_main.c: igc_configure
@vale_tx_init@
symbol adapter;
@@
igc_configure(...)
{
	...
	igc_configure_tx(adapter);
+	igc_vale_tx_init(adapter);
	...
}

// igc_main.c: igc_poll
@vale_rx_irq@
symbol q_vector, budget;
@@
igc_poll(...)
{
	<+...
-	igc_clean_rx_irq(q_vector, budget)
+	(igc_vale_rx_irq(q_vector) ? 0 : igc_clean_rx_irq(q_vector, budget))
	...+>
}

// igc_main.c: igc_clean_tx_irq
@vale_tx_irq@
symbol q_vector, tx_ring, i;
@@
	tx_ring->next_to_clean = i;
+	igc_vale_tx_irq(q_vector);

// igc_main.c: igc_xdp_init_tx_descriptor
@vale_xdp_tx@
symbol ring;
expression E;
@@
igc_xdp_init_tx_descriptor(...)
{
	...
	if (
-	    igc_maybe_stop_tx(ring, E)
+	    igc_vale_xdp_tx(ring) || igc_maybe_stop_tx(ring, E)
	   )
	{ ... return ...; }
	...
}

// igc_main.c: igc_flush_tx_descriptors
@vale_xdp_tail@
symbol ring;
@@
igc_flush_tx_descriptors(...)
{
	...
-	writel(ring->next_to_use, ring->tail);
+	if (!igc_vale_xdp_tail(ring))
+		writel(ring->next_to_use, ring->tail);
}

// igc_main.c: igc_bpf
@vale_xsk_pool@
@@
igc_bpf(...)
{
	<+...
-	igc_xdp_setup_pool(...)
+	igc_vale_xsk_pool()
	...+>
}

// Since 6.16: igc_tsn.c sends by itself.
@frame_preemption@
symbol ring;
@@
igc_fpe_init_tx_descriptor(struct igc_ring *ring, ...)
{
	...
-	if (!igc_desc_unused(ring))
+	if (ring->vale_taken || !igc_desc_unused(ring))
		return -EBUSY;
	...
}

// Since 6.3 the netdev says it.
@no_zero_copy@
@@
-	NETDEV_XDP_ACT_XSK_ZEROCOPY
+	0
