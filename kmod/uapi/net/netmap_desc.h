/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Ports by name, for programs that define NETMAP_WITH_LIBS before they include
 * <net/netmap_user.h>:
 *
 *	spec := "netmap:" NAME [ring] [tail] | "vale" ID ":" NAME [ring] [tail]
 *	ring := "^" host rings | "*" NIC and host rings | "-" N one pair |
 *		"{" N pipe, master | "}" N pipe, slave
 *	tail := "/" flags ["@" M] | "@" M ["/" flags]
 *
 * Where the environment variable NETMAP_FD holds the number of an open
 * /dev/netmap, as for the command of `vale-ctl port open`, that is used instead
 * of opening it; not in set-user-ID programs.
 */
#ifndef _NET_NETMAP_DESC_H_
#define _NET_NETMAP_DESC_H_

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <net/if.h>
#include <net/netmap.h>
#include <net/netmap_spec.h>
#include <net/netmap_user.h>

#define NM_ERRBUF_SIZE	512

struct nm_desc;

struct nm_pkthdr {
	struct timeval ts;
	uint32_t caplen;	/* bytes that lie together at buf */
	uint32_t len;		/* bytes of the packet */
	uint64_t flags;		/* NM_MORE_PKTS */
#define NM_MORE_PKTS	1	/* not the last packet of this call */
	struct nm_desc *d;
	struct netmap_slot *slot;
	uint8_t *buf;
};

struct nm_stat {
	unsigned int ps_recv;
	unsigned int ps_drop;
	unsigned int ps_ifdrop;
};

struct nm_desc {
	struct nm_desc *self;	/* tells a descriptor from something else */
	int fd;
	void *mem;
	uint64_t memsize;
	int done_mmap;		/* the mapping is ours to undo */
	struct netmap_if *nifp;
	/* rings bound; first > last where there is none */
	uint16_t first_tx_ring, last_tx_ring, cur_tx_ring;
	uint16_t first_rx_ring, last_rx_ring, cur_rx_ring;
	struct nmreq req;
	struct nm_pkthdr hdr;
	struct netmap_ring *some_ring;
	void *buf_start, *buf_end;
	/* for programs that keep what pcap keeps */
	int snaplen;
	int promisc;
	int to_ms;
	char *errbuf;
	uint32_t if_flags;
	uint32_t if_reqcap;
	uint32_t if_curcap;
	struct nm_stat st;
	char msg[NM_ERRBUF_SIZE];
};

#define P2NMD(p)		((struct nm_desc *)(p))
#define IS_NETMAP_DESC(d)	((d) && P2NMD(d)->self == P2NMD(d))
#define NETMAP_FD(d)		(P2NMD(d)->fd)

typedef void (*nm_cb_t)(unsigned char *arg, const struct nm_pkthdr *hdr,
			const unsigned char *buf);

/* flags of nm_open(), beside NETMAP_NO_TX_POLL and NETMAP_DO_RX_POLL */
enum {
	NM_OPEN_NO_MMAP = 0x040000,	/* unless arg says whose mapping to use */
	NM_OPEN_IFNAME = 0x080000,	/* name, ring and flags of arg, not ifname */
	NM_OPEN_ARG1 = 0x100000,	/* these fields of arg */
	NM_OPEN_ARG2 = 0x200000,
	NM_OPEN_ARG3 = 0x400000,
	NM_OPEN_RING_CFG = 0x800000,	/* counts of rings and slots */
};

/* the device's name inside the spec, which *text leaves behind */
static inline int nm_spec_name_(const char **text, struct nmreq *req,
				const char **why)
{
	const char *name = *text, *end;

	*why = "a port is netmap:NAME or valeID:NAME";
	if (!strncmp(name, "netmap:", 7)) {
		name += 7;
		end = name + strcspn(name, "-*^{}/@");
	} else {
		end = name + strlen(NM_BDG_NAME);
		while (nm_spec_is_id_(*end))
			end++;
		if (*end++ != ':')
			return -1;
		*text = end;
		while (nm_spec_is_id_(*end))
			end++;
	}
	*why = "empty name";
	if (end == name || end == *text)
		return -1;
	*why = "name longer than 15 characters";
	if ((size_t)(end - name) >= sizeof(req->nr_name))
		return -1;
	memset(req->nr_name, 0, sizeof(req->nr_name));
	memcpy(req->nr_name, name, (size_t)(end - name));
	*text = end;
	return 0;
}

