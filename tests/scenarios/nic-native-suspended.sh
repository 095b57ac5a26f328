#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Programs come and go while a NIC's device is suspended: its driver may have no rings then, and a program that left gets nothing back.
# timeout: 180
# needs: nic
# shellcheck source=tests/scenarios/conformance.sh
. "$(dirname "$0")/conformance.sh"

fall_asleep() {
    # A signal ends the sleep; the device is awake when the write returns.
    (trap : TERM && echo "$near 60000" >/sys/module/nicevents/parameters/suspend) &
    sleeper=$!
    scenario_pids+=("$sleeper")
    eventually 10 asleep
}
# ethtool looks whether the netdev is attached.
asleep() { ! ethtool "$near"; }

wake_up() {
    kill "$sleeper"
    wait "$sleeper" || fail "$near did not sleep or did not wake"
    both eventually 10 carrier
}

# program [OPTION]...: one that has both rings of near, if it gets them.
program() {
    background /tmp/program nmcount "netmap:$near" "$@"
    program=$!
}

leaves_asleep() {
    program
    eventually 5 grep -q ready /tmp/program
    fall_asleep
    kill "$program"
    wait "$program" || fail "nmcount: $(cat /tmp/program)"
    wake_up
    both_ways protocol
}

# comes_asleep ADAPTER: it has that as long as it is open.
comes_asleep() {
    fall_asleep
    program --frames 20 --seconds $((60 * slow))
    eventually 5 grep -q ready /tmp/program
    expect_match "$(vale-ctl --direct show "$near")" "adapter +$1" "adapter of $near"
    wake_up
    pkt-gen -i "netmap:$far/T" -f tx -n 50 -w 0 >/tmp/frames 2>&1 || fail "pkt-gen: $(tail -n 3 /tmp/frames)"
    wait "$program" || fail "nmcount: $(cat /tmp/program)"
}

comes_in_vain() {
    fall_asleep
    program
    ! wait "$program" || fail "$near was opened natively"
    expect_match "$(cat /tmp/program)" "Operation not supported" "its last words"
    dmesg | grep -q "$near: no native adapter: it is suspended" || fail "the kernel does not say why"
    wake_up
}

# suspended KIND: rings, or none, of a driver that has them while it sleeps.
suspended() {
    near=$(nic "$1" 0) far=$(nic "$1" 1)
    step "$near: a program leaves, and another comes"
    both use
    both eventually 10 carrier
    leaves_asleep
    if [ "$2" = rings ]; then
        comes_asleep native
    else
        comes_in_vain
        echo 0 >/sys/module/vale/parameters/admode
        comes_asleep emulated
        echo 1 >/sys/module/vale/parameters/admode
    fi
    both_ways protocol
    both quiet_down
}

native_driver e1000 e1000e igb virtio_net vmxnet3 8139cp
need_module nicevents
suspended em rings
suspended e1000e rings
suspended vmxnet rings
suspended rtl rings
suspended igb none
suspended virtio none
