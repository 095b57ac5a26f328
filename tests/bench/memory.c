/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What ports occupy and how long they take to come and go. Memory is what
 * /proc/meminfo says is free, before and after, over enough ports that what
 * else the kernel does disappears in it.
 */
#include <fcntl.h>
#include <linux/vale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "clock.h"
#include "genl.h"
#include "measure.h"
#include "scale.h"

#define MANY	 1000
#define SWITCHES 8
#define FEW	 32

static double meminfo_kib(const char *what)
{
	FILE *f = fopen("/proc/meminfo", "r");
	size_t len = strlen(what);
	char line[128];
	double kib = -1;

	if (!f)
		die("/proc/meminfo");
	while (kib < 0 && fgets(line, sizeof(line), f))
		if (!strncmp(line, what, len))
			kib = strtod(line + len, NULL);
	fclose(f);
	return kib;
}

/* After what is freed a moment later: by RCU, by work items. */
static double free_kib(void)
{
	usleep(300000);
	return meminfo_kib("MemFree:");
}

/* A port that is open, as a program has it that only waits. */
static int open_port(const char *name, unsigned int slots)
{
	struct nmreq_register reg = {
		.nr_mode = NR_REG_ALL_NIC,
		.nr_tx_slots = slots,
		.nr_rx_slots = slots,
	};
	struct nmreq_header h = {
		.nr_version = NETMAP_API,
		.nr_reqtype = NETMAP_REQ_REGISTER,
		.nr_body = (uintptr_t)&reg,
	};
	int fd = open("/dev/netmap", O_RDWR);

	strncpy(h.nr_name, name, sizeof(h.nr_name) - 1);
	if (fd < 0 || ioctl(fd, NIOCCTRL, &h))
		die(name);
	return fd;
}

static void open_ports(int *fd, int n, int switches, unsigned int slots)
{
	char name[32];
	int i;

	for (i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "valebM%d:port%d", i % switches,
			 i);
		fd[i] = open_port(name, slots);
	}
}

static void close_ports(const int *fd, int n)
{
	int i;

	for (i = 0; i < n; i++)
		close(fd[i]);
}

static double kib_of_port(unsigned int slots, int switches)
{
	int fd[FEW];
	double before;
	double kib;

	open_ports(fd, FEW, switches, slots);
	close_ports(fd, FEW);
	before = free_kib();
	open_ports(fd, FEW, switches, slots);
	kib = (before - free_kib()) / FEW;
	close_ports(fd, FEW);
	return kib;
}

static void touch(const struct end *e)
{
	uint32_t i, j;

	for (i = 0; i < e->rings; i++)
		for (j = 0; j < e->tx[i]->num_slots; j++) {
			struct netmap_ring *tx = e->tx[i], *rx = e->rx[i];

			*NETMAP_BUF(tx, tx->slot[j].buf_idx) = 1;
			*NETMAP_BUF(rx, rx->slot[j].buf_idx) = 1;
		}
}

/* What a program adds that has been through all its rings: page tables. */
static double kib_of_touching(void)
{
	static struct end e[FEW];
	const struct end_wish defaults = { 0 };
	double before, kib;
	char name[32];
	int i;

	for (i = 0; i < FEW; i++) {
		snprintf(name, sizeof(name), "valebT:port%d", i);
		end_open(&e[i], name, &defaults);
	}
	before = meminfo_kib("PageTables:");
	for (i = 0; i < FEW; i++)
		touch(&e[i]);
	kib = (meminfo_kib("PageTables:") - before) / FEW;
	for (i = 0; i < FEW; i++)
		end_close(&e[i]);
	return kib;
}

static void size_tables(uint32_t entries)
{
	char name[32];
	int i;

	for (i = 0; i < FEW; i++) {
		snprintf(name, sizeof(name), "valebM%d", i);
		if (genl_set(name, VALE_A_FDB_SIZE, entries))
			die(name);
	}
}

static double bytes_of_entry(void)
{
	const double small = 1 << 16, large = 1 << 20;
	int fd[FEW];
	double before, kib;

	open_ports(fd, FEW, FEW, 64);
	size_tables((uint32_t)small);
	before = free_kib();
	size_tables((uint32_t)large);
	kib = (before - free_kib()) / FEW;
	close_ports(fd, FEW);
	return kib * 1024 / (large - small);
}

static void request(uint16_t type, const char *name, void *body)
{
	struct nmreq_header h = {
		.nr_version = NETMAP_API,
		.nr_reqtype = type,
		.nr_body = (uintptr_t)body,
	};
	static int fd = -1;

	if (fd < 0)
		fd = open("/dev/netmap", O_RDWR);
	strncpy(h.nr_name, name, sizeof(h.nr_name) - 1);
	if (fd < 0 || ioctl(fd, NIOCCTRL, &h))
		die(name);
}

/* Ports with netdevs, made and put on switches, and the reverse. */
static void persistent(int n, int up)
{
	char name[32];
	int i;

	for (i = 0; i < n; i++) {
		struct nmreq_vale_newif make = { 0 };
		struct nmreq_vale_attach at = { .reg.nr_mode = NR_REG_ALL_NIC };
		struct nmreq_vale_detach off = { 0 };

		snprintf(name, sizeof(name), "valebN%d:bp%d", i % SWITCHES, i);
		if (up)
			request(NETMAP_REQ_VALE_NEWIF, strchr(name, ':') + 1,
				&make);
		request(up ? NETMAP_REQ_VALE_ATTACH : NETMAP_REQ_VALE_DETACH,
			name, up ? (void *)&at : (void *)&off);
		if (!up)
			request(NETMAP_REQ_VALE_DELIF, strchr(name, ':') + 1,
				NULL);
	}
}

static double seconds_since(uint64_t start)
{
	return clock_ns(ticks() - start) / 1e9;
}

static void time_figure(const char *what, const char *machine, uint64_t start)
{
	char name[96];

	snprintf(name, sizeof(name), "1000 %s, %s", what, machine);
	print_figure(name, "s", seconds_since(start));
}

static void time_ephemeral(const char *machine)
{
	static int fd[MANY];
	uint64_t start = ticks();

	open_ports(fd, MANY, SWITCHES, 64);
	time_figure("ephemeral ports opened", machine, start);
	start = ticks();
	close_ports(fd, MANY);
	time_figure("ephemeral ports closed", machine, start);
}

static void time_persistent(const char *machine)
{
	double before = free_kib();
	uint64_t start = ticks();

	persistent(MANY, 1);
	time_figure("persistent ports made, attached", machine, start);
	print_figure("persistent port nobody has open", "KiB",
		     (before - free_kib()) / MANY);
	start = ticks();
	persistent(MANY, 0);
	time_figure("persistent ports detached, removed", machine, start);
}

/* args[0] says where. */
int lifetime_figures(char **args)
{
	const struct rlimit files = { 2 * MANY, 2 * MANY };

	if (setrlimit(RLIMIT_NOFILE, &files))
		die("setrlimit");
	time_ephemeral(args[0]);
	time_persistent(args[0]);
	return 0;
}

int memory_figures(char **args)
{
	double one = kib_of_port(64, 1);

	(void)args;
	print_figure("idle port, default rings (1024 slots)", "MiB",
		     kib_of_port(0, 1) / 1024);
	print_figure("its page tables when a program has touched all", "KiB",
		     kib_of_touching());
	print_figure("idle port, 64 slots", "MiB", one / 1024);
	print_figure("switch with the default table", "KiB",
		     kib_of_port(64, FEW) - one);
	print_figure("entry of a forwarding table", "bytes", bytes_of_entry());
	return 0;
}
