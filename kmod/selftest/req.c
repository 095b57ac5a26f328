// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#include <linux/errno.h>
#include <linux/string.h>

#include "../core/req.h"
#include "selftest.h"

static int check(u16 version, u16 type, u32 reserved, u64 body)
{
	struct nmreq_header h = {
		.nr_version = version,
		.nr_reqtype = type,
		.nr_reserved = reserved,
		.nr_body = body,
	};

	return vale_req_check(&h);
}

static bool envelope(void)
{
	u16 type;

	CASE(check(13, NETMAP_REQ_REGISTER, 0, 8) == -EINVAL);
	CASE(check(14, NETMAP_REQ_REGISTER, 0, 8) == 0);
	CASE(check(15, NETMAP_REQ_REGISTER, 0, 8) == 0);
	CASE(check(16, NETMAP_REQ_REGISTER, 0, 8) == -EINVAL);
	CASE(check(14, NETMAP_REQ_REGISTER, 1, 8) == -EINVAL);
	CASE(check(14, NETMAP_REQ_REGISTER, 0, 0) == -EINVAL);
	CASE(check(14, NETMAP_REQ_VALE_DELIF, 0, 0) == 0);
	CASE(check(14, NETMAP_REQ_VALE_DELIF, 0, 8) == -EINVAL);
	CASE(check(14, NETMAP_REQ_SYNC_KLOOP_STOP, 0, 8) == -EINVAL);
	CASE(check(14, NETMAP_REQ_CSB_ENABLE, 0, 0) == 0);
	CASE(check(14, 0, 0, 8) == -EINVAL);
	CASE(check(14, 16, 0, 8) == -EINVAL);
	CASE(check(14, 100, 0, 0) == 0);	/* left to the dispatcher */
	for (type = 1; type <= 15; type++)
		CASE((check(14, type, 0, 0) == 0) ==
		     (type == 9 || type >= 14));
	return true;
}

static bool body_sizes(void)
{
	static const u8 size[] = {
		0, 56, 32, 64, 8, 8, 8, 8, 16, 0, 16, 16, 64, 8, 0, 0, 0
	};
	u16 type;

	for (type = 0; type < sizeof(size); type++)
		CASE(vale_req_body_size(type) == size[type]);
	CASE(vale_req_body_size(0xffff) == 0);
	return true;
}

/* As a program for i386 has it. */
struct register32 {
	u64 nr_offset;
	u64 nr_memsize;
	u32 nr_tx_slots;
	u32 nr_rx_slots;
	u16 nr_tx_rings;
	u16 nr_rx_rings;
	u16 nr_host_tx_rings;
	u16 nr_host_rx_rings;
	u16 nr_mem_id;
	u16 nr_ringid;
	u32 nr_mode;
	u32 nr_extra_bufs;
	u64 nr_flags;
} __attribute__((packed, aligned(4)));

struct attach32 {
	struct register32 reg;
	u32 port_index;
	u32 pad;
};

union body32 {
	struct attach32 theirs;
	struct nmreq_vale_attach ours;
	u8 bytes[sizeof(struct nmreq_vale_attach)];
};

#define FLAGS_OF_TEST (NR_MONITOR_TX | NR_NO_TX_POLL | 1ull << 63)

static bool body_sizes32(void)
{
	u16 type;

	CASE(sizeof(struct register32) == 52);
	CASE(vale_req_body_size32(NETMAP_REQ_REGISTER) == 52);
	CASE(sizeof(struct attach32) == 60);
	CASE(vale_req_body_size32(NETMAP_REQ_VALE_ATTACH) == 60);
	for (type = 0; type <= 16; type++)
		if (type != NETMAP_REQ_REGISTER &&
		    type != NETMAP_REQ_VALE_ATTACH)
			CASE(vale_req_body_size32(type) ==
			     vale_req_body_size(type));
	return true;
}

