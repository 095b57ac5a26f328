// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Owns the parameters and their defaults. No lock: each is one word. */
#include "param.h"

#include <linux/module.h>

struct vale_params vale_param = {
	.no_pendintr = 1,
	.txsync_retry = 2,
	.generic_mit = 100000,
	.generic_ringsize = 1024,
	.generic_rings = 1,
	.generic_txqdisc = 1,
	.generic_zcopy = 1024,
	.ptnet_vnet_hdr = 1,
	.bridge_batch = 1024,
	.max_bridges = 256,
	.sink_delay_ns = 100,
	.size = { 1024, 9 * PAGE_SIZE, 2048 },
	.num = { 100, 200, 163840 },
	.priv_size = { 1024, 5 * PAGE_SIZE, 2048 },
	.priv_num = { 2, 4, 4098 },
	.priv_buf_colour = 1,
};
EXPORT_SYMBOL_GPL(vale_param);

VALE_PARAMS(VALE_PARAM_DEFINE)
MODULE_PARM_DESC(fwd, "1: as if every RX ring had NR_FORWARD and every slot given back NS_FORWARD");
MODULE_PARM_DESC(generic_hwcsum, "1: fill in TCP and UDP checksums of what programs send on a netdev, in hardware if it can");
MODULE_PARM_DESC(generic_zcopy, "bytes from which on frames that programs send on a netdev are not copied, if its hardware gathers (default 1024); 0: all are");
MODULE_PARM_DESC(priv_buf_colour, "0: buffers of every VALE port begin at the start of their pool, as in netmap; 1 (default): some lines further on, so that they lie in different sets of the caches");
MODULE_PARM_DESC(sink_delay_ns, "nmsinkN: nanoseconds that each frame takes; negative: in which the sender waits");
