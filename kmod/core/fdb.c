// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * A reader takes each entry with one load and never needs two to agree, so no
 * barrier is needed: the worst a race costs is one packet flooded or sent
 * where its address was a moment ago.
 */
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "fdb_find.h"

#define PORT_MASK	0xffull
#define STATIC		(1ull << 8)

struct place {
	struct vale_fdb_bucket *bucket;
	u32 way;
};

static u64 make_entry(u64 mac, u8 port, u64 flags)
{
	return mac << VALE_FDB_MAC_SHIFT | flags | port;
}

static u64 mac_of(u64 entry)
{
	return entry >> VALE_FDB_MAC_SHIFT;
}

/* A reader may find it moved in between, and gets some other way then. */
static bool find(const struct vale_fdb *fdb, u64 mac, struct place *place,
		 u64 *entry)
{
	*entry = vale_fdb_search(fdb, mac, vale_fdb_hash(fdb, mac),
				 &place->bucket);
	for (place->way = 0; place->way < VALE_FDB_WAYS - 1; place->way++)
		if (READ_ONCE(place->bucket->entry[place->way]) == *entry)
			break;
	return *entry;
}

static bool find_free(struct vale_fdb_bucket *bucket, struct place *place)
{
	u32 way;

	for (way = 0; way < VALE_FDB_WAYS; way++)
		if (!bucket->entry[way]) {
			*place = (struct place){ bucket, way };
			return true;
		}
	return false;
}

static void write_place(const struct place *place, u64 entry, u16 stamp)
{
	WRITE_ONCE(place->bucket->stamp[place->way], stamp);
	WRITE_ONCE(place->bucket->entry[place->way], entry);
}

/* After the entry; partner: vale_fdb_version, before an entry is looked up. */
static void new_version(struct vale_fdb *fdb)
{
	smp_store_release(&fdb->version, fdb->version + 1);
}

static void erase(struct vale_fdb *fdb, const struct place *place)
{
	WRITE_ONCE(place->bucket->entry[place->way], 0);
	WRITE_ONCE(fdb->used, fdb->used - 1);
	new_version(fdb);
}

/* Is it one of those that the flush under way, if there is one, is after? */
static bool is_doomed(const struct vale_fdb *fdb, u64 entry)
{
	return fdb->doomed[0] && (entry & fdb->doomed[0]) == fdb->doomed[1];
}

/*
 * Both buckets of a new address are full: send some entry of one to its other
 * bucket. For a moment it stands in both; a reader finds one of them. A
 * doomed one goes for good: elsewhere the flush may have been already.
 */
static bool make_room(struct vale_fdb *fdb, struct vale_fdb_bucket *bucket,
		      struct place *place)
{
	struct vale_fdb_bucket *other;
	struct place to;
	u32 way;
	u64 h;

	for (way = 0; way < VALE_FDB_WAYS; way++) {
		*place = (struct place){ bucket, way };
		if (is_doomed(fdb, bucket->entry[way])) {
			erase(fdb, place);
			return true;
		}
		h = vale_fdb_hash(fdb, mac_of(bucket->entry[way]));
		other = vale_fdb_primary(fdb, h);
		if (other == bucket)
			other = vale_fdb_secondary(fdb, h);
		if (!find_free(other, &to))
			continue;
		write_place(&to, bucket->entry[way], bucket->stamp[way]);
		return true;
	}
	return false;
}

/* An address that is not in the table. */
static bool insert(struct vale_fdb *fdb, u64 entry, u16 stamp)
{
	u64 h = vale_fdb_hash(fdb, mac_of(entry));
	struct place place;

	if (fdb->used >= fdb->limit)
		return false;
	if (!find_free(vale_fdb_primary(fdb, h), &place) &&
	    !find_free(vale_fdb_secondary(fdb, h), &place) &&
	    !make_room(fdb, vale_fdb_primary(fdb, h), &place) &&
	    !make_room(fdb, vale_fdb_secondary(fdb, h), &place))
		return false;
	write_place(&place, entry, stamp);
	WRITE_ONCE(fdb->used, fdb->used + 1);
	return true;
}

/*
 * A full table has taken two thirds of its places: the fewer lines and pages,
 * the more of them are in the caches. Among few buckets, luck decides too much.
 */
static u32 buckets_for(u32 entries)
{
	return max_t(u32, entries / 4,
		     VALE_FDB_BYTES_MIN / sizeof(struct vale_fdb_bucket));
}

size_t vale_fdb_bytes(u32 entries)
{
	return buckets_for(entries) * sizeof(struct vale_fdb_bucket);
}

void vale_fdb_init(struct vale_fdb *fdb, void *mem, u32 entries,
		   const u64 key[2])
{
	*fdb = (struct vale_fdb){
		.bucket = mem,
		.mask = buckets_for(entries) - 1,
		.limit = entries,
		.key = { key[0], key[1] | 1 },
	};
}

u8 vale_fdb_lookup(const struct vale_fdb *fdb, u64 mac)
{
	return vale_fdb_lookup_hashed(fdb, mac, vale_fdb_hash(fdb, mac));
}

static bool learnable(u64 mac)
{
	return mac && !vale_mac_is_group(mac);
}

