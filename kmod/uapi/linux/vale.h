/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What vale.ko offers beyond the netmap ABI: one request option, one ioctl and
 * the generic netlink family "vale" (counters, forwarding tables, settings,
 * events). kmod/uapi/vale.yaml describes the family in the kernel's own
 * netlink specification format.
 */
#ifndef _UAPI_LINUX_VALE_H
#define _UAPI_LINUX_VALE_H

#include <linux/ioctl.h>
#include <linux/types.h>

/*
 * Option of NETMAP_REQ_VALE_ATTACH: exactly which rings of a NIC join the
 * switch; the others stay with the host stack. Ring r is bit r % 64 of word
 * r / 64. With this option nr_mode says only whether the host stack joins too
 * (NIC_SW) or not (ALL_NIC). EINVAL: no ring at all, or one the NIC lacks.
 * The struct starts with the 24 bytes of struct nmreq_option.
 */
#define VALE_REQ_OPT_RINGS	0x100
#define VALE_RING_WORDS		4

struct vale_opt_rings {
	__u64 nro_next;
	__u32 nro_reqtype;
	__u32 nro_status;
	__u64 nro_size;
	__u64 rx[VALE_RING_WORDS];
	__u64 tx[VALE_RING_WORDS];
};

/*
 * Confines an open /dev/netmap to one port of a switch ("vale0:vi0"), to be
 * handed to somebody who may use that port and nothing else: REGISTER only
 * opens it, by that name, whatever network namespace it is called from; it
 * makes nothing, joins no other memory and watches nobody. The queries about
 * that port and what is done with it once it is open work; all else is EPERM.
 * The port is the one that has the name now: when it is gone, ENXIO, also if
 * another has taken the name.
 *
 * EBUSY   the descriptor is confined already, or has a port open
 * EINVAL  no name of a switch's port, or that of a NIC or its host stack
 * ENXIO   there is no such port
 * EPERM   its memory is the global region, which others use too
 */
#define VALE_NAME_SIZE		64

struct vale_confine {
	char name[VALE_NAME_SIZE];	/* with its NUL */
};

#define VALE_IOC_CONFINE	_IOW('i', 160, struct vale_confine)

#define VALE_GENL_NAME		"vale"
#define VALE_GENL_VERSION	1
#define VALE_GENL_GROUP_EVENTS	"events"

/*
 * Reading needs no privilege; SET, ADD, DEL and FLUSH need CAP_NET_ADMIN in
 * the namespace's user namespace. Every request is answered for the network
 * namespace of its socket.
 *
 * SWITCH_GET  dump, or one (SWITCH_NAME): SWITCH_NAME, PORTS, FDB_SIZE,
 *             FDB_USED, FDB_AGEING, FDB_FULL, EXCHANGE
 * SWITCH_SET  SWITCH_NAME and any of FDB_SIZE, FDB_AGEING, EXCHANGE. The switch
 *             must exist (ENOENT) unless CREATE is given: then it is created and
 *             stays while empty, until SWITCH_DEL.
 * SWITCH_DEL  SWITCH_NAME: a switch made by SWITCH_SET goes away with its last
 *             port again (at once if it has none)
 * PORT_GET    dump (all, or those of SWITCH_NAME), or one (PORT_NAME):
 *             SWITCH_NAME, PORT_NAME, PORT_INDEX, PORT_KIND, IFINDEX (NIC,
 *             host and persistent ports), TX_RINGS, RX_RINGS, TX_SLOTS,
 *             RX_SLOTS, MEM_ID, USERS, LINK, COUNTERS, DROPS, ADAPTER (NIC
 *             ports). One may also be a netdev that programs have open,
 *             "eth0", or its host rings, "eth0^": on no switch, so without
 *             SWITCH_NAME, PORT_INDEX and IFINDEX.
 * FDB_GET     dump (all, or those of SWITCH_NAME): SWITCH_NAME, MAC,
 *             PORT_INDEX, PORT_NAME, FDB_AGE or FDB_STATIC
 * FDB_ADD     SWITCH_NAME, MAC, PORT_NAME: a static entry
 * FDB_DEL     SWITCH_NAME, MAC
 * FDB_FLUSH   SWITCH_NAME, or PORT_NAME: dynamic entries only
 * EVENT       multicast: EVENT_TYPE and what it concerns, see enum vale_event
 */
enum vale_cmd {
	VALE_CMD_UNSPEC,
	VALE_CMD_SWITCH_GET,
	VALE_CMD_SWITCH_SET,
	VALE_CMD_SWITCH_DEL,
	VALE_CMD_PORT_GET,
	VALE_CMD_FDB_GET,
	VALE_CMD_FDB_ADD,
	VALE_CMD_FDB_DEL,
	VALE_CMD_FDB_FLUSH,
	VALE_CMD_EVENT,
	__VALE_CMD_MAX,
};

#define VALE_CMD_MAX (__VALE_CMD_MAX - 1)

