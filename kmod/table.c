// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Owns a switch's forwarding table: its memory, size, ageing and flushing.
 * Everything runs under vn->lock, but ageing in a work item under fdb_lock
 * alone; the forwarding path reads the table under RCU.
 */
#include "table.h"

#include <linux/mm.h>
#include <linux/random.h>
#include <linux/slab.h>

#include "event.h"

#define AGE_PERIOD_MAX 30	/* seconds between two sweeps */
/* Positions walked over in one go, with bottom halves off: 64 KiB of table. */
#define STRIDE 6144u

/* The versions of a table are those from its number's shifted on. */
#define TABLE_SHIFT (BITS_PER_LONG / 2)

static struct workqueue_struct *workers;
static atomic_t tables = ATOMIC_INIT(0);

static void fdb_free(struct vale_fdb *fdb)
{
	kvfree(fdb->bucket);
	kfree(fdb);
}

/* kvzalloc of a power of two above a page is page aligned. */
static struct vale_fdb *fdb_alloc(u32 entries)
{
	size_t bytes = max_t(size_t, vale_fdb_bytes(entries), PAGE_SIZE);
	struct vale_fdb *fdb = kzalloc(sizeof(*fdb), GFP_KERNEL);
	u64 key[2] = { get_random_u64(), get_random_u64() | 1 };
	void *mem;

	if (!fdb)
		return NULL;
	mem = kvzalloc(bytes, GFP_KERNEL_ACCOUNT | __GFP_RETRY_MAYFAIL |
			      __GFP_NOWARN);
	if (!mem) {
		kfree(fdb);
		return NULL;
	}
	vale_fdb_init(fdb, mem, entries, key);
	fdb->version = (unsigned long)atomic_inc_return(&tables) << TABLE_SHIFT;
	return fdb;
}

void vale_table_schedule_ageing(struct vale_switch *sw)
{
	u32 period = clamp_t(u32, READ_ONCE(sw->ageing) / 8, 1, AGE_PERIOD_MAX);

	mod_delayed_work(workers, &sw->age_work, period * HZ);
}

void vale_table_stop_ageing(struct vale_switch *sw)
{
	cancel_delayed_work_sync(&sw->age_work);
}

u32 vale_table_stride(const struct vale_fdb *fdb, u32 at)
{
	return min(at + STRIDE, vale_fdb_end(fdb));
}

/* False at the end of the table. */
static bool expire_stride(struct vale_switch *sw, u32 *cursor, u32 ageing)
{
	u16 now = vale_switch_now();
	struct vale_fdb_entry entry;
	struct vale_fdb *fdb;
	bool more;
	u32 to;

	spin_lock_bh(&sw->fdb_lock);
	fdb = vale_switch_fdb(sw);
	to = vale_table_stride(fdb, *cursor);
	while (vale_fdb_expire(fdb, cursor, to, now, ageing, &entry))
		vale_event_mac(VALE_EVENT_MAC_AGED, sw, entry.mac, entry.port,
			       entry.port);
	more = *cursor < vale_fdb_end(fdb);
	spin_unlock_bh(&sw->fdb_lock);
	return more;
}

static void age(struct work_struct *work)
{
	struct vale_switch *sw = container_of(to_delayed_work(work),
					      struct vale_switch, age_work);
	u32 ageing = READ_ONCE(sw->ageing);
	u32 cursor = 0;

	while (ageing && expire_stride(sw, &cursor, ageing))
		cond_resched();
	vale_table_schedule_ageing(sw);
}

int vale_table_create(struct vale_switch *sw)
{
	struct vale_fdb *fdb = fdb_alloc(VALE_FDB_DEFAULT);

	if (!fdb)
		return -ENOMEM;
	RCU_INIT_POINTER(sw->fdb, fdb);
	spin_lock_init(&sw->fdb_lock);
	sw->fdb_size = VALE_FDB_DEFAULT;
	sw->ageing = VALE_FDB_AGEING_DEFAULT;
	INIT_DELAYED_WORK(&sw->age_work, age);
	return 0;
}

void vale_table_destroy(struct vale_switch *sw)
{
	fdb_free(rcu_dereference_protected(sw->fdb, true));
}

static void copy(struct vale_switch *sw, struct vale_fdb *to,
		 const struct vale_fdb *from)
{
	u32 cursor = 0;

	while (cursor < vale_fdb_end(from)) {
		spin_lock_bh(&sw->fdb_lock);
		vale_fdb_copy(to, from, &cursor,
			      vale_table_stride(from, cursor));
		spin_unlock_bh(&sw->fdb_lock);
		cond_resched();
	}
}

/*
 * Senders go on learning into the old table until they see the new one, which
 * by then has nearly everything: a second copy brings what came meanwhile.
 */
int vale_table_resize(struct vale_switch *sw, u32 entries)
{
	struct vale_fdb *to = fdb_alloc(entries), *from;

	lockdep_assert_held(&sw->vn->lock);
	if (!to)
		return -ENOMEM;
	from = vale_switch_fdb(sw);
	copy(sw, to, from);
	to->full = 0;	/* the second copy meets them all again */
	spin_lock_bh(&sw->fdb_lock);
	rcu_assign_pointer(sw->fdb, to);
	spin_unlock_bh(&sw->fdb_lock);
	vale_net_quiesce();
	copy(sw, to, from);
	fdb_free(from);
	sw->fdb_size = entries;
	return 0;
}

/* False when the flush is complete. */
static bool flush_stride(struct vale_switch *sw, u32 *cursor)
{
	struct vale_fdb *fdb;
	bool more;

	spin_lock_bh(&sw->fdb_lock);
	fdb = vale_switch_fdb(sw);
	vale_fdb_flush(fdb, cursor, vale_table_stride(fdb, *cursor));
	more = *cursor < vale_fdb_end(fdb);
	spin_unlock_bh(&sw->fdb_lock);
	return more;
}

/* What was doomed goes; vn->lock keeps other flushes and tables away. */
static void flush_doomed(struct vale_switch *sw)
{
	u32 cursor = 0;

	lockdep_assert_held(&sw->vn->lock);
	while (flush_stride(sw, &cursor))
		cond_resched();
}

void vale_table_flush(struct vale_switch *sw)
{
	spin_lock_bh(&sw->fdb_lock);
	vale_fdb_doom(vale_switch_fdb(sw));
	spin_unlock_bh(&sw->fdb_lock);
	flush_doomed(sw);
}

void vale_table_flush_port(struct vale_switch *sw, u8 index, bool statics)
{
	spin_lock_bh(&sw->fdb_lock);
	vale_fdb_doom_port(vale_switch_fdb(sw), index, statics);
	spin_unlock_bh(&sw->fdb_lock);
	flush_doomed(sw);
}

int vale_table_init(void)
{
	workers = alloc_workqueue("vale", WQ_UNBOUND, 0);
	return workers ? 0 : -ENOMEM;
}

void vale_table_fini(void)
{
	destroy_workqueue(workers);
}
