#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The native adapter of e1000e keeps to what conformance.sh asks of every adapter of a netdev.
# timeout: 240
# needs: nic
# shellcheck source=tests/scenarios/conformance.sh
. "$(dirname "$0")/conformance.sh"

no_jumbo="what e1000e receives with an MTU above 1500 is in parts, which has no native form"
conform "$(nic e1000e 0)" "$(nic e1000e 1)" e1000e
