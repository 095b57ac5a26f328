#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Packets of 1 to 64 slots, up to 128 KiB, arrive whole, with the same fragments and NS_RFRAGS set; broadcast ones as well.
#
#     vale0:a --64 slots--> vale0:b, vale0:c
# timeout: 90
# shellcheck source=tests/scenarios/topology.sh
. "$(dirname "$0")/topology.sh"

frames=$((million / 200))
load_vale
step "unicast"
talk /tmp/one vale0:a --to vale0:b --bystander vale0:c --frags 64 --max 131072 --count "$frames"
expect_eq "$(report /tmp/one recv frames)" "$frames" "packets received and verified"
expect_ge "$(report /tmp/one recv slots)" $((16 * frames)) "slots received"
step "broadcast"
talk /tmp/two vale0:a --to vale0:b --to vale0:c --broadcast --frags 64 --max 131072 --count "$frames" --seed 2
expect_eq "$(report /tmp/two recv frames)" $((2 * frames)) "packets received and verified"
