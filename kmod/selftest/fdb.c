// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#include <linux/errno.h>
#include <linux/string.h>

#include "../core/fdb.h"
#include "selftest.h"

#define ENTRIES	1024u

static u8 memory[2][ENTRIES / 4 * 64] __aligned(64);
static const u64 key[2] = { 0x9d3c5a71e8b2f640, 0xc2b2ae3d27d4eb4f };

static void make(struct vale_fdb *fdb, u32 which, u32 entries)
{
	memset(memory[which], 0, sizeof(memory[which]));
	vale_fdb_init(fdb, memory[which], entries, key);
}

/* Spread over all 46 free bits, never a group address or zero. */
static u64 mac(u32 i)
{
	return (((i + 1) * 0x9e3779b97f4a7c15ull) >> 18) << 2 | 0x800000000000;
}

/* How many went. */
static u32 flush(struct vale_fdb *fdb)
{
	u32 before = fdb->used;
	u32 cursor = 0;

	vale_fdb_doom(fdb);
	vale_fdb_flush(fdb, &cursor, vale_fdb_end(fdb));
	return before - fdb->used;
}

static u32 flush_port(struct vale_fdb *fdb, u8 port, bool statics)
{
	u32 before = fdb->used;
	u32 cursor = 0;

	vale_fdb_doom_port(fdb, port, statics);
	vale_fdb_flush(fdb, &cursor, vale_fdb_end(fdb));
	return before - fdb->used;
}

static bool learning(void)
{
	struct vale_fdb f;
	u8 old = 77;

	make(&f, 0, 64);
	CASE(vale_fdb_lookup(&f, 2) == VALE_PORT_FLOOD);
	CASE(vale_fdb_stale(&f, 2, 5, 100));
	CASE(vale_fdb_learn(&f, 2, 5, 100, &old) == VALE_FDB_NEW);
	CASE(vale_fdb_lookup(&f, 2) == 5);
	CASE(!vale_fdb_stale(&f, 2, 5, 100));
	CASE(!vale_fdb_stale(&f, 2, 5, 101));
	CASE(vale_fdb_stale(&f, 2, 5, 102));	/* over a second */
	CASE(vale_fdb_stale(&f, 2, 6, 100));	/* elsewhere */
	CASE(vale_fdb_learn(&f, 2, 5, 102, &old) == VALE_FDB_SAME);
	CASE(!vale_fdb_stale(&f, 2, 5, 103));
	CASE(old == 77);
	CASE(vale_fdb_learn(&f, 2, 253, 103, &old) == VALE_FDB_MOVED);
	CASE(old == 5);
	CASE(vale_fdb_lookup(&f, 2) == 253);
	CASE(f.used == 1);
	CASE(vale_fdb_learn(&f, 2, 0, 103, &old) == VALE_FDB_MOVED);
	CASE(vale_fdb_lookup(&f, 2) == 0);
	return true;
}

static bool never_learned(void)
{
	struct vale_fdb f;
	u8 old;

	make(&f, 0, 64);
	CASE(!vale_fdb_stale(&f, 0, 1, 0));
	CASE(!vale_fdb_stale(&f, 0xffffffffffff, 1, 0));
	CASE(!vale_fdb_stale(&f, 0x5e0001, 1, 0));
	CASE(vale_fdb_learn(&f, 0, 1, 0, &old) == VALE_FDB_SAME);
	CASE(vale_fdb_learn(&f, 0x5e0001, 1, 0, &old) == VALE_FDB_SAME);
	CASE(vale_fdb_add_static(&f, 0, 1) == -EINVAL);
	CASE(vale_fdb_add_static(&f, 0x5e0001, 1) == -EINVAL);
	CASE(vale_fdb_lookup(&f, 0) == VALE_PORT_FLOOD);
	CASE(vale_fdb_del(&f, 0) == -ENOENT);
	CASE(f.used == 0 && f.full == 0);
	return true;
}

