// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
//
// Where vmxnet3 calls vale.ko; about rules and their names see e1000.cocci.

// vmxnet3_int.h: struct vmxnet3_rx_buf_info
@vale_addr@
@@
struct vmxnet3_rx_buf_info {
	...
+	void *vale_addr;
+	u16 vale_len;
+	u16 vale_tag;
+	u8 vale_flags;
};

// vmxnet3_int.h: struct vmxnet3_tx_buf_info
@vale_sent@
@@
struct vmxnet3_tx_buf_info {
	...
+	bool vale_sent;
};

// vmxnet3_int.h: struct vmxnet3_cmd_ring
@vale_taken@
@@
struct vmxnet3_cmd_ring {
	...
+	bool vale_taken;
+	bool vale_drained;
+	u8 vale_gen;
+	u32 vale_next;
+	u32 vale_open;
};

// vmxnet3_int.h: struct vmxnet3_adapter
@vale_native@
@@
struct vmxnet3_adapter {
	...
+	struct vale_native *vale;
+	u32 vale_stops;
};

// vmxnet3_drv.c: #include "vmxnet3_int.h"
@vale_h@
@@
#include "vmxnet3_int.h"
+#include "vmxnet3_vale.h"

// vmxnet3_drv.c: vmxnet3_probe_device
@vale_attach@
symbol adapter, err;
identifier netdev;
@@
+vmxnet3_vale_attach(adapter);
err = register_netdev(netdev);

// vmxnet3_drv.c: vmxnet3_remove_device, and vmxnet3_probe_device where it fails
@vale_detach@
symbol adapter;
@@
+vmxnet3_vale_detach(adapter);
vmxnet3_free_intr_resources(adapter);
...
free_netdev(...);

// vmxnet3_drv.c: vmxnet3_quiesce_dev
@vale_down@
symbol adapter;
@@
vmxnet3_quiesce_dev(...)
{
	...
+	vmxnet3_vale_down(adapter);
	spin_lock_irqsave(&adapter->cmd_lock, ...);
	...
}

// vmxnet3_drv.c: vmxnet3_suspend
@vale_suspend@
symbol adapter;
expression E;
@@
vmxnet3_suspend(...)
{
	<+...
+	vmxnet3_vale_suspend(adapter);
	netif_device_detach(E);
	...+>
}

// vmxnet3_drv.c: vmxnet3_activate_dev
@vale_rx_init@
symbol adapter;
@@
vmxnet3_activate_dev(...)
{
	...
	vmxnet3_setup_driver_shared(adapter);
+	vmxnet3_vale_rx_init(adapter);
	...
}

// vmxnet3_drv.c: vmxnet3_activate_dev
@vale_failed@
symbol adapter, activate_err;
@@
vmxnet3_activate_dev(...)
{
	<+...
+	vmxnet3_vale_failed(adapter);
	goto activate_err;
	...+>
}

// vmxnet3_drv.c: vmxnet3_activate_dev
@vale_tx_init@
symbol adapter;
@@
vmxnet3_activate_dev(...)
{
	...
	vmxnet3_init_bufsize(adapter);
+	vmxnet3_vale_tx_init(adapter);
	...
}

// vmxnet3_drv.c: vmxnet3_rq_cleanup
@vale_rx_end@
symbol rq, ring_idx;
statement S;
@@
vmxnet3_rq_cleanup(...)
{
	...
+	vmxnet3_vale_rx_end(rq);
	for (ring_idx = 0; ...; ...) S
	...
}

// vmxnet3_drv.c: vmxnet3_rq_rx_complete
@vale_rx_irq@
symbol rq, rcd;
statement S;
@@
vmxnet3_rq_rx_complete(...)
{
	...
+	if (vmxnet3_vale_rx_irq(rq))
+		return 0;
	while (rcd->gen == rq->comp_ring.gen) S
	...
}

// vmxnet3_drv.c: vmxnet3_tq_tx_complete
@vale_tx_more@
symbol tq;
expression E;
statement S;
@@
vmxnet3_tq_tx_complete(...)
{
	...
	while (
-		E == tq->comp_ring.gen
+		vmxnet3_vale_tx_more(tq) && E == tq->comp_ring.gen
	      ) S
	...
}

// vmxnet3_drv.c: vmxnet3_tq_tx_complete
@vale_tx_irq@
symbol tq, completed;
statement S;
@@
vmxnet3_tq_tx_complete(...)
{
	...
+	vmxnet3_vale_tx_irq(tq);
	if (completed) S
	...
}

// vmxnet3_drv.c: vmxnet3_tq_start and vmxnet3_tq_wake
@vale_stopped@
symbol tq, false;
@@
tq->stopped =
-	false
+	vmxnet3_vale_stopped(tq)
	;

// vmxnet3_ethtool.c: vmxnet3_set_features
@vale_no_lro@
symbol adapter, features;
@@
vmxnet3_set_features(...)
{
	<+...
	if (
-	    features & NETIF_F_LRO
+	    features & NETIF_F_LRO && !vmxnet3_vale_no_lro(adapter)
	   ) { ... } else { ... }
	...+>
}
