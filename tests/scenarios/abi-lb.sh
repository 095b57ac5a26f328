#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# lb spreads flows over two pipes: every packet arrives at one of them, none is lost, both are used; with a pipe nobody reads its packets
# wait in extra buffers.
#     vale0:a  pkt-gen tx --> vale0:b  lb  vale0:b{0 --> vale0:b}0  pkt-gen rx
#                                          vale0:b{1 --> vale0:b}1  pkt-gen rx
# timeout: 120
# shellcheck source=tests/scenarios/lib.sh
. "$(dirname "$0")/lib.sh"

received() { sed -n 's/^Received \([0-9]*\) packets.*/\1/p' "$1"; }

load_vale
step "two readers get it all"
background /tmp/lb lb -i vale0:b@conf:slots=4096 -p vale0:b:2 -B 2000 -w 0 -o 1
lb_pid=$!
eventually 5 said /tmp/lb '^Ready to go, vale0:b: 2000 extra buffers of 2000 wanted'
for i in 0 1; do
    background "/tmp/reader$i" pkt-gen -i "vale0:b}$i" -f rx -w 0
    readers[i]=$!
    eventually 5 said "/tmp/reader$i" '^vale0:b}'
done
pkt-gen -i vale0:a -f tx -n 4000 -d 10.1.0.1:1-10.1.0.4:250 >/tmp/tx
eventually 20 said /tmp/lb '"packets_received":4000,"packets_forwarded":4000,"packets_dropped":0,"non_ip_packets":0,.*"free_buffer_slots":2000'
for pid in "${readers[@]}"; do kill -INT "$pid"; wait "$pid"; done
one=$(received /tmp/reader0) two=$(received /tmp/reader1)
expect_eq "$((one + two))" 4000 "packets at both readers"
expect_ge "$one" 1000 "packets at the first reader"
expect_ge "$two" 1000 "packets at the second reader"

step "a reader that comes late finds its packets"
pkt-gen -i vale0:a -f tx -n 3000 -d 10.1.0.1:7 >/tmp/tx
eventually 20 said /tmp/lb '"packets_received":7000,.*"packets_dropped":0'
for i in 0 1; do
    background "/tmp/late$i" pkt-gen -i "vale0:b}$i" -f rx -w 0
    readers[i]=$!
    eventually 5 said "/tmp/late$i" '^vale0:b}'
done
eventually 20 said /tmp/lb '"packets_received":7000,"packets_forwarded":7000,"packets_dropped":0,.*"free_buffer_slots":2000'
for pid in "${readers[@]}"; do kill -INT "$pid"; wait "$pid"; done
expect_eq "$(($(received /tmp/late0) + $(received /tmp/late1)))" 3000 "packets of one flow"
expect_eq "$(grep -h -o '^Received 0 ' /tmp/late0 /tmp/late1)" "Received 0 " "the other pipe"

step "buffers are all given back"
kill -INT "$lb_pid"
wait "$lb_pid" || fail "lb ended with $?: $(cat /tmp/lb)"
expect_match "$(tail -n 1 /tmp/lb)" '"output_ring":null,"packets_received":7000,"packets_forwarded":7000,"packets_dropped":0,.*"free_buffer_slots":2000'
expect_eq "$(tail -n 3 /tmp/lb | jq -s -c '[.[] | .output_interface]')" '["vale0:b{0","vale0:b{1",null]' "lines of the last report"
expect_eq "$(tail -n 3 /tmp/lb | jq -s '[.[:2][].packets_forwarded] | add')" 7000 "packets of both pipes"
expect_eq "$(tail -n 3 /tmp/lb | jq -s 'map(.overflow_queue_size // 0) | add')" 0 "packets that wait"
expect_fails 2 lb
expect_fails 2 lb -i vale0:b -p x:0
