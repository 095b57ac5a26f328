/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The netmap ABI, version 14: what programs share with /dev/netmap.
 * Layouts and numbers are fixed for ever; kmod/core/abi.c asserts them all.
 * Mapped access needs a 64-bit process, requests work for 32-bit ones too.
 */
#ifndef _NET_NETMAP_H_
#define _NET_NETMAP_H_

#ifdef __KERNEL__
#include <linux/types.h>
#include <linux/ioctl.h>
#include <linux/time_types.h>
#else
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/time.h>
#include <sys/types.h>
#endif

#define NETMAP_API		14
#define NETMAP_MIN_API		14	/* oldest nr_version accepted */
#define NETMAP_MAX_API		15	/* newest nr_version accepted */

#define NETMAP_DEVICE_NAME	"/dev/netmap"
#define NM_BDG_NAME		"vale"	/* a port name with this prefix is a switch port */
#define NM_CACHE_ALIGN		128

/*
 * Fields marked NETMAP_RO are for programs to read. Whoever fills them
 * (the kernel, or a test that plays the kernel) defines it empty.
 */
#ifndef NETMAP_RO
#ifdef __KERNEL__
#define NETMAP_RO
#else
#define NETMAP_RO const
#endif
#endif

/*
 * One region of memory, mapped from offset 0, holds three pools:
 *
 *     0                                                      nr_memsize
 *     | netmap_if  netmap_if .. | ring  ring  ring .. | buf 0  buf 1 .. |
 *       ^ nr_offset of this fd    ^                     ^
 *       |                         |                     |
 *       +------ ring_ofs[r] ------+------ buf_ofs ------+-- i * nr_buf_size
 *
 * Every distance counts from the start of the struct that holds it. All rings
 * of a region reach all of its buffers, so two ports with equal nr_mem_id
 * may exchange buffers by exchanging indices. Buffers 0 and 1 belong to nobody.
 *
 * A ring is a circle of num_slots slots of which at most num_slots - 1 are
 * in the program's hands:
 *
 *        kernel's          the program's           kernel's
 *     --+---------------+-----------+-----------+------------
 *                     head         cur         tail
 *       released  <---  |  holds, looks ahead   |  in flight (TX) or
 *       at next sync    |                       |  being filled (RX)
 *
 * The program moves head (slots before it go back to the kernel) and
 * cur (poll sleeps until tail has moved past it); a sync moves tail.
 * At the start TX has head = cur = 0, tail = num_slots - 1; RX all three 0.
 */

struct netmap_slot {
	uint32_t buf_idx;
	uint16_t len;		/* bytes of this fragment */
	uint16_t flags;		/* NS_* */
	uint64_t ptr;		/* address for NS_INDIRECT, or packet offset */
};

#define NS_BUF_CHANGED		0x0001	/* buf_idx is not what it was at the last sync */
#define NS_REPORT		0x0002	/* ask for a completion of this slot */
#define NS_FORWARD		0x0004	/* pass on between NIC and host stack when released */
#define NS_NO_LEARN		0x0008	/* the switch shall not learn this source address */
#define NS_INDIRECT		0x0010	/* payload lies at ptr in the caller's own memory */
#define NS_MOREFRAG		0x0020	/* the packet goes on in the next slot */
#define NS_TXMON		0x0040	/* monitored packet came from a TX ring */
#define NS_PORT_SHIFT		8
#define NS_PORT_MASK		(0xff << NS_PORT_SHIFT)
/* slots the received packet is made of, in every slot of it; VALE ports only */
#define NS_RFRAGS(_slot)	(((_slot)->flags >> 8) & 0xff)

#define NETMAP_MAX_FRAGS	64

struct netmap_ring {
	NETMAP_RO int64_t buf_ofs;
	NETMAP_RO uint32_t num_slots;
	NETMAP_RO uint32_t nr_buf_size;
	NETMAP_RO uint16_t ringid;	/* NIC rings first, then host rings */
	NETMAP_RO uint16_t dir;		/* 1 on TX rings, 0 on RX rings */