bool vale_fdb_stale(const struct vale_fdb *fdb, u64 mac, u8 port, u16 now)
{
	struct place place;
	u64 entry;
	u16 age;

	if (!learnable(mac))
		return false;
	if (!find(fdb, mac, &place, &entry))
		return true;
	if (entry & STATIC)
		return false;
	age = now - READ_ONCE(place.bucket->stamp[place.way]);
	return vale_fdb_port(entry) != port || age > 1;
}

enum vale_fdb_result vale_fdb_learn(struct vale_fdb *fdb, u64 mac, u8 port,
				    u16 now, u8 *old)
{
	struct place place;
	u64 entry;

	if (!learnable(mac))
		return VALE_FDB_SAME;
	if (!find(fdb, mac, &place, &entry)) {
		if (insert(fdb, make_entry(mac, port, 0), now))
			return VALE_FDB_NEW;
		fdb->full++;
		return VALE_FDB_FULL;
	}
	if (entry & STATIC)
		return VALE_FDB_STATIC;
	write_place(&place, make_entry(mac, port, 0), now);
	if (vale_fdb_port(entry) == port)
		return VALE_FDB_SAME;
	new_version(fdb);
	*old = vale_fdb_port(entry);
	return VALE_FDB_MOVED;
}

int vale_fdb_add_static(struct vale_fdb *fdb, u64 mac, u8 port)
{
	u64 made = make_entry(mac, port, STATIC);
	struct place place;
	u64 entry;

	if (!learnable(mac))
		return -EINVAL;
	if (find(fdb, mac, &place, &entry)) {
		write_place(&place, made, 0);
		new_version(fdb);
		return 0;
	}
	return insert(fdb, made, 0) ? 0 : -ENOSPC;
}

int vale_fdb_del(struct vale_fdb *fdb, u64 mac)
{
	struct place place;
	u64 entry;

	if (!find(fdb, mac, &place, &entry))
		return -ENOENT;
	erase(fdb, &place);
	return 0;
}

u32 vale_fdb_end(const struct vale_fdb *fdb)
{
	return (fdb->mask + 1) * VALE_FDB_WAYS;
}

/* Moves *cursor past the next entry in use before `to`. */
static bool step(const struct vale_fdb *fdb, u32 *cursor, u32 to,
		 struct place *place, u64 *entry)
{
	u32 end = min(to, vale_fdb_end(fdb));

	while (*cursor < end) {
		place->bucket = &fdb->bucket[*cursor / VALE_FDB_WAYS];
		place->way = *cursor % VALE_FDB_WAYS;
		++*cursor;
		*entry = READ_ONCE(place->bucket->entry[place->way]);
		if (*entry)
			return true;
	}
	return false;
}

static void describe(struct vale_fdb_entry *to, const struct place *place,
		     u64 entry)
{
	*to = (struct vale_fdb_entry){
		.mac = mac_of(entry),
		.stamp = READ_ONCE(place->bucket->stamp[place->way]),
		.port = vale_fdb_port(entry),
		.is_static = entry & STATIC,
	};
}

bool vale_fdb_next(const struct vale_fdb *fdb, u32 *cursor, u32 to,
		   struct vale_fdb_entry *entry)
{
	struct place place;
	u64 found;

	if (!step(fdb, cursor, to, &place, &found))
		return false;
	describe(entry, &place, found);
	return true;
}

bool vale_fdb_expire(struct vale_fdb *fdb, u32 *cursor, u32 to, u16 now,
		     u16 ageing, struct vale_fdb_entry *entry)
{
	struct place place;
	u64 found;
	u16 age;

	while (step(fdb, cursor, to, &place, &found)) {
		age = now - place.bucket->stamp[place.way];
		if (found & STATIC || age <= ageing)
			continue;
		describe(entry, &place, found);
		erase(fdb, &place);
		return true;
	}
	return false;
}

void vale_fdb_doom(struct vale_fdb *fdb)
{
	fdb->doomed[0] = STATIC;
	fdb->doomed[1] = 0;
}

void vale_fdb_doom_port(struct vale_fdb *fdb, u8 port, bool statics)
{
	fdb->doomed[0] = PORT_MASK | (statics ? 0 : STATIC);
	fdb->doomed[1] = port;
}

void vale_fdb_flush(struct vale_fdb *fdb, u32 *cursor, u32 to)
{
	struct place place;
	u64 entry;

	while (step(fdb, cursor, to, &place, &entry))
		if (is_doomed(fdb, entry))
			erase(fdb, &place);
	if (*cursor == vale_fdb_end(fdb))
		fdb->doomed[0] = 0;
}

/* A known address keeps what it has unless this is newer. */
static void take_over(struct vale_fdb *fdb, u64 entry, u16 stamp)
{
	struct place place;
	u64 known;

	if (!find(fdb, mac_of(entry), &place, &known)) {
		if (!insert(fdb, entry, stamp))
			fdb->full++;
		return;
	}
	if (known & STATIC ||
	    (s16)(stamp - place.bucket->stamp[place.way]) <= 0)
		return;
	write_place(&place, entry, stamp);
	new_version(fdb);
}

void vale_fdb_copy(struct vale_fdb *fdb, const struct vale_fdb *from,
		   u32 *cursor, u32 to)
{
	struct place place;
	u64 entry;

	while (step(from, cursor, to, &place, &entry))
		take_over(fdb, entry, place.bucket->stamp[place.way]);
}
