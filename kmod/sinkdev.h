/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef VALE_SINKDEV_H
#define VALE_SINKDEV_H

/* As many as the parameter sink_num says. 0 or -errno. */
int vale_sinkdev_init(void);
void vale_sinkdev_fini(void);

#endif /* VALE_SINKDEV_H */
