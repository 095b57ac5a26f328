/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the ABI offers beyond plain ports: monitors, the loop in the kernel,
 * and conversion between headers of different lengths. Each row names another
 * one of the same run that it is to be held against.
 */
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "abi.h"
#include "clock.h"
#include "measure.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define ROUNDS 2001
#define WARM_UP 64

static const struct end_wish usual = { .slots = 1024 };
static const unsigned int lens[] = { 60, 1514 };

/*
 * Everything the kernel does for a frame on its way: the sender's sync, and
 * the receiver's two, as a zero-copy monitor is served when buffers are given
 * back. The monitor's own syncs are its program's affair.
 */
static void both_ends_row(const char *name, struct end *from, struct end *to,
			  struct end *monitor, unsigned int len)
{
	static double v[ROUNDS];
	const struct traffic t = { .batch = 512, .len = len, .ndst = 1,
				   .src = 1u << 30 };
	unsigned long got = 0, seen = 0;
	struct result r = { .rx_ns = -1, .empty_ns = -1 };
	int i;

	for (i = -WARM_UP; i < ROUNDS; i++) {
		double ns = -measure_sync(from, NIOCTXSYNC) -
			    2 * measure_sync(to, NIOCRXSYNC);

		end_fill(from, &t);
		ns += measure_sync(from, NIOCTXSYNC);
		ns += measure_sync(to, NIOCRXSYNC);
		got += end_drain(to);
		ns += measure_sync(to, NIOCRXSYNC);
		v[i < 0 ? 0 : i] = ns;
		if (!monitor)
			continue;
		end_sync(monitor, NIOCRXSYNC);
		seen += end_drain(monitor);
		end_sync(monitor, NIOCRXSYNC);
	}
	r.tx_ns = middle(v, ROUNDS) / t.batch;
	r.delivered = (double)(monitor ? (got + seen) / 2 : got) /
		      ((double)t.batch * (ROUNDS + WARM_UP));
	print_row_against(name, "unicast, both ends", &t, &r);
}

int monitor_rows(char **args)
{
	static const struct {
		const char *name;
		const char *port;
		uint64_t flags;
	} kinds[] = {
		{ "TX of a monitor, copies", "valebO:a", NR_MONITOR_TX },
		{ "RX of a monitor, copies", "valebO:b", NR_MONITOR_RX },
		{ "TX of a monitor, zero copy", "valebO:a",
		  NR_MONITOR_TX | NR_ZCOPY_MON },
		{ "RX of a monitor, zero copy", "valebO:b",
		  NR_MONITOR_RX | NR_ZCOPY_MON },
	};
	struct end from, to, monitor;
	size_t i, j;

	(void)args;
	end_open(&from, "valebO:a", &usual);
	end_open(&to, "valebO:b", &usual);
	end_teach(&to, 0, 1);
	for (i = 0; i < ARRAY_SIZE(lens); i++)
		both_ends_row("unicast, both ends", &from, &to, NULL, lens[i]);
	for (j = 0; j < ARRAY_SIZE(kinds); j++) {
		const struct end_wish wish = { .flags = kinds[j].flags };

		end_open(&monitor, kinds[j].port, &wish);
		for (i = 0; i < ARRAY_SIZE(lens); i++)
			both_ends_row(kinds[j].name, &from, &to, &monitor,
				      lens[i]);
		end_close(&monitor);
	}
	end_close(&from);
	end_close(&to);
	return 0;
}

/* Of one ring each way: TX, RX. */
struct blocks {
	struct nm_csb_atok atok[2];
	struct nm_csb_ktoa ktoa[2];
};

struct loop {
	struct end *end;
	struct blocks *blocks;
	int kick[2];		/* eventfds of the two rings */
	pid_t pid;
};

static void request(int fd, uint16_t type, const char *name, void *body,
		    void *options)
{
	struct nmreq_header h = {
		.nr_version = NETMAP_API,
		.nr_reqtype = type,
		.nr_body = (uintptr_t)body,
		.nr_options = (uintptr_t)options,
	};

	strncpy(h.nr_name, name, sizeof(h.nr_name) - 1);
	if (ioctl(fd, NIOCCTRL, &h))
		die("NIOCCTRL");
}

/* In a process of its own until somebody stops it. */
static void run_loop(const struct loop *l)
{
	struct {
		struct nmreq_option head;
		int32_t fd[4];
	} events = { .head.nro_reqtype = NETMAP_REQ_OPT_SYNC_KLOOP_EVENTFDS,
		     .head.nro_size = sizeof(events),
		     .fd = { l->kick[0], -1, l->kick[1], -1 } };
	struct nmreq_sync_kloop_start body = { .sleep_us = 0 };

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	request(l->end->fd, NETMAP_REQ_SYNC_KLOOP_START, "", &body,
		&events);
	_exit(0);
}

