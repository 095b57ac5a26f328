// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Events of the switches, multicast to their namespace. Those of switches and
 * ports are sent at once. Those of MAC addresses come from the forwarding path,
 * under fdb_lock: they go through a ring of one writer (fdb_lock) and one
 * reader (queue->lock) to a work item. Nothing is built while nobody listens.
 */
#include <linux/atomic.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "event.h"
#include "genl.h"
#include "switch.h"

#define RECORDS 4096u	/* power of two: positions run freely and wrap */

struct record {
	u64 mac;
	u32 lost;	/* events dropped just before this one */
	u8 type;
	u8 port;
	u8 old;
};

struct vale_event_queue {
	struct vale_switch *sw;
	struct work_struct work;
	struct mutex lock;	/* of whoever sends; keeps events in order */
	atomic64_t lost;	/* not reported yet */
	u32 tail ____cacheline_aligned_in_smp;	/* next to be sent */
	u32 head ____cacheline_aligned_in_smp;	/* next to be written */
	struct record record[RECORDS];
};

static struct workqueue_struct *workqueue;

static const struct vale_genl_to to_group = { .cmd = VALE_CMD_EVENT };

static int put_common(struct sk_buff *skb, enum vale_event type,
		      const struct vale_switch *sw, u64 lost)
{
	if (nla_put_u32(skb, VALE_A_EVENT_TYPE, type) ||
	    nla_put_string(skb, VALE_A_SWITCH_NAME, sw->name) ||
	    (lost && nla_put_u64_64bit(skb, VALE_A_EVENTS_LOST, lost,
				       VALE_A_PAD)))
		return -EMSGSIZE;
	return 0;
}

static int put_mac_event(struct sk_buff *skb, const struct vale_switch *sw,
			 const struct record *r)
{
	void *hdr;
	int err;

	hdr = vale_genl_begin(skb, &to_group);
	if (!hdr)
		return -EMSGSIZE;
	err = put_common(skb, r->type, sw, r->lost) ?:
	      vale_genl_put_mac(skb, r->mac) ?:
	      nla_put_u32(skb, VALE_A_PORT_INDEX, r->port);
	if (!err && r->type == VALE_EVENT_MAC_MOVED)
		err = nla_put_u32(skb, VALE_A_OLD_PORT_INDEX, r->old);
	return vale_genl_end(skb, hdr, err);
}

/* One buffer with as many of the records up to head as it takes. */
static void send_some(struct vale_event_queue *q, u32 head)
{
	struct sk_buff *skb;
	u32 tail = q->tail;

	lockdep_assert_held(&q->lock);
	skb = nlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!skb) {
		atomic64_add(head - tail, &q->lost);
		smp_store_release(&q->tail, head);	/* B */
		return;
	}
	while (tail != head &&
	       !put_mac_event(skb, q->sw, &q->record[tail % RECORDS]))
		tail++;
	/* B: the records were read before the writer may reuse them. */
	smp_store_release(&q->tail, tail);
	vale_genl_multicast(q->sw->vn->net, skb);
}

/* Send what is queued now; what comes meanwhile is for the next round. */
static void drain(struct vale_event_queue *q)
{
	u32 head = smp_load_acquire(&q->head);	/* A */

	if (!vale_genl_listening(q->sw->vn->net))
		smp_store_release(&q->tail, head);	/* B */
	while (q->tail != head) {
		send_some(q, head);
		cond_resched();
	}
}

static void drain_work(struct work_struct *work)
{
	struct vale_event_queue *q;

	q = container_of(work, struct vale_event_queue, work);
	mutex_lock(&q->lock);
	drain(q);
	mutex_unlock(&q->lock);
}

/* `m` is NULL if the event is about the switch. */
static int put_event(struct sk_buff *skb, enum vale_event type,
		     const struct vale_switch *sw, const struct vale_member *m)
{
	u64 lost = atomic64_xchg(&sw->events->lost, 0);
	void *hdr;
	int err;

	hdr = vale_genl_begin(skb, &to_group);
	if (!hdr)
		return -EMSGSIZE;
	err = put_common(skb, type, sw, lost);
	if (!err && m)
		err = nla_put_string(skb, VALE_A_PORT_NAME, m->name) ?:
		      nla_put_u32(skb, VALE_A_PORT_INDEX, m->index) ?:
		      nla_put_u32(skb, VALE_A_PORT_KIND, m->kind);
	return vale_genl_end(skb, hdr, err);
}

/* After the MAC events that happened before it. */
static void send_event(enum vale_event type, const struct vale_switch *sw,
		       const struct vale_member *m)
{
	struct vale_event_queue *q = sw->events;
	struct sk_buff *skb;

	lockdep_assert_held(&sw->vn->lock);
	if (!vale_genl_listening(sw->vn->net))
		return;
	mutex_lock(&q->lock);
	drain(q);
	skb = nlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!skb)
		atomic64_inc(&q->lost);
	else if (WARN_ON_ONCE(put_event(skb, type, sw, m)))
		nlmsg_free(skb);
	else
		vale_genl_multicast(sw->vn->net, skb);
	mutex_unlock(&q->lock);
}

void vale_event_switch(enum vale_event type, const struct vale_switch *sw)
{
	send_event(type, sw, NULL);
}

void vale_event_member(enum vale_event type, const struct vale_member *m)
{
	send_event(type, m->sw, m);
}

void vale_event_mac(enum vale_event type, struct vale_switch *sw, u64 mac,
		    u8 port, u8 old)
{
	struct vale_event_queue *q = sw->events;
	u32 head = q->head;

	lockdep_assert_held(&sw->fdb_lock);
	if (!vale_genl_listening(sw->vn->net))
		return;
	/* B: a record is written only after it was read. */
	if (head - smp_load_acquire(&q->tail) == RECORDS) {
		atomic64_inc(&q->lost);
		return;
	}
	q->record[head % RECORDS] = (struct record){
		.mac = mac,
		.lost = min_t(u64, atomic64_xchg(&q->lost, 0), U32_MAX),
		.type = type,
		.port = port,
		.old = old,
	};
	/* A: whoever sees the position sees the record. */
	smp_store_release(&q->head, head + 1);
	queue_work(workqueue, &q->work);
}

int vale_events_start(struct vale_switch *sw)
{
	struct vale_event_queue *q;

	q = kvzalloc(sizeof(*q), GFP_KERNEL);
	if (!q)
		return -ENOMEM;
	q->sw = sw;
	mutex_init(&q->lock);
	INIT_WORK(&q->work, drain_work);
	sw->events = q;
	return 0;
}

void vale_events_stop(struct vale_switch *sw)
{
	cancel_work_sync(&sw->events->work);
	mutex_destroy(&sw->events->lock);
	kvfree(sw->events);
	sw->events = NULL;
}

int vale_events_init(void)
{
	workqueue = alloc_workqueue("vale_events", WQ_UNBOUND, 0);
	return workqueue ? 0 : -ENOMEM;
}

void vale_events_fini(void)
{
	destroy_workqueue(workqueue);
}
