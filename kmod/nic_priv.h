/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef VALE_NIC_PRIV_H
#define VALE_NIC_PRIV_H

#include <linux/hrtimer.h>
#include <linux/if_vlan.h>
#include <linux/netdevice.h>

#include "nic.h"
#include "zcopy.h"

#define VALE_NIC_RINGS_MAX (VALE_RING_WORDS * 64)

struct vale_attachment;

/*
 * Where frames taken from a netdev wait for a program or for the switch. Any
 * context may add; `queue` has its own lock, taken with interrupts off
 * (netpoll transmits that way).
 */
struct vale_sink {
	struct sk_buff_head *queue;
	struct vale_stats __percpu *stats;
	u32 limit;	/* frames that may wait */
	u32 max_len;	/* bytes; longer frames could never be taken out */
	bool from_host;	/* the stack sends them */
};

/* One contiguous part of a frame to send. */
struct vale_piece {
	const u8 *data;
	u32 len;
	u32 idx;	/* its buffer, and where in that */
	u32 offset;
};

/*
 * What a ring of a netdev has besides struct vale_ring. Of those that a native
 * adapter has in hardware only `piece` is in use, and stats.
 */
struct vale_nic_ring {
	struct vale_ring *ring;
	struct vale_sink sink;		/* RX */
	/* Under the gate. RX: out of the queue, no slot yet. TX: built, not
	 * taken by the driver.
	 */
	struct sk_buff_head ready;
	u32 built;			/* TX: slots behind `ready` */
	struct vale_zcopy *zcopy;	/* TX, or NULL: all are copied */
	struct hrtimer timer;		/* RX: next wake-up. TX: retry */
	bool armed;			/* RX, under queue.lock, as is */
	bool missed;			/* ... frames came since it was armed */
	bool torn;			/* RX, under the gate: what was given
					 * back ended within a frame */
	bool bad;			/* ... a slot had no buffer since the
					 * last sync */
	struct vale_piece piece[NETMAP_MAX_FRAGS];	/* under the gate */
};

/* A frame as found in slots; where its bytes are is in nr->piece. */
struct vale_found {
	u32 slots;
	u32 npieces;
	u32 len;
	u16 flags;	/* of any of its slots */
	bool bad;	/* not a frame at all; `why` */
	bool open;	/* head comes before its end */
	enum vale_drop why;
};

/*
 * The adapter of a netdev, emulated or native. Either programs have its rings open
 * (port.users), or a switch drives it (att), or neither. `dev` is cleared when
 * the netdev is unregistered: the port is dead then, and no reference to the
 * netdev is left.
 */
struct vale_nic {
	struct vale_port port;
	struct list_head list;		/* vn->nics */
	struct net_device __rcu *dev;
	netdevice_tracker tracker;
	bool up;			/* administratively */
	struct vale_member wire;	/* "vale0:eth0" */
	struct vale_member host;	/* "vale0:eth0^" */
	struct vale_nic_ring *rings[VALE_DIRS];	/* between start and stop */
	struct vale_attachment *att;
	struct vale_native_port *native;	/* between its start and stop */
	bool veth;			/* its other end is at hand */
	bool swaps;			/* ... to exchange buffers with */

	/* hook.c */
	bool hooked;
	bool intercepting;
	const struct net_device_ops *driver_ops;
	struct net_device_ops ops;	/* the driver's but for ndo_start_xmit */
};

static inline struct vale_nic *vale_nic_of(struct vale_port *port)
{
	return container_of(port, struct vale_nic, port);
}

/* The netdev, for control operations; NULL once it is gone. */
static inline struct net_device *vale_nic_dev(const struct vale_nic *nic)
{
	return rcu_dereference_protected(nic->dev, lockdep_rtnl_is_held());
}

/* Can frames pass? Within one RCU read side with what is sent on it. */
static inline bool vale_nic_running(const struct vale_nic *nic,
				    const struct net_device *dev)
{
	return READ_ONCE(nic->up) && netif_carrier_ok(dev);
}

/* nic.c: the adapter of dev with a reference, made if need be. ERR_PTR. */
struct vale_nic *vale_nic_get_dev(struct vale_net *vn, struct net_device *dev);
/* Take ring and slot numbers from the netdev. Under RTNL. */
void vale_nic_config(struct vale_port *port);
void vale_nic_destroy(struct vale_port *port);
#define VALE_NIC_MAX_SLOTS 2048	/* fit a ring of the global region's default */

