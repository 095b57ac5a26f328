/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef VALE_CONFINE_H
#define VALE_CONFINE_H

struct vale_handle;
struct vale_lookup;
struct vale_port;
struct vale_request;

/* VALE_IOC_CONFINE. */
long vale_confine(struct vale_handle *h, const void __user *arg);

/* Set whose ports req is about, if its handle may ask for it: 0, -EPERM. */
int vale_confine_admit(struct vale_request *req);

/* Under vn->lock. Of a confined handle its port, with a reference, or
 * -ENXIO if that has gone; NULL: not confined.
 */
struct vale_port *vale_confine_find(const struct vale_request *req,
				    struct vale_lookup *l);

/* At its end, unbound. */
void vale_confine_drop(struct vale_handle *h);

#endif /* VALE_CONFINE_H */