static void start_loop(struct loop *l, struct end *end)
{
	struct nmreq_opt_csb option = {
		.nro_opt.nro_reqtype = NETMAP_REQ_OPT_CSB };
	int i;

	l->end = end;
	l->blocks = mmap(NULL, sizeof(*l->blocks), PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (l->blocks == MAP_FAILED)
		die("mmap");
	option.csb_atok = (uintptr_t)l->blocks->atok;
	option.csb_ktoa = (uintptr_t)l->blocks->ktoa;
	request(end->fd, NETMAP_REQ_CSB_ENABLE, "", NULL, &option);
	for (i = 0; i < 2; i++)
		l->kick[i] = eventfd(0, 0);
	l->pid = fork();
	if (l->pid < 0)
		die("fork");
	if (!l->pid)
		run_loop(l);
}

static void stop_loop(struct loop *l)
{
	request(l->end->fd, NETMAP_REQ_SYNC_KLOOP_STOP, "", NULL, NULL);
	waitpid(l->pid, NULL, 0);
	munmap(l->blocks, sizeof(*l->blocks));
}

static void kick(const struct loop *l)
{
	uint64_t one = 1;

	__sync_synchronize();	/* the head is seen before we look */
	if (l->blocks->ktoa[0].kern_need_kick &&
	    write(l->kick[0], &one, sizeof(one)) != sizeof(one))
		die("eventfd");
}

/* Hands what was filled to the loop and waits until it was sent. */
static void send_by_loop(struct loop *l)
{
	struct netmap_ring *ring = l->end->tx[0];
	uint32_t hwcur, hwtail;

	nm_sync_kloop_appl_write(&l->blocks->atok[0], ring->head, ring->head);
	kick(l);
	do {
		sched_yield();
		nm_sync_kloop_appl_read(&l->blocks->ktoa[0], &hwtail, &hwcur);
	} while (hwcur != ring->head);
	ring->tail = hwtail;
}

static void send_by_poll(const struct end *from)
{
	struct pollfd item = { .fd = from->fd, .events = POLLOUT };

	if (poll(&item, 1, -1) != 1 || item.revents & POLLERR)
		die("poll");
}

/* From a filled ring to a sent one, system calls and all. */
static void wall_row(const char *name, struct end *from, struct end *to,
		     struct loop *l, unsigned int batch)
{
	static double v[ROUNDS];
	const struct traffic t = { .batch = batch, .len = 60, .ndst = 1,
				   .src = 1u << 30 };
	struct result r = { .rx_ns = -1, .empty_ns = -1 };
	unsigned long got = 0;
	int i;

	for (i = -WARM_UP; i < ROUNDS; i++) {
		uint64_t start;

		end_fill(from, &t);
		start = ticks();
		if (l)
			send_by_loop(l);
		else
			send_by_poll(from);
		v[i < 0 ? 0 : i] = clock_ns(ticks() - start);
		end_sync(to, NIOCRXSYNC);
		got += end_drain(to);
		end_sync(to, NIOCRXSYNC);
	}
	r.tx_ns = middle(v, ROUNDS) / batch;
	r.delivered = (double)got / ((double)batch * (ROUNDS + WARM_UP));
	print_row_against(name, "unicast by poll, with calls", &t, &r);
}

int kloop_rows(char **args)
{
	static const struct {
		const char *name;
		int loop;
	} kinds[] = {
		{ "unicast by poll, with calls", 0 },
		{ "unicast by kloop, with kicks", 1 },
	};
	static const unsigned int batches[] = { 1, 64, 512 };
	const struct end_wish alone = { .slots = 1024, .flags = NR_EXCLUSIVE };
	struct end from, to;
	struct loop loop;
	size_t i, j;

	(void)args;
	end_open(&to, "valebK:b", &usual);
	end_teach(&to, 0, 1);
	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		struct loop *l = kinds[i].loop ? &loop : NULL;

		end_open(&from, "valebK:a", &alone);
		if (l)
			start_loop(l, &from);
		for (j = 0; j < ARRAY_SIZE(batches); j++)
			wall_row(kinds[i].name, &from, &to, l, batches[j]);
		if (l)
			stop_loop(l);
		end_close(&from);
	}
	end_close(&to);
	return 0;
}
