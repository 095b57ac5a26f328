#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tcpdump on Debian's libpcap, built with netmap, at the end of a pipe and as a monitor of a port that a program uses.
#
#     pkt-gen tx --> vale0:p{1 --> vale0:p}1  tcpdump
#     pkt-gen tx --> vale0:a --> vale0:b  pkt-gen rx
#                      `- tcpdump vale0:a/t
# needs: foreign-libpcap
# timeout: 120
# shellcheck source=tests/scenarios/lib.sh
. "$(dirname "$0")/lib.sh"

dump() { env LD_LIBRARY_PATH=/vale/foreign/libpcap/lib tcpdump -Z root -n "$@"; }
ports_of() { dump -r "$1" 2>/dev/null | sed -n 's/.*> 10\.1\.0\.1\.\([0-9]*\): .*/\1/p' | xargs; }

load_vale
step "a pipe"
background /tmp/pipe env LD_LIBRARY_PATH=/vale/foreign/libpcap/lib tcpdump -Z root -n -i 'vale0:p}1' -c 200 -w /tmp/pipe.pcap
watcher=$!
eventually 10 said /tmp/pipe 'listening on'
# tcpdump ends with its count, without giving the slots back: pkt-gen says so
pkt-gen -i 'vale0:p{1' -f tx -n 200 -d 10.1.0.1:1-10.1.0.1:200 >/tmp/tx
wait "$watcher" || fail "tcpdump ended with $?: $(cat /tmp/pipe)"
expect_eq "$(ports_of /tmp/pipe.pcap)" "$(seq 200 | xargs)" "what came out of the pipe"

step "a monitor"
background /tmp/rx pkt-gen -i vale0:b@conf:slots=4096 -f rx -n 200 -w 0 -T 20000
receiver=$!
eventually 5 said /tmp/rx '^vale0:b: '
background /tmp/keep pkt-gen -i vale0:a/R -f rx -w 0
keeper=$!
eventually 5 said /tmp/keep '^vale0:a: '
background /tmp/monitor env LD_LIBRARY_PATH=/vale/foreign/libpcap/lib tcpdump -Z root -n -i vale0:a/t -c 200 -w /tmp/monitor.pcap
watcher=$!
eventually 10 said /tmp/monitor 'listening on'
pkt-gen -i vale0:a/T -f tx -n 200 -b 100 -d 10.1.0.1:1-10.1.0.1:200 >/tmp/tx
wait "$watcher" || fail "tcpdump ended with $?: $(cat /tmp/monitor)"
wait "$receiver" || fail "the receiver ended with $?: $(cat /tmp/rx)"
kill -INT "$keeper"
expect_eq "$(ports_of /tmp/monitor.pcap)" "$(seq 200 | xargs)" "what the monitor saw"
expect_match "$(cat /tmp/rx)" '^.*Received 200 packets' "what the monitored port's packets came to"
