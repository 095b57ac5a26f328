#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Two namespaces, each with one leg of a veth pair, joined by attaching the other legs to a switch: ping and TCP pass.
# Then with the host stack of one leg on the switch too. Detaching leaves the netdev as it was.
#
#     [ns A] va --- ea  vale0  eb --- vb [ns B]
#                    ea^ (10.0.0.9)
# shellcheck source=tests/scenarios/lib.sh
. "$(dirname "$0")/lib.sh"

# Everything of a netdev that attaching must not change, or detaching must restore.
state_of() {
    ip -d addr show dev "$1" | sed 's/ valid_lft.*//'
    ip route show dev "$1"
    tc qdisc show dev "$1"
    ethtool -k "$1"
    grep -H . "/sys/class/net/$1/"{carrier_changes,flags,mtu,tx_queue_len}
}

load_vale
need_module 8021q
ns A B
veth ea A va 10.0.0.1/24
veth eb B vb 10.0.0.2/24
ip addr add 10.0.0.9/24 dev ea
tc qdisc replace dev ea root handle 7: pfifo limit 77
listening_here() { ss -Hltn "sport = :$1" | grep -q .; }
state_of ea >/tmp/before

step "wire only"
vale-ctl -a vale0:ea
vale-ctl -a vale0:eb
ping_ok A 10.0.0.2
tcp B 10.0.0.2 A 1
tcp A 10.0.0.1 B 1
ping_fails B 10.0.0.9
expect_fails 1 vale-ctl -a vale1:ea

step "full frames, tagged frames"
ping_ok A 10.0.0.2 -s 1472 -M do
for side in A.va.1 B.vb.2; do
    IFS=. read -r space link n <<<"$side"
    ip -n "$space" link add link "$link" name "$link.5" type vlan id 5
    ip -n "$space" addr add "10.5.0.$n/24" dev "$link.5"
    ip -n "$space" link set "$link.5" up
done
ping_ok A 10.5.0.2 -s 1472 -M do

step "detached: it is the host's again"
vale-ctl -d vale0:ea
state_of ea >/tmp/after
diff /tmp/before /tmp/after || fail "the netdev is not as it was"
ping_ok A 10.0.0.9
ping_fails A 10.0.0.2

step "with the host stack"
vale-ctl -h vale0:ea
expect_match "$(vale-ctl)" 'vale0:ea\^'
ping_ok A 10.0.0.9
ping_ok A 10.0.0.2
ping_ok B 10.0.0.9
background /tmp/server.log iperf3 -s -1 -p 5999
eventually 5 listening_here 5999
in_ns B iperf3 -J -c 10.0.0.9 -p 5999 -t 1 >/tmp/host.json || fail "iperf3 to the host: $(jq -r .error /tmp/host.json)"
vale-ctl -d vale0:ea
vale-ctl -d vale0:eb
state_of ea >/tmp/after
diff /tmp/before /tmp/after || fail "the netdev is not as it was"
ping_ok A 10.0.0.9
expect_eq "$(vale-ctl)" "" "ports left"
