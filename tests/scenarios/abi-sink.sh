#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Sink devices: netdevs that take what is sent at the rate that a parameter says, from a program, from a switch and from the
# host. There are as many as asked for when the module is loaded.
# timeout: 40
# shellcheck source=tests/scenarios/topology.sh
. "$(dirname "$0")/topology.sh"

devices() { find /sys/class/net -name 'nmsink*' | wc -l; }
now_ms() { date +%s%3N; }
taken() { [ "$(counter "$1" tx_packets)" -eq "$2" ]; }
each_takes() { echo "$1" >/sys/module/vale/parameters/sink_delay_ns; }

# send COUNT: that many frames from a program; the milliseconds until the device has them are left in $took.
send() {
    local before start
    before=$(counter nmsink0 tx_packets)
    start=$(now_ms)
    pkt-gen -i netmap:nmsink0 -f tx -n "$1" -w 0 >/tmp/pkt-gen || fail "pkt-gen: $(cat /tmp/pkt-gen)"
    eventually 10 taken nmsink0 $((before + $1))
    took=$(($(now_ms) - start))
    printf '%s frames in %s ms\n' "$1" "$took"
}

step "as many as asked for"
load_vale
expect_eq "$(devices)" 0 "sink devices by default"
load_vale sink_num=2 sink_delay_ns=100000
expect_eq "$(devices)" 2 "sink devices"
insmod "$vale_modules/netmap.ko"
expect_eq "$(cat /sys/module/netmap/parameters/sink_delay_ns)" 100000 "the delay in the historical place"
rmmod netmap
no_ipv6_on nmsink0
no_ipv6_on nmsink1
ip link set nmsink0 up
ip link set nmsink1 up

step "at the rate of the parameter"
each_takes 100000
send 3000
expect_ge "$took" 290 "milliseconds of 3000 frames, 100 us each"
each_takes -50000
send 3000
expect_ge "$took" 150 "milliseconds of 3000 frames for which the sender waits 50 us each"
each_takes 0
send 3000

step "from the host"
each_takes 1000000
ip addr add 10.0.9.1/24 dev nmsink0
ip neigh replace 10.0.9.2 lladdr 02:00:00:00:00:02 dev nmsink0
before=$(counter nmsink0 tx_packets)
ping -q -n -c 20 -i 0.01 -W 1 10.0.9.2 >/dev/null && fail "somebody answered"
eventually 5 taken nmsink0 $((before + 20))

step "from a switch"
vale-ctl -a vale0:nmsink1
each_takes 100
pkt-gen -i vale0:a -f tx -n 500 -b 10 -R 5000 >/tmp/pkt-gen || fail "pkt-gen: $(cat /tmp/pkt-gen)"
eventually 5 taken nmsink1 500
vale-ctl -d vale0:nmsink1

step "set down while it holds frames"
each_takes 500000000
ping -q -n -c 5 -i 0.01 -W 1 10.0.9.2 >/dev/null && fail "somebody answered"
ip link set nmsink0 down

step "they go with the module"
unload_vale
expect_eq "$(devices)" 0 "sink devices"
load_vale sink_num=-1
expect_eq "$(devices)" 0 "sink devices"
load_vale sink_num=1000
expect_eq "$(devices)" 100 "sink devices"
unload_vale
expect_eq "$(devices)" 0 "sink devices"
