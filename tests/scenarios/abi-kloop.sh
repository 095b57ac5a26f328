#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# CSB mode and the sync loop: frames through it, timed and with eventfds; it can be stopped and killed (the rows of abi-errno).
# timeout: 60
# shellcheck source=tests/scenarios/topology.sh
. "$(dirname "$0")/topology.sh"

load_vale
answers csb 25
