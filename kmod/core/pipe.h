/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef VALE_CORE_PIPE_H
#define VALE_CORE_PIPE_H

#include <linux/types.h>
#include <net/netmap.h>

/*
 * A pipe's TX ring and the other end's RX ring have n slots each and the same
 * positions. Descriptors go there and come back, no bytes are copied:
 *
 *          released        shown         sent
 *   TX  ...   |  in flight   |  hidden    |  the sender's ...
 *             |  receiver's  |  an unfinished packet
 *   RX  ...   |              |            |  nothing
 */

/*
 * Copy slots begin..end (modulo n) from the TX ring to the RX ring. Returns
 * where the receiver may read up to: behind the last whole packet, or `shown`
 * as before.
 */
u32 vale_pipe_send(struct netmap_slot *tx, struct netmap_slot *rx, u32 n,
		   u32 begin, u32 end, u32 shown);

/* Copy slots begin..end, which the receiver is done with, back. */
void vale_pipe_return(struct netmap_slot *tx, struct netmap_slot *rx, u32 n,
		      u32 begin, u32 end);

#endif /* VALE_CORE_PIPE_H */
