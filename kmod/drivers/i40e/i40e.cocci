// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
//
// Where i40e calls vale.ko. A rule's name is also the end of what it inserts (vale_NAME): that is how kmod/drivers/build
// knows that it has matched. The comment before a rule says where it should.

// i40e_txrx.h: struct i40e_ring
@vale_give@
@@
struct i40e_ring {
	...
+	bool vale_give;
+	u16 vale_use;
};

// i40e.h: struct i40e_vsi
@vale_native@
@@
struct i40e_vsi {
	...
+	struct vale_native *vale;
+	struct mutex vale_lock;
+	bool vale_up;
};

// i40e_main.c, i40e_txrx.c: #include "i40e_trace.h"
@vale_h@
@@
#include "i40e_trace.h"
+#include "i40e_vale.h"

// i40e_main.c: i40e_vsi_setup
@vale_attach@
symbol vsi;
identifier ret;
@@
i40e_vsi_setup(...)
{
	<+...
+	i40e_vale_attach(vsi);
	ret = register_netdev(vsi->netdev);
	...+>
}

// i40e_main.c: i40e_vsi_setup, where it fails
@vale_failed@
symbol vsi;
identifier ret, label;
@@
i40e_vsi_setup(...)
{
	<+...
	ret = register_netdev(vsi->netdev);
	if (ret)
-		goto label;
+	{
+		i40e_vale_failed(vsi);
+		goto label;
+	}
	...+>
}

// i40e_main.c: i40e_vsi_release, and where setting up fails later
@vale_detach@
symbol vsi;
@@
unregister_netdev(vsi->netdev);
+i40e_vale_detach(vsi);

// i40e_main.c: i40e_down
@vale_down@
symbol vsi;
@@
i40e_down(...)
{
	...
+	i40e_vale_down(vsi);
	i40e_vsi_disable_irq(vsi);
	...
}

// i40e_main.c: i40e_configure_rx_ring
@vale_rx_init@
symbol ring;
expression E;
@@
i40e_configure_rx_ring(...)
{
	<+...
-	!i40e_alloc_rx_buffers(ring, E)
+	i40e_vale_rx_init(ring) || !i40e_alloc_rx_buffers(ring, E)
	...+>
}

// i40e_main.c: i40e_up_complete
@vale_tx_init@
symbol vsi;
@@
i40e_up_complete(...)
{
	...
	i40e_napi_enable_all(vsi);
+	i40e_vale_tx_init(vsi);
	...
}

// i40e_txrx.c: i40e_napi_poll
@vale_rx_irq@
symbol ring;
expression list EL;
@@
i40e_napi_poll(...)
{
	<+...
-	i40e_clean_rx_irq(ring, EL)
+	(i40e_vale_rx_irq(ring) ? 0 : i40e_clean_rx_irq(ring, EL))
	...+>
}

// i40e_txrx.c: i40e_clean_tx_irq
@vale_tx_irq@
symbol tx_ring, i;
@@
i40e_clean_tx_irq(...)
{
	...
	tx_ring->next_to_clean = i;
+	i40e_vale_tx_irq(tx_ring);
	...
}

// i40e_main.c: i40e_xdp
@vale_xsk_pool@
@@
i40e_xdp(...)
{
	<+...
-	i40e_xsk_pool_setup(...)
+	i40e_vale_xsk_pool()
	...+>
}

// Since 6.3 the netdev says it.
@no_zero_copy@
@@
-	NETDEV_XDP_ACT_XSK_ZEROCOPY
+	0

// A frame of which not all has come: until 6.3 in ring->skb.
@has_skb@
symbol rx_ring;
@@
	rx_ring->skb

@part_skb depends on has_skb@
@@
+bool i40e_vale_part(struct i40e_ring *ring)
+{
+	bool part = ring->skb;
+
+	dev_kfree_skb(ring->skb);
+	ring->skb = NULL;
+	return part;
+}
+
i40e_napi_poll(...)
{
	...
}

// Since then its buffers are on the ring, and are looked at again.
@part_xdp depends on !has_skb@
@@
+bool i40e_vale_part(struct i40e_ring *ring)
+{
+	u16 i = ring->next_to_clean;
+
+	for (; i != ring->next_to_process; i = i + 1 == ring->count ? 0 : i + 1)
+		i40e_rx_bi(ring, i)->pagecnt_bias++;
+	ring->next_to_process = ring->next_to_clean;
+	ring->xdp.data = NULL;
+	return false;
+}
+
i40e_napi_poll(...)
{
	...
}
