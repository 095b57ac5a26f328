#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# kill -9 of senders, receivers and processes amid opening and closing, again and again: verified traffic of others on
# the same switch loses nothing, and nothing of the killed is left.
#
#     vale0:a ===verified===> vale0:b          vale0:s ---> vale0:r     killed in turn
#     vale0s, vale1s: processes that open, use and close ports at random, killed
# timeout: 120
# shellcheck source=tests/scenarios/topology.sh
. "$(dirname "$0")/topology.sh"

# What one sender may have under way: the frames to a receiver that was killed are flooded, and must find room beside the
# others in the 1023 slots of each ring.
half=450

# victims ROUND: a conversation of two processes, of which one is killed in its midst.
victims() {
    local sender receiver
    background "/tmp/r$1" nmrecv vale0:r --mac 02:56:44:00:00:00 --timeout 60
    receiver=$!
    background "/tmp/s$1" nmsend vale0:s --mac 02:56:43:00:00:00 --window "$half" --seconds 60 --timeout 60 --frags 4
    sender=$!
    eventually 5 counted vale0:s in_packets 1000
    if [ $(($1 % 2)) = 0 ]; then kill -9 "$sender"; else kill -9 "$receiver"; fi
    sleep 0.2
    kill -9 "$sender" "$receiver" 2>/dev/null || true
    wait "$sender" "$receiver" 2>/dev/null || true
}

# All four processes of nmstress have said their ids.
started() { [ "$(wc -l <"$1")" = 4 ]; }

load_vale
step "the traffic that must not notice"
start_talk 60 vale0:a --to vale0:b --window "$half"

step "senders and receivers"
for round in 1 2 3 4; do
    victims "$round"
done
still_talking "when others were killed"
expect_eq "$(members vale0 | xargs)" "vale0:a vale0:b" "members"

step "in the middle of opening and closing"
for round in 1 2 3; do
    background "/tmp/stress$round" nmstress --processes 4 --seconds 60 --seed "$round"
    stress=$!
    eventually 5 started "/tmp/stress$round"
    sleep 0.5
    xargs kill -9 <"/tmp/stress$round"
    wait "$stress" || fail "nmstress: $(cat "/tmp/stress$round")"
done

step "the others"
end_talk

step "nothing is left"
expect_eq "$(vale-ctl)" "" "ports"
expect_eq "$(cat /sys/module/vale/refcnt)" 0 "references to the module"
