/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef VALE_PORT_H
#define VALE_PORT_H

#include <linux/kref.h>
#include <linux/skbuff.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <net/netmap.h>

#include "core/flow.h"
#include "core/lease.h"
#include "core/ring.h"
#include "mem.h"
#include "net.h"

struct vale_handle;
struct vale_port;

enum vale_dir { VALE_RX, VALE_TX, VALE_DIRS };	/* as stored in ring->dir */

#define VALE_SYNC_FORCE 1	/* from NIOCTXSYNC / NIOCRXSYNC, not poll */
#define VALE_SYNC_ALL_TX 2	/* the program has all NIC TX rings open */
#define VALE_SYNC_KEEP 4	/* what was sent is looked at afterwards */

/*
 * Kernel side of one netmap_ring. `pos` belongs to whoever holds the gate
 * (bit 0 of `gate`): a sync that finds it taken skips the ring. `lease` is
 * under `lock` but for the receiver's look at its tail. `on` tells kernel-side
 * producers (RCU readers, BH disabled) whether somebody has the ring open; the
 * memory outlives it by a grace period.
 */
struct vale_ring {
	/* Senders read these, and nobody writes them in traffic. */
	struct vale_port *port;
	struct netmap_ring *shared;	/* NULL while nobody has it open */
	struct vale_bufs bufs;		/* the region's, close at hand */
	u16 id;				/* in the full list: NIC, then host */
	u8 dir;				/* enum vale_dir */
	bool host;
	bool on;
	bool watched;			/* there are taps */
	bool kept;			/* stays while nobody has it open */
	bool borrows;			/* buffers come from elsewhere: none
					 * at first */
	bool filled;			/* between syncs, too: the gate is
					 * taken for a frame at a time */

	/* The gate's; senders look at pos.hwcur. */
	unsigned long gate ____cacheline_aligned_in_smp;
	struct vale_pos pos;
	struct vale_flow flow;		/* TX ring of a VALE port */
	u32 crowd;			/* its syncs for which other senders
					 * are expected at the receiver's */

	wait_queue_head_t wait;
	struct list_head taps;		/* of monitors; RCU */
	unsigned int users;
	struct vale_handle *owner;	/* of an exclusive binding */
	u32 obj;			/* index in the ring pool */

	spinlock_t lock ____cacheline_aligned_in_smp;
	struct vale_lease lease;	/* RX ring of a switch port */
	struct sk_buff_head queue;	/* RX ring of a NIC or its host stack */
	u64 queue_drops;
	void *adapter;			/* the port implementation's own */
};

/*
 * One implementation of a port. All but txsync and rxsync run under the
 * namespace's mutex (and RTNL if .needs_rtnl). 0 or -errno.
 */
struct vale_port_ops {
	const char *kind;
	bool needs_rtnl;
	bool has_host_rings;	/* as many as REGISTER asks for, 1..256 */
	/* While idle: set nrings, nhost, nslots from the hardware. Optional. */
	void (*config)(struct vale_port *port);
	/* Can frames of the port's MTU be received? Optional, -EINVAL. */
	int (*check_mtu)(const struct vale_port *port, u32 buf_size);
	/* First user, before any ring is on; undone by stop. Optional. */
	int (*start)(struct vale_port *port);
	void (*stop)(struct vale_port *port);
	/* Last user or holder leaving, rings already off: go off the switch, if
	 * the port lives no longer than these. Must wait a grace period.
	 * Optional. */
	void (*idle)(struct vale_port *port);
	/* A user or holder is gone, with its memory. Optional. */
	void (*left)(struct vale_port *port);
	/* ring->on changed for some rings (already visible, a grace period
	 * passed after turning off). Optional. */
	void (*rings_changed)(struct vale_port *port);
	/*
	 * The caller holds the ring's gate; pos.head is accepted.
	 * txsync: take slots hwcur..head, advance hwcur; set hwtail.
	 * rxsync: slots hwcur..head are released: set hwcur = head; import new
	 * packets from hwtail on, advance hwtail. 0, or -errno: poll says POLLERR;
	 * rxsync 1: it put something into TX rings, which are to be synced.
	 */
	int (*txsync)(struct vale_ring *ring, int flags);
	int (*rxsync)(struct vale_ring *ring, int flags);
	/* Last reference dropped; no lock held. Frees the port. */
	void (*destroy)(struct vale_port *port);
};

