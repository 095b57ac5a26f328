// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Owns the sync loop: a thread that stays in the kernel and syncs its rings
 * from their control and status blocks until it is stopped or killed. It
 * sleeps for a time, or until an eventfd or a ring's notification wakes it.
 */
#include <linux/delay.h>
#include <linux/eventfd.h>
#include <linux/file.h>
#include <linux/poll.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "csb.h"
#include "ctrl.h"
#include "sync.h"

#define SLEEP_MAX_US	1000000
#define IDLE_MAX	(3 * HZ)
#define ROUNDS		16	/* of one ring, before others have a turn */
#define DIRECT		(NM_OPT_SYNC_KLOOP_DIRECT_TX | NM_OPT_SYNC_KLOOP_DIRECT_RX)

struct loop;

struct waiter {
	wait_queue_entry_t entry;
	wait_queue_head_t *head;	/* NULL: not in any */
	struct loop *loop;
};

/* One bound ring. */
struct served {
	struct vale_ring *ring;
	struct nm_csb_atok __user *atok;
	struct nm_csb_ktoa __user *ktoa;
	u32 tail;			/* last shown */
	struct file *io;		/* kicks us; NULL: none */
	struct eventfd_ctx *io_ctx;
	struct eventfd_ctx *irq;	/* kicked by us; NULL: none */
	struct waiter on_io;
	struct waiter on_ring;
};

struct loop {
	struct vale_handle *h;
	struct vale_port *port;
	u32 sleep_us;
	u32 mode;
	bool events;		/* every ring has an ioeventfd */
	bool kicked;
	u32 n;
	struct served served[];
};

static bool is_stopped(const struct loop *l)
{
	return test_bit(VALE_KLOOP_STOP, &l->h->kloop.state);
}

static int wake_loop(wait_queue_entry_t *entry, unsigned int mode, int sync,
		     void *key)
{
	struct waiter *w = container_of(entry, struct waiter, entry);

	WRITE_ONCE(w->loop->kicked, true);
	wake_up(&w->loop->h->kloop.wait);
	return 0;
}

/* What the program submits. Head before cur: it writes them the other way. */
static int read_entry(const struct served *s, u32 *head, u32 *cur, u32 *flags)
{
	if (get_user(*head, &s->atok->head))
		return -EFAULT;
	smp_rmb(); /* (K) partner: the barriers of the program's write */
	if (get_user(*cur, &s->atok->cur) ||
	    get_user(*flags, &s->atok->sync_flags))
		return -EFAULT;
	return 0;
}

static int write_entry(const struct served *s, const struct vale_pos *pos)
{
	if (put_user(pos->hwcur, &s->ktoa->hwcur))
		return -EFAULT;
	smp_wmb(); /* (L) partner: the barrier of the program's read */
	return put_user(pos->hwtail, &s->ktoa->hwtail);
}

static int notify(struct served *s, u32 tail)
{
	u32 wanted;

	if (s->tail == tail)
		return 0;
	s->tail = tail;
	if (!s->irq)
		return 0;
	smp_mb(); /* (M) tail before asking; partner: asking, then looking */
	if (get_user(wanted, &s->atok->appl_need_kick))
		return -EFAULT;
	if (wanted)
		vale_eventfd_signal(s->irq);
	return 0;
}

static int sync_once(struct served *s, u32 *head)
{
	struct vale_pos now;
	u32 cur, flags;
	int err;

	err = read_entry(s, head, &cur, &flags);
	if (err)
		return err;
	vale_ring_sync_at(s->ring, *head, cur, flags ? VALE_SYNC_FORCE : 0,
			  &now);
	err = write_entry(s, &now);
	return err ?: notify(s, now.hwtail);
}

static int want_kick(const struct served *s, u32 yes)
{
	return put_user(yes, &s->ktoa->kern_need_kick);
}

/* Until there is nothing new, and whoever brings some will kick. */
static int serve_until_idle(struct served *s)
{
	u32 head, now, i;
	int err;

	for (i = 0; i < ROUNDS; i++) {
		err = want_kick(s, 0) ?: sync_once(s, &head) ?: want_kick(s, 1);
		if (err)
			return err;
		smp_mb(); /* (N) asking, then looking; partner: the program */
		if (get_user(now, &s->atok->head))
			return -EFAULT;
		if (now == head)
			return 0;
	}
	WRITE_ONCE(s->on_io.loop->kicked, true);
	return 0;
}

