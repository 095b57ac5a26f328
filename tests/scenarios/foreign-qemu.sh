#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Debian's QEMU, built with netmap against our headers (scripts/foreign): two guests on "-netdev netmap" ping each other and run iperf3
# through the switch, both ways; with the virtio-net header on both sides, on neither (e1000 has none), and on one.
#
#     QEMU guest one 10.0.0.1 --- vale0:vm1  vale0  vale0:vm2 --- QEMU guest two 10.0.0.2
# needs: foreign-qemu qemu
# timeout: 600
# shellcheck source=tests/scenarios/topology.sh
. "$(dirname "$0")/topology.sh"

guest_qemu=/vale/foreign/qemu

# pair DEVICE DEVICE: guests one and two talk, one as the client.
pair() {
    guest_on two 10.0.0.2/24 netmap,ifname=vale0:vm2 "$2"
    guest_peer=10.0.0.2 guest_on one 10.0.0.1/24 netmap,ifname=vale0:vm1 "$1"
    guest_ready one two
    step "both are up"
    guest_says one '^guest ping: '
    expect_match "$guest_line" ' 5 packets received'
    guest_says one '^guest tcp-R: '
    grep '^guest tcp' /tmp/one.console
    expect_ge "$(grep -c '^guest tcp.*: [0-9]\{6,\} bytes received' /tmp/one.console)" 2 "directions with a megabyte"
    for port in vm1 vm2; do
        printf '%s: bytes a packet on average: %s in, %s out; drops: %s\n' \
            "$port" "$(mean_length "$port" in)" "$(mean_length "$port" out)" "$(dropped "vale0:$port")"
    done
}

# mean_length PORT in|out
mean_length() { kernel_says stats "vale0:$1" | jq ".stats[0].counters | .${2}_bytes / .${2}_packets | floor"; }
header_length() { nmheader get "vale0:$1"; }

# Their ports go with them.
end_pair() {
    kill "${guest_pid[one]}" "${guest_pid[two]}"
    wait "${guest_pid[one]}" "${guest_pid[two]}" || true
    expect_eq "$(kernel_says list | jq '.ports | length')" 0 "ports left"
}

load_vale
step "virtio-net and virtio-net: both with header, segments longer than a frame cross uncut"
pair virtio-net-pci virtio-net-pci
expect_eq "$(header_length vm1) $(header_length vm2)" "12 12" "lengths of the ports' headers"
expect_ge "$(mean_length vm1 in)" 1600 "mean length of one's packets"
expect_ge "$(mean_length vm2 out)" 1600 "mean length of packets to two"
end_pair

step "e1000 and e1000: no header, frames only"
pair e1000 e1000
expect_eq "$(header_length vm1) $(header_length vm2)" "0 0" "lengths of the ports' headers"
expect_le "$(mean_length vm1 in)" 1514 "mean length of one's packets"
end_pair

step "virtio-net and e1000: segments are cut on their way to the port without header"
pair virtio-net-pci e1000
expect_eq "$(header_length vm1) $(header_length vm2)" "12 0" "lengths of the ports' headers"
expect_ge "$(mean_length vm1 in)" 1600 "mean length of one's packets"
expect_le "$(mean_length vm2 out)" 1514 "mean length of packets to two"
end_pair
