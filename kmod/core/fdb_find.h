/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef VALE_CORE_FDB_FIND_H
#define VALE_CORE_FDB_FIND_H

#include <linux/compiler.h>

#include "fdb.h"

/*
 * How an address is found, for the table itself and for the loop that looks up
 * many: there the hash comes first, and the search when the bucket has come.
 *
 * entry: 47..0 address, 48 set, 56..49 port, 57 static; 0 if empty
 */
#define VALE_FDB_WAYS		6
#define VALE_FDB_VALID		(1ull << 48)
#define VALE_FDB_PORT_SHIFT	49

struct vale_fdb_bucket {
	u64 entry[VALE_FDB_WAYS];
	u16 stamp[VALE_FDB_WAYS];
	u32 unused;
};

_Static_assert(sizeof(struct vale_fdb_bucket) == 64, "one cache line");

static inline u8 vale_fdb_port(u64 entry)
{
	return entry >> VALE_FDB_PORT_SHIFT;
}

/* All 64 bits depend on the address; the upper ones are the good ones. */
static inline u64 vale_fdb_hash(const struct vale_fdb *fdb, u64 mac)
{
	u64 h = (mac ^ fdb->key[0]) * fdb->key[1];

	return (h ^ h >> 32) * fdb->key[1];
}

static inline struct vale_fdb_bucket *
vale_fdb_primary(const struct vale_fdb *fdb, u64 hash)
{
	return &fdb->bucket[hash >> 44 & fdb->mask];
}

/* Never the primary one: the lowest index bit differs if all else is equal. */
static inline struct vale_fdb_bucket *
vale_fdb_secondary(const struct vale_fdb *fdb, u64 hash)
{
	u32 one = hash >> 44 & fdb->mask;
	u32 two = hash >> 24 & fdb->mask;

	return &fdb->bucket[two ^ (one == two)];
}

/* The entry if it is that of the address, else 0. */
static inline u64 vale_fdb_if_same(const u64 *entry, u64 mac)
{
	u64 e = READ_ONCE(*entry);

	return (e ^ (mac | VALE_FDB_VALID)) << (64 - VALE_FDB_PORT_SHIFT) ? 0 :
									    e;
}

/*
 * The entry of an address, 0 if it is not here. Looks at all of them: which
 * one it is cannot be predicted, and a wrong guess costs more.
 */
static inline u64 vale_fdb_match(const struct vale_fdb_bucket *bucket, u64 mac)
{
	const u64 *e = bucket->entry;

	_Static_assert(VALE_FDB_WAYS == 6, "all of them");
	return vale_fdb_if_same(&e[0], mac) | vale_fdb_if_same(&e[1], mac) |
	       vale_fdb_if_same(&e[2], mac) | vale_fdb_if_same(&e[3], mac) |
	       vale_fdb_if_same(&e[4], mac) | vale_fdb_if_same(&e[5], mac);
}

/* 0 if it is unknown; *bucket is where it stands, or would. */
static inline u64 vale_fdb_search(const struct vale_fdb *fdb, u64 mac, u64 hash,
				  struct vale_fdb_bucket **bucket)
{
	u64 entry;

	*bucket = vale_fdb_primary(fdb, hash);
	entry = vale_fdb_match(*bucket, mac);
	if (likely(entry))
		return entry;
	*bucket = vale_fdb_secondary(fdb, hash);
	return vale_fdb_match(*bucket, mac);
}

/* vale_fdb_lookup of an address whose hash is known. */
static inline u8 vale_fdb_lookup_hashed(const struct vale_fdb *fdb, u64 mac,
					u64 hash)
{
	struct vale_fdb_bucket *bucket;
	u64 entry = vale_fdb_search(fdb, mac, hash, &bucket);

	return likely(entry) ? vale_fdb_port(entry) : VALE_PORT_FLOOD;
}

#endif /* VALE_CORE_FDB_FIND_H */