	uint32_t head;			/* program */
	uint32_t cur;			/* program */
	uint32_t tail;			/* kernel */
	uint32_t flags;			/* program: NR_TIMESTAMP, NR_FORWARD */

#ifdef __KERNEL__
	struct __kernel_old_timeval ts;
#else
	struct timeval ts;		/* of the last RX sync */
#endif
	NETMAP_RO uint64_t offset_mask;	/* bits of slot ptr that hold an offset */
	NETMAP_RO uint64_t buf_align;	/* of buffer plus offset on TX, 0 is none */

	/* for locks shared among programs, the kernel never looks */
	uint8_t sem[128] __attribute__((__aligned__(NM_CACHE_ALIGN)));

	struct netmap_slot slot[];
};

/* netmap_ring.flags */
#define NR_TIMESTAMP		0x0002	/* stamp even if the module does not by default */
#define NR_FORWARD		0x0004	/* obey NS_FORWARD on this ring */

struct netmap_if {
	char ni_name[16];		/* cut to 15 characters */
	NETMAP_RO uint32_t ni_version;
	NETMAP_RO uint32_t ni_flags;	/* NI_* */
	NETMAP_RO uint32_t ni_tx_rings;	/* NIC rings, host rings not counted */
	NETMAP_RO uint32_t ni_rx_rings;
	uint32_t ni_bufs_head;		/* extra buffers, each begins with the next one's index */
	NETMAP_RO uint32_t ni_host_tx_rings;	/* at least 1 even without host rings */
	NETMAP_RO uint32_t ni_host_rx_rings;
	uint32_t ni_spare1[3];
	/* TX, host TX, RX, host RX; 0 for a ring this fd has not bound */
	NETMAP_RO ssize_t ring_ofs[];
};

#define NI_PRIV_MEM		0x1	/* the region is not the global one */

/*
 * Requests: ioctl(fd, NIOCCTRL, struct nmreq_header *). The body's struct
 * follows from nr_reqtype, options form a list ending with a zero nro_next.
 */
#define NETMAP_REQ_IFNAMSIZ	64
#define NETMAP_REQ_MAXSIZE	4096	/* body, option headers and option bodies together */

struct nmreq_header {
	uint16_t nr_version;	/* NETMAP_API */
	uint16_t nr_reqtype;	/* NETMAP_REQ_* */
	uint32_t nr_reserved;	/* 0 */
	char nr_name[NETMAP_REQ_IFNAMSIZ];
	uint64_t nr_options;	/* address of the first nmreq_option or 0 */
	uint64_t nr_body;	/* address of the body or 0 */
};

enum {
	NETMAP_REQ_REGISTER = 1,	/* nmreq_register */
	NETMAP_REQ_PORT_INFO_GET,	/* nmreq_port_info_get */
	NETMAP_REQ_VALE_ATTACH,		/* nmreq_vale_attach */
	NETMAP_REQ_VALE_DETACH,		/* nmreq_vale_detach */
	NETMAP_REQ_VALE_LIST,		/* nmreq_vale_list */
	NETMAP_REQ_PORT_HDR_SET,	/* nmreq_port_hdr */
	NETMAP_REQ_PORT_HDR_GET,	/* nmreq_port_hdr */
	NETMAP_REQ_VALE_NEWIF,		/* nmreq_vale_newif */
	NETMAP_REQ_VALE_DELIF,		/* no body */
	NETMAP_REQ_VALE_POLLING_ENABLE,	/* nmreq_vale_polling */
	NETMAP_REQ_VALE_POLLING_DISABLE, /* nmreq_vale_polling */
	NETMAP_REQ_POOLS_INFO_GET,	/* nmreq_pools_info */
	NETMAP_REQ_SYNC_KLOOP_START,	/* nmreq_sync_kloop_start */
	NETMAP_REQ_SYNC_KLOOP_STOP,	/* no body */
	NETMAP_REQ_CSB_ENABLE,		/* no body */
};

struct nmreq_option {
	uint64_t nro_next;	/* address of the next option or 0 */
	uint32_t nro_reqtype;	/* NETMAP_REQ_OPT_* */
	uint32_t nro_status;	/* out: 0, or an errno; EOPNOTSUPP if nobody used it */
	uint64_t nro_size;	/* header included; 0 if the type has a fixed size */
};

