#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Programs on the emulated adapter with frames larger than a buffer: sent from several slots, received into several,
# every byte checked; what never fits is dropped and does not stand in the way; drops show in ip -s link.
#
#     netmap:ea --- eb  vale0  vale0:b          netmap:ea --- netmap:eb          [ns A] vc --- ec  netmap:ec
#     mtu 9000, buffers of 2048 bytes
# timeout: 120
# needs: veth
# shellcheck source=tests/scenarios/topology.sh
. "$(dirname "$0")/topology.sh"

param=/sys/module/vale/parameters
frames=$((30000 / slow))

mtu() { ip link set ea mtu "$1" && ip link set eb mtu "$1"; }
opened() { grep -q /dev/netmap "/proc/$1/maps"; }

# converse SENDER RECEIVER OPTION...: netdevs of such an MTU cannot be opened for receiving, but it may grow meanwhile.
converse() {
    local from=$1 to=$2 sender receiver
    shift 2
    mtu 1500
    background /tmp/send nmsend "$from" --count "$frames" --timeout $((20 * slow)) "$@"
    sender=$!
    eventually 5 opened "$sender"
    kill -STOP "$sender"
    background /tmp/recv nmrecv "$to" --recut --timeout $((20 * slow))
    receiver=$!
    eventually 5 opened "$receiver"
    mtu 9000
    kill -CONT "$sender"
    wait "$sender" || fail "nmsend $from: $(cat /tmp/send)"
    wait "$receiver" || fail "nmrecv $to: $(cat /tmp/recv)"
    jq -r '"\(.role) \(.port): \(.frames) frames, \(.bytes) bytes, \(.slots) slots in \(.ms) ms"' /tmp/send /tmp/recv
    expect_eq "$(report /tmp/recv recv frames)" "$frames" "frames received and verified"
}

# datagrams N SIZE: small ones from A to the host's address.
datagrams() { in_ns A bash -c "exec 3>/dev/udp/10.0.2.9/9; for i in \$(seq $1); do printf '%0$2d' 0 >&3; done"; }
dropped_are() { [ "$(counter "$1" "$2")" = "$3" ]; }

load_vale
veth_here ea eb

step "an MTU larger than a buffer: not for receiving, as programs expect it"
mtu 9000
expect_fails 1 nmcount netmap:ea --seconds 1
mtu 1500

step "sending: frames of 14 to 9014 bytes in up to 16 slots, checked behind the switch"
vale-ctl -a vale0:eb
converse netmap:ea vale0:b --max 9014 --frags 16

step "receiving: the same from the switch"
converse vale0:b netmap:ea --max 9014 --frags 16
vale-ctl -d vale0:eb

step "both ends a netdev: full frames, and frames of many small slots"
converse netmap:ea netmap:eb --min 9000 --max 9014 --frags 5
converse netmap:eb netmap:ea --min 64 --max 2000 --frags 64
mtu 1500

step "more than 64 slots, or larger than the MTU: dropped; ip -s link says so, and vale-ctl why"
# Of the transmit ring it is to keep off: a sync skips a ring that another program is just syncing.
background /tmp/count nmcount netmap:ea/R
counter=$!
eventually 5 grep -q ready /tmp/count
before=$(counter ea tx_dropped)
nmslots netmap:ea --slots 65 --size 20 --count 5
expect_eq "$(counter ea tx_dropped)" $((before + 5)) "tx_dropped"
nmslots netmap:ea --slots 2 --size 1000 --count 3
expect_eq "$(counter ea tx_dropped)" $((before + 8)) "tx_dropped"
packets=$(counter ea tx_packets)
nmslots netmap:ea --slots 64 --size 20
expect_eq "$(counter ea tx_packets)" $((packets + 1)) "tx_packets"
expect_eq "$(dropped ea)" "frags=5 too_long=3" "drops by reason"
expect_eq "$(port_counter ea out_packets)" 1 "packets out"

step "no carrier: what is sent is lost, and counted"
ip link set eb down
before=$(counter ea tx_dropped)
nmslots netmap:ea --slots 2 --count 6
expect_eq "$(counter ea tx_dropped)" $((before + 6)) "tx_dropped"
expect_eq "$(dropped ea)" "frags=5 no_link=6 too_long=3" "drops by reason"
kill "$counter"
wait "$counter" || fail "nmcount: $(cat /tmp/count)"
expect_fails 1 kernel_says stats ea
ip link set eb up

step "a frame that no ring of this size can hold does not stand in the way"
ns A
veth ec A vc 10.0.2.1/24
ip addr add 10.0.2.9/24 dev ec
in_ns A ip neigh replace 10.0.2.9 lladdr "$(mac_of ec)" dev vc nud permanent
echo 4 >$param/generic_ringsize
background /tmp/count nmcount netmap:ec --frames 20 --seconds $((10 * slow))
counter=$!
eventually 5 grep -q ready /tmp/count
ip link set ec mtu 9000
in_ns A ip link set vc mtu 9000
before=$(counter ec rx_dropped)
for size in 7000 100 6000; do
    in_ns A ping -n -q -c 10 -i 0.05 -W 1 -s "$size" 10.0.2.9 >/dev/null && fail "the host answered what the program took"
done
wait "$counter" || fail "nmcount: $(cat /tmp/count)"
expect_eq "$(counter ec rx_dropped)" $((before + 10)) "rx_dropped"
expect_eq "$(tail -n 1 /tmp/count | jq .bytes)" $((10 * (6100 + 2 * 42))) "bytes received"
echo 1024 >$param/generic_ringsize
ip link set ec mtu 1500

step "a program that does not read: what is more than its ring and a queue is dropped, and ip -s link says so"
background /tmp/count nmcount netmap:ec
counter=$!
eventually 5 grep -q ready /tmp/count
kill -STOP "$counter"
before=$(counter ec rx_dropped)
datagrams 2500 100
eventually 5 dropped_are ec rx_dropped $((before + 2500 - 1023 - 1025))
expect_eq "$(dropped ec)" "in_full=452" "drops by reason"
kill -CONT "$counter"
kill "$counter"
wait "$counter" || fail "nmcount: $(cat /tmp/count)"

step "a program that syncs and gives nothing back: no more waits for it than a ring and two queues"
background /tmp/count nmcount netmap:ec --hold
counter=$!
eventually 5 grep -q ready /tmp/count
before=$(counter ec rx_dropped)
datagrams 4000 100
dropped_at_least() { [ "$(counter "$1" rx_dropped)" -ge "$2" ]; }
eventually 5 dropped_at_least ec $((before + 4000 - 1023 - 2 * 1025))
kill "$counter"
wait "$counter" || fail "nmcount: $(cat /tmp/count)"
