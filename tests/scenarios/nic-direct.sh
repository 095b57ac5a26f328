#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Frames from a wire leave the switch at once: no tasklet runs for them. Where a batch is worth something, which is not so between veths, only the
# first of a burst does. Nothing is lost, overtaken or counted twice whichever way it goes, and what cannot go at once is counted as ever.
#
#     [pktgen] far0 === near0  vale0  near1 === far1
#                              vale0:x, vale0:stuck
# timeout: 120
# needs: veth
# shellcheck source=tests/scenarios/topology.sh
. "$(dirname "$0")/topology.sh"

bursts=$((200 / slow))
frames=$((bursts * 50))
station=02:00:00:00:00:0a
wire=vale0:near0

tasklets() { awk '$1 == "TASKLET:" { for (i = 2; i <= NF; i++) n += $i; print n }' /proc/softirqs; }

# generate LINK COUNT MAC WORD...: frames of 60 bytes, from CPU 0, with pktgen's own WORDs.
generate() {
    local link=$1 word
    echo rem_device_all >/proc/net/pktgen/kpktgend_0
    echo "add_device $link" >/proc/net/pktgen/kpktgend_0
    for word in "count $2" "dst_mac $3" 'src_mac 02:00:00:00:00:01' 'pkt_size 60' 'delay 0' "${@:4}"; do
        echo "$word" >"/proc/net/pktgen/$link"
    done
    echo start >/proc/net/pktgen/pgctrl
}

# passes PORT LINK MAC WORD...: all of them get to the switch's PORT and are counted once; leaves in "ran" how many tasklets ran meanwhile.
passes() {
    local in out before
    in=$(port_counter $wire in_packets) out=$(port_counter "$1" out_packets) before=$(tasklets)
    generate "$2" "$frames" "$3" "${@:4}"
    eventually 10 counted "$1" out_packets $((out + frames))
    ran=$(($(tasklets) - before))
    echo "$frames frames to $1, $ran tasklets"
    expect_eq $(($(port_counter "$1" out_packets) - out)) "$frames" "out_packets"
    expect_eq $(($(port_counter $wire in_packets) - in)) "$frames" "in_packets"
}

# in_order FROM TO: every frame, whatever the size of the bursts.
in_order() {
    local window
    for window in 1 3 100; do
        talk /tmp/talk "$1" --to "$2" --window "$window" --min 60 --count $((frames / 2))
        expect_eq "$(report /tmp/talk recv frames)" "$(report /tmp/talk send frames)" "frames received and verified"
    done
}

load_vale
need_module pktgen
veth_here far0 near0
veth_here near1 far1
for link in far0 near0 near1 far1; do no_ipv6_on $link; done
vale-ctl -a vale0:near0
vale-ctl -a vale0:near1
kernel_says fdb add vale0:near1 $station

step "from netdev to netdev"
came=$(counter far1 rx_packets)
passes vale0:near1 far0 $station 'delay 20000'
expect_le "$ran" $((frames / 20)) "tasklets"
passes vale0:near1 near0 $station 'xmit_mode netif_receive' 'burst 50'
expect_le "$ran" $((frames / 20)) "tasklets"
expect_eq $(($(counter far1 rx_packets) - came)) $((2 * frames)) "frames that came out"

step "to a port, whose ring has room for all"
frames=500 bursts=10
background /tmp/reads nmcount vale0:reads
eventually 5 said /tmp/reads ready
kernel_says fdb add vale0:reads 02:00:00:00:00:0d
passes vale0:reads far0 02:00:00:00:00:0d 'delay 20000'
expect_le "$ran" $((frames / 20)) "tasklets"
passes vale0:reads near0 02:00:00:00:00:0d 'xmit_mode netif_receive' 'burst 50'
expect_ge "$ran" $((bursts / 2)) "tasklets"
expect_eq "$(dropped $wire)$(dropped vale0:near1)$(dropped vale0:reads)" "" "drops"

frames=$((10000 / slow))
step "in order, from netdev to netdev, and to a port and back"
in_order netmap:far0 netmap:far1
in_order netmap:far0 vale0:x

step "to a receiver that does not read: what found no room is counted"
background /tmp/stuck nmcount vale0:stuck
stuck=$!
eventually 5 said /tmp/stuck ready
kill -STOP "$stuck"
kernel_says fdb add vale0:stuck 02:00:00:00:00:0b
before=$(port_counter $wire in_packets)
generate far0 1500 02:00:00:00:00:0b 'delay 20000'
eventually 5 counted $wire in_packets $((before + 1500))
expect_eq "$(port_counter vale0:stuck out_packets)" 1023 "packets that found room"
expect_eq "$(port_drops vale0:stuck ring_full)" $((1500 - 1023)) "ring_full"
kill -CONT "$stuck"

step "to a netdev that is down, and to its own port"
ip link set far1 down
generate far0 5 $station 'delay 20000'
expect_eq "$(port_drops vale0:near1 no_link)" 5 "no_link"
ip link set far1 up
kernel_says fdb add $wire 02:00:00:00:00:0c
generate far0 6 02:00:00:00:00:0c 'delay 20000'
expect_eq "$(port_drops $wire same_port)" 6 "same_port"

step "an address that moves is followed at once"
eventually 5 carrier near1
kernel_says fdb add vale0:stuck $station
before=$(port_counter vale0:near1 out_packets)
generate far0 5 $station 'delay 20000'
expect_eq "$(port_counter vale0:near1 out_packets)" "$before" "packets for where it was"
