#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# A million packets of 14 to 1514 bytes in 1 to 64 slots arrive whole, with the same fragments and NS_RFRAGS set; so do
# packets of up to 128 KiB, and broadcast ones.
#
#     vale0:a --64 slots--> vale0:b, vale0:c
# timeout: 180
# shellcheck source=tests/scenarios/topology.sh
. "$(dirname "$0")/topology.sh"

frames=$((million / 200))
load_vale
step "$million packets"
talk /tmp/small vale0:a --to vale0:b --frags 64 --count "$million"
expect_eq "$(report /tmp/small recv frames)" "$million" "packets received and verified"
expect_ge "$(report /tmp/small recv slots)" $((16 * million)) "slots received"
step "large ones"
talk /tmp/one vale0:a --to vale0:b --bystander vale0:c --frags 64 --max 131072 --count "$frames"
expect_eq "$(report /tmp/one recv frames)" "$frames" "packets received and verified"
expect_ge "$(report /tmp/one recv slots)" $((16 * frames)) "slots received"
step "broadcast"
talk /tmp/two vale0:a --to vale0:b --to vale0:c --broadcast --frags 64 --max 131072 --count "$frames" --seed 2
expect_eq "$(report /tmp/two recv frames)" $((2 * frames)) "packets received and verified"
