#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# vale.ko does not unload while a port is open, a NIC attached or a persistent port there; whatever tries to, traffic goes on.
# When all is gone it unloads, leaves nothing behind, and loads again.
#
#     vale0:a ===verified===> vale0:b      rmmod, meanwhile
# timeout: 60
# needs: veth
# shellcheck source=tests/scenarios/topology.sh
. "$(dirname "$0")/topology.sh"

# Both ask: kmod's rmmod looks at the count first, busybox's calls the kernel.
refused() {
    ! rmmod vale 2>/tmp/rmmod || fail "unloaded: $1"
    expect_match "$(cat /tmp/rmmod)" "in use" "rmmod, $1"
    ! busybox rmmod vale 2>/tmp/rmmod || fail "unloaded: $1"
    expect_match "$(cat /tmp/rmmod)" "unavailable|busy" "delete_module, $1"
    [ -c /dev/netmap ] || fail "/dev/netmap went, $1"
}

refs() { cat /sys/module/vale/refcnt; }
slabs() { awk '/^vale/ { print $1 }' /proc/slabinfo; }

load_vale
step "with traffic"
start_talk 60 vale0:a --to vale0:b
refused "ports open"
sleep 0.5
refused "ports open"
end_talk
expect_eq "$(refs)" 0 "references when closed"

step "with a NIC attached"
ns A
leg vale0 A 10.0.0.1/24
refused "a NIC attached"
vale-ctl -d vale0:leg-A
expect_eq "$(refs)" 0 "references when detached"

step "with a persistent port"
vale-ctl -n vi0
refused "a persistent port"
vale-ctl -r vi0
expect_eq "$(refs)" 0 "references when removed"

step "with a program that has the device open, and nothing more"
exec 9<>/dev/netmap
refused "the device open"
exec 9>&-

for round in 1 2 3; do
    step "unloaded and loaded, $round"
    rmmod vale
    [ ! -e /dev/netmap ] || fail "/dev/netmap outlived the module"
    expect_eq "$(slabs)" "" "slab caches left"
    load_vale
    talk /tmp/again vale0:a --to vale0:b --count 1000
done
