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

#endif /* VALE_COMPAT_H */
