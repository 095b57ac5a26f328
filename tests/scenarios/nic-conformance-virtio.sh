#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# virtio-net keeps to what conformance.sh asks of every adapter of a netdev.
# timeout: 240
# needs: nic
# shellcheck source=tests/scenarios/conformance.sh
. "$(dirname "$0")/conformance.sh"

no_reset=1
conform "$(nic virtio 0)" "$(nic virtio 1)"
