#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Monitors: copies and zero copy, chains, what each sees of whom, orphans (the rows of abi-errno).
# timeout: 60
# shellcheck source=tests/scenarios/topology.sh
. "$(dirname "$0")/topology.sh"

load_vale
answers monitor 25
