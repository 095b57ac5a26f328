#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# e1000e keeps to what conformance.sh asks of every adapter of a netdev.
# timeout: 240
# needs: nic
# shellcheck source=tests/scenarios/conformance.sh
. "$(dirname "$0")/conformance.sh"

no_flood="in QEMU the driver is left without interrupts by what comes before it has them, without vale.ko too"
conform "$(nic e1000e 0)" "$(nic e1000e 1)"
