#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The native adapter of 8139cp, whose rings are those of r8169, keeps to what conformance.sh asks of every adapter of a netdev.
# timeout: 120
# needs: nic
# shellcheck source=tests/scenarios/conformance.sh
. "$(dirname "$0")/conformance.sh"

conform "$(nic rtl 0)" "$(nic rtl 1)" 8139cp
