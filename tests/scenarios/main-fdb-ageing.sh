#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Addresses not seen for the switch's ageing time are forgotten; those seen meanwhile stay, and static ones always do.
#
#     [ns A] eth0 --- leg-A  vale0  leg-B --- eth0 [ns B]
#                            vale0:c (static address)
# timeout: 60
# needs: veth
# shellcheck source=tests/scenarios/topology.sh
. "$(dirname "$0")/topology.sh"

port_of() { kernel_says fdb list vale0 | jq -r --arg mac "$1" '.entries[] | select(.mac == $mac) | .port'; }
lives_on() { [ "$(port_of "$1")" = "$2" ]; }
forgotten() { [ -z "$(port_of "$1")" ]; }

load_vale
kernel_says switch create vale0 --ageing $((3 * slow))
step "a thousand addresses, then silence"
fdbload vale0 --macs 1000 --moved 100 --age $((7 * slow)) >/tmp/load || fail "fdbload: $(cat /tmp/load)"
cat /tmp/load

step "stations that speak, and one that does not"
ns A B
leg vale0 A 10.0.0.1/24
leg vale0 B 10.0.0.2/24
background /tmp/c nmcount vale0:c
eventually 5 grep -q ready /tmp/c
kernel_says fdb add vale0:c 02:00:00:00:00:0c
ping_ok A 10.0.0.2
silent=$(in_ns A cat /sys/class/net/eth0/address)
expect_eq "$(port_of "$silent")" vale0:leg-A "where A is"
ip -n A link set eth0 address 02:00:00:00:00:0a
background /tmp/ping ip netns exec A ping -n -i 0.3 10.0.0.2
eventually 3 lives_on 02:00:00:00:00:0a vale0:leg-A
eventually 10 forgotten "$silent"
expect_eq "$(port_of 02:00:00:00:00:0a)" vale0:leg-A "where the station is that speaks"
expect_eq "$(port_of 02:00:00:00:00:0c)" vale0:c "where the static address is"

step "flushing spares static addresses"
kill $!
wait $! || true
# Or ARP, which asks again for a while, would teach the switch anew.
ip -n A link set eth0 down
ip -n B link set eth0 down
kernel_says fdb flush vale0
expect_eq "$(kernel_says fdb list vale0 | jq -c '[.entries[] | [.mac, .static]]')" '[["02:00:00:00:00:0c",true]]' "addresses"
kernel_says fdb del vale0 02:00:00:00:00:0c
expect_eq "$(kernel_says fdb list vale0)" '{"entries":[]}' "addresses"
