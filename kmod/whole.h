/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef VALE_WHOLE_H
#define VALE_WHOLE_H

#include <linux/if_vlan.h>
#include <linux/skbuff.h>

#include "switch.h"

/* What a socket buffer comes to on the wire. */
struct vale_wire_size {
	u32 frames;
	u32 bytes;
};

struct vale_wire_size vale_wire_size_of(const struct sk_buff *skb);

static inline struct vale_wire_size vale_wire_size(const struct sk_buff *skb)
{
	if (likely(!skb_is_gso(skb) && !skb_vlan_tag_present(skb)))
		return (struct vale_wire_size){ 1, skb->len };
	return vale_wire_size_of(skb);
}

/* Something is left to do before it could be sent by any netdev. */
static inline bool vale_whole_unfinished(const struct sk_buff *skb)
{
	return skb->ip_summed == CHECKSUM_PARTIAL || skb_is_nonlinear(skb) ||
	       skb_vlan_tag_present(skb) || skb_is_gso(skb);
}

/*
 * As if just received from a wire. Its socket stays charged for it, or nothing
 * would slow the sender down.
 */
void vale_whole_scrub(struct sk_buff *skb);

/* Append skb, data at the MAC header, to the batch. False: no room. */
bool vale_whole_add(struct vale_batch *b, struct sk_buff *skb);

/* After forwarding: what nobody took. */
void vale_whole_free(struct vale_batch *b);

/*
 * Packet i of the batch, for one destination: itself if it has no other
 * (`unicast`), or a clone; scrubbed. NULL: no memory.
 */
struct sk_buff *vale_whole_take(struct vale_batch *b, u16 i, bool unicast);

/*
 * skb, which is consumed, as its netdev can send it: one or several, linked by
 * next. NULL: dropped; why.
 */
struct sk_buff *vale_whole_validate(struct sk_buff *skb, enum vale_drop *why);

/*
 * Deliver to a member that knows slots only what is not as on the wire yet:
 * tags inline, checksums filled in, segments. As vale_member_ops.deliver.
 */
void vale_whole_flatten(struct vale_member *m, struct vale_batch *b,
			const struct vale_queue *q, bool flood, u16 src_ring);

#endif /* VALE_WHOLE_H */
