#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# pkt-gen as sender and receiver on a switch: every packet counted at both ends, in order, in one and in several slots, from one
# and from two threads, with addresses that change; and ping to pong.
#
#     vale0:a  pkt-gen -f tx    --->  vale0:b  pkt-gen -f rx
#
# timeout: 120
# shellcheck source=tests/scenarios/lib.sh
. "$(dirname "$0")/lib.sh"

# Receivers end with their count; -T also makes them wait longer than a second for a sender that a busy machine holds up.
# sender and receiver, as scripts read them: "Sent N packets B bytes ..."
sent() { sed -n 's/^Sent \([0-9]*\) packets \([0-9]*\) bytes.*/\1 \2/p' "$1"; }
received() { sed -n 's/^Received \([0-9]*\) packets \([0-9]*\) bytes.*/\1 \2/p' "$1"; }
waiting_on() { grep -q "^$2: " "$1"; }

# exchange NAME COUNT BYTES TX-OPTIONS... [-- RX-OPTIONS...]: the receiver gets all of it.
exchange() {
    local name=$1 count=$2 bytes=$3 tx=() receiver
    shift 3
    while [ $# -gt 0 ] && [ "$1" != -- ]; do tx+=("$1"); shift; done
    [ $# -eq 0 ] || shift
    step "$name"
    background "/tmp/$name.rx" pkt-gen -i vale0:b@conf:slots=4096 -f rx -n "$count" -w 0 -T 20000 "$@"
    receiver=$!
    eventually 5 waiting_on "/tmp/$name.rx" vale0:b
    pkt-gen -i vale0:a -f tx -n "$count" "${tx[@]}" >"/tmp/$name.tx"
    wait "$receiver" || fail "the receiver ended with $?: $(cat "/tmp/$name.rx")"
    expect_eq "$(sent "/tmp/$name.tx")" "$count $bytes" "$name: sent"
    expect_eq "$(received "/tmp/$name.rx")" "$count $bytes" "$name: received"
}

load_vale
# A VALE port drops what its receiver has no room for. Here the receiver's ring has room for all of it, so that nothing depends on
# who runs when.
exchange plain 4000 240000
exchange long 4000 6056000 -l 1514 -b 100
exchange fragments 1000 6000000 -l 6000 -F 4
exchange cut 250 375000 -l 1500 -M 100 -b 8
exchange indirect 2000 120000 -I
exchange sequence 4000 240000 -f txseq -b 32 -- -f rxseq
grep -qx "Sequence errors: 0" /tmp/sequence.rx || fail "sequence: $(tail -n 3 /tmp/sequence.rx)"
exchange addresses 2000 120000 -d 10.1.0.1:1-10.1.0.9:99 -s 10.0.0.1-10.0.0.250 -b 32
exchange six 2000 160000 -6 -l 80
exchange two-threads 4000 240000 -p 2

step "lines that scripts read, where they look for them"
pkt-gen -i vale0:a -f tx -R 1000 -n 1500 -T 500 -d 10.2.0.1 -b 5 >/tmp/lines 2>/tmp/progress
grep -Eqx '[0-9]{3}\.[0-9]{6} main_thread \[[0-9]+\] [0-9.]+ K?pps \([0-9.]+ K?pkts [0-9.]+ [KM]?bps in [0-9]+ usec\) [0-9.]+ avg_batch [0-9]+ min_space' \
    /tmp/progress || fail "$(cat /tmp/progress)"
grep -qx 'Sending on vale0:a: 1 queues, 1 threads and 1 cpus\.' /tmp/lines || fail "$(cat /tmp/lines)"
grep -Eqx '10\.0\.0\.1 -> 10\.2\.0\.1 \([0-9a-f:]{17} -> ff:ff:ff:ff:ff:ff\)' /tmp/lines || fail "$(cat /tmp/lines)"
grep -Eqx 'Sent 1500 packets 90000 bytes [0-9]+ events 60 bytes each in [0-9.]+ seconds\.' /tmp/lines || fail "$(cat /tmp/lines)"
grep -Eqx 'Speed: [0-9.]+ K?pps Bandwidth: [0-9.]+ [KM]?bps \(raw [0-9.]+ [KM]?bps\)\. Average batch: [0-9.]+ pkts' /tmp/lines || fail "$(cat /tmp/lines)"

step "the first packet carries what the options say, checksums included"
background /tmp/one.rx pkt-gen -i vale0:b -f rx -n 1 -w 0 -X
eventually 5 waiting_on /tmp/one.rx vale0:b
pkt-gen -i vale0:a -f tx -n 1 -D 02:00:00:00:00:0b -S 02:00:00:00:00:0a -d 10.1.0.7:77 -s 10.0.0.3:33 >/tmp/one.tx
eventually 5 grep -q '^Received 1 ' /tmp/one.rx
expect_match "$(grep -A1 '^len 60' /tmp/one.rx | tail -n 1)" '02 00 00 00 00 0b 02 00 00 00 00 0a 08 00 45 00'
expect_match "$(cat /tmp/one.rx)" '16: 00 2e 00 00 00 00 40 11 66 b5 0a 00 00 03 0a 01'
expect_match "$(cat /tmp/one.rx)" '32: 00 07 00 21 00 4d 00 1a '

step "rate"
pkt-gen -i vale0:a -f tx -n 3000 -R 1500 -b 8 >/tmp/rate
seconds=$(sed -n 's/^Sent .* in \([0-9.]*\) seconds.*/\1/p' /tmp/rate)
expect_ge "${seconds/./}" 199 "hundredths of a second for 3000 packets at 1500 a second"

step "ping and pong"
background /tmp/pong pkt-gen -i vale0:b -f pong -w 0
eventually 5 waiting_on /tmp/pong vale0:b
pkt-gen -i vale0:a -f ping -n 200 -R 400 -T 100 -S 02:00:00:00:00:0a >/tmp/ping
grep -Eqx "count [0-9]+ RTT: min [0-9]+ av [0-9]+ ns" /tmp/ping || fail "$(cat /tmp/ping)"
expect_eq "$(sed -n 's/^Lost: //p' /tmp/ping)" "0 of 200"
expect_match "$(cat /tmp/ping)" 'RTT min [1-9][0-9]* p50 [1-9][0-9]* .* \(200 samples\)'
kill -INT "$!"
eventually 5 grep -q '^Received 200 packets 12000 bytes' /tmp/pong

step "mistakes have a message and status 2, a missing port status 1"
expect_fails 2 pkt-gen -f tx
expect_fails 2 pkt-gen -i vale0:a -f nothing
expect_fails 2 pkt-gen -i vale0:a -d 10.0.0.300
expect_fails 1 pkt-gen -i netmap:nosuch0 -w 0