static bool attach_of_i386(void)
{
	union body32 b = { .theirs = {
		.reg = { .nr_offset = 1ull << 40, .nr_ringid = 7,
			 .nr_mode = NR_REG_ONE_NIC, .nr_extra_bufs = 5,
			 .nr_flags = FLAGS_OF_TEST },
		.port_index = 9,
		.pad = 11,
	} };

	vale_req_widen(NETMAP_REQ_VALE_ATTACH, &b);
	CASE(b.ours.reg.nr_offset == 1ull << 40 && b.ours.reg.nr_ringid == 7);
	CASE(b.ours.reg.nr_mode == NR_REG_ONE_NIC);
	CASE(b.ours.reg.nr_extra_bufs == 5);
	CASE(b.ours.reg.nr_flags == FLAGS_OF_TEST && b.ours.port_index == 9);
	b.ours.port_index = 3;
	b.ours.reg.nr_mem_id = 2;
	vale_req_narrow(NETMAP_REQ_VALE_ATTACH, &b);
	CASE(b.theirs.reg.nr_flags == FLAGS_OF_TEST);
	CASE(b.theirs.reg.nr_mem_id == 2 && b.theirs.reg.nr_extra_bufs == 5);
	CASE(b.theirs.port_index == 3 && b.theirs.pad == 11);
	return true;
}

/* No byte behind the body is touched, none of another request's moves. */
static bool other_bodies_of_i386(void)
{
	union body32 b = {};
	u32 i;

	b.theirs.reg.nr_flags = FLAGS_OF_TEST;
	b.bytes[56] = 0x5a;
	vale_req_widen(NETMAP_REQ_REGISTER, &b);
	CASE(b.ours.reg.nr_flags == FLAGS_OF_TEST && b.bytes[56] == 0x5a);
	vale_req_narrow(NETMAP_REQ_REGISTER, &b);
	CASE(b.theirs.reg.nr_flags == FLAGS_OF_TEST && b.bytes[56] == 0x5a);
	for (i = 0; i < sizeof(b.bytes); i++)
		b.bytes[i] = i;
	vale_req_widen(NETMAP_REQ_POOLS_INFO_GET, &b);
	vale_req_narrow(NETMAP_REQ_POOLS_INFO_GET, &b);
	for (i = 0; i < sizeof(b.bytes); i++)
		CASE(b.bytes[i] == i);
	return true;
}

static struct vale_opts opts;

static int add(u32 type, u64 size)
{
	struct nmreq_option o = {
		.nro_reqtype = type,
		.nro_status = 99,
		.nro_size = size,
	};

	return vale_opts_add(&opts, 0x1000 + opts.n, &o);
}

static u32 status(u32 i)
{
	return opts.opt[i].hdr.nro_status;
}

static bool option_list(void)
{
	vale_opts_init(&opts, 56);
	CASE(vale_opts_all_consumed(&opts) == 0);
	CASE(add(NETMAP_REQ_OPT_CSB, 0) == 0);
	CASE(add(NETMAP_REQ_OPT_EXTMEM, 4096) == 0);
	CASE(add(77, ~0ull) == 0);		/* unknown: header only */
	CASE(add(77, 0) == 0);			/* even twice */
	CASE(add(VALE_REQ_OPT_RINGS, 0) == 0);
	CASE(add(NETMAP_REQ_OPT_SYNC_KLOOP_MODE, 0) == 0);
	CASE(add(NETMAP_REQ_OPT_OFFSETS, 0) == 0);
	CASE(add(NETMAP_REQ_OPT_SYNC_KLOOP_EVENTFDS, 56) == 0);
	CASE(opts.opt[0].size == 16 && opts.opt[1].size == 72);
	CASE(opts.opt[2].size == 0 && opts.opt[4].size == 64);
	CASE(opts.opt[5].size == 8 && opts.opt[6].size == 32);
	CASE(opts.opt[7].size == 32);
	CASE(opts.opt[1].body == opts.opt[0].body + 16);
	CASE(opts.opt[1].user == 0x1001);
	CASE(status(0) == 0 && status(7) == 0);
	vale_opts_walked(&opts);
	CASE(status(0) == EOPNOTSUPP && status(7) == EOPNOTSUPP);
	CASE(vale_opts_all_consumed(&opts) == -EOPNOTSUPP);
	CASE(vale_opts_find(&opts, NETMAP_REQ_OPT_CSB) == &opts.opt[0]);
	CASE(vale_opts_find(&opts, VALE_REQ_OPT_RINGS) == &opts.opt[4]);
	CASE(vale_opts_find(&opts, NETMAP_REQ_OPT_OFFSETS) == &opts.opt[6]);
	CASE(!vale_opts_find(&opts, 77));
	CASE(!opts.forget);
	return true;
}

