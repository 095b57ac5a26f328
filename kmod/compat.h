/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Differences between kernel versions, and the only place that knows the
 * version. Force-included into every file of the module; the sources are
 * written for the newest kernel.
 */
#ifndef VALE_COMPAT_H
#define VALE_COMPAT_H

#include <linux/version.h>

#ifndef pr_fmt
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 6, 0)
#define genl_info_dump(cb) genl_dumpit_info(cb)
#endif

/* Before 6.2 the text is static: the object is known by the blamed attribute. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
#define vale_extack_about(extack, object, why) do {	\
	if (extack)					\
		(extack)->_msg = (why);			\
} while (0)
#else
#define vale_extack_about(extack, object, why) \
	NL_SET_ERR_MSG_FMT(extack, "%s: %s", object, why)
#endif

#endif /* VALE_COMPAT_H */
