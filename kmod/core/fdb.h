/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef VALE_CORE_FDB_H
#define VALE_CORE_FDB_H

#include <asm/barrier.h>
#include <asm/byteorder.h>
#include <linux/cache.h>
#include <linux/types.h>

#define VALE_FDB_MIN	64u
#define VALE_FDB_MAX	(1u << 20)
#define VALE_FDB_DEFAULT 8192u
#define VALE_FDB_AGEING_DEFAULT 300u	/* seconds */
#define VALE_FDB_AGEING_MAX 16383u

#define VALE_PORT_MAX	254	/* indices 0..253 */
#define VALE_PORT_FLOOD	254
#define VALE_PORT_DROP	255

/*
 * Forwarding table (D9). A MAC address is a u64 with the first octet on the
 * wire in the low byte and zeros above bit 47. `now` is seconds modulo 2^16,
 * from any start. Lookups and vale_fdb_stale need no lock (RCU keeps the
 * table), nor does vale_fdb_next; everything else is called with the caller's
 * writer lock held.
 */
struct vale_fdb_bucket;

struct vale_fdb {
	struct vale_fdb_bucket *bucket;	/* cache-line aligned, zeroed */
	u32 mask;			/* buckets - 1 */
	u32 limit;			/* entries at most */
	unsigned long version;		/* some address is elsewhere than before */
	u64 key[2];			/* random; key[1] odd */

	/* Writers', in a line that no lookup reads. */
	u32 used ____cacheline_aligned;
	u64 full;			/* addresses not learned for want of room */
	u64 doomed[2];			/* mask and value; mask 0: none */
};

struct vale_fdb_entry {
	u64 mac;
	u16 stamp;	/* `now` when last seen (granularity: a second) */
	u8 port;
	bool is_static;
};

enum vale_fdb_result {
	VALE_FDB_SAME,		/* nothing to do, or only refreshed */
	VALE_FDB_NEW,
	VALE_FDB_MOVED,		/* *old says from where */
	VALE_FDB_FULL,		/* not learned */
	VALE_FDB_STATIC,	/* a static entry stays where it is */
};

/*
 * What was looked up holds while the version is the one seen before looking:
 * it changes when an address goes to another port or is forgotten. The owner
 * sees to it that no two tables have one in common.
 */
static inline unsigned long vale_fdb_version(const struct vale_fdb *fdb)
{
	return smp_load_acquire(&fdb->version);
}

#define VALE_FDB_BYTES_MIN 8192u
/* Bytes of bucket memory for `entries` (a power of two, MIN..MAX). */
size_t vale_fdb_bytes(u32 entries);
void vale_fdb_init(struct vale_fdb *fdb, void *mem, u32 entries,
		   const u64 key[2]);

/* Port 0..253, or VALE_PORT_FLOOD if not known. */
u8 vale_fdb_lookup(const struct vale_fdb *fdb, u64 mac);

/* Must vale_fdb_learn be called: unknown, elsewhere, or over a second old? */
bool vale_fdb_stale(const struct vale_fdb *fdb, u64 mac, u8 port, u16 now);
enum vale_fdb_result vale_fdb_learn(struct vale_fdb *fdb, u64 mac, u8 port,
				    u16 now, u8 *old);

/* 0, -ENOSPC, -EINVAL (group or zero address); a known one becomes static */
int vale_fdb_add_static(struct vale_fdb *fdb, u64 mac, u8 port);
/* 0, -ENOENT */
int vale_fdb_del(struct vale_fdb *fdb, u64 mac);

/*
 * Positions of entries run from 0 to this. Who walks over them in strides may
 * release the writer lock between two, and others may write meanwhile: only a
 * flush is sure to miss nothing that was there when it began.
 */
u32 vale_fdb_end(const struct vale_fdb *fdb);

/*
 * Begin a flush: of the dynamic entries, of all ports or of one; with the
 * static ones too when the port goes away, for which nothing may be learned any
 * more. No entry that is to go leaves its place for another until the flush has
 * come to its end. One flush at a time.
 */
void vale_fdb_doom(struct vale_fdb *fdb);
void vale_fdb_doom_port(struct vale_fdb *fdb, u8 port, bool statics);
/* The flush's next stride: *cursor, 0 at first, goes up to `to`. */
void vale_fdb_flush(struct vale_fdb *fdb, u32 *cursor, u32 to);

/*
 * Find, from *cursor on, the next dynamic entry before `to` that was not seen
 * for more than `ageing` seconds, and remove it. False: nothing up to `to`.
 */
bool vale_fdb_expire(struct vale_fdb *fdb, u32 *cursor, u32 to, u16 now,
		     u16 ageing, struct vale_fdb_entry *entry);

/* Find the next entry from *cursor on, before `to`; false: none is left. */
bool vale_fdb_next(const struct vale_fdb *fdb, u32 *cursor, u32 to,
		   struct vale_fdb_entry *entry);

/*
 * The entries of `from` from *cursor on, before `to`, into a table of another
 * size. What fdb has of an address stays unless `from` saw it later, so what
 * changed meanwhile can be made up for by a second copy. Entries that do not
 * fit are counted full.
 */
void vale_fdb_copy(struct vale_fdb *fdb, const struct vale_fdb *from,
		   u32 *cursor, u32 to);

/* The six bytes at p. Two overlapping loads; reads exactly six bytes. */
static inline u64 vale_mac_load(const u8 *p)
{
	u32 lo;
	u16 hi;

	__builtin_memcpy(&lo, p, 4);
	__builtin_memcpy(&hi, p + 4, 2);
	return __le32_to_cpu((__force __le32)lo) |
	       (u64)__le16_to_cpu((__force __le16)hi) << 32;
}

static inline bool vale_mac_is_group(u64 mac)
{
	return mac & 1;
}

#endif /* VALE_CORE_FDB_H */
