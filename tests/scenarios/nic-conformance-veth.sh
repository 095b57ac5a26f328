#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# A veth pair keeps to what conformance.sh asks of every adapter of a netdev.
# timeout: 240
# needs: veth
# shellcheck source=tests/scenarios/conformance.sh
. "$(dirname "$0")/conformance.sh"

veth_here ea eb
conform ea eb
