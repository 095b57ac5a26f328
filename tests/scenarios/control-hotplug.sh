#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# A virtio NIC that the configuration names is pulled out of its slot and put back, twice: valed says that it waits, attaches it
# again with its host side, prepares it again, and packets cross the wire as before. udev gives it its name.
#
#     [host stack] --- vale0:hot0^  vale0  vale0:hot0 ===wire=== hot1 --- [ns B]
# machine: systemd
# needs: monitor
# timeout: 120
# shellcheck source=tests/scenarios/topology.sh
. "$(dirname "$0")/topology.sh"
# shellcheck source=tests/scenarios/monitor.sh
. "$(dirname "$0")/monitor.sh"

link_file=/etc/systemd/network/10-hot.link
stands() { [ "$(vale-ctl --json topology show | jq -r --arg name "$1" '.standings[] | select(.name == $name).standing')" = "$2" ]; }
gone() { [ ! -e "/sys/class/net/$1" ]; }

at_end() {
    if gone hot0; then plug_hot; eventually 20 test -e /sys/class/net/hot0; fi
    rm -f /etc/vale/valed.d/50-hot.toml "$link_file"
    systemctl stop valed
    # What valed knows of is taken down without it too.
    ! members vale0 | grep -q hot0 || vale-ctl --direct detach vale0:hot0
    ip addr flush dev hot0
    ! ip netns list | grep -q '^B' || ip -n B link set hot1 netns 1
}

# The host stack's address goes with the NIC: what configures networks gives it again, here the scenario.
address() {
    ip addr replace 10.0.0.1/24 dev hot0
    ip link set hot0 up
}

crosses() { ping -n -q -c 1 -W "$((2 * slow))" 10.0.0.2; }

nic hot 0
mkdir -p /etc/vale/valed.d "$(dirname "$link_file")"
printf '[Match]\nMACAddress=52:54:00:00:07:00\n[Link]\nName=hot0\n' >"$link_file"
udevadm control --reload
load_vale
ns B
ip link set hot1 netns B
ip -n B addr add 10.0.0.2/24 dev hot1
ip -n B link set hot1 up
no_ipv6_on hot0

step "attached by the configuration"
printf '[nic.hot0]\nswitch = "vale0"\nhost = true\n' >/etc/vale/valed.d/50-hot.toml
systemctl restart valed
expect_eq "$(members vale0 | xargs)" "vale0:hot0 vale0:hot0^" "members"
address
eventually 5 carrier hot0
eventually 5 crosses

for round in first second; do
    step "pulled out, the $round time"
    index=$(cat /sys/class/net/hot0/ifindex)
    unplug_hot
    eventually 20 gone hot0
    eventually 5 stands vale0:hot0 waiting
    expect_eq "$(members vale0 | xargs)" "" "members"

    step "put back"
    plug_hot
    eventually 20 test -e /sys/class/net/hot0
    eventually 10 stands vale0:hot0 active
    expect_eq "$(members vale0 | xargs)" "vale0:hot0 vale0:hot0^" "members"
    expect_ne "$(cat /sys/class/net/hot0/ifindex)" "$index" "index of the new device"
    eventually 5 promiscuous hot0
    address
    eventually 5 carrier hot0
    eventually 5 crosses
done
expect_ge "$(port_counter vale0:hot0 in_packets)" 1 "packets from the wire"
