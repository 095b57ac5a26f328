#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# virtio_net, native, and other uses of the device: with XDP there are no native rings, and the other way round; receive offloads
# are not switched as long as a program has it; fewer and more channels, other ring sizes, no interrupts for what was sent, and the driver
# taken from the device meanwhile.
#
#     netmap:virtio0 === netmap:virtio1      netmap:vmq0, four queues
#
# timeout: 120
# needs: nic mq
# shellcheck source=tests/scenarios/conformance.sh
. "$(dirname "$0")/conformance.sh"

virtio=$(nic virtio 0) virtio_far=$(nic virtio 1)
mq=$(nic vmq 0) mq_far=$(nic vmq 1)
near=$virtio far=$virtio_far
admode=/sys/module/vale/parameters/admode

at_end() { for link in "$virtio" "$virtio_far" "$mq" "$mq_far"; do quiet_down "$link"; done; native_undo; }

channels() { ethtool -L "$near" combined 1 && ethtool -L "$near" combined 4; }
# The device has them, but not now.
offloads_stay() {
    ethtool -k "$near" | grep -q "rx-gro-hw: on" || fail "$near has no receive offloads"
    ! ethtool -K "$near" rx-gro-hw off 2>/dev/null || fail "receive offloads are switched meanwhile"
}

ring_sizes() { ethtool -G "$near" rx 128 tx 128; }

# opened LINK KIND: a program has it so, until closed.
opened() {
    background /tmp/program nmcount "netmap:$1"
    program=$!
    eventually 5 grep -q ready /tmp/program
    vale-ctl --direct show "$1" | grep -q "adapter $2\$" || fail "$(vale-ctl --direct show "$1") is not $2"
}

closed() {
    kill "$program"
    wait "$program" || fail "nmcount: $(cat /tmp/program)"
}

has_no_xdp() { ! ip link show "$near" | grep -q xdp; }

xdp_ends() {
    kill "$xdp"
    wait "$xdp"
    eventually 5 has_no_xdp
}

device_of() { readlink -f "/sys/class/net/$1/device"; }

native_driver virtio_net
both use
both eventually 10 carrier

step "an XDP program keeps native rings away, and says so"
background /tmp/xdp xdppass "$near"
xdp=$!
eventually 5 grep -q attached /tmp/xdp
! nmcount "netmap:$near" --frames 1 --seconds 1 2>/tmp/refused >&2 || fail "native beside XDP"
dmesg | grep -q "$near: no native adapter: it has an XDP program" || fail "the kernel's log does not say why: $(cat /tmp/refused)"
echo 0 >"$admode"
opened "$near" emulated
closed
xdp_ends

step "a program with native rings keeps XDP away"
opened "$near" native
! xdppass "$near" 2>/tmp/refused || fail "XDP beside native rings"
expect_match "$(cat /tmp/refused)" "busy" "what XDP is told"
closed
background /tmp/xdp xdppass "$near"
xdp=$!
eventually 5 grep -q attached /tmp/xdp
xdp_ends
both_ways protocol

step "one channel, then four again, receive offloads, and other ring sizes, while a program has all four"
near=$mq far=$mq_far adapter=native
both use
both eventually 10 carrier
disturbed channels
disturbed offloads_stay
# What was refused is wanted still, and not tried again.
for state in on off on; do ethtool -K "$near" rx-gro-hw "$state"; done
disturbed ring_sizes
both_ways protocol
both quiet_down
near=$virtio far=$virtio_far

step "no poll routine for what was sent"
both quiet_down
ethtool -C "$near" tx-frames 0
both use
both eventually 10 carrier
both_ways protocol
both_ways conversation

step "the driver is taken from the device while a program has it open"
device=$(basename "$(device_of "$near")")
opened "$near" native
echo "$device" >/sys/bus/virtio/drivers/virtio_net/unbind
! wait "$program" || fail "the program noticed nothing"
expect_match "$(cat /tmp/program)" POLLERR "its last words"
echo "$device" >/sys/bus/virtio/drivers/virtio_net/bind
bash /vale/guest/devices
both use
both eventually 10 carrier
both_ways protocol
