/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#define BUILD_BUG_ON(x) _Static_assert(!(x), #x)
