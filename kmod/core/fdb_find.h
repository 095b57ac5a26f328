/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef VALE_CORE_FDB_FIND_H
#define VALE_CORE_FDB_FIND_H

#include <linux/compiler.h>

#include "fdb.h"

/*
 * How an address is found, for the table itself and for the loop that looks up
 * many: there the hash comes first, and the search when the bucket has come.
 *
 * entry: 63..16 address, which is never zero, 8 static, 7..0 port; 0 if empty
 */
#define VALE_FDB_WAYS		6
#define VALE_FDB_MAC_SHIFT	16

struct vale_fdb_bucket {
	u64 entry[VALE_FDB_WAYS];
	u16 stamp[VALE_FDB_WAYS];
	u32 unused;
};

_Static_assert(sizeof(struct vale_fdb_bucket) == 64, "one cache line");

static inline u8 vale_fdb_port(u64 entry)
{
	return entry;
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

static inline u64 vale_fdb_least(u64 a, u64 b)
{
	return a < b ? a : b;
}

/*
 * The entry of an address, 0 if it is not here. Without the address, the entry
 * that has it is less than any other. Looks at all of them: which one it is
 * cannot be predicted, and a wrong guess costs more.
 */
static inline u64 vale_fdb_match(const struct vale_fdb_bucket *bucket, u64 mac)
{
	const u64 *e = bucket->entry;
	const u64 wanted = mac << VALE_FDB_MAC_SHIFT;
	u64 least;

	_Static_assert(VALE_FDB_WAYS == 6, "all of them");
	least = vale_fdb_least(vale_fdb_least(READ_ONCE(e[0]) ^ wanted,
					      READ_ONCE(e[1]) ^ wanted),
			       vale_fdb_least(READ_ONCE(e[2]) ^ wanted,
					      READ_ONCE(e[3]) ^ wanted));
	least = vale_fdb_least(least,
			       vale_fdb_least(READ_ONCE(e[4]) ^ wanted,
					      READ_ONCE(e[5]) ^ wanted));
	return least >> VALE_FDB_MAC_SHIFT ? 0 : least | wanted;
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

/* ... whose primary bucket is known. */
static inline u8 vale_fdb_lookup_in(const struct vale_fdb *fdb,
				    const struct vale_fdb_bucket *bucket,
				    u64 mac)
{
	u64 entry = vale_fdb_match(bucket, mac);

	return likely(entry) ? vale_fdb_port(entry) : vale_fdb_lookup(fdb, mac);
}

#endif /* VALE_CORE_FDB_FIND_H */
