// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Owns switches: their members and lifetime. Everything runs under vn->lock;
 * the forwarding path reads the members under RCU.
 */
#include "switch.h"

#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/netdevice.h>

#include "event.h"
#include "param.h"
#include "table.h"

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

	if (!sw)
		return NULL;
	memcpy(sw->name, name, min(strcspn(name, ":"), sizeof(sw->name) - 1));
	sw->vn = vn;
	if (vale_table_create(sw))
		goto err_free_switch;
	if (vale_events_start(sw))
		goto err_destroy_table;
	return sw;

err_destroy_table:
	vale_table_destroy(sw);
err_free_switch:
	kvfree(sw);
	return NULL;
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
	vale_table_schedule_ageing(sw);
	vale_event_switch(VALE_EVENT_SWITCH_ADD, sw);
	return sw;
}

/* Nobody forwards through it any more. */
static void switch_destroy(struct vale_switch *sw)
{
	vale_event_switch(VALE_EVENT_SWITCH_DEL, sw);
	list_del(&sw->list);
	sw->vn->nswitches--;
	vale_table_stop_ageing(sw);
	vale_events_stop(sw);
	vale_table_destroy(sw);
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
	vale_net_quiesce();
	vale_table_flush_port(sw, m->index, true);
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

int vale_switch_set(struct vale_switch *sw, const struct vale_switch_wish *wish)
{
	s64 fdb_size = wish->fdb_size;
	int err;

	if (fdb_size >= 0 && (fdb_size < VALE_FDB_MIN ||
			      fdb_size > VALE_FDB_MAX ||
			      !is_power_of_2(fdb_size)))
		return -EINVAL;
	if (wish->ageing > VALE_FDB_AGEING_MAX)
		return -EINVAL;
	if (fdb_size >= 0 && fdb_size != sw->fdb_size) {
		err = vale_table_resize(sw, fdb_size);
		if (err)
			return err;
	}
	if (wish->ageing >= 0) {
		WRITE_ONCE(sw->ageing, wish->ageing);
		vale_table_schedule_ageing(sw);
	}
	if (wish->exchange >= 0)
		WRITE_ONCE(sw->exchange, wish->exchange);
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

	err = vale_table_init();
	if (err)
		return err;
	err = vale_forward_init();
	if (err)
		vale_table_fini();
	return err;
}

void vale_switch_fini(void)
{
	vale_forward_fini();
	vale_table_fini();
}
