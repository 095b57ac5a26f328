#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# What is sent into a veth is received at its other end at once, without the queue of the CPU, whose limit loses bursts. Both ends count it, whoever
# looks on or filters there sees it, GRO and XDP get it as from the driver, and what goes in circles leaves the machine usable.
#
#     vale0:x  vale0:near === far (in a namespace)          netmap:single === other
#
#     vale11:out1 === vale12:in1, and so on to vale15:in4
#
#     vale0:a1 === vale1:a2
#     vale0:b1 === vale1:b2
# timeout: 90
# needs: veth
# shellcheck source=tests/scenarios/topology.sh
. "$(dirname "$0")/topology.sh"

frames=$((20000 / slow))

# Also after a failure: the machine's next scenario is not about it.
at_end() { sysctl -qw net.core.netdev_max_backlog=1000; }

far_counter() { in_ns box cat "/sys/class/net/far/statistics/$1"; }
lost_in_queues() {
    local lost sum=0
    while read -r _ lost _; do sum=$((sum + 16#$lost)); done </proc/net/softnet_stat
    echo $sum
}
sent() { [ "$(counter "$1" tx_packets)" -ge "$2" ]; }

# burst FRAMES LENGTH: from the switch's port, as fast as can be, up to 500 of them in one system call.
burst() {
    pkt-gen -i vale0:x -f tx -n "$1" -l "$2" -b 500 -S 02:00:00:00:00:01 -D "$mac" -w 0 >/tmp/sent
}

# arrives FRAMES LENGTH: and the stack gets all of it; the wire's counters say so.
arrives() {
    local tx rx bytes lost
    tx=$(counter near tx_packets) bytes=$(counter near tx_bytes) rx=$(far_counter rx_packets) lost=$(lost_in_queues)
    burst "$@"
    expect_eq "$(($(counter near tx_packets) - tx))" "$1" "near's tx_packets"
    expect_eq "$(($(counter near tx_bytes) - bytes))" $(($1 * $2)) "near's tx_bytes"
    expect_eq "$(($(far_counter rx_packets) - rx))" "$1" "far's rx_packets"
    expect_eq "$(lost_in_queues)" "$lost" "lost for want of room in a CPU's queue"
}

need_module sch_ingress cls_matchall act_gact
load_vale
ns box
veth near box far 10.0.0.1/24
veth_here single other
mac=$(in_ns box cat /sys/class/net/far/address)
sysctl -qw net.core.netdev_max_backlog=10
vale-ctl -a vale0:near
kernel_says fdb add vale0:near "$mac"

step "bursts from a port of the switch get to the stack, however short the CPU's queue is"
arrives "$frames" 60
arrives "$frames" 1514
expect_eq "$(dropped vale0:near)" "" "drops"

step "and from a program on the netdev"
rx=$(counter other rx_packets)
pkt-gen -i netmap:single -f tx -n "$frames" -w 0 >/tmp/sent
expect_eq "$(($(counter other rx_packets) - rx))" "$frames" "other's rx_packets"

step "who listens, and who filters, is asked"
background /tmp/heard in_ns box tcpdump -Z root -n -i far -c 100 -w /tmp/heard.pcap
listener=$!
eventually 5 said /tmp/heard 'listening on far'
burst 100 60
wait "$listener" || fail "tcpdump: $(cat /tmp/heard)"
in_ns box tc qdisc add dev far clsact
in_ns box tc filter add dev far ingress matchall action drop
burst 100 60
expect_match "$(in_ns box tc -s filter show dev far ingress)" 'Sent [0-9]+ bytes 100 pkt'
in_ns box tc qdisc del dev far clsact

step "too long for the other end: counted as the driver counts it"
in_ns box ip link set far mtu 500
rx=$(far_counter rx_dropped) tx=$(counter near tx_dropped)
burst 100 1000
expect_eq "$(($(far_counter rx_dropped) - rx))" 100 "far's rx_dropped"
expect_eq "$(($(counter near tx_dropped) - tx))" 100 "near's tx_dropped"
in_ns box ip link set far mtu 1500

step "an end with GRO, and an XDP program, are served by the driver"
sysctl -qw net.core.netdev_max_backlog=1000
in_ns box ethtool -K far gro on
rx=$(far_counter rx_packets)
burst 100 60
expect_eq "$(($(far_counter rx_packets) - rx))" 100 "far's rx_packets"
in_ns box ethtool -K far gro off
background /tmp/xdp in_ns box xdppass --drop far
xdp=$!
eventually 5 said /tmp/xdp attached
in_ns box ethtool -K far gro off
in_ns box tc qdisc add dev far clsact
in_ns box tc filter add dev far ingress matchall action pass
burst 100 60
expect_match "$(in_ns box tc -s filter show dev far ingress)" ' 0 pkt' "what gets past a program that drops all"
in_ns box tc qdisc del dev far clsact
kill "$xdp"
wait "$xdp"
arrives 100 60

step "through five switches in a row, and in order"
for n in 1 2 3 4; do
    veth_here out$n in$n
    vale-ctl -a vale1$n:out$n
    vale-ctl -a vale1$((n + 1)):in$n
done
for window in 1 3 100; do
    talk /tmp/talk vale11:from --to vale15:to --window "$window" --min 60 --count "$frames"
    expect_eq "$(report /tmp/talk recv frames)" "$(report /tmp/talk send frames)" "frames received and verified"
done

step "what goes in circles leaves time for others"
for link in a b; do
    veth_here ${link}1 ${link}2
    vale-ctl -a vale0:${link}1
    vale-ctl -a vale1:${link}2
done
circle=02:00:00:00:00:cc
kernel_says fdb add vale0:b1 $circle
kernel_says fdb add vale1:a2 $circle
before=$(counter b1 tx_packets)
pkt-gen -i vale0:x -f tx -n 50 -S 02:00:00:00:00:02 -D $circle -w 0 >/tmp/sent
eventually 5 sent b1 $((before + 5000))
arrives 100 60
vale-ctl -d vale0:b1
before=$(counter b1 tx_packets)
sleep 0.2
expect_eq "$(counter b1 tx_packets)" "$before" "frames that still go round"
