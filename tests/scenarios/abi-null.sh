#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Null ports: rings, a netmap_if and extra buffers in somebody's region, that nothing moves.
# timeout: 20
# shellcheck source=tests/scenarios/topology.sh
. "$(dirname "$0")/topology.sh"

load_vale
answers null 10
