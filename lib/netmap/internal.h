// SPDX-License-Identifier: BSD-2-Clause
// Between the files of libnetmap.
#pragma once

#include "libnetmap.h"

// Undoes something at the end of nmport_undo_parse(), last made first.
struct nmport_cleanup_d {
  struct nmport_cleanup_d* next;
  void (*undo)(struct nmport_cleanup_d* cleanup, struct nmport_d* d);
};

void libnetmap_push_cleanup(struct nmport_d* d, struct nmport_cleanup_d* cleanup);

// nmctx_malloc() of zeroes; on failure errno is ENOMEM and the context has been told.
void* libnetmap_zalloc(struct nmctx* ctx, size_t size);

// The options a port's spec may have.
struct nmreq_opt_parser* libnetmap_option_parsers(void);
