/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef VALE_CORE_FLOW_H
#define VALE_CORE_FLOW_H

#include <asm/byteorder.h>

#include "ether.h"
#include "fwd.h"

/*
 * A TX ring remembers where its last packet went. What follows with the same
 * addresses, one slot each, goes there from slot to slot, without a batch in
 * between; everything else takes the long way, which says what to remember.
 *
 * Where destinations vary, but all of them are behind one port, what is
 * remembered is that port and the source: who goes there is looked up.
 *
 * It holds as long as the table has the version it was taken from, in which no
 * address went elsewhere since, and within the same second, so that the source
 * does not age.
 */
struct vale_flow {
	__le64 first;	/* of a packet: destination, two bytes of the source */
	__le32 rest;	/* the other four */
	u16 now;
	u8 port;	/* VALE_PORT_MAX or more: nothing is remembered */
	bool varied;	/* destinations; that in `first` is the last one */
	unsigned long version;	/* of the forwarding table */
};

static inline void vale_flow_address(struct vale_flow *flow, u64 dst, u64 src)
{
	flow->first = __cpu_to_le64(dst | src << 48);
	flow->rest = __cpu_to_le32(src >> 16);
}

/* Where to, of a packet that begins like this; VALE_MAC_NONE from elsewhere. */
static inline u64 vale_flow_destination(const struct vale_flow *flow,
					const u8 *data)
{
	__le64 first;
	__le32 rest;

	__builtin_memcpy(&first, data, sizeof(first));
	__builtin_memcpy(&rest, data + sizeof(first), sizeof(rest));
	if (__le64_to_cpu(first ^ flow->first) >> 48 || rest != flow->rest)
		return VALE_MAC_NONE;
	return __le64_to_cpu(first) & VALE_MAC_MASK;
}

/* Does a packet that begins like this have its addresses? */
static inline bool vale_flow_has(const struct vale_flow *flow, const u8 *data)
{
	__le64 first;
	__le32 rest;

	__builtin_memcpy(&first, data, sizeof(first));
	__builtin_memcpy(&rest, data + sizeof(first), sizeof(rest));
	return first == flow->first && rest == flow->rest;
}

/* To the same port from the same source, with another destination? */
static inline bool vale_flow_varies(const struct vale_flow *was,
				    const struct vale_flow *is)
{
	u64 differs = __le64_to_cpu(was->first ^ is->first);

	return was->port == is->port && was->rest == is->rest && differs &&
	       !(differs >> 48);
}

static inline bool vale_flow_holds(const struct vale_flow *flow,
				   const struct vale_fdb *fdb, u16 now)
{
	return flow->port < VALE_PORT_MAX && flow->now == now &&
	       flow->version == vale_fdb_version(fdb);
}

/* As many slots of two rings, neither of which ends among them. */
struct vale_stretch {
	struct netmap_slot *from;
	struct netmap_slot *to;
	const struct vale_bufs *from_bufs;
	const struct vale_bufs *to_bufs;
	u32 slots;
	u32 bytes;	/* of the packets moved; the caller's before */
};

/*
 * How many of the slots can be moved, if the receiver's have good buffers. Not
 * for a varied flow, nor are the next two.
 */
u32 vale_flow_count(const struct vale_flow *flow, const struct vale_stretch *s);

/*
 * Copy packets of the flow until one is not of it, needs the long way, does not
 * fit its buffer or meets none. NS_BUF_CHANGED is cleared in the slots read.
 * Returns the packets moved, and adds their bytes.
 */
u32 vale_flow_copy(const struct vale_flow *flow, struct vale_stretch *s);

/* The same by exchanging buffers, within a region. */
u32 vale_flow_exchange(const struct vale_flow *flow, struct vale_stretch *s);

/* As vale_flow_copy, of a varied flow: what is its source's, to its port. */
u32 vale_flow_copy_varied(const struct vale_flow *flow,
			  const struct vale_fdb *fdb, struct vale_stretch *s);

#endif /* VALE_CORE_FLOW_H */
