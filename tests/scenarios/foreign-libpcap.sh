#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tcpdump on Debian's libpcap, built with netmap against our headers (scripts/foreign): it sees what pkt-gen sends to its VALE port, filters it,
# and sees a network device's packets.
#
#     vale0:a  pkt-gen tx --> vale0:b  tcpdump          netmap:here0  tcpdump <-- there0 ping
#
# needs: foreign-libpcap
# timeout: 120
# shellcheck source=tests/scenarios/lib.sh
. "$(dirname "$0")/lib.sh"

foreign_tcpdump() { env LD_LIBRARY_PATH=/vale/foreign/libpcap/lib tcpdump -Z root -n "$@"; }
listening_on() { grep -q "listening on $2" "$1"; }

# watch NAME PORT ARGS...: a tcpdump in the background, listening.
watch() {
    local name=$1 port=$2
    shift 2
    background "/tmp/$name" env LD_LIBRARY_PATH=/vale/foreign/libpcap/lib tcpdump -Z root -n -i "$port" "$@"
    watcher=$!
    eventually 10 listening_on "/tmp/$name" "$port"
}

# done_watching NAME: it has ended by itself.
done_watching() {
    wait "$watcher" || fail "tcpdump ended with $?: $(cat "/tmp/$1")"
}

load_vale
step "a VALE port: every packet, unchanged"
watch all vale0:b -c 500 -w /tmp/all.pcap
pkt-gen -i vale0:a -f tx -n 500 -l 100 -d 10.1.0.1:1-10.1.0.1:500 -b 50 >/tmp/tx
done_watching all
foreign_tcpdump -r /tmp/all.pcap -vv 2>/dev/null >/tmp/all.text
expect_eq "$(grep -c 'udp sum ok' /tmp/all.text)" 500 "packets with a right checksum"
expect_eq "$(sed -n 's/.*> 10\.1\.0\.1\.\([0-9]*\): .*/\1/p' /tmp/all.text | sha256sum)" "$(seq 500 | sha256sum)" "destination ports, in order"

step "a filter"
# libpcap counts for -c what its netmap part has looked at, not what the filter let pass.
watch some vale0:b -c 500 -w /tmp/some.pcap "udp dst portrange 100-109"
pkt-gen -i vale0:a -f tx -n 500 -d 10.1.0.1:1-10.1.0.1:500 -b 50 >/tmp/tx
done_watching some
expect_eq "$(foreign_tcpdump -r /tmp/some.pcap 2>/dev/null | sed -n 's/.*> 10\.1\.0\.1\.\([0-9]*\): .*/\1/p' | xargs)" "$(seq 100 109 | xargs)" "ports that passed"

step "a network device"
ns there
veth here0 there out0 10.9.0.2/24
watch arp netmap:here0 -c 1 arp
in_ns there ping -n -q -c 1 -W 1 10.9.0.1 >/dev/null || true
done_watching arp
expect_match "$(cat /tmp/arp)" 'ARP, Request who-has 10.9.0.1 tell 10.9.0.2'
