#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Between netdevs on a switch packets stay whole: segments to come, checksums to be filled in, tags beside the frame. Who needs
# them as on the wire gets them so: rings of programs, a netdev without these offloads. The bytes of TCP are compared.
#
#     [ns A] eth0 --- leg-A  vale0  leg-B --- eth0 [ns B]
#          10.0.0.1     vale0:x == nmbridge == vale1:y  vale1  leg-C --- eth0 [ns C] 10.0.0.3
# timeout: 120
# needs: veth
# shellcheck source=tests/scenarios/topology.sh
. "$(dirname "$0")/topology.sh"

mib=1

# transfer NAMESPACE ADDRESS: A sends the file to whom, or "here"; it must arrive as it is.
transfer() {
    local to=$1 address=$2 port=$((20000 + RANDOM % 10000)) server
    local at=(ip netns exec "$to")
    [ "$to" != here ] || at=()
    background /tmp/received "${at[@]}" bash -c "busybox nc -l -p $port </tmp/never"
    server=$!
    eventually 5 listens_at "$port" "${at[@]}"
    in_ns A timeout $((60 * slow)) bash -c "cat /tmp/data >/dev/tcp/$address/$port" || fail "A cannot send to $address"
    wait "$server"
    cmp /tmp/data /tmp/received || fail "not what A sent arrived at $to"
}

listens_at() {
    local port=$1
    shift
    "$@" ss -Hltn "sport = :$port" | grep -q .
}

# mean_frame NAMESPACE CMD...: bytes a packet had that came on its eth0 meanwhile.
mean_frame() {
    local where=$1 bytes packets
    shift
    bytes=$(received "$where" bytes) packets=$(received "$where" packets)
    "$@" >&2
    echo $((($(received "$where" bytes) - bytes) / ($(received "$where" packets) - packets)))
}

received() { in_ns "$1" cat "/sys/class/net/eth0/statistics/rx_$2"; }
no_drops() { for port in "$@"; do expect_eq "$(dropped "$port")" "" "drops of $port"; done; }

load_vale
need_module 8021q
ns A B C
leg vale0 A 10.0.0.1/24
leg vale0 B 10.0.0.2/24
leg vale1 C 10.0.0.3/24
# Nothing is ever written there: nc ends when the other side does.
[ -p /tmp/never ] || mkfifo /tmp/never
exec 8<>/tmp/never
head -c ${mib}M /dev/urandom >/tmp/data

step "netdev to netdev: whole packets arrive, and are counted as the frames they are on the wire"
expect_ge "$(mean_frame B transfer B 10.0.0.2)" 3000 "bytes a packet at B"
no_drops vale0:leg-A vale0:leg-B
expect_eq "$(port_counter vale0:leg-B out_bytes)" "$(port_counter vale0:leg-A in_bytes)" "bytes"
expect_eq "$(port_counter vale0:leg-B out_packets)" "$(port_counter vale0:leg-A in_packets)" "packets"
expect_le $(($(port_counter vale0:leg-A in_bytes) / $(port_counter vale0:leg-A in_packets))) 1514 "bytes a frame"

step "to a ring, and on from there: frames of the wire"
background /tmp/bridge nmbridge vale0:x vale1:y
eventually 5 grep -q ready /tmp/bridge
bridge=$!
expect_le "$(mean_frame C transfer C 10.0.0.3)" 1514 "bytes a packet at C"
no_drops vale0:leg-A vale1:leg-C

step "to a netdev and a ring at once: the switch is made to flood"
background /tmp/flush bash -c 'while :; do vale-ctl --direct fdb flush vale0; done'
flush=$!
# The first is not flooded if who flushes had no CPU meanwhile.
for ((try = 0; try < 20; try++)); do
    transfer B 10.0.0.2
    [ "$(port_counter vale0:leg-A flooded)" -lt 1 ] || break
done
kill "$flush"
expect_ge "$(port_counter vale0:leg-A flooded)" 1 "flooded"
expect_eq "$(dropped vale0:leg-A)" "" "drops of A"
expect_eq "$(dropped vale0:leg-B)" "" "drops of B"

step "tagged"
for side in A.1 B.2 C.3; do
    IFS=. read -r space n <<<"$side"
    ip -n "$space" link add link eth0 name eth0.5 type vlan id 5
    ip -n "$space" addr add "10.5.0.$n/24" dev eth0.5
    ip -n "$space" link set eth0.5 up
done
expect_ge "$(mean_frame B transfer B 10.5.0.2)" 3000 "bytes a packet at B"
expect_le "$(mean_frame C transfer C 10.5.0.3)" 1518 "bytes a packet at C"

step "to a netdev that cannot cut, checksum or tag"
ethtool -K leg-B tx off tso off gso off txvlan off >/dev/null
expect_le "$(mean_frame B transfer B 10.0.0.2)" 1514 "bytes a packet at B"
expect_le "$(mean_frame B transfer B 10.5.0.2)" 1518 "bytes a packet at B"
ethtool -K leg-B tx on tso on gso on txvlan on >/dev/null

step "segments larger than the next netdev's MTU do not pass"
before=$(port_drops vale0:leg-B too_long)
ip link set leg-B mtu 1000
background /tmp/sink in_ns B busybox nc -l -p 7007
eventually 5 listens_at 7007 ip netns exec B
in_ns A timeout 1 bash -c 'head -c 20000 /tmp/data >/dev/tcp/10.0.0.2/7007' || true
dropped_too_long() { [ "$(port_drops vale0:leg-B too_long)" -ge $((before + 10)) ]; }
eventually 5 dropped_too_long
ip link set leg-B mtu 1500

step "to the host stack, and to a program that has a netdev open"
kill "$bridge"
wait "$bridge" || fail "nmbridge: $(cat /tmp/bridge)"
vale-ctl -d vale0:leg-B
ip addr add 10.0.0.9/24 dev leg-B
vale-ctl -h vale0:leg-B
transfer here 10.0.0.9
expect_eq "$(dropped 'vale0:leg-B^')" "" "drops of the host"
vale-ctl -d vale0:leg-B
veth ea A eth1 10.1.0.1/24
veth eb B eth1 10.1.0.2/24
background /tmp/bridge nmbridge netmap:ea netmap:eb
eventually 5 grep -q ready /tmp/bridge
transfer B 10.1.0.2
