/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What one packet to a process that sleeps costs, by counting: two processes
 * play ping-pong through VALE ports under a tracer that counts their system
 * calls. Sleeps and page faults are counted without the tracer, which stops
 * them. A play of no round trips is counted too and subtracted.
 */
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "measure.h"
#include "scale.h"
#include "way.h"

#define PATIENCE 100	/* seconds: a lost packet would be waited for */
#define TRIPS 1000
#define LAP 1100	/* round the ring: every page has been there */

struct player {
	pid_t pid;
	int inside;		/* a system call */
	long calls;
	long polls;
};

struct usage {
	long sleeps;
	long faults;
};

struct game {
	int trips;
	int traced;
	int tell[2];		/* pipe to the parent */
	int begin[2];		/* and from it */
};

/* Both have their ports. */
static void meet(const struct game *g)
{
	char c = 0;

	if (write(g->tell[1], &c, 1) != 1 || read(g->begin[0], &c, 1) != 1)
		die("pipe");
}

/* Who sends by poll sends its last answer only by another call. */
static void ping_pong(struct way *w, int id, int trips)
{
	while (trips--) {
		if (!id)
			w->send(w);
		w->wait(w);
		if (id)
			w->send(w);
	}
	if (id)
		end_sync(&w->end, NIOCTXSYNC);
}

static void play(int id, const struct game *g)
{
	struct way w = way_poll;
	struct rusage before, after;
	struct usage u;

	alarm(PATIENCE);
	w.open(&w, id);
	meet(g);
	ping_pong(&w, id, LAP);
	if (g->traced) {
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		raise(SIGSTOP);
	}
	getrusage(RUSAGE_SELF, &before);
	ping_pong(&w, id, g->trips);
	getrusage(RUSAGE_SELF, &after);
	u.sleeps = after.ru_nvcsw - before.ru_nvcsw;
	u.faults = after.ru_minflt - before.ru_minflt;
	if (write(g->tell[1], &u, sizeof(u)) != sizeof(u))
		die("pipe");
	_exit(0);
}

static void count_call(struct player *p)
{
	long nr = ptrace(PTRACE_PEEKUSER, p->pid,
			 (void *)offsetof(struct user, regs.orig_rax), NULL);

	p->inside = !p->inside;
	if (!p->inside)
		return;
	p->calls++;
	p->polls += nr == SYS_poll;
}

/* Until both are gone. */
static void trace(struct player *players)
{
	int left = 2, status;
	struct player *p;
	pid_t pid;

	while (left && (pid = wait(&status)) > 0) {
		p = &players[pid == players[1].pid];
		if (WIFEXITED(status)) {
			left--;
			continue;
		}
		if (!WIFSTOPPED(status))
			die("a player");
		if (WSTOPSIG(status) == (SIGTRAP | 0x80))
			count_call(p);
		else
			ptrace(PTRACE_SETOPTIONS, pid, NULL,
			       PTRACE_O_TRACESYSGOOD);
		ptrace(PTRACE_SYSCALL, pid, NULL, NULL);
	}
}

static void start(struct player *players, const struct game *g)
{
	char c[2];
	int i;

	for (i = 0; i < 2; i++) {
		players[i].pid = fork();
		if (!players[i].pid)
			play(i, g);
	}
	for (i = 0; i < 2; i++)
		if (read(g->tell[0], c, 1) != 1)
			die("pipe");
	if (write(g->begin[1], c, 2) != 2)
		die("pipe");
}

/* Of both players together. */
static void count(int trips, int traced, struct player *sum,
		  struct usage *usage)
{
	struct game g = { .trips = trips, .traced = traced };
	struct player players[2] = { 0 };
	struct usage u;
	int i;

	if (pipe(g.tell) || pipe(g.begin))
		die("pipe");
	start(players, &g);
	trace(players);
	memset(sum, 0, sizeof(*sum));
	memset(usage, 0, sizeof(*usage));
	for (i = 0; i < 2; i++) {
		sum->calls += players[i].calls;
		sum->polls += players[i].polls;
		if (read(g.tell[0], &u, sizeof(u)) != sizeof(u))
			die("a player said nothing");
		usage->sleeps += u.sleeps;
		usage->faults += u.faults;
	}
	for (i = 0; i < 2; i++) {
		close(g.tell[i]);
		close(g.begin[i]);
	}
}

static void print(const char *what, long with, long without)
{
	char name[96];

	snprintf(name, sizeof(name), "a packet to a sleeping process: %s", what);
	print_figure(name, "", (double)(with - without) / (2.0 * TRIPS));
}

int wakeup_figures(char **args)
{
	struct player none, all, untraced;
	struct usage idle, used;

	(void)args;
	count(0, 1, &none, &idle);
	count(TRIPS, 1, &all, &used);
	count(0, 0, &untraced, &idle);
	count(TRIPS, 0, &untraced, &used);
	print("system calls", all.calls, none.calls);
	print("of these poll", all.polls, none.polls);
	print("sleeps", used.sleeps, idle.sleeps);
	print("page faults", used.faults, idle.faults);
	return 0;
}
