#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The native adapter of e1000 keeps to what conformance.sh asks of every adapter of a netdev.
# timeout: 240
# needs: nic
# shellcheck source=tests/scenarios/conformance.sh
. "$(dirname "$0")/conformance.sh"

conform "$(nic em 0)" "$(nic em 1)" e1000