enum {
	NETMAP_REQ_OPT_EXTMEM = 1,		/* nmreq_opt_extmem */
	NETMAP_REQ_OPT_SYNC_KLOOP_EVENTFDS,	/* nmreq_opt_sync_kloop_eventfds */
	NETMAP_REQ_OPT_CSB,			/* nmreq_opt_csb */
	NETMAP_REQ_OPT_SYNC_KLOOP_MODE,		/* nmreq_opt_sync_kloop_mode */
	NETMAP_REQ_OPT_OFFSETS,			/* nmreq_opt_offsets */
	NETMAP_REQ_OPT_MAX,			/* one past the last type */
};

/* binds the fd to rings of a port, for as long as the fd lives */
struct nmreq_register {
	uint64_t nr_offset;		/* out: of the fd's netmap_if */
	uint64_t nr_memsize;		/* out: bytes to map */
	uint32_t nr_tx_slots;
	uint32_t nr_rx_slots;
	uint16_t nr_tx_rings;
	uint16_t nr_rx_rings;
	uint16_t nr_host_tx_rings;
	uint16_t nr_host_rx_rings;
	uint16_t nr_mem_id;		/* 0: the port's own choice */
	uint16_t nr_ringid;		/* for the NR_REG_ONE_* modes */
	uint32_t nr_mode;		/* NR_REG_* */
	uint32_t nr_extra_bufs;		/* in: wanted, out: got */
	uint64_t nr_flags;		/* NR_* below */
};

/* nr_mode */
enum {
	NR_REG_DEFAULT = 0,	/* never valid in a nmreq_register */
	NR_REG_ALL_NIC,
	NR_REG_SW,		/* host rings */
	NR_REG_NIC_SW,
	NR_REG_ONE_NIC,
	NR_REG_PIPE_MASTER,	/* legacy requests only */
	NR_REG_PIPE_SLAVE,	/* legacy requests only */
	NR_REG_NULL,
	NR_REG_ONE_SW,
};

/* nr_flags; 0x1000 once meant a guest's host port and is ignored */
#define NR_MONITOR_TX		0x100
#define NR_MONITOR_RX		0x200
#define NR_ZCOPY_MON		0x400
#define NR_EXCLUSIVE		0x800
#define NR_RX_RINGS_ONLY	0x2000
#define NR_TX_RINGS_ONLY	0x4000
#define NR_ACCEPT_VNET_HDR	0x8000	/* will cope with the port's header length */
#define NR_DO_RX_POLL		0x10000	/* poll syncs RX even without POLLIN */
#define NR_NO_TX_POLL		0x20000	/* poll syncs TX only with POLLOUT */

struct nmreq_port_info_get {
	uint64_t nr_memsize;
	uint32_t nr_tx_slots;
	uint32_t nr_rx_slots;
	uint16_t nr_tx_rings;
	uint16_t nr_rx_rings;
	uint16_t nr_host_tx_rings;
	uint16_t nr_host_rx_rings;
	uint16_t nr_mem_id;
	uint16_t pad[3];
};

struct nmreq_vale_attach {
	struct nmreq_register reg;
	uint32_t port_index;		/* out */
	uint32_t pad1;
};

struct nmreq_vale_detach {
	uint32_t port_index;		/* out */
	uint32_t pad1;
};

struct nmreq_vale_list {
	uint16_t nr_bridge_idx;
	uint16_t pad1;
	uint32_t nr_port_idx;
};

struct nmreq_port_hdr {
	uint32_t nr_hdr_len;		/* virtio-net header: 0, 10 or 12 */
	uint32_t pad1;
};

struct nmreq_vale_newif {
	uint32_t nr_tx_slots;
	uint32_t nr_rx_slots;
	uint16_t nr_tx_rings;
	uint16_t nr_rx_rings;
	uint16_t nr_mem_id;
	uint16_t pad1;
};

struct nmreq_vale_polling {
	uint32_t nr_mode;		/* NETMAP_POLLING_MODE_* */
	uint32_t nr_first_cpu_id;
	uint32_t nr_num_polling_cpus;
	uint32_t pad1;
};

#define NETMAP_POLLING_MODE_SINGLE_CPU	1
#define NETMAP_POLLING_MODE_MULTI_CPU	2

