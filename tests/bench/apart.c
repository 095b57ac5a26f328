/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A sender and a receiver on CPUs of their own, each as fast as it can: time a
 * frame received, with everything both programs do. What the sender has in
 * front of the receiver is dropped, and seen as "delivered" below 1.
 *
 * An emulator finds pages by the low bits of their numbers, so two buffers that
 * lie a power of two apart are looked for anew at each access. Where memory
 * lies is chance: a row for each of several openings in other memory, of which
 * tests/bench/table takes the best.
 */
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "measure.h"
#include "scale.h"

#define OPENINGS 7
#define WINDOWS 3
#define WINDOW_NS 0.3e9
#define BATCH 512u
#define SENDER_CPU 0
#define RECEIVER_CPU 1

struct shared {
	atomic_bool stop;
	atomic_ulong sent;
};

static void send_all_the_time(struct shared *s, const struct traffic *t)
{
	const struct end_wish wish = { .slots = 1024 };
	struct end from;
	uint32_t n;

	pin_to(SENDER_CPU);
	end_open(&from, "valebP:a", &wish);
	while (!atomic_load(&s->stop)) {
		n = nm_ring_space(from.tx[0]);
		if (n > BATCH)
			n = BATCH;
		end_fill_ring(from.tx[0], n, t);
		end_sync(&from, NIOCTXSYNC);
		atomic_fetch_add(&s->sent, n);
	}
	exit(0);
}

/* Time a frame received in one window. */
static double window(struct end *to, unsigned long *got)
{
	uint64_t start = ticks(), now = start;
	unsigned long n = 0;

	while (clock_ns(now - start) < WINDOW_NS) {
		end_sync(to, NIOCRXSYNC);
		n += end_drain(to);
		now = ticks();
	}
	if (!n)
		die("nothing was received");
	*got += n;
	return clock_ns(now - start) / (double)n;
}

/* Time a frame while both are open, and the part of frames that arrived. */
static struct result both(struct shared *s, struct end *to,
			  const struct traffic *t)
{
	struct result r = { .rx_ns = -1, .empty_ns = -1 };
	unsigned long got = 0, sent;
	double v[WINDOWS];
	pid_t sender;
	int i;

	atomic_store(&s->stop, false);
	sender = fork();
	if (sender < 0)
		die("fork");
	if (!sender)
		send_all_the_time(s, t);
	window(to, &got);
	got = 0;
	sent = atomic_load(&s->sent);
	for (i = 0; i < WINDOWS; i++)
		v[i] = window(to, &got);
	sent = atomic_load(&s->sent) - sent;
	atomic_store(&s->stop, true);
	waitpid(sender, NULL, 0);
	r.tx_ns = middle(v, WINDOWS);
	r.delivered = (double)got / (double)sent;
	return r;
}

/* Which memory they get depends on what others have already. */
static void rows(struct shared *s, unsigned int len)
{
	const struct traffic t = { .batch = BATCH, .len = len, .ndst = 1,
				   .src = 1u << 30 };
	const struct end_wish wish = { .slots = 1024 };
	const struct end_wish small = { .slots = 64 };
	struct end spare[OPENINGS], to;
	struct result r;
	char name[16];
	int i;

	for (i = 0; i < OPENINGS; i++) {
		end_open(&to, "valebP:b", &wish);
		end_teach(&to, 0, 1);
		snprintf(name, sizeof(name), "valebS:%d", i);
		end_open(&spare[i], name, &small);
		r = both(s, &to, &t);
		end_close(&to);
		print_row_against("unicast, a CPU each", "unicast", &t, &r);
	}
	for (i = 0; i < OPENINGS; i++)
		end_close(&spare[i]);
}

int apart_rows(char **args)
{
	struct shared *s = mmap(NULL, sizeof(*s), PROT_READ | PROT_WRITE,
				MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	(void)args;
	if (s == MAP_FAILED)
		die("mmap");
	pin_to(RECEIVER_CPU);
	rows(s, 60);
	rows(s, 1514);
	return 0;
}
