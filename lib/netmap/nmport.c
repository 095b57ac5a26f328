// SPDX-License-Identifier: BSD-2-Clause
// The life of a port: new, parsed, registered, mapped, and back.
#define NETMAP_WITH_LIBS
#include <errno.h>
#include <fcntl.h>
#include <net/netmap_user.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "internal.h"

static struct nmport_d* new_port(struct nmctx* ctx) {
  struct nmport_d* d = libnetmap_zalloc(ctx, sizeof(*d));

  if (!d) return NULL;
  nmreq_header_init(&d->hdr, NETMAP_REQ_REGISTER, &d->reg);
  d->ctx = ctx;
  d->fd = -1;
  return d;
}

struct nmport_d* nmport_new(void) {
  return new_port(nmctx_get());
}

void nmport_delete(struct nmport_d* d) {
  nmctx_free(d->ctx, d);
}

void libnetmap_push_cleanup(struct nmport_d* d, struct nmport_cleanup_d* cleanup) {
  cleanup->next = d->clist;
  d->clist = cleanup;
}

int nmport_parse(struct nmport_d* d, const char* spec) {
  const char* rest = spec;

  if (!nmreq_header_decode(&rest, &d->hdr, d->ctx) &&
      !nmreq_register_decode(&rest, &d->reg, d->ctx) &&
      !nmreq_options_decode(rest, libnetmap_option_parsers(), d, d->ctx))
    return 0;
  nmport_undo_parse(d);
  return -1;
}

void nmport_undo_parse(struct nmport_d* d) {
  int err = errno;

  while (d->clist) {
    struct nmport_cleanup_d* cleanup = d->clist;

    d->clist = cleanup->next;
    cleanup->undo(cleanup, d);
    nmctx_free(d->ctx, cleanup);
  }
  memset(&d->reg, 0, sizeof(d->reg));
  memset(&d->hdr, 0, sizeof(d->hdr));
  errno = err;
}

struct nmport_d* nmport_prepare(const char* spec) {
  struct nmport_d* d = nmport_new();

  if (!d) return NULL;
  if (!nmport_parse(d, spec)) return d;
  nmport_delete(d);
  return NULL;
}

void nmport_undo_prepare(struct nmport_d* d) {
  nmport_undo_parse(d);
  nmport_delete(d);
}

static void report_options(struct nmport_d* d) {
  struct nmreq_option* option;

  nmreq_foreach_option(&d->hdr, option) {
    if (option->nro_status)
      nmctx_ferror(d->ctx, "%s: option %s: %s", d->hdr.nr_name,
                   nmreq_option_name(option->nro_reqtype), strerror((int)option->nro_status));
  }
}

int nmport_register(struct nmport_d* d) {
  if (d->register_done) {
    errno = EINVAL;
    nmctx_ferror(d->ctx, "%s: already registered", d->hdr.nr_name);
    return -1;
  }
  d->fd = nm_open_device_();
  if (d->fd < 0) {
    nmctx_ferror(d->ctx, "%s: %s", nm_device_(), strerror(errno));
    return -1;
  }
  if (ioctl(d->fd, NIOCCTRL, &d->hdr)) {
    nmctx_ferror(d->ctx, "cannot register %s: %s", d->hdr.nr_name, strerror(errno));
    report_options(d);
    nmport_undo_register(d);
    return -1;
  }
  d->register_done = 1;
  return 0;
}

void nmport_undo_register(struct nmport_d* d) {
  int err = errno;

  if (d->fd >= 0) close(d->fd);
  d->fd = -1;
  d->register_done = 0;
  errno = err;
}

int nmport_open_desc(struct nmport_d* d) {
  if (nmport_register(d)) return -1;
  if (!nmport_mmap(d)) return 0;
  nmport_undo_register(d);
  return -1;
}

void nmport_undo_open_desc(struct nmport_d* d) {
  nmport_undo_mmap(d);
  nmport_undo_register(d);
}

struct nmport_d* nmport_open(const char* spec) {
  struct nmport_d* d = nmport_prepare(spec);

  if (!d) return NULL;
  if (!nmport_open_desc(d)) return d;
  nmport_undo_prepare(d);
  return NULL;
}

void nmport_close(struct nmport_d* d) {
  if (!d) return;
  nmport_undo_open_desc(d);
  nmport_undo_prepare(d);
}

struct nmport_d* nmport_clone(struct nmport_d* d) {
  struct nmport_d* clone;

  if (d->extmem && !d->register_done) {
    errno = EINVAL;
    nmctx_ferror(d->ctx, "%s: its memory has no id before it is registered", d->hdr.nr_name);
    return NULL;
  }
  clone = new_port(d->ctx);
  if (!clone) return NULL;
  memcpy(clone->hdr.nr_name, d->hdr.nr_name, sizeof(clone->hdr.nr_name));
  clone->reg = d->reg;
  return clone;
}

int nmport_inject(struct nmport_d* d, const void* buf, size_t len) {
  int rings = d->last_tx_ring - d->first_tx_ring + 1;

  for (; rings > 0; rings--) {
    if (nm_ring_inject_(NETMAP_TXRING(d->nifp, d->cur_tx_ring), buf, len)) return (int)len;
    d->cur_tx_ring++;
    if (d->cur_tx_ring > d->last_tx_ring) d->cur_tx_ring = d->first_tx_ring;
  }
  return 0;
}
