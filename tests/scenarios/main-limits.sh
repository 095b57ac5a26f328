#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# A switch holds 254 ports and a namespace max_bridges switches, 256 by default; one more gets ENOMEM and nothing breaks.
# timeout: 120
# shellcheck source=tests/scenarios/topology.sh
. "$(dirname "$0")/topology.sh"

load_vale
step "254 ports, 256 switches"
abi-errno --section limit --limits || fail "limits"
expect_eq "$(cat /sys/module/vale/refcnt)" 0 "references when all are closed"
unload_vale

step "max_bridges=3"
load_vale max_bridges=3
expect_eq "$(cat /sys/module/vale/parameters/max_bridges)" 3 "max_bridges"
for number in 1 2 3; do
    background "/tmp/$number" nmcount "vale$number:a"
    eventually 5 grep -q ready "/tmp/$number"
done
step "the fourth switch"
! nmcount vale4:a --seconds 1 2>/tmp/refused || fail "a fourth switch was made"
expect_match "$(cat /tmp/refused)" "Cannot allocate memory" "answer"
step "another port on the third"
nmcount vale3:b --seconds 1
step "another namespace has its own three"
ns other
in_ns other nmcount vale4:a --seconds 1
