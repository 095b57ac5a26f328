// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Owns switches: their members, lifetime, table size and ageing. Everything
 * runs under vn->lock; the forwarding path reads members and table under RCU.
 */
#include "switch.h"

#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/netdevice.h>
#include <linux/random.h>
#include <linux/slab.h>

#include "event.h"
#include "param.h"

#define AGE_PERIOD_MAX 30	/* seconds between two sweeps */

static struct workqueue_struct *workers;

/* Does `name` ("vale0" or "vale0:a") name this switch? */
static bool is_named(const struct vale_switch *sw, const char *name)
{
	size_t len = strcspn(name, ":");

	return len == strlen(sw->name) && !memcmp(sw->name, name, len);
}

struct vale_switch *vale_switch_find(struct vale_net *vn, const char *name)
{
	struct vale_switch *sw;

	lockdep_assert_held(&vn->lock);
	list_for_each_entry(sw, &vn->switches, list)
		if (is_named(sw, name))
			return sw;
	return NULL;
}

struct vale_member *vale_member_find(struct vale_net *vn, const char *name)
{
	struct vale_switch *sw = vale_switch_find(vn, name);
	struct vale_member *m;
	u32 i;

	for (i = 0; sw && i < sw->top; i++) {
		m = vale_switch_member(sw, i);
		if (m && !strcmp(m->name, name))
			return m;
	}
	return NULL;
}

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
	mem = kvzalloc(bytes, GFP_KERNEL | __GFP_RETRY_MAYFAIL | __GFP_NOWARN);
	if (!mem) {
		kfree(fdb);
		return NULL;
	}
	vale_fdb_init(fdb, mem, entries, key);
	return fdb;
}

static struct vale_fdb *fdb_of(struct vale_switch *sw)
{
	return rcu_dereference_protected(sw->fdb,
					 lockdep_is_held(&sw->fdb_lock));
}

/* Also sooner than it was to be. */
static void schedule_ageing(struct vale_switch *sw)
{
	u32 period = clamp_t(u32, READ_ONCE(sw->ageing) / 8, 1, AGE_PERIOD_MAX);

	mod_delayed_work(workers, &sw->age_work, period * HZ);
}

/* One aged entry; the lock is dropped between two. */
static bool expire_one(struct vale_switch *sw, u32 *cursor, u32 ageing)
{
	struct vale_fdb_entry entry;
	bool found;

	spin_lock_bh(&sw->fdb_lock);
	found = vale_fdb_expire(fdb_of(sw), cursor, vale_switch_now(), ageing,
				&entry);
	if (found)
		vale_event_mac(VALE_EVENT_MAC_AGED, sw, entry.mac, entry.port,
			       entry.port);
	spin_unlock_bh(&sw->fdb_lock);
	return found;
}

static void age(struct work_struct *work)
{
	struct vale_switch *sw = container_of(to_delayed_work(work),
					      struct vale_switch, age_work);
	u32 ageing = READ_ONCE(sw->ageing);
	u32 cursor = 0;

	while (ageing && expire_one(sw, &cursor, ageing))
		cond_resched();
	schedule_ageing(sw);
}

/* The lowest free index; the list is kept in order. */
static struct list_head *place(struct vale_net *vn, u32 *index)
{
	struct vale_switch *sw;

	*index = 0;
	list_for_each_entry(sw, &vn->switches, list) {
		if (sw->index != *index)
			return &sw->list;
		(*index)++;
	}
	return &vn->switches;
}

static struct vale_switch *switch_alloc(struct vale_net *vn, const char *name)
{
	struct vale_switch *sw = kvzalloc(sizeof(*sw), GFP_KERNEL);
	struct vale_fdb *fdb;

	if (!sw)
		return NULL;
	fdb = fdb_alloc(VALE_FDB_DEFAULT);
	if (!fdb || vale_events_start(sw)) {
		if (fdb)
			fdb_free(fdb);
		kvfree(sw);
		return NULL;
	}
	RCU_INIT_POINTER(sw->fdb, fdb);
	memcpy(sw->name, name, min(strcspn(name, ":"), sizeof(sw->name) - 1));
	sw->vn = vn;
	spin_lock_init(&sw->fdb_lock);
	sw->fdb_size = VALE_FDB_DEFAULT;
	sw->ageing = VALE_FDB_AGEING_DEFAULT;
	INIT_DELAYED_WORK(&sw->age_work, age);
	return sw;
}

static struct vale_switch *switch_new(struct vale_net *vn, const char *name)
{
	struct vale_switch *sw;

	if (vn->nswitches >= READ_ONCE(vale_param.max_bridges))
		return ERR_PTR(-ENOMEM);
	sw = switch_alloc(vn, name);
	if (!sw)
		return ERR_PTR(-ENOMEM);
	list_add_tail(&sw->list, place(vn, &sw->index));
	vn->nswitches++;
	schedule_ageing(sw);
	vale_event_switch(VALE_EVENT_SWITCH_ADD, sw);
	return sw;
}

/* Nobody forwards through it any more. */
static void switch_destroy(struct vale_switch *sw)
{
	vale_event_switch(VALE_EVENT_SWITCH_DEL, sw);
	list_del(&sw->list);
	sw->vn->nswitches--;
	cancel_delayed_work_sync(&sw->age_work);
	vale_events_stop(sw);
	fdb_free(rcu_dereference_protected(sw->fdb, true));
	kvfree(sw);
}

