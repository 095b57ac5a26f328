/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#define L1_CACHE_BYTES 64
#define ____cacheline_aligned __attribute__((__aligned__(L1_CACHE_BYTES)))
