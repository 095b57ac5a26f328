#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Regions in memory that a program supplies: of 4 KiB pages, of a file in memory, of huge pages where there are some; what is
# refused, and that nothing of it stays pinned or charged to a user.
# timeout: 40
# shellcheck source=tests/scenarios/topology.sh
. "$(dirname "$0")/topology.sh"

load_vale
[ ! -e /proc/sys/vm/nr_hugepages ] || echo 8 >/proc/sys/vm/nr_hugepages
answers extmem 30