static bool is_skipped(const struct loop *l, const struct served *s)
{
	u32 bit = s->ring->dir == VALE_TX ? NM_OPT_SYNC_KLOOP_DIRECT_TX :
					    NM_OPT_SYNC_KLOOP_DIRECT_RX;

	return !l->events && l->mode & bit;
}

static int serve_all(struct loop *l)
{
	u32 i, head;
	int err;

	for (i = 0; i < l->n; i++) {
		struct served *s = &l->served[i];

		if (is_skipped(l, s))
			continue;
		err = l->events ? serve_until_idle(s) : sync_once(s, &head);
		if (err)
			return err;
	}
	return 0;
}

struct arming {
	poll_table table;
	struct waiter *waiter;
};

static void enqueue(struct file *file, wait_queue_head_t *head,
		    poll_table *table)
{
	struct waiter *w = container_of(table, struct arming, table)->waiter;

	w->head = head;
	add_wait_queue(head, &w->entry);
}

/* Reset the count, queue up again; a kick in between is seen. */
static void arm_eventfd(struct served *s)
{
	struct arming a = { .waiter = &s->on_io };
	u64 count;

	if (s->on_io.head)
		eventfd_ctx_remove_wait_queue(s->io_ctx, &s->on_io.entry,
					      &count);
	init_poll_funcptr(&a.table, enqueue);
	if (vfs_poll(s->io, &a.table) & EPOLLIN)
		WRITE_ONCE(s->on_io.loop->kicked, true);
}

static void arm_all(struct loop *l)
{
	u32 i;

	WRITE_ONCE(l->kicked, false);
	for (i = 0; l->events && i < l->n; i++)
		arm_eventfd(&l->served[i]);
}

static void nap(struct loop *l)
{
	if (l->events)
		wait_event_killable_timeout(l->h->kloop.wait,
					    READ_ONCE(l->kicked) ||
					    is_stopped(l), IDLE_MAX);
	else if (l->sleep_us)
		usleep_range(l->sleep_us, l->sleep_us + l->sleep_us / 10 + 1);
	else
		cond_resched();
}

static int run(struct loop *l)
{
	int err = 0;

	while (!err && !is_stopped(l)) {
		if (fatal_signal_pending(current))
			return -EINTR;
		if (READ_ONCE(l->port->dead))
			return -ENXIO;
		arm_all(l);
		err = serve_all(l);
		if (!err)
			nap(l);
	}
	return err;
}

static void init_waiter(struct loop *l, struct waiter *w)
{
	init_waitqueue_func_entry(&w->entry, wake_loop);
	w->loop = l;
}

static void fill_served(struct loop *l, struct vale_handle *h)
{
	static const int order[] = { VALE_TX, VALE_RX };
	u32 at = 0, i;
	int k;

	for (k = 0; k < VALE_DIRS; k++) {
		const struct vale_ring_range *range = &h->range[order[k]];

		for (i = range->first; i < range->last; i++, at++) {
			struct served *s = &l->served[at];

			s->ring = &l->port->ring[order[k]][i];
			s->atok = h->csb->atok + at;
			s->ktoa = h->csb->ktoa + at;
			s->tail = s->ring->pos.tail;
			init_waiter(l, &s->on_io);
			init_waiter(l, &s->on_ring);
		}
	}
}

static void release_served(struct served *s)
{
	if (s->on_ring.head)
		remove_wait_queue(s->on_ring.head, &s->on_ring.entry);
	if (s->on_io.head)
		remove_wait_queue(s->on_io.head, &s->on_io.entry);
	if (s->io_ctx)
		eventfd_ctx_put(s->io_ctx);
	if (s->io)
		fput(s->io);
	if (s->irq)
		eventfd_ctx_put(s->irq);
}

static void free_loop(struct loop *l)
{
	u32 i;

	for (i = 0; i < l->n; i++)
		release_served(&l->served[i]);
	kvfree(l);
}

static int take_ioeventfd(struct served *s, int fd)
{
	struct eventfd_ctx *ctx;
	struct file *file;

	file = eventfd_fget(fd);
	if (IS_ERR(file))
		return PTR_ERR(file);
	ctx = eventfd_ctx_fileget(file);
	if (IS_ERR(ctx)) {
		fput(file);
		return PTR_ERR(ctx);
	}
	s->io = file;
	s->io_ctx = ctx;
	return 0;
}

static int take_irqfd(struct served *s, int fd)
{
	struct eventfd_ctx *ctx = eventfd_ctx_fdget(fd);

	if (IS_ERR(ctx))
		return PTR_ERR(ctx);
	s->irq = ctx;
	return 0;
}

