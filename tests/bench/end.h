/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once
#include <stdint.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/time.h>
#include <net/if.h>
#include <net/netmap.h>
#include <net/netmap_user.h>

#define END_RINGS 16

/* One open port with its rings mapped. */
struct end {
	int fd;
	uint16_t mem_id;
	unsigned int rings;
	void *mem;
	size_t bytes;
	struct netmap_ring *tx[END_RINGS];
	struct netmap_ring *rx[END_RINGS];
};

/* What to ask for; zeros mean the default. */
struct end_wish {
	unsigned int slots;
	unsigned int rings;
	uint16_t mem_id;
	uint64_t flags;		/* NR_* */
};

struct end;

/* Which frames to write: destinations count from dst0, drawn at random. */
struct traffic {
	unsigned int batch;	/* frames over all rings */
	unsigned int len;
	uint32_t dst0;
	uint32_t ndst;		/* 0: broadcast */
	uint32_t src;
	int reps;		/* 0: by the batch */
	int held_back;		/* written, but not handed to the kernel */
	/* writes other frames than these, as many */
	void (*fill)(struct end *e, const struct traffic *t);
};

/* Failures end the program with a message: there is no number without them. */
void die(const char *what) __attribute__((noreturn));

/* This process is to run on that CPU alone. */
void pin_to(int cpu);

void end_open(struct end *e, const char *name, const struct end_wish *wish);
void end_close(struct end *e);

/* The station with number n, spread over the address space. */
void mac_of(uint8_t mac[6], uint32_t n);

/* Write the frames and move head, unless they are held back; waits for slots
 * a NIC still holds. */
void end_fill(struct end *e, const struct traffic *t);
/* n frames into one TX ring with room for them. */
void end_fill_ring(struct netmap_ring *r, unsigned int n,
		   const struct traffic *t);
/* One frame. */
void end_write(uint8_t *buf, const struct traffic *t);
/* 0 up to below, as chance has it. */
uint32_t end_draw(uint32_t below);
/* Give back all received frames; how many. */
unsigned int end_drain(struct end *e);

static inline void end_sync(const struct end *e, unsigned long cmd)
{
	if (ioctl(e->fd, cmd, NULL))
		die("sync");
}

/* Let the switch learn n stations from first on behind e. */
void end_teach(struct end *e, uint32_t first, uint32_t n);
