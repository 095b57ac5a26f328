// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#include <linux/errno.h>
#include <linux/string.h>

#include "../core/confine.h"
#include "../core/req.h"
#include "selftest.h"

#define REGION 7

static const struct vale_confine_port port = { "vale0:vi0", REGION };

static int ask(u16 type, const char *name, const void *body)
{
	struct nmreq_header hdr = { .nr_reqtype = type };

	strscpy(hdr.nr_name, name, sizeof(hdr.nr_name));
	return vale_confine_check(&port, &hdr, body);
}

static int open_as(const char *name, u32 mode, u64 flags, u16 mem_id)
{
	struct nmreq_register reg = {
		.nr_mode = mode, .nr_flags = flags, .nr_mem_id = mem_id
	};

	return ask(NETMAP_REQ_REGISTER, name, &reg);
}

static bool names(void)
{
	char name[VALE_NAME_SIZE] = "vale0:vi0";

	CASE(vale_confine_check_name(name) == 0);
	CASE(vale_confine_check_name("vi0") == -EINVAL);
	CASE(vale_confine_check_name("vale0") == -EINVAL);
	CASE(vale_confine_check_name("vale0:vi0{1") == -EINVAL);
	CASE(vale_confine_check_name("") == -EINVAL);
	memset(name + 9, 'x', sizeof(name) - 9);
	CASE(vale_confine_check_name(name) == -EINVAL);
	return true;
}

static bool its_port_only(void)
{
	CASE(open_as("vale0:vi0", NR_REG_ALL_NIC, 0, 0) == 0);
	CASE(open_as("vale0:vi", NR_REG_ALL_NIC, 0, 0) == -EPERM);
	CASE(open_as("vale0:vi01", NR_REG_ALL_NIC, 0, 0) == -EPERM);
	CASE(open_as("vale0:vi0{1", NR_REG_ALL_NIC, 0, 0) == -EPERM);
	CASE(open_as("vi0", NR_REG_ALL_NIC, 0, 0) == -EPERM);
	CASE(open_as("", NR_REG_ALL_NIC, 0, 0) == -EPERM);
	return true;
}

static bool its_region_only(void)
{
	struct nmreq_port_info_get info = { .nr_mem_id = REGION };
	struct nmreq_pools_info pools = { .nr_mem_id = REGION };

	CASE(open_as("vale0:vi0", NR_REG_ALL_NIC, 0, REGION) == 0);
	CASE(open_as("vale0:vi0", NR_REG_ALL_NIC, 0, 1) == -EPERM);
	CASE(ask(NETMAP_REQ_PORT_INFO_GET, "vale0:vi0", &info) == 0);
	CASE(ask(NETMAP_REQ_POOLS_INFO_GET, "vale0:vi0", &pools) == 0);
	CASE(ask(NETMAP_REQ_PORT_INFO_GET, "", &info) == -EPERM);
	CASE(ask(NETMAP_REQ_POOLS_INFO_GET, "vale0:a", &pools) == -EPERM);
	info.nr_mem_id = 1;
	pools.nr_mem_id = 1;
	CASE(ask(NETMAP_REQ_PORT_INFO_GET, "vale0:vi0", &info) == -EPERM);
	CASE(ask(NETMAP_REQ_POOLS_INFO_GET, "vale0:vi0", &pools) == -EPERM);
	return true;
}

static bool modes(void)
{
	const char *name = port.name;
	u32 mode;

	CASE(open_as(name, NR_REG_ONE_NIC, NR_EXCLUSIVE, 0) == 0);
	for (mode = 0; mode < 16; mode++)
		if (mode != NR_REG_ALL_NIC && mode != NR_REG_ONE_NIC)
			CASE(open_as(name, mode, 0, 0) == -EPERM);
	CASE(open_as(name, NR_REG_ALL_NIC, NR_MONITOR_TX, 0) == -EPERM);
	CASE(open_as(name, NR_REG_ALL_NIC, NR_MONITOR_RX, 0) == -EPERM);
	CASE(open_as(name, NR_REG_ALL_NIC, NR_ZCOPY_MON, 0) == -EPERM);
	CASE(open_as(name, NR_REG_ALL_NIC, 1ull << 40, 0) == -EPERM);
	CASE(open_as(name, NR_REG_ALL_NIC, NR_ACCEPT_VNET_HDR | NR_NO_TX_POLL,
		     0) == 0);
	return true;
}

static bool requests(void)
{
	struct nmreq_register reg = { .nr_mode = NR_REG_ALL_NIC };
	u16 type, allowed = 0;

	for (type = 0; type < 32; type++)
		if (!ask(type, port.name, &reg))
			allowed++;
	CASE(allowed == 7);
	CASE(ask(NETMAP_REQ_VALE_LIST, port.name, &reg) == -EPERM);
	CASE(ask(NETMAP_REQ_VALE_ATTACH, port.name, &reg) == -EPERM);
	CASE(ask(NETMAP_REQ_VALE_DETACH, port.name, &reg) == -EPERM);
	CASE(ask(NETMAP_REQ_VALE_NEWIF, port.name, &reg) == -EPERM);
	CASE(ask(NETMAP_REQ_VALE_DELIF, port.name, &reg) == -EPERM);
	CASE(ask(NETMAP_REQ_PORT_HDR_SET, port.name, &reg) == -EPERM);
	CASE(ask(NETMAP_REQ_PORT_HDR_GET, "vale0:a", &reg) == -EPERM);
	CASE(ask(NETMAP_REQ_PORT_HDR_GET, port.name, &reg) == 0);
	CASE(ask(NETMAP_REQ_CSB_ENABLE, "", &reg) == 0);
	CASE(ask(NETMAP_REQ_SYNC_KLOOP_START, "", &reg) == 0);
	CASE(ask(NETMAP_REQ_SYNC_KLOOP_STOP, "", &reg) == 0);
	return true;
}

static int give(u32 option)
{
	static struct vale_opts opts;

	opts.n = 2;
	opts.opt[0].hdr.nro_reqtype = NETMAP_REQ_OPT_CSB;
	opts.opt[1].hdr.nro_reqtype = option;
	return vale_confine_check_options(&opts);
}

static bool options(void)
{
	u32 option, allowed = 0;

	for (option = 0; option < 32; option++)
		if (!give(option))
			allowed++;
	CASE(allowed == 4);
	CASE(give(NETMAP_REQ_OPT_OFFSETS) == 0);
	CASE(give(NETMAP_REQ_OPT_EXTMEM) == -EPERM);
	CASE(give(VALE_REQ_OPT_RINGS) == -EPERM);
	return true;
}

bool vale_selftest_confine(void)
{
	CASE(names());
	CASE(its_port_only());
	CASE(its_region_only());
	CASE(modes());
	CASE(requests());
	CASE(options());
	return true;
}
