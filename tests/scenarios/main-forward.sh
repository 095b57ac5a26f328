#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# A program that only marks what it receives (NR_FORWARD, NS_FORWARD) lets a netdev and its host stack talk: both
# directions, by poll and by ioctl, by mark and by parameter. Then checksums: generic_hwcsum fills in those that the
# program got wrong.
#
#     [ns A] vc 10.0.2.1 --- ec   NIC RX ring  -- NS_FORWARD --> the host's stack, 10.0.2.9
#                                 NIC TX ring <-- NS_FORWARD --  host RX ring
# timeout: 120
# needs: veth
# shellcheck source=tests/scenarios/lib.sh
. "$(dirname "$0")/lib.sh"

param=/sys/module/vale/parameters

# forward PORT OPTION...: the program, in the background; its counts will be in /tmp/forward.
forward() {
    background /tmp/forward nmforward "$@"
    forwarder=$!
    eventually 5 grep -q ready /tmp/forward
}

# end_forward: stops it; forwarded KEY: what it counted.
end_forward() {
    local rc=0
    kill "$forwarder"
    wait "$forwarder" || rc=$?
    expect_eq "$rc" 0 "nmforward's exit status ($(cat /tmp/forward))"
    tail -n 1 /tmp/forward
}
forwarded() { tail -n 1 /tmp/forward | jq ".$1"; }

# udp HERE|NAMESPACE NAME: a counter of the stack's UDP, as NoPorts or InCsumErrors.
udp() {
    local snmp=(cat /proc/net/snmp)
    [ "$1" = here ] || snmp=(ip netns exec "$1" "${snmp[@]}")
    "${snmp[@]}" | awk -v name="$2" '$1 == "Udp:" { if (!n) for (n = 2; $n != name; n++); else print $n }'
}
udp_reaches() { [ "$(udp "$1" "$2")" -ge "$3" ]; }

# datagrams N SIZE: from A to the host, to a port where nobody listens (the answer to one may fail the next write). Bash sends
# no more than 4096 bytes at once.
datagrams() { in_ns A bash -c "for i in \$(seq $1); do printf '%0$2d' 0 >/dev/udp/10.0.2.9/9; done" 2>/dev/null || true; }

pings() { in_ns A ping -n -q -c 20 -i 0.02 -W 2 10.0.2.9 >/tmp/ping || fail "ping: $(cat /tmp/ping)"; }
pings_fail() { ! in_ns A ping -n -q -c 3 -i 0.1 -W 1 10.0.2.9 >/tmp/ping || fail "ping went through: $1"; }

load_vale
ns A
veth ec A vc 10.0.2.1/24
ip addr add 10.0.2.9/24 dev ec
pings

step "both directions, marked, by poll"
forward 'netmap:ec*'
pings
in_ns A ping -q -n -c 500 -i 0.002 -s 1400 10.0.2.9 >/tmp/ping || fail "ping: $(cat /tmp/ping)"
expect_match "$(cat /tmp/ping)" ' 0% packet loss' "ping"
end_forward
expect_ge "$(forwarded from_nic)" 520 "frames seen from the NIC"
expect_ge "$(forwarded from_host)" 520 "frames seen from the host"
pings

step "TCP to the host and from it"
forward 'netmap:ec*'
for direction in '' --reverse; do
    background /tmp/server.log iperf3 -s -1 -p 5999
    eventually 5 bash -c 'ss -Hltn "sport = :5999" | grep -q .'
    in_ns A iperf3 -J -c 10.0.2.9 -p 5999 -t 1 ${direction:+"$direction"} >/tmp/tcp.json || fail "iperf3: $(jq -r .error /tmp/tcp.json)"
    jq -r '"\(.end.sum_received.bits_per_second / 1e6 | floor) Mbit/s received"' /tmp/tcp.json
    expect_ge "$(jq '.end.sum_received.bytes | floor' /tmp/tcp.json)" 100000 "bytes received"
done
end_forward

step "by NIOCRXSYNC and NIOCTXSYNC"
forward 'netmap:ec*' --ioctl
pings
end_forward

step "nothing goes without the marks in the slots, or without the ring's flag"
forward 'netmap:ec*' --unmarked
pings_fail "no slot was marked"
end_forward
forward 'netmap:ec*' --no-ring-flag
pings_fail "no ring had the flag"
end_forward

step "the parameter fwd: everything goes, without marks"
echo 1 >$param/fwd
forward 'netmap:ec*' --unmarked --no-ring-flag
pings
end_forward
echo 0 >$param/fwd

step "one direction only: what comes from the wire reaches the host"
in_ns A ip neigh replace 10.0.2.9 lladdr "$(mac_of ec)" dev vc
before=$(udp here NoPorts)
forward netmap:ec
datagrams 10 100
eventually 5 udp_reaches here NoPorts $((before + 10))
pings_fail "the host's side is not open"
end_forward

step "host rings alone forward nothing: not all TX rings of the NIC are theirs"
background /tmp/nic nmforward netmap:ec
eventually 5 grep -q ready /tmp/nic
nic=$!
forward 'netmap:ec^'
pings_fail "the program with the host ring has no TX ring"
end_forward
kill "$nic"
wait "$nic" || fail "nmforward: $(cat /tmp/nic)"
expect_ge "$(forwarded from_host)" 1 "frames seen from the host"

step "frames of several slots go up in one piece"
forward 'netmap:ec*'
ip link set ec mtu 9000
in_ns A ip link set vc mtu 9000
before=$(udp here NoPorts) bad=$(udp here InCsumErrors)
datagrams 10 4000
eventually 5 udp_reaches here NoPorts $((before + 10))
expect_eq "$(udp here InCsumErrors)" "$bad" "damaged datagrams"
end_forward
ip link set ec mtu 1500
in_ns A ip link set vc mtu 1500
pings

# sent_to_a N: datagrams of the host to A, 60 bytes on the wire and more.
sent_to_a() { for _ in $(seq "$1"); do printf 'x' >/dev/udp/10.0.2.1/9; printf '%0500d' 0 >/dev/udp/10.0.2.1/9; done 2>/dev/null || true; }

ip neigh replace 10.0.2.1 lladdr "$(in_ns A cat /sys/class/net/vc/address)" dev ec
step "checksums that the program destroyed: the receiver notices"
forward 'netmap:ec*' --spoil
before=$(udp A InCsumErrors)
sent_to_a 5
eventually 5 udp_reaches A InCsumErrors $((before + 10))

for offload in on off; do
    step "generic_hwcsum=1, the netdev's own offload $offload: they are right again"
    ethtool -K ec tx "$offload" >/dev/null
    echo 1 >$param/generic_hwcsum
    before=$(udp A NoPorts) bad=$(udp A InCsumErrors)
    sent_to_a 5
    eventually 5 udp_reaches A NoPorts $((before + 10))
    expect_eq "$(udp A InCsumErrors)" "$bad" "datagrams with a bad checksum"
done
pings
end_forward