static void destroy_if_unused(struct vale_switch *sw)
{
	if (!sw->nmembers && !sw->pinned)
		switch_destroy(sw);
}

static int free_index(struct vale_switch *sw)
{
	int i;

	for (i = 0; i < VALE_PORT_MAX; i++)
		if (!vale_switch_member(sw, i))
			return i;
	return -ENOMEM;
}

int vale_switch_join(struct vale_net *vn, struct vale_member *m)
{
	struct vale_switch *sw = vale_switch_find(vn, m->name);
	int index;

	if (vale_member_find(vn, m->name))
		return -EBUSY;
	if (!sw)
		sw = switch_new(vn, m->name);
	if (IS_ERR(sw))
		return PTR_ERR(sw);
	index = free_index(sw);
	if (index < 0)
		return index;
	m->index = index;
	WRITE_ONCE(m->sw, sw);
	sw->nmembers++;
	WRITE_ONCE(sw->top, max_t(unsigned int, sw->top, index + 1));
	rcu_assign_pointer(sw->member[index], m);
	vale_event_member(VALE_EVENT_PORT_ADD, m);
	return 0;
}

static void purge(struct vale_switch *sw, u8 index)
{
	spin_lock_bh(&sw->fdb_lock);
	vale_fdb_flush_port(fdb_of(sw), index, true);
	spin_unlock_bh(&sw->fdb_lock);
}

static void lower_top(struct vale_switch *sw)
{
	unsigned int top = sw->top;

	while (top && !vale_switch_member(sw, top - 1))
		top--;
	WRITE_ONCE(sw->top, top);
}

/*
 * First nobody finds the member, then nobody is still forwarding from or to
 * it, then its addresses go: none can be learned for the index any more, so
 * the next owner of the index inherits nothing.
 */
void vale_switch_leave(struct vale_member *m)
{
	struct vale_switch *sw = m->sw;

	if (!sw)
		return;
	lockdep_assert_held(&sw->vn->lock);
	vale_event_member(VALE_EVENT_PORT_DEL, m);
	RCU_INIT_POINTER(sw->member[m->index], NULL);
	WRITE_ONCE(m->sw, NULL);
	synchronize_net();
	purge(sw, m->index);
	lower_top(sw);
	sw->nmembers--;
	destroy_if_unused(sw);
}

struct vale_switch *vale_switch_create(struct vale_net *vn, const char *name)
{
	struct vale_switch *sw = vale_switch_find(vn, name) ?:
				 switch_new(vn, name);

	if (!IS_ERR(sw))
		sw->pinned = true;
	return sw;
}

static int resize(struct vale_switch *sw, u32 entries)
{
	struct vale_fdb *to = fdb_alloc(entries), *from;

	if (!to)
		return -ENOMEM;
	spin_lock_bh(&sw->fdb_lock);
	from = fdb_of(sw);
	vale_fdb_copy(to, from);
	rcu_assign_pointer(sw->fdb, to);
	spin_unlock_bh(&sw->fdb_lock);
	synchronize_net();
	fdb_free(from);
	sw->fdb_size = entries;
	return 0;
}

int vale_switch_set(struct vale_switch *sw, s64 fdb_size, s64 ageing)
{
	int err;

	if (fdb_size >= 0 && (fdb_size < VALE_FDB_MIN ||
			      fdb_size > VALE_FDB_MAX ||
			      !is_power_of_2(fdb_size)))
		return -EINVAL;
	if (ageing > VALE_FDB_AGEING_MAX)
		return -EINVAL;
	if (fdb_size >= 0 && fdb_size != sw->fdb_size) {
		err = resize(sw, fdb_size);
		if (err)
			return err;
	}
	if (ageing >= 0) {
		WRITE_ONCE(sw->ageing, ageing);
		schedule_ageing(sw);
	}
	return 0;
}

int vale_switch_unpin(struct vale_switch *sw)
{
	if (!sw->pinned)
		return -EINVAL;
	sw->pinned = false;
	destroy_if_unused(sw);
	return 0;
}

void vale_member_set_link(struct vale_member *m, bool up)
{
	if (m->link == up)
		return;
	m->link = up;
	if (m->sw)
		vale_event_member(up ? VALE_EVENT_LINK_UP :
				       VALE_EVENT_LINK_DOWN, m);
}

static void flush_members(struct vale_switch *sw)
{
	struct vale_member *m;
	int i;

	for (i = 0; i < VALE_PORT_MAX; i++) {
		m = vale_switch_member(sw, i);
		if (m)
			vale_switch_leave(m);
	}
}

void vale_switch_flush(struct vale_net *vn)
{
	struct vale_switch *sw, *next;

	lockdep_assert_held(&vn->lock);
	list_for_each_entry_safe(sw, next, &vn->switches, list) {
		sw->pinned = true;
		flush_members(sw);
		vale_switch_unpin(sw);
	}
}

int vale_switch_init(void)
{
	int err;

	workers = alloc_workqueue("vale", WQ_UNBOUND, 0);
	if (!workers)
		return -ENOMEM;
	err = vale_forward_init();
	if (err)
		destroy_workqueue(workers);
	return err;
}

void vale_switch_fini(void)
{
	vale_forward_fini();
	destroy_workqueue(workers);
}
