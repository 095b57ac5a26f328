// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Owns VALE polling: threads, one a CPU, that forward what arrives on RX rings
 * of an attached netdev, where tasklets would do it on whatever CPU it arrived.
 * A thread goes on looking for a moment after the last frame, and then sleeps
 * until the next. Control operations run under vn->lock.
 */
#include <linux/cpu.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/slab.h>
#include <net/netmap.h>

#include "attach.h"
#include "core/req.h"
#include "ctrl.h"

#define LOOK_FOR_NS (50 * NSEC_PER_USEC)

struct vale_poller {
	struct task_struct *task; /* with a reference */
	struct vale_inlet *inlet; /* of the first ring */
	u32 n;			  /* rings */
	bool go;		  /* their tasklets are done with them */
};

static bool forward_all(struct vale_poller *p)
{
	bool found = false;
	u32 i;

	/* (G) the tasklets' last work; partner: take_over() */
	if (!smp_load_acquire(&p->go))
		return false;
	local_bh_disable();
	for (i = 0; i < p->n; i++)
		found |= vale_inlet_forward(&p->inlet[i]);
	local_bh_enable();
	return found;
}

static bool has_work(const struct vale_poller *p)
{
	u32 i;

	for (i = 0; i < p->n; i++)
		if (!skb_queue_empty_lockless(&p->inlet[i].queue))
			return READ_ONCE(p->go);
	return false;
}

/* Whoever queues a first frame, or stops the thread, wakes it afterwards. */
static void sleep(const struct vale_poller *p)
{
	set_current_state(TASK_IDLE);
	if (!has_work(p) && !kthread_should_stop())
		schedule();
	__set_current_state(TASK_RUNNING);
}

/* What comes soon does not wait for the thread to wake up. */
static bool goes_on(u64 last)
{
	return num_online_cpus() > 1 && ktime_get_ns() - last < LOOK_FOR_NS;
}

static int poll(void *data)
{
	struct vale_poller *p = data;
	u64 last = 0;

	while (!kthread_should_stop()) {
		if (forward_all(p))
			last = ktime_get_ns();
		else if (goes_on(last))
			cpu_relax();
		else
			sleep(p);
		cond_resched_tasks_rcu_qs();
	}
	return 0;
}

static int create(struct vale_poller *p, const struct vale_nic *nic, u32 cpu)
{
	struct task_struct *task;

	task = kthread_create_on_node(poll, p, cpu_to_node(cpu),
				      "vale-poll-%s/%u",
				      vale_nic_dev(nic)->name, cpu);
	if (IS_ERR(task))
		return PTR_ERR(task);
	kthread_bind(task, cpu);
	p->task = get_task_struct(task);
	return 0;
}

/* From the tasklets; the order of frames is kept. */
static void take_over(struct vale_poller *p)
{
	u32 i;

	for (i = 0; i < p->n; i++)
		vale_inlet_set_poller(&p->inlet[i], p->task);
	for (i = 0; i < p->n; i++)
		tasklet_kill(&p->inlet[i].tasklet);
	/* (G) */
	smp_store_release(&p->go, true);
	wake_up_process(p->task);
}

/* And back to them. Until that is known the thread may still be woken. */
static void stop(struct vale_poller *p)
{
	u32 i;

	kthread_stop(p->task);
	for (i = 0; i < p->n; i++)
		vale_inlet_set_poller(&p->inlet[i], NULL);
	put_task_struct(p->task);
}

static void stop_some(struct vale_attachment *att, u32 n)
{
	while (n--)
		stop(&att->pollers[n]);
	kfree(att->pollers);
	att->pollers = NULL;
	att->npollers = 0;
}

void vale_polling_stop(struct vale_attachment *att)
{
	if (att->npollers)
		stop_some(att, att->npollers);
}

static int create_all(struct vale_attachment *att, u32 first_cpu, u32 n)
{
	u32 i;

	for (i = 0; i < n; i++) {
		if (create(&att->pollers[i], att->nic, first_cpu + i)) {
			stop_some(att, i);
			return -EFAULT;
		}
	}
	att->npollers = n;
	att->poll_cpu = first_cpu;
	return 0;
}

static bool are_online(u32 first, u32 n)
{
	u32 cpu;

	for (cpu = first; cpu < first + n; cpu++)
		if (!cpu_online(cpu))
			return false;
	return true;
}

/* CPUs stay as they are meanwhile. */
static int start(struct vale_attachment *att,
		 const struct nmreq_vale_polling *want)
{
	bool single = want->nr_mode == NETMAP_POLLING_MODE_SINGLE_CPU;
	u32 n = want->nr_num_polling_cpus;
	u32 i;
	int err;

	if (!are_online(want->nr_first_cpu_id, n))
		return -EINVAL;
	att->pollers = kcalloc(n, sizeof(*att->pollers), GFP_KERNEL);
	if (!att->pollers)
		return -ENOMEM;
	for (i = 0; i < n; i++) {
		u32 ring = single ? 0 : want->nr_first_cpu_id + i;

		att->pollers[i].inlet = &att->inlet[VALE_RX][ring];
		att->pollers[i].n = single ? att->ninlets[VALE_RX] : 1;
	}
	err = create_all(att, want->nr_first_cpu_id, n);
	for (i = 0; i < att->npollers; i++)
		take_over(&att->pollers[i]);
	return err;
}

static int enable(struct vale_attachment *att,
		  const struct nmreq_vale_polling *want)
{
	int err;

	if (att->npollers)
		return -EFAULT;
	err = vale_req_check_polling(want, att->ninlets[VALE_RX], nr_cpu_ids);
	if (err)
		return err;
	cpus_read_lock();
	err = start(att, want);
	cpus_read_unlock();
	return err;
}

static int disable(struct vale_attachment *att)
{
	if (!att->npollers)
		return -EFAULT;
	vale_polling_stop(att);
	return 0;
}

/* The netdev's side of a switch, by its member's name. */
static struct vale_nic *find(struct vale_request *req)
{
	struct vale_member *m = vale_member_find(req->vn, req->hdr->nr_name);

	if (!m)
		return ERR_PTR(-ENXIO);
	if (m->kind != VALE_PORT_NIC)
		return ERR_PTR(-EOPNOTSUPP);
	return container_of(m, struct vale_nic, wire);
}

static int change(struct vale_request *req, bool on)
{
	struct vale_nic *nic;
	int err;

	err = vale_check_member_name(req->hdr->nr_name);
	if (err)
		return err;
	vale_port_lock(req->vn, true);
	nic = find(req);
	if (IS_ERR(nic))
		err = PTR_ERR(nic);
	else
		err = on ? enable(nic->att, req->body) : disable(nic->att);
	vale_port_unlock(req->vn, true);
	return err;
}

int vale_polling_enable(struct vale_request *req)
{
	return change(req, true);
}

int vale_polling_disable(struct vale_request *req)
{
	return change(req, false);
}