/* As in struct nmreq_opt_sync_kloop_eventfds. */
struct fd_pair {
	s32 ioeventfd;
	s32 irqfd;
};

static int take_eventfds(struct loop *l, const struct vale_opt *opt)
{
	const struct fd_pair *pair = (const struct fd_pair *)opt->body;
	int err = 0;
	u32 i;

	if (opt->hdr.nro_size != sizeof(opt->hdr) + l->n * sizeof(*pair))
		return -EINVAL;
	l->events = true;
	for (i = 0; i < l->n; i++)
		l->events &= pair[i].ioeventfd >= 0;
	if (l->mode && !l->events)
		return -EINVAL;
	for (i = 0; !err && i < l->n; i++) {
		if (pair[i].ioeventfd >= 0)
			err = take_ioeventfd(&l->served[i], pair[i].ioeventfd);
		if (!err && pair[i].irqfd >= 0)
			err = take_irqfd(&l->served[i], pair[i].irqfd);
	}
	return err;
}

static int take_mode(struct loop *l, const struct vale_opt *opt)
{
	l->mode = *(const u32 *)opt->body;
	return l->mode & ~DIRECT ? -EINVAL : 0;
}

static int take_option(struct loop *l, struct vale_request *req, u32 type,
		       int (*take)(struct loop *l, const struct vale_opt *opt))
{
	struct vale_opt *opt = req->opts ? vale_opts_find(req->opts, type) :
					   NULL;
	int err;

	if (!opt)
		return 0;
	err = take(l, opt);
	opt->hdr.nro_status = -err;
	return err;
}

static void watch_rings(struct loop *l)
{
	u32 i;

	for (i = 0; l->events && i < l->n; i++) {
		struct served *s = &l->served[i];

		s->on_ring.head = &s->ring->wait;
		add_wait_queue(s->on_ring.head, &s->on_ring.entry);
	}
}

static struct loop *create_loop(struct vale_request *req,
				struct vale_port *port)
{
	const struct nmreq_sync_kloop_start *body = req->body;
	u32 n = vale_handle_rings(req->handle);
	struct loop *l;
	int err;

	l = kvzalloc(struct_size(l, served, n), GFP_KERNEL);
	if (!l)
		return ERR_PTR(-ENOMEM);
	l->h = req->handle;
	l->port = port;
	l->n = n;
	l->sleep_us = body->sleep_us;
	fill_served(l, req->handle);
	err = take_option(l, req, NETMAP_REQ_OPT_SYNC_KLOOP_MODE, take_mode);
	if (!err)
		err = take_option(l, req, NETMAP_REQ_OPT_SYNC_KLOOP_EVENTFDS,
				  take_eventfds);
	if (err) {
		free_loop(l);
		return ERR_PTR(err);
	}
	watch_rings(l);
	return l;
}

static int create_and_run(struct vale_request *req, struct vale_port *port)
{
	struct loop *l = create_loop(req, port);
	int err;

	if (IS_ERR(l))
		return PTR_ERR(l);
	err = run(l);
	free_loop(l);
	return err;
}

int vale_kloop_start(struct vale_request *req)
{
	const struct nmreq_sync_kloop_start *body = req->body;
	struct vale_kloop *k = &req->handle->kloop;
	struct vale_port *port = vale_handle_port(req->handle);
	int err;

	if (body->sleep_us > SLEEP_MAX_US)
		return -EINVAL;
	if (!port)
		return -ENXIO;
	if (!smp_load_acquire(&req->handle->csb)) /* (J) */
		return -EINVAL;
	if (test_and_set_bit(VALE_KLOOP_RUNNING, &k->state))
		return -EBUSY;
	err = create_and_run(req, port);
	clear_bit(VALE_KLOOP_STOP, &k->state);
	clear_bit_unlock(VALE_KLOOP_RUNNING, &k->state);
	wake_up_all(&k->wait);
	return err;
}

/* One that comes before its START is remembered. */
int vale_kloop_stop(struct vale_request *req)
{
	struct vale_kloop *k = &req->handle->kloop;

	if (!vale_handle_port(req->handle))
		return -ENXIO;
	set_bit(VALE_KLOOP_STOP, &k->state);
	wake_up_all(&k->wait);
	return wait_event_killable(k->wait, !test_bit(VALE_KLOOP_RUNNING,
						      &k->state));
}
