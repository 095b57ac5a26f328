#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# A program between two NICs exchanges the buffers of their slots and copies nothing: conversations pass both ways, every byte
# checked, by socket buffers and by the hardware's own rings.
#
#     nmsend  netmap:igb0 ==outside== netmap:igb1  bridge  netmap:em0 ==outside== netmap:em1  nmrecv
# timeout: 180
# needs: nic igb
# shellcheck source=tests/scenarios/topology.sh
. "$(dirname "$0")/topology.sh"
# shellcheck source=tests/scenarios/native.sh
. "$(dirname "$0")/native.sh"

nics="igb0 igb1 em0 em1"
all() { for link in $nics; do "$@" "$link"; done; }
use() { no_ipv6_on "$1" && ip link set "$1" up promisc on; }

# conversation FROM TO: none lost on its way through both.
conversation() {
    local receiver
    background /tmp/recv nmrecv "$2" --recut --timeout $((20 * slow))
    receiver=$!
    eventually 5 grep -q /dev/netmap "/proc/$receiver/maps"
    nmsend "$1" --count $((20000 / (slow * slow))) --min 60 --max 1514 --window 128 --timeout $((20 * slow)) || fail "nmsend $1"
    wait "$receiver" || fail "nmrecv $2: $(cat /tmp/recv)"
}

# through ADAPTER: which the four are.
through() {
    all use
    all eventually 10 carrier
    background /tmp/bridge bridge -w 0 -i netmap:igb1 -i netmap:em0
    bridge=$!
    eventually 5 said /tmp/bridge '^Ready to go'
    expect_match "$(cat /tmp/bridge)" ', zero copy\.'
    vale-ctl --direct show em0 | grep -q "adapter $1\$" || fail "$(vale-ctl --direct show em0) is not $1"
    conversation netmap:igb0 netmap:em1
    conversation netmap:em1 netmap:igb0
    kill -INT "$bridge"
    wait "$bridge" || fail "bridge: $(cat /tmp/bridge)"
    tail -n 2 /tmp/bridge
}

at_end() { all quiet_down && native_undo; }
quiet_down() { ip link set "$1" down promisc off 2>/dev/null; }

nic igb 0 >/tmp/nics
nic em 0 >>/tmp/nics
step "by socket buffers"
load_vale
through emulated

step "by the rings of the hardware"
native_driver igb e1000
through native
