#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Slots with NS_INDIRECT, mixed with ordinary ones and within packets of several slots, carry the bytes they point to, which
# no page table of the sender's shows at the time (talk puts them away).
#
#     memory of the sender <--ptr-- vale0:a ---> vale0:b
# timeout: 90
# shellcheck source=tests/scenarios/topology.sh
. "$(dirname "$0")/topology.sh"

frames=$((million / 10))
load_vale
step "single slots, all by address"
talk /tmp/one vale0:a --to vale0:b --indirect 100 --count "$frames"
expect_eq "$(report /tmp/one recv frames)" "$frames" "frames received and verified"
step "up to eight slots, half of them by address"
talk /tmp/two vale0:a --to vale0:b --frags 8 --max 12000 --indirect 50 --count "$((frames / 5))"
expect_eq "$(report /tmp/two recv frames)" $((frames / 5)) "packets received and verified"
step "broadcast"
talk /tmp/three vale0:a --to vale0:b --to vale0:c --broadcast --frags 4 --indirect 50 --count "$((frames / 5))"
expect_eq "$(report /tmp/three recv frames)" $((2 * (frames / 5))) "packets received and verified"
