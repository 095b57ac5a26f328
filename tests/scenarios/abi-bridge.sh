#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# bridge between switches, copying; between two ports of one region, exchanging buffers; between a NIC and its host; and a loop.
#
#     vale0:a  pkt-gen tx --> vale0:b  bridge  vale1:c --> vale1:d  pkt-gen rx
#
# timeout: 120
# shellcheck source=tests/scenarios/lib.sh
. "$(dirname "$0")/lib.sh"

counts() { sed -n "s/^$2 \([0-9]*\) packets \([0-9]*\) bytes.*/\1 \2/p" "$1"; }

# bridge_up NAME ARGS...
bridge_up() {
    local name=$1
    shift
    background "/tmp/$name" bridge -w 0 "$@"
    bridge_pid=$!
    eventually 5 said "/tmp/$name" '^Ready to go'
}

bridge_down() {
    kill -INT "$bridge_pid"
    wait "$bridge_pid" || fail "bridge ended with $?: $(cat "/tmp/$1")"
}

# through NAME FRAMES BYTES TX-OPTIONS...: from vale0:a to vale1:d. Rings have room for all, so nothing may be lost.
through() {
    local name=$1 frames=$2 bytes=$3
    shift 3
    background "/tmp/$name.rx" pkt-gen -i vale1:d@conf:slots=4096 -f rx -n "$frames" -w 0 -T 20000
    local receiver=$!
    eventually 5 said "/tmp/$name.rx" '^vale1:d: '
    pkt-gen -i vale0:a -f tx -n "$frames" "$@" >"/tmp/$name.tx"
    wait "$receiver" || fail "the receiver ended with $?"
    expect_eq "$(counts "/tmp/$name.tx" Sent)" "$frames $bytes" "$name: sent"
    expect_eq "$(counts "/tmp/$name.rx" Received)" "$frames $bytes" "$name: received"
}

load_vale
step "copy: two regions"
bridge_up copy -i vale0:b@conf:slots=4096 -i vale1:c@conf:slots=4096
expect_match "$(cat /tmp/copy)" ', copy\.'
through copy-short 4000 240000
through copy-long 1000 4500000 -l 4500 -F 3
bridge_down copy
grep -qx 'vale0:b -> vale1:c: 5000 packets, 0 dropped' /tmp/copy || fail "$(tail -n 2 /tmp/copy)"

step "zero copy: one region"
bridge_up swap -i vale0:b@conf:slots=4096 -i vale1:c@share=vale0:b@conf:slots=4096 -b 100
expect_match "$(cat /tmp/swap)" ', zero copy\.'
through swap-short 4000 240000
through swap-long 1000 4500000 -l 4500 -F 3
bridge_down swap
grep -qx 'vale0:b -> vale1:c: 5000 packets, 0 dropped' /tmp/swap || fail "$(tail -n 2 /tmp/swap)"

step "a NIC and its host stack: ping goes through the bridge"
ns there
veth here0 there out0 10.9.0.2/24
ip addr add 10.9.0.1/24 dev here0
bridge_up host -i netmap:here0
ping -n -q -c 3 -i 0.2 -W $((2 * slow)) 10.9.0.2 >/dev/null || fail "no ping through the bridge"
bridge_down host

step "loop: what comes is sent back"
bridge_up loop -i vale0:b -L
pkt-gen -i vale0:a -f ping -n 20 -S 02:00:00:00:00:0a -D 02:00:00:00:00:0b >/tmp/ping
bridge_down loop
grep -qx 'vale0:b -> vale0:b: 20 packets, 0 dropped' /tmp/loop || fail "$(tail -n 2 /tmp/loop)"

step "mistakes"
expect_fails 2 bridge
expect_fails 2 bridge vale0:a
expect_fails 2 bridge vale0:a vale0:b 9000
