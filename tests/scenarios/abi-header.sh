#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Ports with a virtio-net header in front of every packet: kept between equal ones, put in front and taken off between others,
# and what it asks for done where it ends: in software for a VALE port, by the kernel for a netdev and its host stack.
#
#     vale0:a (12 bytes) --- vale0 --- vale0:b (0, 10, 12)
#                              |
#                           va, its host and [ns A] vb
# timeout: 60
# needs: veth
# shellcheck source=tests/scenarios/topology.sh
. "$(dirname "$0")/topology.sh"

# exchange LENGTH-A LENGTH-B BYTES-A BYTES-B: pkt-gen to pkt-gen, what each says it handled.
exchange() {
    local receiver
    step "pkt-gen, header of $1 bytes to one of $2"
    background /tmp/rx pkt-gen -i vale0:b@conf:slots=4096 -f rx -H "$2" -n 2000 -w 0 -T 20000
    receiver=$!
    eventually 5 grep -q "^vale0:b: " /tmp/rx
    expect_eq "$(nmheader get vale0:b)" "$2" "length of vale0:b"
    pkt-gen -i vale0:a -f tx -H "$1" -n 2000 -l 100 >/tmp/tx
    wait "$receiver" || fail "the receiver ended with $?: $(cat /tmp/rx)"
    expect_match "$(cat /tmp/tx)" "Sent 2000 packets $3 bytes"
    expect_match "$(cat /tmp/rx)" "Received 2000 packets $4 bytes"
}

# udp NAME: a counter of A's UDP. reaches NAME N: at least.
udp() { in_ns A cat /proc/net/snmp | awk -v name="$1" '$1 == "Udp:" { if (!n) for (n = 2; $n != name; n++); else print $n }'; }
host_udp() { awk -v name="$1" '$1 == "Udp:" { if (!n) for (n = 2; $n != name; n++); else print $n }' /proc/net/snmp; }
reaches() { [ "$("$1" "$2")" -ge "$3" ]; }

load_vale
step "requests"
answers header 20

exchange 12 12 224000 224000
exchange 12 10 224000 220000
exchange 10 12 220000 224000
exchange 0 12 200000 224000
exchange 10 0 220000 200000
exchange 12 0 224000 200000

for kind in tcp4 tcp6 udp4 udp6; do
    step "$kind: one packet is cut into frames of the size asked for"
    expect_eq "$(nmheader cut $kind 1000 vale0:a vale0:b)" 1 "frames"
    expect_eq "$(nmheader cut $kind 2500 vale0:a vale0:b)" 3 "frames"
    expect_eq "$(nmheader cut $kind 60000 vale0:a vale0:b)" 60 "frames"
done

step "through a netdev: checksums and segments"
ns A
veth va A vb 10.0.2.1/24
ip addr add 10.0.2.9/24 dev va
vale-ctl -h vale0:va
mac_b=$(in_ns A cat /sys/class/net/vb/address)
# What veth takes uncut the stack counts once.
for offload in on off; do
    frames=4
    [ $offload = on ] || frames=6
    ethtool -K va tx $offload tx-udp-segmentation $offload >/dev/null
    before=$(udp NoPorts) bad=$(udp InCsumErrors)
    for size in 1 100 1001; do
        nmheader udp vale0:a "$mac_b" 10.0.2.77 10.0.2.1 $size 0
    done
    eventually 5 reaches udp NoPorts $((before + 3))
    nmheader udp vale0:a "$mac_b" 10.0.2.77 10.0.2.1 3000 1000
    eventually 5 reaches udp NoPorts $((before + frames))
    expect_eq "$(udp InCsumErrors)" "$bad" "datagrams with a bad checksum, tx $offload"
done
expect_eq "$(dropped vale0:va)" "" "drops"

step "to the host stack"
before=$(host_udp NoPorts) bad=$(host_udp InCsumErrors)
nmheader udp vale0:a "$(mac_of va)" 10.0.2.77 10.0.2.9 1001 0
eventually 5 reaches host_udp NoPorts $((before + 1))
nmheader udp vale0:a "$(mac_of va)" 10.0.2.77 10.0.2.9 3000 1000
eventually 5 reaches host_udp NoPorts $((before + 2))
expect_eq "$(host_udp InCsumErrors)" "$bad" "datagrams with a bad checksum"