static bool options_of_i386(void)
{
	vale_opts_init(&opts, 52);
	opts.i386 = true;
	CASE(add(NETMAP_REQ_OPT_SYNC_KLOOP_MODE, 0) == 0);
	CASE(opts.opt[0].size == 4);
	CASE(add(NETMAP_REQ_OPT_OFFSETS, 0) == 0);
	CASE(opts.opt[1].size == 32);
	CASE(!((opts.opt[1].body - opts.bodies) & 7));
	return true;
}

static bool bad_options(void)
{
	vale_opts_init(&opts, 0);
	CASE(add(NETMAP_REQ_OPT_CSB, 0) == 0);
	CASE(add(0, 0) == -EINVAL);
	CASE(status(0) == 0 && status(1) == EINVAL && !opts.forget);

	vale_opts_init(&opts, 0);
	CASE(add(NETMAP_REQ_OPT_CSB, 0) == 0);
	CASE(add(NETMAP_REQ_OPT_OFFSETS, 0) == 0);
	CASE(add(NETMAP_REQ_OPT_CSB, 0) == -EINVAL);
	CASE(status(0) == EINVAL && status(1) == 0 && status(2) == EINVAL);
	CASE(vale_opts_all_consumed(&opts) == 0);
	return true;
}

static bool too_many_bytes(void)
{
	u32 i;

	vale_opts_init(&opts, 56);
	CASE(add(NETMAP_REQ_OPT_CSB, 4097) == -EMSGSIZE);
	CASE(opts.forget);

	vale_opts_init(&opts, 8);
	CASE(add(NETMAP_REQ_OPT_SYNC_KLOOP_EVENTFDS, 4088) == 0);
	CASE(opts.opt[0].size == 4064);
	CASE(add(77, 0) == -EMSGSIZE);

	vale_opts_init(&opts, 8);
	CASE(add(NETMAP_REQ_OPT_SYNC_KLOOP_EVENTFDS, 4089) == -EMSGSIZE);
	vale_opts_init(&opts, 8);
	CASE(add(NETMAP_REQ_OPT_SYNC_KLOOP_EVENTFDS, 3) == 0);
	CASE(opts.opt[0].size == 0);
	vale_opts_init(&opts, 8);
	CASE(add(NETMAP_REQ_OPT_SYNC_KLOOP_EVENTFDS, 1ull << 32) ==
	     -EMSGSIZE);

	vale_opts_init(&opts, 0);	/* a circle of unknown ones */
	for (i = 0; i < VALE_OPTS_MAX; i++)
		CASE(add(77, 0) == 0);
	CASE(add(77, 0) == -EMSGSIZE);
	CASE(opts.n == VALE_OPTS_MAX);
	return true;
}

/* A NIC of 4 TX, 2 RX, 1 host TX, 3 host RX rings. */
static int chosen(u32 mode, u32 ringid, u64 flags, u32 tx0, u32 tx1, u32 rx0,
		  u32 rx1)
{
	static const struct vale_ring_counts nic = { 4, 2, 1, 3 };
	struct vale_ring_select s;
	int err = vale_req_select(&s, mode, ringid, flags, &nic);

	if (!err && (s.tx.first != tx0 || s.tx.last != tx1 ||
		     s.rx.first != rx0 || s.rx.last != rx1))
		return 1;
	return err;
}

