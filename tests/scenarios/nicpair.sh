# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# What scenarios with the machine's own NICs share. The NICs of a kind come in pairs, joined outside the machine:
#
#     [ns A] eth0 --- leg-A  vale0  KIND0 ==outside== KIND1 [ns B]
# shellcheck source=tests/scenarios/topology.sh
. "$(dirname "${BASH_SOURCE[0]}")/topology.sh"

# far_nic LINK NAMESPACE ADDRESS/LENGTH: the other end of the cable is a NIC of that namespace.
far_nic() {
    ip link set "$1" netns "$2"
    ip -n "$2" addr add "$3" dev "$1"
    ip -n "$2" link set "$1" up
}

# near_nic LINK ADDRESS/LENGTH: this end is the host's, with settings that nothing but an administrator gives it.
near_nic() {
    near=$1
    no_ipv6_on "$near"
    ip addr add "$2" dev "$near"
    ip link set "$near" up
    eventually 10 carrier "$near"
    ip route add 10.99.0.0/16 dev "$near"
    ip neigh replace 10.0.0.200 lladdr 02:00:00:00:00:c8 dev "$near" nud permanent
    tc qdisc replace dev "$near" root handle 7: fq_codel limit 777 target 7ms
    ethtool -K "$near" gro off
}

# The NIC as it was at boot. A far one comes back by itself with its namespace.
at_end() {
    [ -n "${near:-}" ] || return 0
    vale-ctl --direct detach "vale0:$near" 2>/dev/null
    tc qdisc del dev "$near" root 2>/dev/null
    ethtool -K "$near" gro on
    ip addr flush dev "$near"
    ip link set "$near" down
}

# A NIC on the switch: traffic passes, with and without its host stack; afterwards it is the host's, as it was.
attach_and_give_back() {
    local nic far before
    nic=$(nic "$1" 0)
    far=$(nic "$1" 1)
    need_module sch_fq_codel
    load_vale
    start_valed
    ns A B
    far_nic "$far" B 10.0.0.2/24
    near_nic "$nic" 10.0.0.9/24
    ping_ok B 10.0.0.9
    before=$(link_state "$nic")

    step "$nic alone on the switch: B and A reach each other, not the host"
    leg vale0 A 10.0.0.1/24
    vale-ctl -v -a "vale0:$nic"
    ping_ok A 10.0.0.2
    ping_ok A 10.0.0.2 -s 1472 -M do
    tcp B 10.0.0.2 A 3
    tcp A 10.0.0.1 B 3
    ping_fails B 10.0.0.9

    step "detached: the host's again"
    vale-ctl -d "vale0:$nic"
    same_state "$before" "$nic"
    ping_ok B 10.0.0.9
    ping_fails A 10.0.0.2

    step "with its host stack: all three reach each other"
    vale-ctl -h "vale0:$nic"
    expect_eq "$(members vale0 | xargs)" "vale0:$nic vale0:$nic^ vale0:leg-A" "members"
    ping_ok A 10.0.0.2
    ping_ok A 10.0.0.9
    ping_ok B 10.0.0.9
    host_tcp B 10.0.0.9 3
    vale-ctl -d "vale0:$nic"
    same_state "$before" "$nic"
    ping_ok B 10.0.0.9
}

# host_tcp NAMESPACE ADDRESS SECONDS: iperf3 from the namespace to the host, and back.
host_tcp() {
    background /tmp/host-server.log iperf3 -s -p 5999
    eventually 5 host_listens 5999
    in_ns "$1" iperf3 -c "$2" -p 5999 -t "$3" >/tmp/host.log || fail "iperf3 $1 -> host: $(cat /tmp/host.log)"
    in_ns "$1" iperf3 -R -c "$2" -p 5999 -t "$3" >/tmp/host.log || fail "iperf3 host -> $1: $(cat /tmp/host.log)"
    kill $!
}

host_listens() { ss -Hltn "sport = :$1" | grep -q .; }