static inline uint32_t nm_spec_mode_(char lead)
{
	switch (lead) {
	case '^':
		return NR_REG_SW;
	case '*':
		return NR_REG_NIC_SW;
	case '-':
		return NR_REG_ONE_NIC;
	case '{':
		return NR_REG_PIPE_MASTER;
	case '}':
		return NR_REG_PIPE_SLAVE;
	default:
		return 0;
	}
}

static inline int nm_spec_rings_(const char **text, struct nmreq *req,
				 const char **why)
{
	uint32_t mode = nm_spec_mode_(**text);
	unsigned long ring = 0;

	if (!mode) {
		mode = NR_REG_ALL_NIC;
	} else {
		int whole = mode == NR_REG_SW || mode == NR_REG_NIC_SW;

		++*text;
		*why = "bad ring number, want 0 to 4094";
		if (!whole && nm_spec_number_(text, NM_SPEC_MAX_RING_, &ring))
			return -1;
	}
	req->nr_flags &= ~(uint32_t)NR_REG_MASK;
	req->nr_flags |= mode;
	req->nr_ringid = (uint16_t)ring;
	return 0;
}

static inline int nm_spec_tail_(const char **text, struct nmreq *req,
				const char **why)
{
	uint16_t mem_id = 0;
	uint32_t flags = 0;

	while (**text) {
		char lead = *(*text)++;

		if (lead == '/' && !flags) {
			if (nm_spec_flags_(text, &flags, why))
				return -1;
		} else if (lead == '@' && !mem_id) {
			if (nm_spec_mem_id_(text, &mem_id, why))
				return -1;
		} else {
			*why = "unexpected character after the name";
			return -1;
		}
	}
	req->nr_flags |= flags;
	if (mem_id)
		req->nr_arg2 = mem_id;
	return 0;
}

/* Fills name, ring, flags and memory id of req; 0, or -1 with *why set. */
static inline int nm_spec_parse_(const char *text, struct nmreq *req,
				 const char **why)
{
	if (nm_spec_name_(&text, req, why) || nm_spec_rings_(&text, req, why))
		return -1;
	return nm_spec_tail_(&text, req, why);
}

static inline void nm_desc_import_(struct nm_desc *d, const struct nm_desc *arg,
				   uint64_t flags)
{
	if (!IS_NETMAP_DESC(arg) || !flags)
		return;
	d->req.nr_arg1 = flags & NM_OPEN_ARG1 ? arg->req.nr_arg1 : 4;
	d->req.nr_arg3 = flags & NM_OPEN_ARG3 ? arg->req.nr_arg3 : 0;
	if (flags & NM_OPEN_ARG2)
		d->req.nr_arg2 = arg->req.nr_arg2;
	if (flags & NM_OPEN_RING_CFG) {
		d->req.nr_tx_slots = arg->req.nr_tx_slots;
		d->req.nr_rx_slots = arg->req.nr_rx_slots;
		d->req.nr_tx_rings = arg->req.nr_tx_rings;
		d->req.nr_rx_rings = arg->req.nr_rx_rings;
	}
}

