#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# A stock QEMU guest on a TAP device that is attached to the switch, and a container's veth leg: they ping each other and run
# iperf3 through vale0, both ways. The TAP device is attached before QEMU opens it or after.
#
#     QEMU guest (virtio-net, -netdev tap) 10.0.0.2 --- tap0  vale0  leg-A --- eth0 [ns A] 10.0.0.1
# needs: qemu
# timeout: 120
# shellcheck source=tests/scenarios/topology.sh
. "$(dirname "$0")/topology.sh"

need_module tun
load_vale
ns A
leg vale0 A 10.0.0.1/24

step "the guest boots on tap0, which is attached meanwhile"
guest one tap0 10.0.0.2/24
vale-ctl -a vale0:tap0
guest_ready one
ping_ok A 10.0.0.2
ping_ok A 10.0.0.2 -s 1472 -M "do"
# The server in the guest listens anew after each test; until it does, connections are refused. With -J the exit status is 0 then, too.
measure() {
    in_ns A iperf3 -J -c 10.0.0.2 -t 1 "$@" >/tmp/iperf3.json || true
    ! grep -q 'Connection refused' /tmp/iperf3.json
}
for direction in "" -R; do
    eventually 20 measure $direction
    [ "$(jq 'has("error")' /tmp/iperf3.json)" = false ] || fail "iperf3 $direction: $(jq -r .error /tmp/iperf3.json)"
    jq -r '"iperf3: \(.end.sum_received.bits_per_second / 1e6 | floor) Mbit/s received"' /tmp/iperf3.json
    expect_ge "$(jq '.end.sum_received.bytes | floor' /tmp/iperf3.json)" 100000 "bytes received"
done
expect_ge "$(port_counter vale0:tap0 in_packets)" 100 "packets from the guest"
expect_ge "$(port_counter vale0:tap0 out_packets)" 100 "packets to the guest"

step "detached the guest is cut off, attached again it is back"
vale-ctl -d vale0:tap0
ping_fails A 10.0.0.2
vale-ctl -a vale0:tap0
ping_ok A 10.0.0.2
