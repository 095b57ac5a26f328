/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef VALE_CORE_REQ_H
#define VALE_CORE_REQ_H

#include <linux/types.h>
#include <net/netmap.h>
#include <linux/vale.h>

/* Envelope of NIOCCTRL (SEMANTICS 1.7): version, reserved, body or none. */
int vale_req_check(const struct nmreq_header *hdr);
/* Bytes of the body; 0 if the type has none or is unknown. */
u32 vale_req_body_size(u16 reqtype);

/*
 * Programs for i386: bytes of their body, and from it to ours or back, in
 * place; `body` has room for ours.
 */
u32 vale_req_body_size32(u16 reqtype);
void vale_req_widen(u16 reqtype, void *body);
void vale_req_narrow(u16 reqtype, void *body);

/*
 * Options (SEMANTICS 1.8). The caller copies one header after the other in:
 *
 *   vale_opts_init(opts, body_size);
 *   for (user = hdr->nr_options; user; user = opt.nro_next) {
 *           copy opt in from user;                          -EFAULT
 *           err = vale_opts_add(opts, user, &opt);
 *           copy opts->opt[opts->n - 1].size bytes in
 *                from user + 24 to its ->body;              -EFAULT
 *   }
 *   vale_opts_walked(opts);                  nobody understood any so far
 *   dispatch: vale_opts_find(), set ->hdr.nro_status
 *
 * Afterwards, unless opts->forget, every opt[].hdr.nro_status goes back to its
 * user address, and the body if the request and the option succeeded.
 */
#define VALE_OPTS_MAX (NETMAP_REQ_MAXSIZE / sizeof(struct nmreq_option))

struct vale_opt {
	u64 user;
	struct nmreq_option hdr;
	u8 *body;	/* what follows the header, 8-byte aligned */
	u32 size;	/* of body */
};

struct vale_opts {
	u32 n;
	u32 bytes;	/* body of the request, headers and bodies of options */
	u32 used;	/* of bodies */
	bool forget;	/* too long or circular: write nothing back */
	bool i386;	/* sizes of such a program; set after init */
	struct vale_opt opt[VALE_OPTS_MAX];
	u8 bodies[NETMAP_REQ_MAXSIZE] __aligned(8);
};

void vale_opts_init(struct vale_opts *opts, u32 body_size);
/* 0, -EINVAL (status of the option, or of both, says so), -EMSGSIZE */
int vale_opts_add(struct vale_opts *opts, u64 user,
		  const struct nmreq_option *hdr);
/* Preset every status to EOPNOTSUPP. */
void vale_opts_walked(struct vale_opts *opts);
/* The option of that type, or NULL. */
struct vale_opt *vale_opts_find(struct vale_opts *opts, u32 reqtype);
/* -EOPNOTSUPP if some option still has that status (REGISTER fails then) */
int vale_opts_all_consumed(const struct vale_opts *opts);

/*
 * Which rings a REGISTER or VALE_ATTACH means (SEMANTICS 3.1): [first, last) in
 * each direction's full list, NIC rings first, then host rings.
 */
struct vale_ring_counts {
	u32 tx;
	u32 rx;
	u32 host_tx;	/* 0: a port without host rings */
	u32 host_rx;
};

struct vale_ring_range {
	u32 first;
	u32 last;
};

struct vale_ring_select {
	struct vale_ring_range tx;
	struct vale_ring_range rx;
};

/* 0, -EINVAL */
int vale_req_select(struct vale_ring_select *sel, u32 mode, u32 ringid,
		    u64 flags, const struct vale_ring_counts *counts);

/* Values of a new ephemeral or persistent port (SEMANTICS 5.3), clamped. */
#define VALE_RINGS_MAX		16u
#define VALE_SLOTS_DEFAULT	1024u
#define VALE_SLOTS_MAX		4096u
#define VALE_EXTRA_BUFS_MAX	524288u

void vale_req_clamp_register(struct nmreq_register *reg);
void vale_req_clamp_newif(struct nmreq_vale_newif *newif);

/* Slots of a ring whose default is another's. */
u32 vale_req_slots(u32 wanted, u32 other);

/* Values of a pipe's master end; slots default to those given. */
#define VALE_PIPE_RINGS_MAX	256u

void vale_req_clamp_pipe(struct nmreq_register *reg, u32 tx_slots,
			 u32 rx_slots);

/* Rings and slots of a null port: as asked for, or -EINVAL. */
#define VALE_NULL_RINGS_MAX	256u
#define VALE_NULL_SLOTS_MAX	65536u

int vale_req_check_null(const struct nmreq_register *reg);

/*
 * Which CPUs, of so many there may be, poll which RX rings of a NIC (SEMANTICS
 * 2.10). 0, -EINVAL.
 */
int vale_req_check_polling(const struct nmreq_vale_polling *polling, u32 rings,
			   u32 cpus);

#endif /* VALE_CORE_REQ_H */
