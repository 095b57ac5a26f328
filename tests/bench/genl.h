/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once
#include <stdint.h>

/* SWITCH_SET of one attribute, a u32. 0, or what the kernel says. */
int genl_set(const char *sw, uint16_t attr, uint32_t value);
