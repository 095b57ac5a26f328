// SPDX-License-Identifier: BSD-2-Clause
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

enum { MESSAGE_SIZE = 1000 };

static void print_error(struct nmctx* ctx, const char* message) {
  (void)ctx;
  fprintf(stderr, "%s\n", message);
}

static void* plain_malloc(struct nmctx* ctx, size_t size) {
  (void)ctx;
  return malloc(size);
}

static void plain_free(struct nmctx* ctx, void* memory) {
  (void)ctx;
  free(memory);
}

static struct nmctx builtin_context = {
    .verbose = 1,
    .error = print_error,
    .malloc = plain_malloc,
    .free = plain_free,
};

static struct nmctx* default_context = &builtin_context;

struct nmctx* nmctx_get(void) {
  return default_context;
}

struct nmctx* nmctx_set_default(struct nmctx* ctx) {
  struct nmctx* old = default_context;

  default_context = ctx;
  return old;
}

// errno is the caller's, whatever the callback does.
void nmctx_ferror(struct nmctx* ctx, const char* format, ...) {
  char message[MESSAGE_SIZE];
  int err = errno;
  va_list args;

  if (!ctx->verbose) return;
  va_start(args, format);
  vsnprintf(message, sizeof(message), format, args);
  va_end(args);
  ctx->error(ctx, message);
  errno = err;
}

void* nmctx_malloc(struct nmctx* ctx, size_t size) {
  return ctx->malloc(ctx, size);
}

void nmctx_free(struct nmctx* ctx, void* memory) {
  ctx->free(ctx, memory);
}

void nmctx_lock(struct nmctx* ctx) {
  if (ctx->lock) ctx->lock(ctx, 1);
}

void nmctx_unlock(struct nmctx* ctx) {
  if (ctx->lock) ctx->lock(ctx, 0);
}

void* libnetmap_zalloc(struct nmctx* ctx, size_t size) {
  void* memory = nmctx_malloc(ctx, size);

  if (memory) return memset(memory, 0, size);
  errno = ENOMEM;
  nmctx_ferror(ctx, "out of memory");
  return NULL;
}
