#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# pkt-gen without netmap, on a TAP device and through libpcap, and with a packet out of a file (-P): every packet is counted at both
# ends, the file's arrives as it is, and what cannot be sent ends with a message.
#
#     pkt-gen -i pcap:t0 ---> t0 === t1 ---> pkt-gen -i pcap:t1        pcap:tap1 ---> tap1 ---> pkt-gen -i tap:tap1
# timeout: 90
# needs: veth
# shellcheck source=tests/scenarios/lib.sh
. "$(dirname "$0")/lib.sh"

sent() { sed -n 's/^Sent \([0-9]*\) packets \([0-9]*\) bytes.*/\1 \2/p' "$1"; }
received() { sed -n 's/^Received \([0-9]*\) packets \([0-9]*\) bytes.*/\1 \2/p' "$1"; }
packets() { [ "$(counter "$1" rx_packets)" -ge "$2" ]; }
# It listens when its descriptor is there: a packet socket in /proc/net/packet, or the device with a carrier.
sockets() { awk 'END { print NR - 1 }' /proc/net/packet; }
socket_opened() { [ "$(sockets)" -gt "$1" ]; }

# tap NAME: a device that stays, up.
tap() {
    ip tuntap add dev "$1" mode tap
    scenario_links+=("$1")
    no_ipv6_on "$1"
    ip link set "$1" up
}

# packet SIZE: a pcap file with one packet, on standard output.
packet() {
    LC_ALL=C gawk -b -v size="$1" '
        function byte(n) { printf "%c", n }
        function le32(n) { byte(n % 256); byte(int(n / 256) % 256); byte(int(n / 65536) % 256); byte(int(n / 16777216)) }
        BEGIN {
            byte(212); byte(195); byte(178); byte(161); byte(2); byte(0); byte(4); byte(0)
            le32(0); le32(0); le32(65535); le32(1)
            le32(1); le32(0); le32(size); le32(size)
            for (j = 0; j < 6; j++) byte(255)
            byte(2); for (j = 0; j < 5; j++) byte(0)
            byte(136); byte(181)
            for (j = 14; j < size; j++) byte(j % 256)
        }'
}

need_module tun
load_vale
step "libpcap at both ends"
veth_here t0 t1
before=$(sockets)
background /tmp/pcap.rx pkt-gen -i pcap:t1 -f rx -n 500 -w 0
receiver=$!
eventually 10 socket_opened "$before"
pkt-gen -i pcap:t0 -f tx -n 500 -l 200 -w 0 >/tmp/pcap.tx
wait "$receiver" || fail "the receiver: $(cat /tmp/pcap.rx)"
expect_eq "$(sent /tmp/pcap.tx)" "500 100000" "sent"
expect_eq "$(received /tmp/pcap.rx)" "500 100000" "received"
expect_eq "$(counter t1 rx_packets)" 500 "frames t1 got"

step "a TAP device, into the kernel"
tap tap0
pkt-gen -i tap:tap0 -f tx -n 700 -w 0 >/tmp/tap.tx
expect_eq "$(sent /tmp/tap.tx)" "700 42000" "sent"
eventually 5 packets tap0 700
expect_eq "$(counter tap0 rx_packets)" 700 "frames tap0 got"

step "and out of it"
tap tap1
background /tmp/tap.rx pkt-gen -i tap:tap1 -f rx -n 500 -w 0
receiver=$!
eventually 10 carrier tap1
pkt-gen -i pcap:tap1 -f txseq -n 500 -w 0 >/tmp/pcap.tx
wait "$receiver" || fail "the receiver: $(cat /tmp/tap.rx)"
expect_eq "$(received /tmp/tap.rx)" "500 30000" "received"

step "a packet out of a file"
packet 125 >/tmp/one.pcap
background /tmp/file.rx pkt-gen -i vale0:b@conf:slots=4096 -f rx -n 1000 -w 0 -T 20000 -X
receiver=$!
eventually 10 grep -q '^vale0:b: ' /tmp/file.rx
pkt-gen -i vale0:a -f tx -n 1000 -P /tmp/one.pcap >/tmp/file.tx
wait "$receiver" || fail "the receiver: $(tail -n 5 /tmp/file.rx)"
expect_eq "$(sent /tmp/file.tx)" "1000 125000" "sent"
expect_eq "$(received /tmp/file.rx)" "1000 125000" "received"
expect_match "$(cat /tmp/file.rx)" '   0: ff ff ff ff ff ff 02 00 00 00 00 00 88 b5 0e 0f'
expect_eq "$(grep -c ' 112: 70 71 72 73 74 75 76 77 78 79 7a 7b 7c' /tmp/file.rx)" 1000 "packets with the file's last bytes"

step "one that takes two slots"
packet 3000 >/tmp/long.pcap
background /tmp/long.rx pkt-gen -i vale0:b -f rx -n 10 -w 0 -T 20000
receiver=$!
eventually 10 grep -q '^vale0:b: ' /tmp/long.rx
pkt-gen -i vale0:a -f tx -n 10 -P /tmp/long.pcap >/tmp/long.tx
wait "$receiver" || fail "the receiver: $(tail -n 5 /tmp/long.rx)"
expect_eq "$(received /tmp/long.rx)" "10 30000" "received"

step "the same through libpcap"
before=$(counter t1 rx_packets)
pkt-gen -i pcap:t0 -f tx -n 20 -P /tmp/one.pcap -w 0 >/tmp/file.tx
expect_eq "$(sent /tmp/file.tx)" "20 2500" "sent"
eventually 5 packets t1 $((before + 20))

step "what cannot be"
head -c 24 /tmp/one.pcap >/tmp/empty.pcap
for file in /tmp/none.pcap /tmp/empty.pcap /dev/null; do
    expect_fails 1 pkt-gen -i vale0:a -f tx -n 1 -P "$file" 2>/tmp/why
    expect_match "$(cat /tmp/why)" 'none.pcap|empty.pcap|/dev/null'
done
expect_fails 1 pkt-gen -i pcap:nosuch0 -f tx -n 1 -w 0 2>/tmp/why
expect_match "$(cat /tmp/why)" 'pcap:nosuch0: '
expect_fails 1 pkt-gen -i tap:a-name-that-is-too-long -f tx -n 1 -w 0 2>/tmp/why
expect_match "$(cat /tmp/why)" 'tap:a-name-that-is-too-long: '
expect_fails 1 pkt-gen -i tap:tap0 -f ping -n 1 -w 0 2>/tmp/why
ip link set tap0 down
expect_fails 1 timeout 20 pkt-gen -i tap:tap0 -f tx -n 1 -w 0 2>/tmp/why
expect_match "$(cat /tmp/why)" 'tap:tap0: .*is it up'
ip link set t0 down
expect_fails 1 timeout 20 pkt-gen -i pcap:t0 -f tx -n 1 -w 0 2>/tmp/why
expect_match "$(cat /tmp/why)" 'pcap:t0: .*not up'
