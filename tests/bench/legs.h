/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/* Rows about programs on netdevs, of netmap and of AF_PACKET; arguments as
 * switchbench.c describes them. */
int leg_rows(char **args);
int receiver_rows(char **args);
int through_rows(char **args);
