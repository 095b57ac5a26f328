/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a switch port's kernel work costs per frame, through /dev/netmap alone.
 * Prints a JSON object per row; see measure.c for the method.
 *
 *   switchbench switch              VALE ports among themselves, and memcpy
 *   switchbench unicast             of these the unicast rows alone
 *   switchbench pipe                of these the pipe's
 *   switchbench spaced              of these those with larger buffers
 *   switchbench monitor             VALE ports that are observed
 *   switchbench kloop               a sender whose syncs the kernel does
 *   switchbench header              virtio-net headers of unequal length
 *   switchbench memory              what ports take
 *   switchbench lifetime WHERE      how long many take to come and to go
 *   switchbench smp                 two senders on two CPUs
 *   switchbench latency HOW         ping-pong between two processes, both
 *                                   "sleeping" or "spinning"
 *   switchbench wakeups             system calls of a ping-pong
 *   switchbench whole               what a frame costs with both programs
 *   switchbench apart               the same, a CPU each
 *   switchbench endless BATCH LEN   sends until it is killed, no rows
 *   switchbench ends IF IF          the same of a veth and of a pipe
 *   switchbench scale               the cost over ports, switches, slots, rings
 *   switchbench netdev IF IF        two netdevs wired together, each opened
 *   switchbench nic IF PEER         VALE port to IF on its switch and its PEER,
 *                                   and back, sent by the kernel's pktgen
 *   switchbench legs IF IF          from one to the other, by programs of netmap
 *                                   and of AF_PACKET
 *   switchbench receivers IF PEER   VALE port to IF on its switch and programs of
 *                                   these at its PEER
 *   switchbench through ROW IF DEV  VALE port to IF on its switch, and what is
 *                                   between IF's peer and DEV, whose stack drops
 *   switchbench attach SWITCH:IF    puts a netdev on a switch, no rows
 *   switchbench pktgen ROW FROM TO  what the kernel's pktgen sends on FROM and
 *                                   TO receives
 *   switchbench streams ROW FROM TO the same from 64 stations in turn
 *   switchbench burst ROW FROM TO   what FROM receives from it, as a driver's
 *                                   poll would, and sends to TO
 */
#include <stdlib.h>
#include <linux/vale.h>
#include <string.h>

#include "abi.h"
#include "clock.h"
#include "genl.h"
#include "legs.h"
#include "measure.h"
#include "netdev.h"
#include "scale.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define RECEIVERS 3

static const struct end_wish usual = { .slots = 1024 };

static void unicast_row(const char *name, struct end *from, struct end *to,
			unsigned int batch, unsigned int len)
{
	const struct traffic t = { .batch = batch, .len = len, .ndst = 1,
				   .src = 1u << 30 };
	struct result r = measure(from, to, 1, &t);

	print_row(name, &t, &r);
}

static void memcpy_rows(void)
{
	static const unsigned int lens[] = { 60, 508, 1514 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lens); i++) {
		const struct traffic t = { .batch = 512, .len = lens[i] };
		struct result r = measure_memcpy(&t);

		print_row("memcpy", &t, &r);
	}
}

static void drop_rows(void)
{
	static const unsigned int lens[] = { 60, 1514 };
	struct end alone;
	size_t i;

	end_open(&alone, "valebD:a", &usual);
	for (i = 0; i < ARRAY_SIZE(lens); i++) {
		const struct traffic t = { .batch = 512, .len = lens[i],
					   .ndst = 1, .src = 1u << 30 };
		struct result r = measure(&alone, NULL, 0, &t);

		print_row("drop", &t, &r);
	}
	end_close(&alone);
}

/*
 * What writing frames alone adds to the next sync, by what it leaves of the
 * caches: the part of small batches that is nobody's work.
 */
static void held_back_rows(struct end *from)
{
	static const unsigned int batches[] = { 1, 8, 64 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(batches); i++) {
		const struct traffic t = { .batch = batches[i], .len = 60,
					   .ndst = 1, .src = 1u << 30,
					   .held_back = 1 };
		struct result r = measure(from, NULL, 0, &t);

		print_row("written, not sent", &t, &r);
	}
}

static void unicast_rows(void)
{
	static const unsigned int lens[] = { 60, 1514 };
	static const unsigned int batches[] = { 1, 8, 64, 512 };
	struct end from, to;
	size_t i, j;

	end_open(&from, "valebU:a", &usual);
	end_open(&to, "valebU:b", &usual);
	end_teach(&to, 0, 1);
	for (i = 0; i < ARRAY_SIZE(lens); i++)
		for (j = 0; j < ARRAY_SIZE(batches); j++)
			unicast_row("unicast", &from, &to, batches[j], lens[i]);
	unicast_row("unicast", &from, &to, 512, 508);
	held_back_rows(&from);
	end_close(&from);
	end_close(&to);
}

