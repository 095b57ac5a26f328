/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef VALE_CTRL_H
#define VALE_CTRL_H

#include "handle.h"

/* A request after copying in. `body` may be changed by the handler. */
struct vale_request {
	struct vale_handle *handle;
	struct vale_net *vn;
	struct vale_confinement *confined;	/* NULL: it is not */
	struct nmreq_header *hdr;
	void *body;
	struct vale_opts *opts;	/* NULL: none given */
	bool one_host_ring;	/* the program knows of no more each way */
};

/* An address from a request of the calling program, which may be 32-bit. */
void __user *vale_user_ptr(u64 address);

/* NIOCCTRL. */
long vale_ctrl(struct vale_handle *h, void __user *arg);

/* Run a request whose parts are in kernel memory. 0 or -errno. */
int vale_ctrl_dispatch(struct vale_request *req);

/* NIOCREGIF and NIOCGINFO with struct nmreq. */
long vale_legacy_regif(struct vale_handle *h, void __user *arg);
long vale_legacy_ginfo(struct vale_handle *h, void __user *arg);

/* NIOCCONFIG: no switch takes a configuration yet. */
long vale_legacy_config(void __user *arg);

/* register.c */
int vale_register(struct vale_request *req);
int vale_port_info_get(struct vale_request *req);
int vale_pools_info_get(struct vale_request *req);

/* header.c */
int vale_port_hdr_set(struct vale_request *req);
int vale_port_hdr_get(struct vale_request *req);

/* ctrl_switch.c */

/* Is it the name of a port that may be on a switch? 0, -EINVAL, -ENXIO. */
int vale_check_member_name(const char *text);

int vale_attach(struct vale_request *req);
int vale_detach(struct vale_request *req);
int vale_list(struct vale_request *req);
int vale_newif(struct vale_request *req);
int vale_delif(struct vale_request *req);

/* polling.c */
int vale_polling_enable(struct vale_request *req);
int vale_polling_disable(struct vale_request *req);

#endif /* VALE_CTRL_H */
