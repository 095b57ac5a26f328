/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * For who looks on: a sync with nothing to do, one with a batch, the receiver's
 * two, and so on until the process is killed.
 */
#include <stdlib.h>

#include "end.h"
#include "measure.h"
#include "scale.h"

int endless(char **args)
{
	const struct traffic t = { .batch = (unsigned int)atoi(args[0]),
				   .len = (unsigned int)atoi(args[1]),
				   .ndst = 1, .src = 1u << 30 };
	const struct end_wish wish = { .slots = 1024 };
	struct end from, to;

	end_open(&from, "valebE:a", &wish);
	end_open(&to, "valebE:b", &wish);
	end_teach(&to, 0, 1);
	for (;;) {
		end_sync(&from, NIOCTXSYNC);
		end_fill(&from, &t);
		end_sync(&from, NIOCTXSYNC);
		end_sync(&to, NIOCRXSYNC);
		end_drain(&to);
		end_sync(&to, NIOCRXSYNC);
	}
}
