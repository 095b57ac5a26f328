#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Packets and bytes are counted exactly, and every dropped packet by its reason, on the port it concerns.
#
#     [ns A] eth0 (mtu 9000) --- leg-A  vale0  leg-B --- eth0 (mtu 1500) [ns B]
#                                       vale0:stuck, vale0:vi0
#
# A sends to addresses that nobody has, at the MAC addresses that matter, so that nobody answers.
# timeout: 90
# needs: veth
# shellcheck source=tests/scenarios/topology.sh
. "$(dirname "$0")/topology.sh"

no_carrier() { ! carrier "$1"; }
drops_grow() { [ "$(port_drops "$1" "$2")" -ge "$3" ]; }

# send COUNT BYTES ADDRESS: datagrams from A.
send() { in_ns A bash -c "exec 3>/dev/udp/$3/9; for i in \$(seq $1); do printf '%0$2d' 0 >&3; done"; }

# station ADDRESS MAC: as A sees it, without asking.
station() { in_ns A ip neigh replace "$1" lladdr "$2" dev eth0 nud permanent; }

at_end() { [ ! -e /sys/class/net/vi0 ] || ip link del vi0; }

load_vale
ns A B
veth leg-A A eth0 10.0.0.1/24
ip link set leg-A mtu 9000
ip -n A link set eth0 mtu 9000
vale-ctl -a vale0:leg-A

step "nobody else on the switch: no_dst"
station 10.0.0.7 ff:ff:ff:ff:ff:ff
send 7 100 10.0.0.7
eventually 5 drops_grow vale0:leg-A no_dst 7
expect_eq "$(dropped vale0:leg-A)" "no_dst=7" "drops"

step "what passes"
leg vale0 B 10.0.0.2/24
station 10.0.0.8 "$(in_ns B cat /sys/class/net/eth0/address)"
send 1 100 10.0.0.8
eventually 5 counted vale0:leg-A flooded 1
kernel_says fdb add vale0:leg-B "$(in_ns B cat /sys/class/net/eth0/address)"
packets=$(port_counter vale0:leg-B out_packets) bytes=$(port_counter vale0:leg-B out_bytes)
send 20 1000 10.0.0.8
eventually 5 counted vale0:leg-B out_packets $((packets + 20))
expect_eq "$(port_counter vale0:leg-B out_packets)" $((packets + 20)) "packets out"
expect_eq "$(port_counter vale0:leg-B out_bytes)" $((bytes + 20 * (14 + 20 + 8 + 1000))) "bytes out"
expect_eq "$(port_counter vale0:leg-A flooded)" 1 "packets flooded"

step "larger than the receiver's MTU: too_long"
send 5 5000 10.0.0.8
eventually 5 drops_grow vale0:leg-B too_long 5
expect_eq "$(port_drops vale0:leg-B too_long)" 5 "too_long"

step "its own port: same_port"
kernel_says fdb add vale0:leg-A 02:00:00:00:00:0a
station 10.0.0.3 02:00:00:00:00:0a
send 6 100 10.0.0.3
eventually 5 drops_grow vale0:leg-A same_port 6
expect_eq "$(port_drops vale0:leg-A same_port)" 6 "same_port"

step "a receiver that does not read: ring_full"
background /tmp/stuck nmcount vale0:stuck
stuck=$!
eventually 5 grep -q ready /tmp/stuck
kill -STOP "$stuck"
kernel_says fdb add vale0:stuck 02:00:00:00:00:0b
station 10.0.0.4 02:00:00:00:00:0b
send 1500 100 10.0.0.4
eventually 10 drops_grow vale0:stuck ring_full 1
eventually 10 drops_grow vale0:stuck ring_full $((1500 - 1023))
expect_eq "$(port_counter vale0:stuck out_packets)" 1023 "packets that found room"
kill -CONT "$stuck"

step "a port nobody has open: no_receiver"
vale-ctl -n vi0
vale-ctl -a vale0:vi0
kernel_says fdb add vale0:vi0 02:00:00:00:00:0c
station 10.0.0.5 02:00:00:00:00:0c
send 8 100 10.0.0.5
eventually 5 drops_grow vale0:vi0 no_receiver 8
expect_eq "$(dropped vale0:vi0)" "no_receiver=8" "drops"

step "what is no packet: runt, bad_slot, frags, fault"
nmslots netmap:vi0 --count 3 --size 13
nmslots netmap:vi0 --count 2 --bad-index
nmslots netmap:vi0 --count 2 --size 2049
nmslots netmap:vi0 --count 5 --slots 65
nmslots netmap:vi0 --count 6 --readable 0
expect_eq "$(dropped vale0:vi0)" "runt=3 bad_slot=4 frags=5 fault=6 no_receiver=8" "drops"
expect_eq "$(port_counter vale0:vi0 in_packets)" 9 "packets in: those with a header too short or not to be read were some until then"
nmslots netmap:vi0 --slots 64
expect_eq "$(port_counter vale0:vi0 in_packets)" 10 "packets in"
ip -s link show vi0
expect_eq "$(counter vi0 tx_dropped)" 18 "what ip -s link says of packets from the program"
expect_eq "$(counter vi0 rx_dropped)" 8 "what ip -s link says of packets for the program"

step "an address where only the Ethernet header is: fault, once for every receiver"
before=$(port_drops vale0:stuck fault)
nmslots netmap:vi0 --count 7 --readable 14
expect_eq "$(port_drops vale0:stuck fault)" $((before + 7)) "fault of a program's port"
expect_eq "$(port_drops vale0:leg-A fault)" 7 "fault of a netdev's port"
expect_eq "$(port_drops vale0:vi0 fault)" 6 "fault of the sender's port"

step "the host sends on a netdev whose host side is on no switch: not_attached"
ip route add 10.9.9.0/24 dev leg-A
ip neigh replace 10.9.9.9 lladdr 02:00:00:00:00:0d dev leg-A nud permanent
before=$(counter leg-A tx_dropped)
for _ in 1 2 3; do printf x >/dev/udp/10.9.9.9/9; done
expect_eq "$(port_drops vale0:leg-A not_attached)" 3 "not_attached"
expect_eq "$(counter leg-A tx_dropped)" $((before + 3)) "what ip -s link says"

step "no carrier: no_link"
ip -n B link set eth0 down
eventually 5 no_carrier leg-B
before=$(port_drops vale0:leg-B no_link)
send 4 100 10.0.0.8
eventually 5 drops_grow vale0:leg-B no_link $((before + 4))
