/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once
#include <stdint.h>

#include "end.h"

/*
 * A packet socket with rings of TPACKET_V3, as fast as it gets: mapped, bound to
 * one netdev, past its queueing discipline. Its memory is that of a netmap ring
 * of 1024 buffers of 2 KiB, in each direction.
 */
struct packet_end {
	int fd;
	uint8_t *rx;		/* blocks */
	uint8_t *tx;		/* frames */
	unsigned int block;	/* next to read */
	unsigned int frame;	/* next to write */
};

/* Receivers get what arrives, not what is sent on dev. */
void packet_open(struct packet_end *e, const char *dev, int receives);
void packet_close(struct packet_end *e);

/* Write frames into the ring and mark them; then hand them to the kernel. */
void packet_fill(struct packet_end *e, const struct traffic *t);
void packet_send(const struct packet_end *e);

/* Take the blocks that are full; how many frames these had. */
unsigned int packet_drain(struct packet_end *e);
/* The same for what is in the block not full yet, which takes a moment. */
unsigned int packet_drain_rest(struct packet_end *e);
/* Frames that found no room since it was last asked. */
unsigned int packet_drops(const struct packet_end *e);
