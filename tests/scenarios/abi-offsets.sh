#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Packets that begin somewhere in their buffers: VALE ports, pipes, netdevs, monitors and null ports, with offsets at one end or both.
# timeout: 60
# needs: veth
# shellcheck source=tests/scenarios/topology.sh
. "$(dirname "$0")/topology.sh"

load_vale
answers offsets 30
