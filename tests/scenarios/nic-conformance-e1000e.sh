#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# e1000e keeps to what conformance.sh asks of every adapter of a netdev.
# timeout: 240
# needs: nic
# shellcheck source=tests/scenarios/conformance.sh
. "$(dirname "$0")/conformance.sh"

conform "$(nic e1000e 0)" "$(nic e1000e 1)"