enum vale_attr {
	VALE_A_UNSPEC,
	VALE_A_PAD,
	VALE_A_SWITCH_NAME,	/* string, "vale0" */
	VALE_A_PORT_NAME,	/* string, in full: "vale0:a", "vale0:eth0^" */
	VALE_A_PORT_INDEX,	/* u32, 0..253 */
	VALE_A_PORT_KIND,	/* u32, enum vale_port_kind */
	VALE_A_IFINDEX,		/* u32 */
	VALE_A_TX_RINGS,	/* u32 */
	VALE_A_RX_RINGS,	/* u32 */
	VALE_A_TX_SLOTS,	/* u32 */
	VALE_A_RX_SLOTS,	/* u32 */
	VALE_A_MEM_ID,		/* u32 */
	VALE_A_USERS,		/* u32: open file descriptions */
	VALE_A_LINK,		/* u32: 1 if packets can pass */
	VALE_A_COUNTERS,	/* nest of u64, enum vale_counter */
	VALE_A_DROPS,		/* nest of u64, enum vale_drop */
	VALE_A_PORTS,		/* u32: ports on the switch */
	VALE_A_FDB_SIZE,	/* u32: entries, power of two, 64..1048576 */
	VALE_A_FDB_USED,	/* u32: entries in use */
	VALE_A_FDB_AGEING,	/* u32: seconds, 0 = never, at most 16383 */
	VALE_A_FDB_FULL,	/* u64: addresses not learned for want of room */
	VALE_A_FDB_AGE,		/* u32: seconds since last seen, coarse */
	VALE_A_FDB_STATIC,	/* flag */
	VALE_A_MAC,		/* binary, 6 bytes */
	VALE_A_CREATE,		/* flag */
	VALE_A_EVENT_TYPE,	/* u32, enum vale_event */
	VALE_A_EVENTS_LOST,	/* u64: events dropped before this one */
	VALE_A_OLD_PORT_INDEX,	/* u32 */
	VALE_A_EXCHANGE,	/* u32: 1 if buffers within a region change places */
	VALE_A_POLL_CPU,	/* u32: first of the CPUs whose threads poll it */
	VALE_A_POLL_CPUS,	/* u32: how many, one behind the other */
	VALE_A_ADAPTER,		/* u32, enum vale_adapter; ports of kind NIC */
	__VALE_A_MAX,
};

#define VALE_A_MAX (__VALE_A_MAX - 1)

enum vale_port_kind {
	VALE_PORT_EPHEMERAL,	/* lives as long as somebody has it open */
	VALE_PORT_PERSISTENT,	/* a netdev made by NEWIF */
	VALE_PORT_NIC,		/* the wire side of a netdev */
	VALE_PORT_HOST,		/* the host stack of a netdev, "valeX:eth0^" */
};

/* By what programs have a NIC, and a switch, which always has it emulated. */
enum vale_adapter {
	VALE_ADAPTER_EMULATED,	/* socket buffers */
	VALE_ADAPTER_NATIVE,	/* the rings of the hardware */
};

/*
 * "in" is what entered the switch from the port, "out" what left the switch
 * through it. Attribute type in the nest: the enum's value + 1.
 */
enum vale_counter {
	VALE_CNT_IN_PACKETS,
	VALE_CNT_IN_BYTES,
	VALE_CNT_OUT_PACKETS,
	VALE_CNT_OUT_BYTES,
	VALE_CNT_FLOODED,	/* in: unicast sent to every port */
	VALE_CNT_MULTICAST,	/* in: group address, sent to every port */
	__VALE_CNT_MAX,
};

/*
 * Why packets were dropped. Reasons up to NO_LINK count packets that came in
 * from the port; the others packets that should have gone out through it.
 * Attribute type in the nest: the enum's value + 1.
 */
enum vale_drop {
	VALE_DROP_NOT_ATTACHED,	/* sent on a port that is on no switch */
	VALE_DROP_NO_DST,	/* nobody else on the switch */
	VALE_DROP_SAME_PORT,	/* destination lives on the port it came from */
	VALE_DROP_RUNT,		/* no whole Ethernet header */
	VALE_DROP_BAD_SLOT,	/* buffer index or length out of range */
	VALE_DROP_FRAGS,	/* more than 64 slots */
	VALE_DROP_FAULT,	/* NS_INDIRECT memory not readable */
	VALE_DROP_IN_FULL,	/* from NIC or host faster than switched */
	VALE_DROP_IN_OFFLOAD,	/* checksum or segmentation failed; by receiver */
	VALE_DROP_NO_LINK,	/* netdev down or without carrier */
	VALE_DROP_NO_RECEIVER,	/* nobody has the ring open */
	VALE_DROP_RING_FULL,	/* receiver too slow */
	VALE_DROP_TOO_LONG,	/* larger than a buffer or the netdev's MTU */
	VALE_DROP_BAD_BUFFER,	/* receiver left an invalid buffer index */
	VALE_DROP_NO_MEMORY,	/* no socket buffer */
	VALE_DROP_TX_BUSY,	/* netdev queue stopped or refusing */
	VALE_DROP_NO_RING,	/* no TX ring of the NIC joined the switch */
	__VALE_DROP_MAX,
};

enum vale_event {
	VALE_EVENT_SWITCH_ADD,	/* SWITCH_NAME */
	VALE_EVENT_SWITCH_DEL,	/* SWITCH_NAME */
	VALE_EVENT_PORT_ADD,	/* SWITCH_NAME, PORT_NAME, PORT_INDEX, PORT_KIND */
	VALE_EVENT_PORT_DEL,	/* the same */
	VALE_EVENT_LINK_UP,	/* the same; a NIC's carrier, a port's first user */
	VALE_EVENT_LINK_DOWN,	/* the same */
	VALE_EVENT_MAC_LEARNED,	/* SWITCH_NAME, MAC, PORT_INDEX */
	VALE_EVENT_MAC_MOVED,	/* the same and OLD_PORT_INDEX */
	VALE_EVENT_MAC_AGED,	/* SWITCH_NAME, MAC, PORT_INDEX */
};

#endif /* _UAPI_LINUX_VALE_H */