/* A port that only receives. */
static bool no_tx_rings(void)
{
	static const struct vale_ring_counts deaf = { 0, 2, 0, 0 };
	struct vale_ring_select s;

	CASE(vale_req_select(&s, NR_REG_ONE_NIC, 1, 0, &deaf) == 0);
	CASE(s.tx.first == 0 && s.tx.last == 0);
	CASE(s.rx.first == 1 && s.rx.last == 2);
	return true;
}

static int no_host(u32 mode)
{
	static const struct vale_ring_counts vale = { 2, 2, 0, 0 };
	struct vale_ring_select s;

	return vale_req_select(&s, mode, 0, 0, &vale);
}

static bool selection(void)
{
	u64 rx_only = NR_RX_RINGS_ONLY;
	u64 tx_only = NR_TX_RINGS_ONLY;

	CASE(chosen(NR_REG_ALL_NIC, 9, 0, 0, 4, 0, 2) == 0);
	CASE(chosen(NR_REG_SW, 9, 0, 4, 5, 2, 5) == 0);
	CASE(chosen(NR_REG_NIC_SW, 9, 0, 0, 5, 0, 5) == 0);
	CASE(chosen(NR_REG_ONE_NIC, 1, 0, 1, 2, 1, 2) == 0);
	CASE(chosen(NR_REG_ONE_NIC, 2, 0, 2, 3, 0, 1) == 0);
	CASE(chosen(NR_REG_ONE_NIC, 3, 0, 3, 4, 0, 1) == 0);
	CASE(chosen(NR_REG_ONE_NIC, 4, 0, 0, 0, 0, 0) == -EINVAL);
	CASE(chosen(NR_REG_ONE_SW, 2, 0, 4, 5, 4, 5) == 0);
	CASE(chosen(NR_REG_ONE_SW, 0, 0, 4, 5, 2, 3) == 0);
	CASE(chosen(NR_REG_ONE_SW, 3, 0, 0, 0, 0, 0) == -EINVAL);
	CASE(chosen(NR_REG_ALL_NIC, 0, rx_only, 0, 0, 0, 2) == 0);
	CASE(chosen(NR_REG_ALL_NIC, 0, tx_only, 0, 4, 0, 0) == 0);
	CASE(chosen(NR_REG_NIC_SW, 0, tx_only, 0, 5, 0, 0) == 0);
	CASE(chosen(NR_REG_ONE_NIC, 1, rx_only, 0, 0, 1, 2) == 0);
	CASE(chosen(99, 99, rx_only | tx_only, 0, 0, 0, 0) == 0);
	CASE(chosen(NR_REG_DEFAULT, 0, 0, 0, 0, 0, 0) == -EINVAL);
	CASE(chosen(NR_REG_PIPE_MASTER, 0, 0, 0, 0, 0, 0) == -EINVAL);
	CASE(chosen(NR_REG_PIPE_SLAVE, 0, 0, 0, 0, 0, 0) == -EINVAL);
	CASE(chosen(NR_REG_NULL, 0, 0, 0, 4, 0, 2) == 0);
	CASE(chosen(9, 0, 0, 0, 0, 0, 0) == -EINVAL);
	CASE(chosen(~0u, 0, rx_only, 0, 0, 0, 0) == -EINVAL);
	CASE(no_host(NR_REG_ALL_NIC) == 0);
	CASE(no_host(NR_REG_SW) == -EINVAL);
	CASE(no_host(NR_REG_NIC_SW) == -EINVAL);
	CASE(no_host(NR_REG_ONE_SW) == -EINVAL);
	return true;
}

static bool clamping(void)
{
	struct nmreq_vale_newif ni = { .nr_tx_rings = 17, .nr_rx_slots = 5000 };
	struct nmreq_register r = { .nr_extra_bufs = 600000 };

	vale_req_clamp_register(&r);
	CASE(r.nr_tx_rings == 1 && r.nr_rx_rings == 1);
	CASE(r.nr_tx_slots == 1024 && r.nr_rx_slots == 1024);
	CASE(r.nr_extra_bufs == 524288);
	r.nr_tx_rings = 0xffff;
	r.nr_rx_rings = 16;
	r.nr_tx_slots = 4097;
	r.nr_rx_slots = 1;
	vale_req_clamp_register(&r);
	CASE(r.nr_tx_rings == 16 && r.nr_rx_rings == 16);
	CASE(r.nr_tx_slots == 4096 && r.nr_rx_slots == 1);
	vale_req_clamp_newif(&ni);
	CASE(ni.nr_tx_rings == 16 && ni.nr_rx_rings == 1);
	CASE(ni.nr_tx_slots == 1024 && ni.nr_rx_slots == 4096);
	return true;
}

