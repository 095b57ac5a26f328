// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
//
// Where ixgbe calls vale.ko. A rule's name is also the end of what it inserts (vale_NAME): that is how kmod/drivers/build
// knows that it has matched. The comment before a rule says where it should.

// ixgbe.h: struct ixgbe_adapter
@vale_native@
@@
struct ixgbe_adapter {
	...
+	struct vale_native *vale;
};

// ixgbe_main.c: #include "ixgbe_sriov.h"
@vale_h@
@@
#include "ixgbe_sriov.h"
+#include "ixgbe_vale.h"

// ixgbe_main.c: ixgbe_probe
@vale_attach@
symbol adapter;
identifier netdev, err;
@@
+ixgbe_vale_attach(adapter);
err = register_netdev(netdev);

// ixgbe_main.c: ixgbe_remove
@vale_detach@
symbol adapter;
@@
ixgbe_remove(...)
{
	...
	if (netdev->reg_state == NETREG_REGISTERED)
		unregister_netdev(netdev);
+	ixgbe_vale_detach(adapter);
	...
}

// ixgbe_main.c: ixgbe_probe, where it fails
@vale_failed@
symbol adapter;
@@
ixgbe_probe(...)
{
	<+...
err_register:
+	ixgbe_vale_failed(adapter);
	...+>
}

// ixgbe_main.c: ixgbe_down
@vale_down@
symbol adapter;
@@
ixgbe_down(...)
{
	...
+	ixgbe_vale_down(adapter);
	ixgbe_disable_rx(adapter);
	...
}

// ixgbe_main.c: ixgbe_configure_rx_ring
@vale_rx_init@
symbol adapter, ring;
@@
ixgbe_configure_rx_ring(...)
{
	<+...
-	ixgbe_alloc_rx_buffers(ring, ixgbe_desc_unused(ring));
+	if (!ixgbe_vale_rx_init(adapter, ring))
+		ixgbe_alloc_rx_buffers(ring, ixgbe_desc_unused(ring));
	...+>
}

// ixgbe_main.c: ixgbe_configure
@vale_tx_init@
symbol adapter;
@@
ixgbe_configure(...)
{
	...
	ixgbe_configure_tx(adapter);
+	ixgbe_vale_tx_init(adapter);
	...
}

// ixgbe_main.c: ixgbe_poll
@vale_rx_irq@
symbol q_vector, ring, per_ring_budget;
@@
ixgbe_poll(...)
{
	<+...
-	ixgbe_clean_rx_irq(q_vector, ring, per_ring_budget)
+	(ixgbe_vale_rx_irq(q_vector, ring) ? 0 : ixgbe_clean_rx_irq(q_vector, ring, per_ring_budget))
	...+>
}

// ixgbe_main.c: ixgbe_clean_tx_irq
@vale_tx_irq@
symbol q_vector, tx_ring, i;
@@
	tx_ring->next_to_clean = i;
+	ixgbe_vale_tx_irq(q_vector, tx_ring);

// ixgbe_main.c: ixgbe_xdp
@vale_xsk_pool@
symbol adapter;
@@
ixgbe_xdp(...)
{
	<+...
-	ixgbe_xsk_pool_setup(adapter, ...)
+	ixgbe_vale_xsk_pool(adapter)
	...+>
}

// Since 6.3 the netdev says it.
@no_zero_copy@
@@
-	NETDEV_XDP_ACT_XSK_ZEROCOPY
+	0
