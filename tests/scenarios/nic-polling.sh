#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Threads that poll a real NIC forward between it and a VALE port, both ways, all rings on one CPU and a ring a CPU: every frame
# arrives, in order. What is polled is not detached; not polled any more, it is.
#
#     nmtalk netmap:KIND1 ==outside== KIND0  vale0  vale0:x nmtalk      vale-poll-KIND0/CPU
# timeout: 180
# needs: nic smp
# shellcheck source=tests/scenarios/topology.sh
. "$(dirname "$0")/topology.sh"

pollers() { cat /proc/[0-9]*/comm 2>/dev/null | grep "^vale-poll-$1" | sort | tr '\n' ' '; }
rx_rings() { find "/sys/class/net/$1/queues" -name 'rx-*' | wc -l; }
frames=$((million / 50))
attached=

# up LINK: it can be talked over, by stations that are not its own.
up() {
    no_ipv6_on "$1"
    ip link set "$1" up promisc on
    eventually 10 carrier "$1"
}

down() { ip link set "$1" down promisc off; }

at_end() {
    [ -n "${attached:-}" ] || return 0
    vale-ctl -P "vale0:$attached" 2>/dev/null
    vale-ctl -d "vale0:$attached" 2>/dev/null
    down "$attached"
}

# all_came LOG: of each sending ring's frames.
all_came() {
    expect_ge "$(report "$1" send frames)" "$frames" "frames sent"
    expect_eq "$(report "$1" recv frames)" "$(report "$1" send frames)" "frames received and verified"
}

# both_ways FAR: verified conversations between the cable's other end and a VALE port.
both_ways() {
    talk /tmp/in "netmap:$1" --to vale0:x --window 100 --min 60 --count "$frames"
    all_came /tmp/in
    talk /tmp/out vale0:x --to "netmap:$1" --window 100 --min 60 --count "$frames"
    all_came /tmp/out
}

# polled KIND: attached and polled in both modes, with the names of the threads that must be there.
polled() {
    local near far cpus cpu threads=''
    near=$(nic "$1" 0)
    far=$(nic "$1" 1)
    up "$near"
    up "$far"
    vale-ctl -a "vale0:$near"
    attached=$near

    step "$1: all rings on CPU 1"
    vale-ctl -p "vale0:$near" -C 0,1
    expect_eq "$(pollers "$near")" "vale-poll-$near/1 " "threads"
    both_ways "$far"
    expect_fails 1 vale-ctl -d "vale0:$near" 2>/tmp/why
    expect_match "$(cat /tmp/why)" "vale-ctl -P vale0:$near"
    vale-ctl -P "vale0:$near"

    cpus=$(rx_rings "$near")
    [ "$cpus" -lt "$(nproc)" ] || cpus=$(($(nproc) - 1))
    step "$1: a ring a CPU, $cpus of $(rx_rings "$near")"
    for cpu in $(seq 0 $((cpus - 1))); do threads+="vale-poll-$near/$cpu "; done
    vale-ctl -p "vale0:$near" -C "1,0,$cpus"
    expect_eq "$(pollers "$near")" "$threads" "threads"
    both_ways "$far"
    vale-ctl -P "vale0:$near"
    expect_eq "$(pollers "$near")" "" "threads left"
    both_ways "$far"
    vale-ctl -d "vale0:$near"
    attached=
    down "$near"
    down "$far"
}

load_vale
for kind in virtio e1000e igb; do polled "$kind"; done
expect_eq "$(cat /sys/module/vale/refcnt)" 0 "references to the module"
