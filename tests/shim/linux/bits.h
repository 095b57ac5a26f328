/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#define BIT(n) (1ul << (n))
#define BIT_ULL(n) (1ull << (n))
