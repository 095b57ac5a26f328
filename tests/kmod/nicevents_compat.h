/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Kernels without suspend (User Mode Linux) have nothing to skip. */
#ifndef NICEVENTS_COMPAT_H
#define NICEVENTS_COMPAT_H

#include <linux/device.h>

/* As the PM core: a device that it did not say so of stays suspended. */
static inline void nicevents_must_resume(struct device *d)
{
#ifdef CONFIG_PM_SLEEP
	d->power.must_resume = true;
#endif
}

#endif /* NICEVENTS_COMPAT_H */
