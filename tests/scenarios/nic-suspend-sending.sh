#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# A NIC's device sleeps and wakes many times while a program sends as fast as it can, by socket buffers: its driver, which gives up its
# rings each time, gets no frame meanwhile, and all go on afterwards.
# timeout: 240
# needs: nic
# shellcheck source=tests/scenarios/conformance.sh
. "$(dirname "$0")/conformance.sh"

# many TIMES
many() {
    local n
    for ((n = 0; n < $1; n++)); do nicevent suspend 5; done
}

load_vale
need_module nicevents
adapter=emulated
while read -r kind times; do
    near=$(nic "$kind" 0) far=$(nic "$kind" 1)
    step "$near"
    both use
    both eventually 10 carrier
    sending many "$times"
    both_ways protocol
    both quiet_down
done <<'KINDS'
virtio 200
vmxnet 50
igb 5
KINDS
! dmesg | grep -E 'is not a head|Unexpected TXQ' || fail "virtio_net was given frames while it slept"
