/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/* Rows about netdevs; arguments as switchbench.c describes them. */
int netdev_rows(char **args);
int nic_rows(char **args);
int attach_netdev(char **args);
int pktgen_rows(char **args);
int burst_rows(char **args);
