// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Requests of i386 programs, where a u64 is aligned to 4 bytes: the only one
 * that lies elsewhere is nmreq_register's nr_flags, at the end.
 *
 *                    44      48      52      56      60
 *     x86-64   ...   | pad   | nr_flags      | port_index, pad (VALE_ATTACH)
 *     i386     ...   | nr_flags      | port_index, pad
 */
#include <linux/string.h>

#include "req.h"

#define FLAGS	 offsetof(struct nmreq_register, nr_flags)
#define FLAGS_32 (FLAGS - 4)

/* Bytes of the body from nr_flags on; 0 if it is the same for everybody. */
static u32 moved(u16 reqtype)
{
	switch (reqtype) {
	case NETMAP_REQ_REGISTER:
		return sizeof(struct nmreq_register) - FLAGS;
	case NETMAP_REQ_VALE_ATTACH:
		return sizeof(struct nmreq_vale_attach) - FLAGS;
	}
	return 0;
}

u32 vale_req_body_size32(u16 reqtype)
{
	u32 size = vale_req_body_size(reqtype);

	return moved(reqtype) ? size - (FLAGS - FLAGS_32) : size;
}

void vale_req_widen(u16 reqtype, void *body)
{
	u8 *at = body;
	u32 n = moved(reqtype);

	if (!n)
		return;
	memmove(at + FLAGS, at + FLAGS_32, n);
	memset(at + FLAGS_32, 0, FLAGS - FLAGS_32);
}

void vale_req_narrow(u16 reqtype, void *body)
{
	u8 *at = body;

	memmove(at + FLAGS_32, at + FLAGS, moved(reqtype));
}
