#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# 200 000 addresses on one switch set to 262 144 entries: frames to all of them go to their port and nowhere else. Addresses
# move with their station, and go with their port: who gets its index next inherits none.
#
#     vale0:fdb_teacher (200 000 stations) --- vale0 --- vale0:fdb_sender
#                                                |
#                                   vale0:fdb_third, then vale0:fdb_next with its index
# timeout: 90
# shellcheck source=tests/scenarios/topology.sh
. "$(dirname "$0")/topology.sh"

load_vale
step "a table of 262144 entries"
kernel_says switch create vale0 --fdb-size 262144
expect_eq "$(kernel_says switch list | jq '.switches[0].fdb_size')" 262144 "entries"
step "200000 addresses"
fdbload vale0 --macs 200000 --moved 10000 >/tmp/load || fail "fdbload: $(cat /tmp/load)"
cat /tmp/load
expect_eq "$(jq -s 'map(select(.step == "learned"))[0].unicast' /tmp/load)" 200000 "addresses served by unicast"
expect_eq "$(jq -s 'map(select(.step == "learned"))[0].flooded' /tmp/load)" 0 "addresses flooded"
expect_eq "$(jq -s -c 'map(select(.step == "strays"))[0] | [.right, .wrong]' /tmp/load)" "[190000,0]" "frames of two ports' addresses in batches"
expect_eq "$(kernel_says switch list | jq '.switches[0].fdb_full')" 0 "addresses there was no room for"
step "all ports are gone, and their addresses"
expect_eq "$(kernel_says switch list | jq -c '.switches[0] | [.ports, .fdb_used]')" "[0,0]" "ports and addresses"

step "resized while in use"
kernel_says switch set vale0 --fdb-size 64
fdbload vale0 --macs 4000 --moved 100 --after-open 'vale-ctl --direct switch set vale0 --fdb-size 8192' >/tmp/load ||
    fail "fdbload: $(cat /tmp/load)"
kernel_says switch delete vale0
expect_eq "$(kernel_says switch list)" '{"switches":[]}' "switches"
