// SPDX-License-Identifier: BSD-2-Clause
#include <pthread.h>

#include "internal.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void lock_mutex(struct nmctx* ctx, int lock) {
  (void)ctx;
  if (lock)
    pthread_mutex_lock(&mutex);
  else
    pthread_mutex_unlock(&mutex);
}

void nmctx_set_threadsafe(void) {
  nmctx_get()->lock = lock_mutex;
}