static int null_port(u16 tx_rings, u16 rx_rings, u32 tx_slots, u32 rx_slots)
{
	const struct nmreq_register r = {
		.nr_tx_rings = tx_rings,
		.nr_rx_rings = rx_rings,
		.nr_tx_slots = tx_slots,
		.nr_rx_slots = rx_slots,
	};

	return vale_req_check_null(&r);
}

static bool null_ports(void)
{
	CASE(null_port(0, 0, 0, 0) == 0);
	CASE(null_port(1, 0, 1, 0) == 0);
	CASE(null_port(1, 1, 64, 0) == -EINVAL);
	CASE(null_port(256, 256, 65536, 65536) == 0);
	CASE(null_port(257, 0, 64, 0) == -EINVAL);
	CASE(null_port(0, 257, 0, 64) == -EINVAL);
	CASE(null_port(1, 1, 65537, 64) == -EINVAL);
	CASE(null_port(1, 1, 64, ~0u) == -EINVAL);
	CASE(null_port(0, 1, 65537, 64) == -EINVAL);
	return true;
}

static bool pipes(void)
{
	struct nmreq_register r = { .nr_rx_rings = 300, .nr_rx_slots = 9000 };

	vale_req_clamp_pipe(&r, 512, 256);
	CASE(r.nr_tx_rings == 1 && r.nr_rx_rings == 256);
	CASE(r.nr_tx_slots == 512 && r.nr_rx_slots == 4096);
	r = (struct nmreq_register){ .nr_tx_slots = 7 };
	vale_req_clamp_pipe(&r, 512, 8192);
	CASE(r.nr_tx_slots == 7 && r.nr_rx_slots == 4096);
	return true;
}

static int polling(u32 mode, u32 first, u32 n)
{
	const struct nmreq_vale_polling p = {
		.nr_mode = mode,
		.nr_first_cpu_id = first,
		.nr_num_polling_cpus = n,
	};

	return vale_req_check_polling(&p, 4, 8);
}

static bool polling_cpus(void)
{
	const u32 single = NETMAP_POLLING_MODE_SINGLE_CPU;
	const u32 multi = NETMAP_POLLING_MODE_MULTI_CPU;

	CASE(polling(single, 0, 1) == 0);
	CASE(polling(single, 7, 1) == 0);
	CASE(polling(single, 8, 1) == -EINVAL);
	CASE(polling(single, ~0u, 1) == -EINVAL);
	CASE(polling(single, 0, 2) == -EINVAL);
	CASE(polling(single, 0, 0) == -EINVAL);
	CASE(polling(multi, 0, 4) == 0);
	CASE(polling(multi, 3, 1) == 0);
	CASE(polling(multi, 1, 4) == -EINVAL);
	CASE(polling(multi, 4, 1) == -EINVAL);
	CASE(polling(multi, 0, ~0u) == -EINVAL);
	CASE(polling(multi, 2, ~0u) == -EINVAL);
	CASE(polling(0, 0, 1) == -EINVAL);
	CASE(polling(3, 0, 1) == -EINVAL);
	return true;
}

bool vale_selftest_req(void)
{
	CASE(envelope());
	CASE(body_sizes());
	CASE(body_sizes32());
	CASE(attach_of_i386());
	CASE(other_bodies_of_i386());
	CASE(option_list());
	CASE(options_of_i386());
	CASE(bad_options());
	CASE(too_many_bytes());
	CASE(selection());
	CASE(no_tx_rings());
	CASE(clamping());
	CASE(null_ports());
	CASE(pipes());
	CASE(polling_cpus());
	return true;
}
