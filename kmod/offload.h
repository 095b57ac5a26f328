/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef VALE_OFFLOAD_H
#define VALE_OFFLOAD_H

#include "nic_priv.h"

/*
 * Packet i of a batch with headers as a socket buffer for dev, checksum and
 * segmentation left to do. NULL: dropped; why.
 */
struct sk_buff *vale_offload_build(struct net_device *dev,
				   const struct vale_batch *b, u16 i,
				   enum vale_drop *why);

#endif /* VALE_OFFLOAD_H */
