/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once
#include "end.h"

/*
 * How one packet goes from a process to another and back. Each has an end of
 * its own, 0 or 1.
 */
struct way {
	const char *name;
	void (*open)(struct way *w, int id);
	void (*send)(struct way *w);
	/* Sleeps or spins until a packet is there, and takes it. */
	void (*wait)(struct way *w);
	int spins;
	int fd;
	struct end end;
};

#define WAY_LEN 60

/* To be copied: every process opens its own end. */
extern const struct way ways[];
extern const int nways;
/* That of them in which both sleep in poll on VALE ports. */
extern const struct way way_poll;
