// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Owns the order of initialisation. */
#include <linux/module.h>

#include "chardev.h"
#include "event.h"
#include "mem.h"
#include "net.h"
#include "nic.h"
#include "sinkdev.h"
#include "selftest/selftest.h"
#include "switch.h"
#include "vport.h"

static int __init vale_init(void)
{
	int err;

	if (IS_ENABLED(VALE_SELFTEST)) {
		err = vale_selftest();
		if (err)
			return err;
	}
	err = vale_mem_init();
	if (err)
		return err;
	err = vale_switch_init();
	if (err)
		goto err_mem;
	err = vale_net_init();
	if (err)
		goto err_switch;
	err = vale_newif_init();
	if (err)
		goto err_net;
	err = vale_nic_init();
	if (err)
		goto err_newif;
	err = vale_sinkdev_init();
	if (err)
		goto err_nic;
	err = vale_genl_init();
	if (err)
		goto err_sinkdev;
	err = vale_chardev_init();
	if (err)
		goto err_genl;
	return 0;

err_genl:
	vale_genl_fini();
err_sinkdev:
	vale_sinkdev_fini();
err_nic:
	vale_nic_fini();
err_newif:
	vale_newif_fini();
err_net:
	vale_net_fini();
err_switch:
	vale_switch_fini();
err_mem:
	vale_mem_fini();
	return err;
}

static void __exit vale_exit(void)
{
	vale_chardev_fini();
	vale_genl_fini();
	vale_sinkdev_fini();
	vale_nic_fini();
	vale_newif_fini();
	vale_net_fini();
	vale_switch_fini();
	vale_mem_fini();
}

module_init(vale_init);
module_exit(vale_exit);

MODULE_DESCRIPTION("VALE software switch with the netmap API");
MODULE_AUTHOR("The VALE authors");
MODULE_VERSION("0.1.0");
MODULE_LICENSE("Dual BSD/GPL");
