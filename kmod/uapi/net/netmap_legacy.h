/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Requests of before API 14, still accepted. <net/netmap.h> includes this. */
#ifndef _NET_NETMAP_LEGACY_H_
#define _NET_NETMAP_LEGACY_H_

#ifdef __KERNEL__
#include <linux/types.h>
#include <linux/ioctl.h>
#else
#include <stdint.h>
#include <sys/ioctl.h>
#endif

struct nmreq {
	char nr_name[16];
	uint32_t nr_version;	/* NETMAP_API or more */
	uint32_t nr_offset;	/* out, as in nmreq_register */
	uint32_t nr_memsize;	/* out */
	uint32_t nr_tx_slots;
	uint32_t nr_rx_slots;
	uint16_t nr_tx_rings;
	uint16_t nr_rx_rings;
	uint16_t nr_ringid;	/* ring number and the bits below */
	uint16_t nr_cmd;	/* 0 to register, or a command below */
	uint16_t nr_arg1;	/* depends on nr_cmd */
	uint16_t nr_arg2;	/* nr_mem_id; VALE_LIST: port index */
	uint32_t nr_arg3;	/* extra buffers */
	uint32_t nr_flags;	/* NR_REG_* in the low bits, NR_* above */
	uint32_t spare2[1];
};

#define NR_REG_MASK		0xf	/* of nr_flags */

/* nr_ringid; the first two count only while nr_flags names no mode */
#define NETMAP_HW_RING		0x4000	/* one NIC ring pair */
#define NETMAP_SW_RING		0x2000	/* host rings */
#define NETMAP_RING_MASK	0x0fff
#define NETMAP_NO_TX_POLL	0x1000
#define NETMAP_DO_RX_POLL	0x8000

/* nr_cmd */
#define NETMAP_BDG_ATTACH	1
#define NETMAP_BDG_DETACH	2
#define NETMAP_BDG_REGOPS	3	/* never available to programs */
#define NETMAP_BDG_LIST		4
#define NETMAP_BDG_VNET_HDR	5
#define NETMAP_BDG_NEWIF	6
#define NETMAP_BDG_DELIF	7
#define NETMAP_PT_HOST_CREATE	8
#define NETMAP_PT_HOST_DELETE	9
#define NETMAP_BDG_POLLING_ON	10
#define NETMAP_BDG_POLLING_OFF	11
#define NETMAP_VNET_HDR_GET	12

#define NETMAP_BDG_HOST		1	/* nr_arg1 of ATTACH: the host stack too */

#define NM_IFRDATA_LEN		256

/* private message to the configuration hook of a switch */
struct nm_ifreq {
	char nifr_name[16];
	char data[NM_IFRDATA_LEN];
};

#define NIOCGINFO	_IOWR('i', 145, struct nmreq)
#define NIOCREGIF	_IOWR('i', 146, struct nmreq)
#define NIOCCONFIG	_IOWR('i', 150, struct nm_ifreq)

#endif /* _NET_NETMAP_LEGACY_H_ */
