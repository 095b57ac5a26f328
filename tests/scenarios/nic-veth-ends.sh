#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Programs at both ends of a veth: frames go from slot to slot, and what the receiver has no room for waits, as in a pipe. The netdevs
# count what passes; whatever looks at a netdev's frames finds them; when the receiver goes, the sender goes on.
#
#     netmap:ea  pkt-gen -f txseq  ===  netmap:eb  pkt-gen -f rxseq
#
# timeout: 90
# needs: veth
# shellcheck source=tests/scenarios/topology.sh
. "$(dirname "$0")/topology.sh"

frames=$((100000 / slow))
receiver_pid=

# A stopped process does not hear that it is to end.
at_end() { [ -z "$receiver_pid" ] || kill -KILL "$receiver_pid" 2>/dev/null || true; }

# One that has not read anything yet.
receiver() {
    background /tmp/recv pkt-gen -i netmap:eb -f rxseq -n "$frames" -w 0 -T 20000
    receiver_pid=$!
    eventually 5 said /tmp/recv '^Receiving from'
    kill -STOP "$receiver_pid"
}

sender() {
    background /tmp/send pkt-gen -i netmap:ea -f txseq -n "$frames" -w 0 -T 20000
    sender_pid=$!
}

sent() { [ "$(counter ea tx_packets)" = "$1" ]; }
finished() { wait "$1" || fail "pkt-gen ended with $?: $(cat "$2")"; }

need_module sch_ingress cls_matchall act_gact
load_vale
veth_here ea eb

step "nothing is lost to a receiver that does not read for a while"
before=$(counter ea tx_packets) got=$(counter eb rx_packets) dropped=$(counter eb rx_dropped)
receiver
sender
eventually 10 sent $((before + 1023))
kill -0 "$sender_pid" || fail "the sender does not wait: $(cat /tmp/send)"
kill -CONT "$receiver_pid"
finished "$sender_pid" /tmp/send
finished "$receiver_pid" /tmp/recv
expect_match "$(cat /tmp/recv)" "Received $frames packets"
grep -qx 'Sequence errors: 0' /tmp/recv || fail "$(cat /tmp/recv)"

step "and both ends count it"
expect_eq "$(($(counter ea tx_packets) - before))" "$frames" "tx_packets"
expect_eq "$(($(counter eb rx_packets) - got))" "$frames" "rx_packets"
expect_eq "$(counter eb rx_dropped)" "$dropped" "rx_dropped"

step "a receiver that goes is no longer waited for"
before=$(counter ea tx_packets)
receiver
sender
eventually 10 sent $((before + 1023))
kill -KILL "$receiver_pid"
wait "$receiver_pid" 2>/dev/null || true
receiver_pid=
finished "$sender_pid" /tmp/send

step "what listens on the netdev hears it"
background /tmp/heard tcpdump -Z root -n -i eb -c 100 -w /tmp/heard.pcap
listener=$!
eventually 5 said /tmp/heard 'listening on eb'
background /tmp/count nmcount netmap:eb --frames 100
counter=$!
eventually 5 said /tmp/count ready
pkt-gen -i netmap:ea -f tx -n 100 -w 0 >/tmp/send
finished "$listener" /tmp/heard
finished "$counter" /tmp/count
expect_match "$(cat /tmp/heard)" '100 packets captured'

step "and what filters its frames takes them"
tc qdisc add dev eb clsact
tc filter add dev eb ingress matchall action drop
background /tmp/count nmcount netmap:eb
counter=$!
eventually 5 said /tmp/count ready
pkt-gen -i netmap:ea -f tx -n 100 -w 0 >/tmp/send
expect_match "$(tc -s filter show dev eb ingress)" 'Sent [0-9]+ bytes 100 pkt'
tc qdisc del dev eb clsact
pkt-gen -i netmap:ea -f tx -n 10 -w 0 >/tmp/send
kill "$counter"
finished "$counter" /tmp/count
expect_eq "$(tail -n 1 /tmp/count | jq .frames)" 10 "frames after the filter was gone"
