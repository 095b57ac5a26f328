/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rows of switchbench with buffers of 2112 bytes instead of 2048: heads of
 * buffers then spread over all sets of the caches, not over one in 32.
 */
#include <linux/vale.h>
#include <stdlib.h>

#include "clock.h"
#include "genl.h"
#include "measure.h"
#include "scale.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define PARAMETER "/sys/module/vale/parameters/priv_buf_size"
#define SPACED 2112
#define RECEIVERS 3
#define MACS 8000

static const struct end_wish usual = { .slots = 1024 };

/* For ports opened from now on; returns what it was before. */
static unsigned int set_buf_size(unsigned int bytes)
{
	FILE *f = fopen(PARAMETER, "r+");
	unsigned int before;

	if (!f || fscanf(f, "%u", &before) != 1)
		die(PARAMETER);
	rewind(f);
	if (fprintf(f, "%u\n", bytes) < 0 || fclose(f))
		die(PARAMETER);
	return before;
}

static void open_spaced(struct end *e, const char *name)
{
	end_open(e, name, &usual);
	if (e->rx[0]->nr_buf_size != SPACED) {
		fprintf(stderr, "%s: buffers of %u bytes\n", name,
			e->rx[0]->nr_buf_size);
		exit(1);
	}
}

static void unicast_rows(void)
{
	static const struct traffic rows[] = {
		{ .batch = 8, .len = 60, .ndst = 1, .src = 1u << 30 },
		{ .batch = 64, .len = 60, .ndst = 1, .src = 1u << 30 },
		{ .batch = 512, .len = 60, .ndst = 1, .src = 1u << 30 },
		{ .batch = 512, .len = 508, .ndst = 1, .src = 1u << 30 },
	};
	struct end from, to;
	size_t i;

	open_spaced(&from, "valebS:a");
	open_spaced(&to, "valebS:b");
	end_teach(&to, 0, 1);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct result r = measure(&from, &to, 1, &rows[i]);

		print_row_against("unicast, 2112 B buffers", "unicast",
				  &rows[i], &r);
	}
	end_close(&from);
	end_close(&to);
}

static void broadcast_row(void)
{
	const struct traffic t = { .batch = 512, .len = 60, .src = 1u << 30 };
	struct end from, to[RECEIVERS];
	char name[] = "valebS:r0";
	struct result r;
	size_t i;

	open_spaced(&from, "valebS:s");
	for (i = 0; i < RECEIVERS; i++) {
		name[sizeof(name) - 2] = (char)('0' + i);
		open_spaced(&to[i], name);
	}
	r = measure(&from, to, RECEIVERS, &t);
	print_row_against("broadcast to 3, 2112 B buffers", "broadcast to 3",
			  &t, &r);
	end_close(&from);
	for (i = 0; i < RECEIVERS; i++)
		end_close(&to[i]);
}

static void mac_row(void)
{
	const struct traffic t = { .batch = 512, .len = 60, .ndst = MACS,
				   .src = 1u << 30 };
	struct end from, to;
	struct result r;

	open_spaced(&from, "valebT:a");
	open_spaced(&to, "valebT:b");
	if (genl_set("valebT", VALE_A_FDB_SIZE, 1u << 18))
		die("size of the table");
	end_teach(&to, 0, MACS);
	r = measure(&from, &to, 1, &t);
	print_row_against("8000 MACs, 2112 B buffers", "random of 8000 MACs",
			  &t, &r);
	end_close(&from);
	end_close(&to);
}

int spaced_rows(char **args)
{
	unsigned int before = set_buf_size(SPACED);

	(void)args;
	unicast_rows();
	broadcast_row();
	mac_row();
	set_buf_size(before);
	return 0;
}
