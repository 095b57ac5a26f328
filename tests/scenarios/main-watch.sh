#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# `vale-ctl watch` tells what happens on the switches as it happens: ports, links, addresses learned, moved and aged.
#
#     [ns A] eth0 --- leg-A  vale0  leg-B --- eth0 [ns B]      valed --- vale-ctl watch
# timeout: 60
# needs: veth
# shellcheck source=tests/scenarios/topology.sh
. "$(dirname "$0")/topology.sh"

# happened FILTER: an event that jq's condition describes.
happened() { jq -e -n "[inputs | select($1)] | length > 0" /tmp/events; }

expect_event() {
    eventually "${2:-5}" happened "$1"
    jq -c "select($1)" /tmp/events | head -n 3
}

load_vale
start_valed
kernel_says switch create vale0 --ageing $((2 * slow))
background /tmp/events vale-ctl --json watch
background /tmp/ports vale-ctl --json watch vale0 --event port_add --event port_del
eventually 5 happened '.event == "watching"'
eventually 5 grep -q watching /tmp/ports

step "ports and links"
ns A B
leg vale0 A 10.0.0.1/24
leg vale0 B 10.0.0.2/24
expect_event '.event == "port_add" and .port == "vale0:leg-A" and .kind == "nic" and .index == 0'
expect_event '.event == "port_add" and .port == "vale0:leg-B"'
ip -n B link set eth0 down
expect_event '.event == "link_down" and .port == "vale0:leg-B"'
ip -n B link set eth0 up
expect_event '.event == "link_up" and .port == "vale0:leg-B"'

step "addresses"
ping_ok A 10.0.0.2
mac=$(in_ns A cat /sys/class/net/eth0/address)
expect_event ".event == \"mac_learned\" and .mac == \"$mac\" and .index == 0"
ip -n A link set eth0 down
ip -n B link set eth0 address "$mac"
ip -n B link set eth0 up
in_ns B ping -c 1 -W 1 10.0.0.9 >/dev/null || true
expect_event ".event == \"mac_moved\" and .mac == \"$mac\" and .index == 1 and .old_index == 0"
ip -n B link set eth0 down
expect_event ".event == \"mac_aged\" and .mac == \"$mac\"" 15

step "switches"
vale-ctl -d vale0:leg-A
expect_event '.event == "port_del" and .port == "vale0:leg-A"'
vale-ctl switch create vale1
expect_event '.event == "switch_add" and .switch == "vale1"'
vale-ctl switch delete vale1
expect_event '.event == "switch_del" and .switch == "vale1"'
ip link del leg-B
expect_event '.event == "port_del" and .port == "vale0:leg-B"'

step "only what was asked for"
eventually 5 grep -q 'port_del.*leg-B' /tmp/ports
expect_eq "$(jq -r .event /tmp/ports | sort | uniq -c | xargs)" "2 port_add 2 port_del 1 watching" "events of the narrow watch"
