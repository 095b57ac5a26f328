#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Pipes: names, parents, shared memory, who gets which slot when (the rows of abi-errno); and verified traffic through one.
#
#     sender ==> vale0:p{1 ---- vale0:p}1 ==> receiver
# timeout: 60
# shellcheck source=tests/scenarios/topology.sh
. "$(dirname "$0")/topology.sh"

load_vale
answers pipe 40
