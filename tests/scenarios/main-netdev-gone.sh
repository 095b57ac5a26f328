#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# A netdev is deleted, its namespace is deleted, the switch's namespace is deleted: each time with traffic running and the
# netdev attached or open. Nobody has to detach or close anything for it, and others' traffic goes on.
#
#     [ns A] va --- ea \                        [ns W] w0  vale0  w1
#     [ns B] vb --- eb - vale0
#     [ns C] vc --- ec /      netmap:ed (open) --- vd [ns D]
# shellcheck source=tests/scenarios/lib.sh
. "$(dirname "$0")/lib.sh"

flood() { background "/tmp/flood.$1" ip netns exec "$1" ping -q -f "$2"; }
gone() { [ ! -e "/sys/class/net/$1" ]; }
ports() { vale-ctl | wc -l; }
received() { in_ns "$1" cat "/sys/class/net/$2/statistics/rx_packets"; }
refs() { cat /sys/module/vale/refcnt; }

load_vale
ns A B C D
veth ea A va 10.0.0.1/24
veth eb B vb 10.0.0.2/24
veth ec C vc 10.0.0.3/24
veth ed D vd 10.0.1.1/24
for leg in ea eb ec; do vale-ctl -h "vale0:$leg"; done
expect_eq "$(ports)" 6 "ports"
flood A 10.0.0.2
flood C 10.0.0.2
sleep 1

step "an attached netdev is deleted"
ip link del ec
gone ec || fail "ec is still there"
expect_eq "$(ports)" 4 "ports"

step "its peer's namespace is deleted"
background /tmp/d1 ip netns exec D ping -q -f -I vd 10.0.1.9
vale-ctl -a vale0:ed
sleep 1
kill $!
ip netns del D
eventually 10 gone ed
expect_eq "$(ports)" 4 "ports"

step "a netdev with its rings open in a program is deleted"
ns D
veth ed D vd 10.0.1.1/24
background /tmp/count nmcount netmap:ed --seconds 60
counter=$!
eventually 5 grep -q ready /tmp/count
background /tmp/d2 ip netns exec D ping -q -f -I vd -b 10.0.1.255
sleep 1
ip link del ed
gone ed || fail "ed is still there"
eventually 5 grep -q POLLERR /tmp/count
wait "$counter" || true

step "a netdev moves to another namespace: the same"
ns E
veth ed E vd
vale-ctl -a vale0:ed
ip link set ed netns E
expect_eq "$(ports)" 4 "ports"
in_ns E ip link set ed up

step "the namespace of a whole switch is deleted"
ns W
ip -n W link add w0 type veth peer name wa netns A
ip -n W link add w1 type veth peer name wb netns B
ip -n W link set w0 up
ip -n W link set w1 up
ip -n A addr add 10.9.0.1/24 dev wa
ip -n B addr add 10.9.0.2/24 dev wb
ip -n A link set wa up
ip -n B link set wb up
in_ns W vale-ctl -a vale0:w0
in_ns W vale-ctl -h vale0:w1
ping_ok A 10.9.0.2
background /tmp/w ip netns exec A ping -q -f 10.9.0.2
sleep 1
ip netns del W
eventually 10 sh -c '! ip netns exec A ip link show wa'

step "the others did not notice"
before=$(received B vb)
sleep 1
expect_ge "$(received B vb)" $((before + 1)) "frames at B"
ping_ok A 10.0.0.2

step "nothing is left"
vale-ctl -d vale0:ea
vale-ctl -d vale0:eb
eventually 5 sh -c '[ "$(cat /sys/module/vale/refcnt)" = 0 ]'
