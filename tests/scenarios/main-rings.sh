#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Ports with several rings: unicast goes to the ring of the sender's number, modulo the receiver's rings, broadcast to ring 0;
# order within each ring is kept.
#
#     vale0:four (4 rings) <---> vale0:two (2 rings) <---> vale0:one
#     [ns A] eth0, 4 queues --- leg-A ---> vale0:four
# timeout: 90
# needs: veth
# shellcheck source=tests/scenarios/topology.sh
. "$(dirname "$0")/topology.sh"

frames=$((million / 40))

persistent() {
    vale-ctl -n "$1" -C "256,256,$2,$2"
    vale-ctl -a "vale0:$1"
}

at_end() {
    local name
    for name in four two; do
        [ ! -e "/sys/class/net/$name" ] || ip link del "$name"
    done
}

need_module cls_flower act_skbedit sch_ingress
load_vale
persistent four 4
persistent two 2
expect_match "$(vale-ctl -g vale0:four)" "4 TX rings of 256 slots, 4 RX rings of 256 slots" "geometry"

for pair in four:two two:four four:one one:four; do
    step "$pair, every ring of the sender"
    talk /tmp/talk "vale0:${pair%:*}" --to "vale0:${pair#*:}" --count "$frames" --min 60
    expect_eq "$(report /tmp/talk recv frames)" "$(report /tmp/talk send frames)" "frames received and verified"
    expect_ge "$(report /tmp/talk recv frames)" "$frames" "frames"
done

step "which ring they arrive on"
ns A
ip link add leg-A numrxqueues 4 numtxqueues 4 type veth peer name eth0 numrxqueues 4 numtxqueues 4 netns A
scenario_links+=(leg-A)
in_ns A ethtool -L eth0 rx 4 tx 4
ethtool -L leg-A rx 4 tx 4
no_ipv6_on leg-A
ip -n A addr add 10.0.0.1/24 dev eth0
ip -n A link set eth0 up
ip link set leg-A up
eventually 5 carrier leg-A
# veth takes the sender's queue number, plus one, as the receive queue: queues 1 to 3 arrive as 0 to 2.
in_ns A tc qdisc add dev eth0 clsact
for queue in 1 2 3; do
    in_ns A tc filter add dev eth0 egress prio "$queue" protocol ip flower ip_proto udp dst_port "700$queue" \
        action skbedit queue_mapping "$queue"
done
in_ns A ip neigh replace 10.0.0.9 lladdr 02:00:00:00:00:09 dev eth0 nud permanent
vale-ctl -a vale0:leg-A
kernel_says fdb add vale0:four 02:00:00:00:00:09
background /tmp/rings nmcount vale0:four
counter=$!
eventually 5 grep -q ready /tmp/rings
for queue in 1 2 3; do
    in_ns A bash -c "exec 3>/dev/udp/10.0.0.9/700$queue; for i in \$(seq ${queue}0); do echo \$i >&3; done"
done
eventually 5 counted vale0:four out_packets 60
sleep 0.3
kill "$counter"
wait "$counter" || fail "nmcount: $(cat /tmp/rings)"
expect_eq "$(tail -n 1 /tmp/rings | jq -c .rings)" '{"0":10,"1":20,"2":30}' "frames by ring"