/* name, ring, flags and what else there is to be known before registering */
static inline int nm_desc_prepare_(struct nm_desc *d, const char *ifname,
				   uint64_t flags, const struct nm_desc *arg)
{
	const uint64_t poll = NETMAP_NO_TX_POLL | NETMAP_DO_RX_POLL;
	const char *why = "no descriptor to take the name from";

	/* first, so that a memory id in the name wins over one imported */
	nm_desc_import_(d, arg, flags);
	if (!(flags & NM_OPEN_IFNAME)) {
		if (nm_spec_parse_(ifname, &d->req, &why))
			goto err_spec;
	} else if (IS_NETMAP_DESC(arg)) {
		memcpy(d->req.nr_name, arg->req.nr_name,
		       sizeof(d->req.nr_name));
		d->req.nr_ringid = arg->req.nr_ringid;
		d->req.nr_flags = arg->req.nr_flags;
	} else {
		goto err_spec;
	}
	d->req.nr_version = NETMAP_API;
	d->req.nr_ringid |= (uint16_t)(flags & poll);
	return 0;

err_spec:
	snprintf(d->msg, sizeof(d->msg), "%s: %s",
		 flags & NM_OPEN_IFNAME ? "nm_open" : ifname, why);
	errno = EINVAL;
	return -1;
}

/* what the request implies, until the mapping tells exactly */
static inline void nm_desc_expect_rings_(struct nm_desc *d)
{
	uint16_t tx = d->req.nr_tx_rings, rx = d->req.nr_rx_rings;
	uint16_t ring = d->req.nr_ringid & NETMAP_RING_MASK;

	d->first_tx_ring = d->first_rx_ring = 0;
	d->last_tx_ring = (uint16_t)(tx - 1);
	d->last_rx_ring = (uint16_t)(rx - 1);
	switch (d->req.nr_flags & NR_REG_MASK) {
	case NR_REG_SW:
		d->first_tx_ring = d->last_tx_ring = tx;
		d->first_rx_ring = d->last_rx_ring = rx;
		break;
	case NR_REG_NIC_SW:
		d->last_tx_ring = tx;
		d->last_rx_ring = rx;
		break;
	case NR_REG_ONE_NIC:
		d->first_tx_ring = d->last_tx_ring = ring;
		d->first_rx_ring = d->last_rx_ring = ring;
		break;
	case NR_REG_PIPE_MASTER:
	case NR_REG_PIPE_SLAVE:
		d->last_tx_ring = d->last_rx_ring = 0;
		break;
	default:
		break;
	}
	d->cur_tx_ring = d->first_tx_ring;
	d->cur_rx_ring = d->first_rx_ring;
}

/* first and last of count rings that are bound, 1 and 0 if none is */
static inline void nm_bound_rings_(const ssize_t *offsets, uint32_t count,
				   uint16_t *first, uint16_t *last)
{
	uint32_t i;

	*first = 1;
	*last = 0;
	for (i = 0; i < count; i++) {
		if (!offsets[i])
			continue;
		if (*first > *last)
			*first = (uint16_t)i;
		*last = (uint16_t)i;
	}
}

static inline void nm_desc_find_rings_(struct nm_desc *d)
{
	const struct netmap_if *nifp = d->nifp;
	uint32_t tx = nifp->ni_tx_rings + nifp->ni_host_tx_rings;
	uint32_t rx = nifp->ni_rx_rings + nifp->ni_host_rx_rings;

	nm_bound_rings_(nifp->ring_ofs, tx, &d->first_tx_ring,
			&d->last_tx_ring);
	nm_bound_rings_(nifp->ring_ofs + tx, rx, &d->first_rx_ring,
			&d->last_rx_ring);
	d->cur_tx_ring = d->first_tx_ring;
	d->cur_rx_ring = d->first_rx_ring;
	if (d->first_tx_ring <= d->last_tx_ring)
		d->some_ring = NETMAP_TXRING(nifp, d->first_tx_ring);
	else if (d->first_rx_ring <= d->last_rx_ring)
		d->some_ring = NETMAP_RXRING(nifp, d->first_rx_ring);
	if (d->some_ring)
		d->buf_start = NETMAP_BUF(d->some_ring, 0);
	d->buf_end = (char *)d->mem + d->memsize;
}

