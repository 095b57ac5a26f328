#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Monitors: copies and zero copy, chains, what each sees of whom, orphans (the rows of abi-errno), and all that again on a
# switch that exchanges buffers.
# timeout: 60
# shellcheck source=tests/scenarios/topology.sh
. "$(dirname "$0")/topology.sh"

load_vale
answers monitor 26
kernel_says switch create vale0 --exchange on >/dev/null
answers monitor 26
