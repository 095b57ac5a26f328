#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The native adapter of vmxnet3 keeps to what conformance.sh asks of every adapter of a netdev.
# timeout: 120
# needs: nic
# shellcheck source=tests/scenarios/conformance.sh
. "$(dirname "$0")/conformance.sh"

conform "$(nic vmxnet 0)" "$(nic vmxnet 1)" vmxnet3