static void broadcast_rows(void)
{
	static const unsigned int lens[] = { 60, 1514 };
	struct end from, to[RECEIVERS];
	char name[] = "valebB:r0";
	size_t i;

	end_open(&from, "valebB:s", &usual);
	for (i = 0; i < RECEIVERS; i++) {
		name[sizeof(name) - 2] = (char)('0' + i);
		end_open(&to[i], name, &usual);
	}
	for (i = 0; i < ARRAY_SIZE(lens); i++) {
		const struct traffic t = { .batch = 512, .len = lens[i],
					   .src = 1u << 30 };
		struct result r = measure(&from, to, RECEIVERS, &t);

		print_row("broadcast to 3", &t, &r);
	}
	end_close(&from);
	for (i = 0; i < RECEIVERS; i++)
		end_close(&to[i]);
}

/* Both ports in the sender's region; the last two only if the module can. */
static void region_rows(void)
{
	struct end_wish same = usual;
	struct end from, to;

	end_open(&from, "valebR:a", &usual);
	same.mem_id = from.mem_id;
	end_open(&to, "valebR:b", &same);
	end_teach(&to, 0, 1);
	unicast_row("one region", &from, &to, 256, 60);
	unicast_row("one region", &from, &to, 256, 1514);
	if (!genl_set("valebR", VALE_A_EXCHANGE, 1)) {
		unicast_row("one region, exchanged", &from, &to, 256, 60);
		unicast_row("one region, exchanged", &from, &to, 256, 1514);
	}
	end_close(&from);
	end_close(&to);
}

static void pipe_rows(void)
{
	static const unsigned int lens[] = { 60, 1514 };
	static const unsigned int batches[] = { 1, 64, 512 };
	struct end from, to;
	size_t i, j;

	end_open(&from, "valebP:x{1", &usual);
	end_open(&to, "valebP:x}1", &usual);
	for (i = 0; i < ARRAY_SIZE(lens); i++)
		for (j = 0; j < ARRAY_SIZE(batches); j++)
			unicast_row("pipe", &from, &to, batches[j], lens[i]);
	end_close(&from);
	end_close(&to);
}

static int pipes_only(char **args)
{
	(void)args;
	pipe_rows();
	return 0;
}

static void mac_rows(void)
{
	static const unsigned int macs[] = { 64, 1000, 8000, 200000 };
	struct end from, to;
	char name[32];
	size_t i;

	end_open(&from, "valebM:a", &usual);
	end_open(&to, "valebM:b", &usual);
	if (genl_set("valebM", VALE_A_FDB_SIZE, 1u << 18))
		die("size of the table");
	for (i = 0; i < ARRAY_SIZE(macs); i++) {
		const struct traffic t = { .batch = 512, .len = 60,
					   .ndst = macs[i], .src = 1u << 30 };
		struct result r;

		end_teach(&to, 0, macs[i]);
		r = measure(&from, &to, 1, &t);
		snprintf(name, sizeof(name), "random of %u MACs", macs[i]);
		print_row(name, &t, &r);
	}
	end_close(&from);
	end_close(&to);
}

static void ring_rows(void)
{
	const struct end_wish many = { .slots = 256, .rings = END_RINGS };
	struct end from, to;

	end_open(&from, "valebQ:a", &many);
	end_open(&to, "valebQ:b", &many);
	end_teach(&to, 0, 1);
	unicast_row("16 rings", &from, &to, 512, 60);
	end_close(&from);
	end_close(&to);
}

static int unicast_only(char **args)
{
	(void)args;
	unicast_rows();
	return 0;
}

static int switch_rows(char **args)
{
	(void)args;
	memcpy_rows();
	drop_rows();
	unicast_rows();
	broadcast_rows();
	region_rows();
	pipe_rows();
	mac_rows();
	ring_rows();
	return spaced_rows(args);
}

static const struct {
	const char *name;
	int nargs;
	int (*run)(char **args);
} commands[] = {
	{ "switch", 0, switch_rows },
	{ "unicast", 0, unicast_only },
	{ "pipe", 0, pipes_only },
	{ "spaced", 0, spaced_rows },
	{ "monitor", 0, monitor_rows },
	{ "kloop", 0, kloop_rows },
	{ "header", 0, header_rows },
	{ "memory", 0, memory_figures },
	{ "lifetime", 1, lifetime_figures },
	{ "smp", 0, smp_figures },
	{ "latency", 1, latency_figures },
	{ "wakeups", 0, wakeup_figures },
	{ "whole", 0, whole_rows },
	{ "apart", 0, apart_rows },
	{ "pipe-ends", 0, pipe_ends_rows },
	{ "ends", 3, ends_rows },
	{ "scale", 0, scale_points },
	{ "endless", 2, endless },
	{ "netdev", 2, netdev_rows },
	{ "nic", 2, nic_rows },
	{ "legs", 2, leg_rows },
	{ "receivers", 2, receiver_rows },
	{ "through", 3, through_rows },
	{ "attach", 1, attach_netdev },
	{ "pktgen", 3, pktgen_rows },
	{ "streams", 3, stream_rows },
	{ "burst", 3, burst_rows },
};

int main(int argc, char **argv)
{
	size_t i;

	clock_calibrate();
	for (i = 0; argc > 1 && i < ARRAY_SIZE(commands); i++)
		if (!strcmp(argv[1], commands[i].name) &&
		    argc - 2 == commands[i].nargs)
			return commands[i].run(argv + 2);
	fprintf(stderr, "usage: see the head of switchbench.c\n");
	return 2;
}
