#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Partial bypass on a netdev with four queues: one RX queue goes to a program, later to a switch; the other queues stay
# with the host, whose TCP connection does not lose a byte.
#
#     [ns A] va --- ea  RX queue 2: netmap program / vale0
#                       others:     host stack (10.0.0.9)
#
# veth uses the sender's queue number, plus one, as the receive queue: queue 3 of va is RX queue 2 of ea.
# shellcheck source=tests/scenarios/lib.sh
. "$(dirname "$0")/lib.sh"

# Everything on queue 0, UDP port 7000 on queue 3.
steer() {
    in_ns A tc qdisc add dev va clsact
    in_ns A tc filter add dev va egress prio 1 protocol ip flower ip_proto udp dst_port 7000 \
        action skbedit queue_mapping 3
    in_ns A tc filter add dev va egress prio 9 matchall action skbedit queue_mapping 0
}

# N datagrams to port 7000.
datagrams() {
    in_ns A bash -c "exec 3>/dev/udp/10.0.0.9/7000; for i in \$(seq $1); do echo \$i >&3 || true; done"
}

listening_here() { ss -Hltn "sport = :$1" | grep -q .; }

# Segments that arrived after a gap: one was lost before them. (A slow machine's needless retransmissions do not count.)
gaps() { stack_count TcpExtTCPOFOQueue; }

# A TCP connection of the host that lasts SECONDS, in the background; its report in /tmp/host.json.
host_tcp() {
    gaps_before=$(gaps)
    background /tmp/server.log iperf3 -s -1 -p 5999
    eventually 5 listening_here 5999
    background /tmp/host.json ip netns exec A iperf3 -J -c 10.0.0.9 -p 5999 -t "$1" -b 20M
    client=$!
    sleep 1
}

check_host_tcp() {
    wait "$client" || fail "the host's TCP connection: $(jq -r .error /tmp/host.json)"
    expect_eq "$(gaps)" "$gaps_before" "segments after a gap"
}

need_module cls_flower act_skbedit cls_matchall sch_ingress
load_vale
ns A
ip link add ea numrxqueues 4 numtxqueues 4 type veth peer name va numrxqueues 4 numtxqueues 4 netns A
scenario_links+=(ea)
in_ns A ethtool -L va rx 4 tx 4
ethtool -L ea rx 4 tx 4
no_ipv6_on ea
ip addr add 10.0.0.9/24 dev ea
ip -n A addr add 10.0.0.1/24 dev va
ip link set ea up
ip -n A link set va up
eventually 5 carrier ea
steer
ping_ok A 10.0.0.9

step "RX queue 2 to a program"
host_tcp $((4 * slow))
background /tmp/count nmcount netmap:ea-2/R --frames 500 --seconds $((20 * slow))
counter=$!
eventually 5 grep -q ready /tmp/count
datagrams 500
wait "$counter" || fail "the program did not get its frames: $(cat /tmp/count)"
check_host_tcp
ping_ok A 10.0.0.9

step "RX queue 2 to a switch"
background /tmp/count nmcount vale0:watch --frames 500 --seconds $((30 * slow))
counter=$!
eventually 5 grep -q ready /tmp/count
vale-ctl --direct attach vale0:ea --rx-rings 2
host_tcp $((4 * slow))
datagrams 500
wait "$counter" || fail "the switch did not get the frames: $(cat /tmp/count)"
check_host_tcp
ping_ok A 10.0.0.9
vale-ctl -d vale0:ea

step "all of it to the switch, and back"
vale-ctl -a vale0:ea
ping_fails A 10.0.0.9
vale-ctl -d vale0:ea
ping_ok A 10.0.0.9
expect_fails 1 vale-ctl --direct attach vale0:ea --rx-rings 9
