#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The native adapter of igb keeps to what conformance.sh asks of every adapter of a netdev.
# timeout: 240
# needs: nic igb
# shellcheck source=tests/scenarios/conformance.sh
. "$(dirname "$0")/conformance.sh"

conform "$(nic igb 0)" "$(nic igb 1)" igb
