/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <linux/compiler.h>

#define smp_load_acquire(p) __atomic_load_n((p), __ATOMIC_ACQUIRE)
#define smp_store_release(p, v) __atomic_store_n((p), (v), __ATOMIC_RELEASE)