struct vale_port {
	/* Senders to it read these, and nobody writes them in traffic. */
	struct vale_ring *ring[VALE_DIRS];	/* NULL while idle */
	u32 nrings[VALE_DIRS];		/* NIC rings */
	u32 nhost[VALE_DIRS];		/* host rings that exist; 0 if none */
	u32 nslots[VALE_DIRS];
	bool active;			/* senders may look at ring[] */
	bool no_offsets;		/* buffers come as others filled them */
	bool dead;			/* netdev gone: syncs give EIO */
	bool kernel_owned;		/* a switch drives it: REGISTER is EBUSY */
	const struct vale_port_ops *ops;
	struct vale_region *region;	/* NULL while idle, for NICs */

	wait_queue_head_t wait[VALE_DIRS];	/* fds with several rings */
	struct kref ref;
	unsigned int users;		/* handles bound */
	unsigned int holds;		/* what keeps its memory: pipes */
	struct vale_net *vn;
	struct list_head pipes;		/* struct vale_pipe, whose parent it is */
	struct list_head monitors;	/* struct vale_monitor */
	char name[NETMAP_REQ_IFNAMSIZ];	/* "vale0:a" or "eth0" */
};

/* False: busy in another thread, which nobody waits for. */
static inline bool vale_ring_enter(struct vale_ring *ring)
{
	return !test_and_set_bit_lock(0, &ring->gate);
}

static inline void vale_ring_leave(struct vale_ring *ring)
{
	clear_bit_unlock(0, &ring->gate);
}

/* Slots that senders can fill in an RX ring, whose lock is held. */
static inline u32 vale_ring_room(const struct vale_ring *ring)
{
	/* (R) partner: who gives slots back, in rxsync */
	return vale_lease_room(&ring->lease,
			       smp_load_acquire(&ring->pos.hwcur));
}

static inline bool vale_port_in_use(const struct vale_port *port)
{
	return port->users || port->holds;
}

static inline u32 vale_port_rings(const struct vale_port *port, int dir)
{
	return port->nrings[dir] + port->nhost[dir];
}

void vale_port_init(struct vale_port *port, const struct vale_port_ops *ops,
		    struct vale_net *vn, const char *name);
static inline void vale_port_get(struct vale_port *port)
{
	kref_get(&port->ref);
}
void vale_port_put(struct vale_port *port);

/* Give a port that was looked up back unused, under its locks. */
void vale_port_release(struct vale_port *port);

/*
 * Wake whoever sleeps for the ring: its own queue and the port-wide one.
 * Cheap when nobody does. Any context.
 */
void vale_ring_wake(struct vale_ring *ring);

/* Does anybody? Ordered after whatever a sleeper would look for. */
bool vale_ring_awaited(struct vale_ring *ring);

/* Wake all sleepers of the port, as when it dies. */
void vale_port_wake(struct vale_port *port);

/*
 * Set an idle port's rings and slots as a REGISTER with reg would find them.
 * No-op on a port that is in use or has fixed numbers.
 */
void vale_port_configure(struct vale_port *port,
			 const struct nmreq_register *reg);

/*
 * Activate an idle port: region, ring array. Region 0 in reg: keep
 * port->region, or the global one. Undone by deactivate when the last user
 * left.
 */
int vale_port_activate(struct vale_port *port,
		       const struct nmreq_register *reg);
void vale_port_deactivate(struct vale_port *port);

/*
 * Keep an idle port's numbers, region and ring array as they are, as a user
 * does, without starting it. Errors of activate.
 */
int __must_check vale_port_hold(struct vale_port *port,
				const struct nmreq_register *reg);
void vale_port_unhold(struct vale_port *port);

/* A user left, its memory is freed: what nobody needs now goes too. */
void vale_port_left(struct vale_port *port);

/* Give ring its shared ring and buffers / take them away. 0, -ENOMEM. */
int vale_ring_create(struct vale_ring *ring);
void vale_ring_destroy(struct vale_ring *ring);

#endif /* VALE_PORT_H */