struct nmreq_pools_info {
	uint64_t nr_memsize;
	uint16_t nr_mem_id;		/* in and out */
	uint16_t pad1[3];
	uint64_t nr_if_pool_offset;
	uint32_t nr_if_pool_objtotal;
	uint32_t nr_if_pool_objsize;
	uint64_t nr_ring_pool_offset;
	uint32_t nr_ring_pool_objtotal;
	uint32_t nr_ring_pool_objsize;
	uint64_t nr_buf_pool_offset;
	uint32_t nr_buf_pool_objtotal;
	uint32_t nr_buf_pool_objsize;
};

struct nmreq_sync_kloop_start {
	uint32_t sleep_us;
	uint32_t pad1;
};

/*
 * Control and status blocks: in CSB mode they stand in for head, cur and tail,
 * one entry per bound ring, TX rings first.
 */
struct nm_csb_atok {			/* written by the application */
	uint32_t head;
	uint32_t cur;
	uint32_t appl_need_kick;
	uint32_t sync_flags;
	uint32_t pad[12];
};

struct nm_csb_ktoa {			/* written by the kernel */
	uint32_t hwcur;
	uint32_t hwtail;
	uint32_t kern_need_kick;
	uint32_t pad[13];
};

/* the program's own memory becomes the region */
struct nmreq_opt_extmem {
	struct nmreq_option nro_opt;
	uint64_t nro_usrptr;
	struct nmreq_pools_info nro_info;
};

struct nmreq_opt_sync_kloop_eventfds {
	struct nmreq_option nro_opt;
	struct {
		int32_t ioeventfd;	/* the application kicks the kernel */
		int32_t irqfd;		/* the kernel kicks the application */
	} eventfds[];			/* one per bound ring, TX rings first */
};

struct nmreq_opt_csb {
	struct nmreq_option nro_opt;
	uint64_t csb_atok;
	uint64_t csb_ktoa;
};

struct nmreq_opt_sync_kloop_mode {
	struct nmreq_option nro_opt;
	uint32_t mode;			/* NM_OPT_SYNC_KLOOP_* */
};

#define NM_OPT_SYNC_KLOOP_DIRECT_TX	1
#define NM_OPT_SYNC_KLOOP_DIRECT_RX	2

/* packets begin at buffer + (slot ptr & offset_mask) */
struct nmreq_opt_offsets {
	struct nmreq_option nro_opt;
	uint64_t nro_max_offset;	/* in: wanted, out: in force */
	uint64_t nro_initial_offset;
	uint32_t nro_offset_bits;
	uint32_t nro_tx_align;
	uint64_t nro_min_gap;
};

#define NIOCCTRL	_IOWR('i', 151, struct nmreq_header)
#define NIOCTXSYNC	_IO('i', 148)
#define NIOCRXSYNC	_IO('i', 149)

static inline int nm_ring_empty(const struct netmap_ring *ring)
{
	return ring->head == ring->tail;
}

#ifndef __KERNEL__
/* order of two stores, or of two loads, against a kernel on another CPU */
static inline void nm_stst_barrier(void)
{
	__atomic_thread_fence(__ATOMIC_RELEASE);
}

static inline void nm_ldld_barrier(void)
{
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
}

/*
 * The kernel loads head before cur, so cur is stored first: a head it sees
 * is never ahead of the cur it sees. The leading fence lets slots go first.
 */
static inline void nm_sync_kloop_appl_write(struct nm_csb_atok *atok,
					    uint32_t cur, uint32_t head)
{
	nm_stst_barrier();
	__atomic_store_n(&atok->cur, cur, __ATOMIC_RELAXED);
	nm_stst_barrier();
	__atomic_store_n(&atok->head, head, __ATOMIC_RELAXED);
}

/* mirror of the above: the kernel stores hwcur before hwtail */
static inline void nm_sync_kloop_appl_read(const struct nm_csb_ktoa *ktoa,
					   uint32_t *hwtail, uint32_t *hwcur)
{
	*hwtail = __atomic_load_n(&ktoa->hwtail, __ATOMIC_RELAXED);
	nm_ldld_barrier();
	*hwcur = __atomic_load_n(&ktoa->hwcur, __ATOMIC_RELAXED);
	nm_ldld_barrier();
}
#endif /* !__KERNEL__ */

#include <net/netmap_legacy.h>

#endif /* _NET_NETMAP_H_ */
