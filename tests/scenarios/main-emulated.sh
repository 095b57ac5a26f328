#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Programs on the emulated adapter: frames of all sizes, checked behind the switch at the other end; frames
# received; links going down and up; the host ring; the netdev's own state afterwards.
#
#     netmap:ea --- eb  vale0  vale0:b          [ns A] vc --- ec  netmap:ec* (with host rings)
# shellcheck source=tests/scenarios/lib.sh
. "$(dirname "$0")/lib.sh"

# talk SENDER RECEIVER OPTION...: verified frames; loss or disorder fails. A veth pair (without NAPI) hands frames to the
# backlog of the CPU that sends them: a sender that changes CPUs overtakes itself there, so it stays on one.
talk() {
    local from=$1 to=$2 receiver
    shift 2
    background /tmp/recv nmrecv "$to" --timeout $((20 * slow))
    receiver=$!
    taskset -c 0 nmsend "$from" --timeout $((20 * slow)) "$@" || fail "nmsend $from"
    wait "$receiver" || fail "nmrecv $to: $(cat /tmp/recv)"
    cat /tmp/recv
}

# count_frames PORT N: waits in the background for N frames; counted: it got them.
count_frames() {
    background /tmp/count nmcount "$1" --frames "$2" --seconds $((20 * slow))
    counter=$!
    eventually 5 grep -q ready /tmp/count
}

counted() { wait "$counter" || fail "nmcount: $(cat /tmp/count)"; }

load_vale
veth_here ea eb
tc qdisc replace dev ea root pfifo limit 77
before=$(tc qdisc show dev ea; ethtool -k ea; cat /sys/class/net/ea/carrier_changes)

step "sending: frames of 14 to 1514 bytes, checked behind the switch"
vale-ctl -a vale0:eb
talk netmap:ea vale0:b --count 20000
vale-ctl -d vale0:eb

step "receiving"
ns A
veth ec A vc 10.0.2.1/24
ip addr add 10.0.2.9/24 dev ec
ping_ok A 10.0.2.9
in_ns A ip neigh replace 10.0.2.9 lladdr "$(mac_of ec)" dev vc
count_frames netmap:ec 300
in_ns A ping -q -n -c 300 -i 0.005 -W 1 -s 1400 10.0.2.9 >/dev/null && fail "the host answered what the program took"
counted
ping_ok A 10.0.2.9

step "the other end goes down and up while open"
background /tmp/count nmcount netmap:ea
counter=$!
eventually 5 grep -q ready /tmp/count
for _ in 1 2 3; do
    ip link set eb down
    ip link set eb up
    ip link set ea down
    ip link set ea up
done
kill "$counter" || fail "the program did not survive: $(cat /tmp/count)"
wait "$counter" || fail "nmcount: $(cat /tmp/count)"

step "as before"
expect_eq "$(tc qdisc show dev ea; ethtool -k ea)" "$(sed '$d' <<<"$before")" "netdev"

step "host rings: what the stack sends is in the host ring, not on the wire"
background /tmp/count nmcount 'netmap:ec*'
counter=$!
eventually 5 grep -q ready /tmp/count
ping -c 2 -W 1 10.0.2.1 >/dev/null && fail "the stack's frames got past the host ring"
kill "$counter"
wait "$counter" || fail "nmcount: $(cat /tmp/count)"
expect_ge "$(jq .frames <(tail -n 1 /tmp/count))" 1 "frames in the rings"
ping_ok A 10.0.2.9
