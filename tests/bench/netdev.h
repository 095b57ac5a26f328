/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once
#include <stdint.h>

/* Rows about netdevs; arguments as switchbench.c describes them. */
int netdev_rows(char **args);
int nic_rows(char **args);
int attach_netdev(char **args);
int pktgen_rows(char **args);
int stream_rows(char **args);
int burst_rows(char **args);

/* One frame from a station behind dev, as its host stack would send it. */
void netdev_announce(const char *dev, uint32_t station);
/* Frames since the netdev exists. */
unsigned long netdev_received(const char *dev);
/* By any descriptor of /dev/netmap; name is "SWITCH:IF". */
void netdev_attach(int fd, const char *name);
