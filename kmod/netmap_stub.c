// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * netmap.ko: loads vale.ko by depending on it and shows the parameters where
 * scripts written for the historical module look for them.
 */
#include <linux/module.h>

#include "param.h"

VALE_PARAMS(VALE_PARAM_DEFINE)

static int __init stub_init(void)
{
	return 0;
}

static void __exit stub_exit(void)
{
}

module_init(stub_init);
module_exit(stub_exit);

MODULE_DESCRIPTION("Parameters of vale.ko under their historical name");
MODULE_LICENSE("Dual BSD/GPL");
