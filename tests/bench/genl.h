/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once
#include <stdint.h>

/* SWITCH_SET of the family "vale": the switch's table holds `entries`. */
void genl_set_fdb_size(const char *sw, uint32_t entries);