static bool statics(void)
{
	struct vale_fdb f;
	u8 old;

	make(&f, 0, 64);
	CASE(vale_fdb_add_static(&f, 4, 7) == 0);
	CASE(!vale_fdb_stale(&f, 4, 8, 1000));
	CASE(vale_fdb_learn(&f, 4, 8, 1000, &old) == VALE_FDB_STATIC);
	CASE(vale_fdb_lookup(&f, 4) == 7);
	CASE(vale_fdb_add_static(&f, 4, 9) == 0);
	CASE(vale_fdb_lookup(&f, 4) == 9);
	CASE(vale_fdb_learn(&f, 6, 9, 0, &old) == VALE_FDB_NEW);
	CASE(flush(&f) == 1);
	CASE(vale_fdb_lookup(&f, 6) == VALE_PORT_FLOOD);
	CASE(flush_port(&f, 9, false) == 0);
	CASE(flush_port(&f, 8, true) == 0);
	CASE(vale_fdb_lookup(&f, 4) == 9);
	CASE(flush_port(&f, 9, true) == 1);
	CASE(vale_fdb_lookup(&f, 4) == VALE_PORT_FLOOD);
	CASE(f.used == 0);
	CASE(vale_fdb_learn(&f, 6, 1, 0, &old) == VALE_FDB_NEW);
	CASE(vale_fdb_add_static(&f, 6, 2) == 0);	/* becomes static */
	CASE(flush(&f) == 0);
	CASE(vale_fdb_del(&f, 6) == 0);
	CASE(vale_fdb_del(&f, 6) == -ENOENT);
	return true;
}

static bool ageing(void)
{
	struct vale_fdb_entry e;
	struct vale_fdb f;
	u32 cursor = 0;
	u32 end;
	u8 old;

	make(&f, 0, 64);
	vale_fdb_learn(&f, 10, 1, 65530, &old);
	vale_fdb_learn(&f, 20, 2, 5, &old);
	vale_fdb_add_static(&f, 30, 3);
	end = vale_fdb_end(&f);
	CASE(end == 128 * 6);
	CASE(!vale_fdb_expire(&f, &cursor, end, 294, 300, &e));	/* just 300 */
	CASE(cursor == end);
	cursor = 0;
	CASE(vale_fdb_expire(&f, &cursor, end, 295, 300, &e));
	CASE(e.mac == 10 && e.port == 1 && e.stamp == 65530 && !e.is_static);
	CASE(!vale_fdb_expire(&f, &cursor, end, 295, 300, &e));
	CASE(vale_fdb_lookup(&f, 10) == VALE_PORT_FLOOD);
	CASE(vale_fdb_lookup(&f, 20) == 2);
	CASE(f.used == 2);
	return true;
}

/* A stride ends where it was told to, at an entry or between two. */
static bool strides(void)
{
	u32 cursor = 0, place, end, i;
	struct vale_fdb_entry e;
	struct vale_fdb f;
	u8 old;

	make(&f, 0, 64);
	end = vale_fdb_end(&f);
	vale_fdb_learn(&f, 10, 1, 0, &old);
	CASE(vale_fdb_next(&f, &cursor, vale_fdb_end(&f), &e));
	place = cursor - 1;
	cursor = 0;
	CASE(!vale_fdb_expire(&f, &cursor, place, 2, 1, &e));
	CASE(cursor == place);
	CASE(vale_fdb_expire(&f, &cursor, place + 1, 2, 1, &e));
	CASE(cursor == place + 1);

	vale_fdb_learn(&f, 10, 1, 0, &old);
	vale_fdb_doom(&f);
	for (cursor = 0, i = 1; cursor < end; i++) {
		CASE(f.used == (cursor <= place));
		vale_fdb_flush(&f, &cursor, i);
		CASE(cursor == i);
	}
	vale_fdb_learn(&f, 10, 1, 0, &old);	/* of no flush's concern */
	CASE(f.used == 1);
	vale_fdb_doom(&f);
	cursor = 0;
	vale_fdb_flush(&f, &cursor, end + 1000);
	CASE(cursor == end && f.used == 0);
	return true;
}

/*
 * Between the strides of a flush others learn, and every fifth place is free at
 * most: many an address makes room for another.
 */
