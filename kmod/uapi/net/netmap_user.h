/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finding one's way in a mapped region: pointers to interface, rings and
 * buffers, and arithmetic on a ring. Programs include <net/if.h> first.
 */
#ifndef _NET_NETMAP_USER_H_
#define _NET_NETMAP_USER_H_

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <net/netmap.h>

#ifndef likely
#define likely(x)	__builtin_expect(!!(x), 1)
#endif
#ifndef unlikely
#define unlikely(x)	__builtin_expect(!!(x), 0)
#endif

#define NETMAP_AT_(type, base, distance) \
	((type *)(void *)((char *)(uintptr_t)(base) + (ptrdiff_t)(distance)))

#define NETMAP_IF(base, ofs)	NETMAP_AT_(struct netmap_if, base, ofs)

/*
 * Host rings follow the NIC rings of their direction. A ring this descriptor
 * has not bound comes out as the netmap_if itself, never as NULL.
 */
#define NETMAP_TXRING(nifp, index) \
	NETMAP_AT_(struct netmap_ring, nifp, (nifp)->ring_ofs[index])

#define NETMAP_RXRING(nifp, index) \
	NETMAP_AT_(struct netmap_ring, nifp, \
		   (nifp)->ring_ofs[(uint32_t)(index) + (nifp)->ni_tx_rings + \
				    (nifp)->ni_host_tx_rings])

#define NETMAP_BUF(ring, index) \
	NETMAP_AT_(char, ring, (ring)->buf_ofs + \
		   (int64_t)(index) * (int64_t)(ring)->nr_buf_size)

#define NETMAP_BUF_IDX(ring, buf) \
	((uint32_t)(((const char *)(buf) - \
		     ((const char *)(ring) + (ring)->buf_ofs)) / \
		    (ptrdiff_t)(ring)->nr_buf_size))

/* where in its buffer the slot's packet begins */
#define NETMAP_ROFFSET(ring, slot)	((slot)->ptr & (ring)->offset_mask)

#define NETMAP_WOFFSET(ring, slot, offset) \
	do { \
		(slot)->ptr = ((slot)->ptr & ~(ring)->offset_mask) | \
			      ((uint64_t)(offset) & (ring)->offset_mask); \
	} while (0)

#define NETMAP_BUF_OFFSET(ring, slot) \
	(NETMAP_BUF(ring, (slot)->buf_idx) + NETMAP_ROFFSET(ring, slot))

static inline uint32_t nm_ring_next(const struct netmap_ring *ring, uint32_t i)
{
	return unlikely(i + 1 == ring->num_slots) ? 0 : i + 1;
}

/* slots from head to tail */
static inline uint32_t nm_ring_space(const struct netmap_ring *ring)
{
	uint32_t head = ring->head, tail = ring->tail;

	return tail >= head ? tail - head : tail + ring->num_slots - head;
}

/* has the kernel still slots of ours to send or to give back? */
static inline int nm_tx_pending(const struct netmap_ring *ring)
{
	return nm_ring_next(ring, ring->tail) != ring->head;
}

/* whole blocks of 64 become straight vector moves */
static inline void nm_pkt_copy(const void *src, void *dst, size_t len)
{
	const unsigned char *from = (const unsigned char *)src;
	unsigned char *to = (unsigned char *)dst;

	if (unlikely(len >= 1024 || len % 64 != 0)) {
		memcpy(to, from, len);
		return;
	}
	for (; len != 0; len -= 64, from += 64, to += 64)
		memcpy(to, from, 64);
}

#ifndef ND
#define ND(...)		do { } while (0)

#define D(fmt, ...) \
	do { \
		struct timeval nm_d_now_; \
		struct tm nm_d_tm_; \
		gettimeofday(&nm_d_now_, NULL); \
		localtime_r(&nm_d_now_.tv_sec, &nm_d_tm_); \
		fprintf(stderr, "%02d:%02d:%02d.%06ld %s [%d] " fmt "\n", \
			nm_d_tm_.tm_hour, nm_d_tm_.tm_min, nm_d_tm_.tm_sec, \
			(long)nm_d_now_.tv_usec, __func__, __LINE__, \
			##__VA_ARGS__); \
	} while (0)

/* at most lps messages a second from this place */
#define RD(lps, fmt, ...) \
	do { \
		static time_t nm_rd_second_; \
		static unsigned int nm_rd_count_; \
		time_t nm_rd_now_ = time(NULL); \
		if (nm_rd_now_ != nm_rd_second_) { \
			nm_rd_second_ = nm_rd_now_; \
			nm_rd_count_ = 0; \
		} \
		if (nm_rd_count_++ < (unsigned int)(lps)) \
			D(fmt, ##__VA_ARGS__); \
	} while (0)
#endif /* !ND */

#endif /* _NET_NETMAP_USER_H_ */

/* apart from the guard above: another header may have been here without it */
#ifdef NETMAP_WITH_LIBS
#include <net/netmap_desc.h>
#endif