/* hook.c: reception and transmission of a netdev. Under RTNL. */
int vale_hook_install(struct vale_nic *nic, struct net_device *dev);
/* Back to what was; no frame is on its way in any more when it returns. */
void vale_hook_remove(struct vale_nic *nic, struct net_device *dev);
/* Is what the stack sends looked at? Off by itself at remove. */
void vale_hook_intercept(struct vale_nic *nic, struct net_device *dev,
			 bool on);
/* Whose the hooks in dev are; RCU read side, BH disabled. NULL: not ours. */
struct vale_nic *vale_hook_nic(const struct net_device *dev);
bool vale_dev_is_tun(const struct net_device *dev);

/*
 * What `ip -s link` shows as dropped, beside the driver's own counts: frames
 * of the wire, or `tx` those that should have got there. BH disabled.
 */
static inline void vale_netdev_drop(struct net_device *dev, bool tx, u64 n)
{
	while (n--) {
		if (tx)
			dev_core_stats_tx_dropped_inc(dev);
		else
			dev_core_stats_rx_dropped_inc(dev);
	}
}

struct vale_sent {
	u64 packets;
	u64 bytes;
};

/*
 * Hand the frames of list, in order, to the driver's queue for `ring`, until
 * it refuses; those it did not take stay. RCU read side, BH disabled.
 */
struct vale_sent vale_hook_xmit(struct vale_nic *nic, struct net_device *dev,
				u32 ring, struct sk_buff_head *list);

/* ... one, if that can be done now. False: it stays the caller's. */
bool vale_hook_xmit_one(struct vale_nic *nic, struct net_device *dev, u32 ring,
			struct sk_buff *skb);

/* frame.c: socket buffers. */

/*
 * What skb (data at the MAC header) looks like on the wire: frames linked by
 * next. NULL: it was dropped and counted.
 */
struct sk_buff *vale_sink_open(struct vale_sink *sink, struct sk_buff *skb);
/* One of these waits from now on, or is dropped and counted. */
void vale_sink_add(struct vale_sink *sink, struct sk_buff *skb);
/* All of these. */
void vale_sink_put(struct vale_sink *sink, struct sk_buff *skb);
/* Move all that waits to the end of list. */
void vale_sink_take(struct vale_sink *sink, struct sk_buff_head *list);
/*
 * What was left to hardware is done: tags, segments linked by next, checksums.
 * Consumes skb, clones too. NULL: failed.
 */
struct sk_buff *vale_frame_resolve(struct sk_buff *skb);
/* A frame of len bytes for dev, to be filled in; then finish it. BH disabled. */
struct sk_buff *vale_frame_alloc(struct net_device *dev, u32 len);
void vale_frame_finish(struct sk_buff *skb);
/*
 * Have the checksum of a finished TCP or UDP frame filled in, by its netdev or
 * here if that cannot; other frames stay as they are. 0, -ENOMEM.
 */
int vale_frame_checksum(struct sk_buff *skb);

static inline u32 vale_frame_max(const struct net_device *dev)
{
	return READ_ONCE(dev->mtu) + dev->hard_header_len + VLAN_HLEN;
}

static inline bool vale_frame_fits(const struct net_device *dev, u32 len)
{
	return len <= vale_frame_max(dev);
}

/* slots.c: the frame at slot `at`, which is not head. Host rings have no frames
 * of several slots. The gate is held.
 */
struct vale_found vale_slots_read(struct vale_nic_ring *nr, u32 at);
/* Append its bytes to skb, which has room for f->len. */
void vale_slots_copy(const struct vale_nic_ring *nr,
		     const struct vale_found *f, struct sk_buff *skb);
/* Into the slots of another RX ring, which are enough. False: one of them has
 * no buffer, the frame is lost.
 */
bool vale_slots_refill(const struct vale_nic_ring *nr,
		       const struct vale_found *f, struct vale_ring *ring);

/* emul.c: programs on the rings of a netdev. */
extern const struct vale_port_ops vale_emul_ops;
/* These a native adapter uses too, for its host rings. */
int vale_emul_start(struct vale_port *port);
void vale_emul_stop(struct vale_port *port);
void vale_emul_rings_changed(struct vale_port *port);
int vale_emul_txsync(struct vale_ring *ring, int flags);
int vale_emul_rxsync(struct vale_ring *ring, int flags);	/* emul_rx.c */
void vale_nic_drop(struct vale_nic_ring *nr, enum vale_drop why, u64 n);
int vale_emul_send(struct vale_ring *ring);	/* emul_tx.c */