static bool crowded_flush(void)
{
	u32 cursor = 0, kept = 0;
	struct vale_fdb_entry e;
	struct vale_fdb f;
	u32 i;
	u8 old;

	make(&f, 0, ENTRIES);
	f.limit = vale_fdb_end(&f);
	for (i = 0; i < ENTRIES * 5 / 4; i++)
		kept += vale_fdb_learn(&f, mac(i), i & 1, 0, &old) ==
			VALE_FDB_NEW && i & 1;
	CASE(!f.full);
	vale_fdb_doom_port(&f, 0, true);
	while (cursor < vale_fdb_end(&f)) {
		vale_fdb_flush(&f, &cursor, cursor + 4);
		kept += vale_fdb_learn(&f, mac(i++), 2, 0, &old) ==
			VALE_FDB_NEW;
	}
	CASE(f.used == kept);
	cursor = 0;
	for (i = 0; vale_fdb_next(&f, &cursor, vale_fdb_end(&f), &e); i++) {
		CASE(e.port == 1 || e.port == 2);
		CASE(vale_fdb_lookup(&f, e.mac) == e.port);
	}
	CASE(i == kept);

	/* The flush is over: port 0 learns and makes room as any other. */
	for (i = 2 * ENTRIES * 5 / 4; f.used < ENTRIES * 5 / 4; i++)
		kept += vale_fdb_learn(&f, mac(i), 0, 0, &old) == VALE_FDB_NEW;
	CASE(f.used == kept);
	return true;
}

/* Of a full table's addresses every other one goes, and no other. */
static bool deleting(void)
{
	struct vale_fdb f;
	u32 i;
	u8 old;

	make(&f, 0, ENTRIES);
	for (i = 0; i < ENTRIES; i++)
		CASE(vale_fdb_learn(&f, mac(i), i % 254, 0, &old) ==
		     VALE_FDB_NEW);
	for (i = 0; i < ENTRIES; i += 2)
		CASE(vale_fdb_del(&f, mac(i)) == 0);
	CASE(f.used == ENTRIES / 2);
	for (i = 0; i < ENTRIES; i++)
		CASE(vale_fdb_lookup(&f, mac(i)) ==
		     (i % 2 ? i % 254 : VALE_PORT_FLOOD));
	return true;
}

/* Every address of a full table can be found, once, and no more fit. */
static bool full(void)
{
	struct vale_fdb_entry e;
	struct vale_fdb f, g;
	u32 cursor = 0;
	u32 i, n = 0;
	u8 old;

	make(&f, 0, ENTRIES);
	for (i = 0; i < ENTRIES; i++)
		CASE(vale_fdb_learn(&f, mac(i), i % 254, i, &old) ==
		     VALE_FDB_NEW);
	CASE(f.used == ENTRIES && f.full == 0);
	for (i = 0; i < ENTRIES; i++)
		CASE(vale_fdb_lookup(&f, mac(i)) == i % 254);
	CASE(vale_fdb_learn(&f, mac(i), 1, 0, &old) == VALE_FDB_FULL);
	CASE(vale_fdb_add_static(&f, mac(i), 1) == -ENOSPC);
	CASE(f.full == 1);
	CASE(vale_fdb_learn(&f, mac(3), 9, 0, &old) == VALE_FDB_MOVED);
	while (vale_fdb_next(&f, &cursor, vale_fdb_end(&f), &e))
		n++;
	CASE(n == ENTRIES);

	make(&g, 1, ENTRIES / 2);
	cursor = 0;
	vale_fdb_copy(&g, &f, &cursor, vale_fdb_end(&f));
	CASE(g.used == ENTRIES / 2 && g.full == ENTRIES / 2);
	CASE(flush_port(&f, 7, false) == (ENTRIES + 246) / 254);
	CASE(vale_fdb_learn(&f, mac(ENTRIES), 1, 0, &old) == VALE_FDB_NEW);
	return true;
}

bool vale_selftest_fdb(void)
{
	CASE(vale_fdb_bytes(64) == VALE_FDB_BYTES_MIN);
	CASE(vale_fdb_bytes(8192) == 2048 * 64);
	CASE(vale_mac_load((const u8 *)"\x02\x11\x22\x33\x44\x55") ==
	     0x554433221102);
	CASE(learning());
	CASE(never_learned());
	CASE(statics());
	CASE(ageing());
	CASE(strides());
	CASE(crowded_flush());
	CASE(deleting());
	CASE(full());
	return true;
}
