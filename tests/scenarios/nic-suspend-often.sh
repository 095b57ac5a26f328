#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# A NIC's device sleeps and wakes many times while a program sends, then receives, by socket buffers and by the hardware's own rings:
# its driver, which gives up its rings each time, gets no frame meanwhile, and all go on afterwards.
# timeout: 300
# needs: nic igb
# shellcheck source=tests/scenarios/conformance.sh
. "$(dirname "$0")/conformance.sh"

# many TIMES
many() {
    local n
    for ((n = 0; n < $1; n++)); do nicevent suspend 5; done
}

# often ADAPTER: which those are that programs get now.
often() {
    local times kind
    adapter=$1
    while read -r kind times; do
        near=$(nic "$kind" 0) far=$(nic "$kind" 1)
        step "$near, $adapter"
        both use
        both eventually 10 carrier
        sending many "$times"
        flooded many "$times"
        both_ways protocol --settle
        both quiet_down
    done
}
# As often as shows in the first that something is wrong; igb takes seconds.
kinds() { printf 'virtio 50\nvmxnet 5\nigb 1\n'; }

load_vale
need_module nicevents
often emulated < <(kinds)
native_driver e1000 igb virtio_net vmxnet3
often native < <(kinds)
! dmesg | grep -E 'is not a head|Unexpected TXQ' || fail "virtio_net was given frames while it slept"