/* emul_rx.c */
void vale_emul_receive(struct vale_nic *nic, u32 ring, struct sk_buff *skb);
/* Frames that wait go into slots, as there is room. The gate is held. */
void vale_emul_import(struct vale_nic_ring *nr);
/* Slots of a frame that cannot be had are handed over empty. */
void vale_emul_give_up(struct vale_ring *ring, u32 from, u32 to);
/* Slots of an RX ring that frames can go into. */
static inline u32 vale_nic_rx_room(const struct vale_pos *pos)
{
	return pos->n - 1 - vale_ring_distance(pos->hwcur, pos->hwtail, pos->n);
}
/* Frames came: wake, now or when the interval is over. */
void vale_emul_notify(struct vale_nic_ring *nr);
enum hrtimer_restart vale_emul_interval_over(struct hrtimer *timer);

/* native.c: programs on the rings of the hardware. */
extern const struct vale_port_ops vale_nic_native_ops;
/* Has the netdev's driver a native adapter to offer, or why not? Under RTNL. */
bool vale_native_offered(struct net_device *dev, const char **why);
/* The program has the hardware ring, not only the slots. */
bool vale_native_takes(const struct vale_nic *nic, int dir, u32 ring);
/* The netdev goes: no callback into its driver any more. Under RTNL. */
void vale_native_gone(struct vale_nic *nic);

/* peer.c: into a veth. */
#define VALE_VETH_BURST 16	/* frames that its other end still finds in the
				 * cache; there is no doorbell to ring */
bool vale_dev_is_veth(const struct net_device *dev);
/*
 * What vale_hook_xmit() is asked for, if the other end can receive at once:
 * all of list, sent by TX queue `queue`. False: it takes the usual way.
 */
bool vale_peer_send(struct net_device *dev, u32 queue,
		    struct sk_buff_head *list, struct vale_sent *sent);
/* ... one. */
bool vale_peer_send_one(struct net_device *dev, u32 queue,
			struct sk_buff *skb);

/* twin.c: the two ends of a veth. */
/* All of a TX ring goes there, now or later. False: it takes the usual way. */
bool vale_twin_send(struct vale_nic_ring *nr);
/* What waits there for room in this RX ring. */
void vale_twin_pull(struct vale_nic_ring *nr);

/* host.c: the host stack's side of a netdev. */
int vale_host_txsync(struct vale_ring *ring);
/* Released slots of a NIC's RX ring that are marked go up to the stack. */
void vale_host_forward_up(struct vale_ring *ring);
/* Those of a host RX ring go into NIC TX rings; true: some did. */
bool vale_host_forward_down(struct vale_ring *ring);	/* host_down.c */
void vale_host_receive(struct vale_nic *nic, u32 queue, struct sk_buff *skb);
/* To the stack as received on dev. False: it was dropped. BH disabled. */
bool vale_host_inject(struct net_device *dev, struct sk_buff *skb);
/* Is it one of ours on its way up? Says so once. */
bool vale_host_unmark(struct sk_buff *skb);
/* No frame in the stack leads back into the module any more. */
void vale_host_drain(void);

/* attach.c: a switch on a netdev. */
bool vale_attach_takes(const struct vale_attachment *att, int dir, u32 ring);
void vale_attach_receive(struct vale_attachment *att, u32 ring,
			 struct sk_buff *skb);
void vale_attach_intercept(struct vale_attachment *att, u32 ring,
			   struct sk_buff *skb);
/* Undo an attachment; the caller's reference to nic stays. */
void vale_attach_undo(struct vale_nic *nic);

/* deliver.c: from the switch to a netdev or its host stack. */
extern const struct vale_member_ops vale_wire_ops;
extern const struct vale_member_ops vale_host_ops;
/* All of list to the driver, or dropped; counted. */
void vale_wire_send(struct vale_nic *nic, struct net_device *dev, u32 ring,
		    struct sk_buff_head *list);
/* The stack takes everything: segments to come, tags, missing checksums. */
void vale_host_send(struct vale_member *m, struct net_device *dev,
		    struct sk_buff *skb);

#endif /* VALE_NIC_PRIV_H */
