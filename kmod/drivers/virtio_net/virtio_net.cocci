// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
//
// Where virtio_net calls vale.ko. A rule's name is also the end of what it inserts (vale_NAME): that is how kmod/drivers/build
// knows that it has matched. The comment before a rule says where it should.

// virtio_net.c: struct virtnet_info
@vale_state@
@@
struct virtnet_info {
	struct virtio_device *vdev;
+	struct virtnet_vale_state *vale;
	...
};

// virtio_net.c: before the first function
@vale_h@
@@
struct padded_vnet_hdr {
	...
};
+#include "virtio_net_vale.h"

// virtio_net.c: virtnet_probe
@vale_attach@
symbol vi;
identifier dev, err;
@@
+virtnet_vale_attach(vi);
err = register_netdevice(dev);

// virtio_net.c: virtnet_probe where it fails
@vale_detach@
symbol dev;
@@
virtnet_probe(...)
{
	<...
+	virtnet_vale_detach(netdev_priv(dev));
	free_netdev(dev);
	...>
}

// virtio_net.c: virtnet_remove
@vale_remove@
symbol vi;
@@
virtnet_remove(...)
{
	<...
+	virtnet_vale_remove(vi);
	free_netdev(vi->dev);
	...>
}

// virtio_net.c: virtnet_close
@vale_down@
symbol vi;
@@
virtnet_close(...)
{
	...
	struct virtnet_info *vi = netdev_priv(...);
	int i;
+	virtnet_vale_down(vi);
	...
}

// virtio_net.c: virtnet_open
@vale_up@
symbol vi;
@@
virtnet_open(...)
{
	<+...
+	virtnet_vale_up(vi);
	return 0;
	...+>
}

// virtio_net.c: try_fill_recv
@vale_fill@
symbol vi, rq, gfp;
identifier fill;
@@
try_fill_recv(...)
{
	<+...
-	fill(vi, rq, gfp)
+	(virtnet_vale_fill(rq, gfp) ?: fill(vi, rq, gfp))
	...+>
}

// virtio_net.c: virtnet_poll
@vale_rx_irq@
symbol rq, budget, napi;
@@
virtnet_poll(...)
{
	...
	virtnet_poll_cleantx(rq, budget);
+	if (virtnet_vale_rx_irq(rq, napi, budget))
+		return 0;
	...
}

// virtio_net.c: virtnet_poll_tx
@vale_tx_irq@
symbol sq, opaque, txq, napi;
@@
virtnet_poll_tx(...)
{
	...
+	if (virtnet_vale_tx_irq(sq, napi)) {
+		__netif_tx_unlock(txq);
+		return 0;
+	}
	opaque = virtqueue_enable_cb_prepare(sq->vq);
	...
}

// virtio_net.c: skb_xmit_done
@vale_xmit_done@
symbol vq;
@@
skb_xmit_done(...)
{
	...
	virtqueue_disable_cb(vq);
+	virtnet_vale_xmit_done(vq);
	...
}

// virtio_net.c: free_old_xmit, and virtnet_xdp_xmit of Linux 6.1
@vale_sent@
symbol sq, ptr, len;
@@
while ((ptr = virtqueue_get_buf(sq->vq, &len)) != NULL) {
+	if (virtnet_vale_sent(sq, ptr))
+		continue;
	...
}

// virtio_net.c: free_unused_bufs, virtnet_tx_resize
@vale_unused@
expression vq, buf, size;
@@
(
-virtnet_sq_free_unused_buf(vq, buf)
+virtnet_vale_unused(vq, buf)
|
 virtqueue_resize(vq, size,
-	virtnet_sq_free_unused_buf
+	virtnet_vale_unused
	, ...)
|
 virtqueue_resize(vq, size,
-	virtnet_sq_free_unused_buf
+	virtnet_vale_unused
	)
|
 virtqueue_reset(vq,
-	virtnet_sq_free_unused_buf
+	virtnet_vale_unused
	, ...)
)

// virtio_net.c: virtnet_ethtool_ops
@vale_set_ringparam@
identifier ops;
@@
struct ethtool_ops ops = {
	.set_ringparam =
-		virtnet_set_ringparam
+		virtnet_vale_set_ringparam
	,
};

// virtio_net.c: virtnet_netdev
@vale_xdp@
identifier ops;
@@
struct net_device_ops ops = {
	.ndo_bpf =
-		virtnet_xdp
+		virtnet_vale_xdp
	,
};

// virtio_net.c: virtnet_netdev
@vale_set_features@
identifier ops;
@@
struct net_device_ops ops = {
	.ndo_set_features =
-		virtnet_set_features
+		virtnet_vale_set_features
	,
};
