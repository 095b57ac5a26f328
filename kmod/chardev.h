/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef VALE_CHARDEV_H
#define VALE_CHARDEV_H

int vale_chardev_init(void);
void vale_chardev_fini(void);

#endif /* VALE_CHARDEV_H */