/* Maps the port, or uses the parent's mapping of the same region. */
static inline int nm_mmap(struct nm_desc *d, const struct nm_desc *parent)
{
	if (!IS_NETMAP_DESC(d) || d->mem)
		return EINVAL;
	if (IS_NETMAP_DESC(parent) && parent->mem &&
	    parent->req.nr_arg2 == d->req.nr_arg2) {
		d->memsize = parent->memsize;
		d->mem = parent->mem;
	} else {
		void *mem = mmap(NULL, d->req.nr_memsize,
				 PROT_READ | PROT_WRITE, MAP_SHARED, d->fd, 0);

		if (mem == MAP_FAILED)
			return EINVAL;
		d->memsize = d->req.nr_memsize;
		d->mem = mem;
		d->done_mmap = 1;
	}
	d->nifp = NETMAP_IF(d->mem, d->req.nr_offset);
	nm_desc_find_rings_(d);
	return 0;
}

static inline int nm_close(struct nm_desc *d)
{
	if (!IS_NETMAP_DESC(d))
		return EINVAL;
	if (d->done_mmap)
		munmap(d->mem, d->memsize);
	if (d->fd >= 0)
		close(d->fd);
	memset(d, 0, sizeof(*d));
	free(d);
	return 0;
}

/* NULL: none was passed; as secure_getenv(), which not all programs see */
static inline const char *nm_passed_fd_(void)
{
	return getauxval(AT_SECURE) ? NULL : getenv("NETMAP_FD");
}

static inline const char *nm_device_(void)
{
	return nm_passed_fd_() ? "NETMAP_FD" : NETMAP_DEVICE_NAME;
}

/* a descriptor of one's own, or -1 and errno */
static inline int nm_open_device_(void)
{
	const char *text = nm_passed_fd_();
	char *end;
	long number;
	int fd;

	if (!text)
		return open(NETMAP_DEVICE_NAME, O_RDWR);
	number = strtol(text, &end, 10);
	if (end == text || *end || number < 0 || number > INT_MAX) {
		errno = EBADF;
		return -1;
	}
	fd = dup((int)number);
	if (fd >= 0)
		fcntl(fd, F_SETFD, FD_CLOEXEC);
	return fd;
}

static inline int nm_desc_register_(struct nm_desc *d)
{
	const char *what = nm_device_();

	d->fd = nm_open_device_();
	if (d->fd >= 0) {
		what = d->req.nr_name;
		if (!ioctl(d->fd, NIOCREGIF, &d->req))
			return 0;
	}
	snprintf(d->msg, sizeof(d->msg), "%s: %s", what, strerror(errno));
	return -1;
}

/* frees d and leaves the reason in errno and on stderr */
static inline struct nm_desc *nm_open_failed_(struct nm_desc *d)
{
	int err = errno ? errno : EINVAL;

	fprintf(stderr, "%s\n", d->msg);
	nm_close(d);
	errno = err;
	return NULL;
}

/*
 * Opens a port. req holds the request to begin with, arg a descriptor whose
 * mapping may be shared and of which the flags take some fields.
 * NULL with errno 0: the name is none of netmap's.
 */
static inline struct nm_desc *nm_open(const char *ifname,
				      const struct nmreq *req, uint64_t flags,
				      const struct nm_desc *arg)
{
	struct nm_desc *d;

	if (!(flags & NM_OPEN_IFNAME) && strncmp(ifname, "netmap:", 7) &&
	    strncmp(ifname, NM_BDG_NAME, strlen(NM_BDG_NAME))) {
		errno = 0;
		return NULL;
	}
	d = (struct nm_desc *)calloc(1, sizeof(*d));
	if (!d)
		return NULL;
	d->self = d;
	d->fd = -1;
	if (req)
		d->req = *req;
	if (nm_desc_prepare_(d, ifname, flags, arg) || nm_desc_register_(d))
		return nm_open_failed_(d);
	nm_desc_expect_rings_(d);
	if ((flags & NM_OPEN_NO_MMAP) && !IS_NETMAP_DESC(arg))
		return d;
	errno = 0;
	if (nm_mmap(d, arg)) {
		snprintf(d->msg, sizeof(d->msg), "%s: cannot map %u bytes",
			 d->req.nr_name, d->req.nr_memsize);
		return nm_open_failed_(d);
	}
	return d;
}

#include <net/netmap_desc_io.h>

#endif /* _NET_NETMAP_DESC_H_ */
