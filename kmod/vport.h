/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef VALE_VPORT_H
#define VALE_VPORT_H

#include "port.h"
#include "switch.h"

struct nmreq_register;
struct nmreq_vale_newif;

/* What a new VALE port should look like, clamped (SEMANTICS 5.3). */
struct vale_vport_spec {
	u32 nrings[VALE_DIRS];
	u32 nslots[VALE_DIRS];
	u32 extra_bufs;
	u16 mem_id;
};

/*
 * A VALE port: ephemeral ("vale0:a", on a switch from birth to death) or
 * persistent (a netdev made by NEWIF, on a switch between ATTACH and DETACH).
 */
struct vale_vport {
	struct vale_port port;
	struct vale_member member;
	struct net_device *dev;		/* persistent: the netdev, else NULL */
	struct list_head helper;	/* vn->helpers, or empty */
};

static inline struct vale_vport *vale_vport_of(struct vale_port *port)
{
	return container_of(port, struct vale_vport, port);
}

/* What both kinds of VALE port do; see struct vale_port_ops. */
int vale_vport_start(struct vale_port *port);
void vale_vport_stop(struct vale_port *port);
int vale_vport_txsync(struct vale_ring *ring, int flags);
int vale_vport_rxsync(struct vale_ring *ring, int flags);

extern const struct vale_member_ops vale_vport_member_ops;
/* Its deliver operation. */
void vale_vport_deliver(struct vale_member *m, struct vale_batch *b,
			const struct vale_queue *q, bool flood, u16 src_ring);

#define VALE_PREFETCH_MAX 16

/*
 * Ask for what delivering a packet to each of these members will touch, n of
 * them at most VALE_PREFETCH_MAX. BH disabled, RCU read side.
 */
void vale_vport_prefetch(struct vale_member *const *m, u32 n, u16 src_ring);

/*
 * The packets from slot hwcur of a TX ring on that go where the one before
 * went (core/flow.h), at once. How many slots were taken, 0: all need the long
 * way. The caller holds the gate.
 */
u32 vale_vport_follow(struct vale_vport *vport, struct vale_ring *ring,
		      int flags);

/* The ring for what ring src_ring of a source sends. NULL: there is none now. */
static inline struct vale_ring *vale_vport_ring_for(const struct vale_member *m,
						    u16 src_ring)
{
	const struct vale_port *port = m->port;
	u32 n = port->nrings[VALE_RX];

	if (unlikely(!smp_load_acquire(&port->active))) /* (F) */
		return NULL;
	/* a division costs more than everything else here */
	return &port->ring[VALE_RX][src_ring < n ? src_ring : src_ring % n];
}

/* ... NULL: nobody has it open either, or packets do not lie at the beginning
 * of its buffers.
 */
static inline struct vale_ring *vale_vport_receiver(const struct vale_member *m,
						    u16 src_ring)
{
	struct vale_ring *ring = vale_vport_ring_for(m, src_ring);

	if (unlikely(!ring || !smp_load_acquire(&ring->on) || /* (E) */
		     ring->bufs.offset_mask))
		return NULL;
	return ring;
}

/*
 * One packet for the port, from ring src_ring of its source, into its next
 * slot; counted. False: nothing was done. BH disabled, RCU read side.
 */
bool vale_vport_accept(struct vale_member *m, const u8 *data, u32 len,
		       u16 src_ring);

/*
 * `slots` reserved at `start` of an RX ring are filled but for what the window
 * has left. Can the receiver see more now?
 */
bool vale_ring_publish(struct vale_ring *ring, u32 start, u32 slots,
		       const struct vale_window *w);

/* header.c: bytes in front of the port's packets; 0 for all other kinds. */
u8 vale_port_header(struct vale_port *port);

/*
 * Fill in a zeroed vport: port, stats, region by spec. The member is on no
 * switch yet. 0, -EINVAL (mem_id), -ENOMEM.
 */
int vale_vport_setup(struct vale_vport *vport, struct vale_net *vn,
		     const char *name, const struct vale_vport_spec *spec);
/* Undo; the embedder frees the memory. */
void vale_vport_teardown(struct vale_vport *vport);

struct vale_vport_spec vale_vport_spec_of(const struct nmreq_register *reg);

/* An ephemeral port that is on no switch yet, with one reference. */
struct vale_vport *vale_vport_alloc(struct vale_net *vn, const char *name,
				    const struct vale_vport_spec *spec);

/* Under vn->lock. A new ephemeral port on its switch, one reference. */
struct vale_vport *vale_vport_create(struct vale_net *vn, const char *name,
				     const struct vale_vport_spec *spec);

/* newif.c: persistent ports. NEWIF and DELIF under RTNL, not vn->lock. */
int vale_newif_create(struct vale_net *vn, const char *ifname,
		      struct nmreq_vale_newif *req);
int vale_newif_delete(struct vale_net *vn, const char *ifname);
/*
 * A persistent port that is there for pipes on it: DELIF refuses it, and it
 * goes with its last user, in reap. Under RTNL, not vn->lock.
 */
int vale_newif_create_helper(struct vale_net *vn, const char *ifname,
			     const struct nmreq_register *reg);
void vale_newif_reap(struct vale_net *vn);
/* The VALE port behind a netdev made by NEWIF, else NULL. */
struct vale_vport *vale_newif_vport(const struct net_device *dev);
int vale_newif_init(void);
void vale_newif_fini(void);

#endif /* VALE_VPORT_H */
