#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Three programs send to one at the same time, on CPUs of their own where there are several: frames of 14 to 1514 bytes arrive
# all of them, each sender's in order, unchanged, and no slot stays empty between them. Then one of the three alone, and again all.
#
#     vale0:s1 ---+
#     vale0:s2 ---+--> vale0:r
#     vale0:s3 ---+
# timeout: 120
# shellcheck source=tests/scenarios/topology.sh
. "$(dirname "$0")/topology.sh"

count=$((million / 10))
window=300 # of the receiver's 1023 slots, to each

# together SENDER...: all of them at once.
together() {
    local i receiver
    declare -A sender
    nmrecv vale0:r --flows $# --timeout $((20 * slow)) >/tmp/recv 2>&1 &
    receiver=$!
    for i in "$@"; do
        nmsend "vale0:s$i" --mac "02:56:41:00:0$i:00" --seed "$i" --count "$count" --window "$window" \
            --timeout $((20 * slow)) >"/tmp/send$i" 2>&1 &
        sender[$i]=$!
    done
    for i in "$@"; do
        wait "${sender[$i]}" || fail "nmsend: $(cat "/tmp/send$i" /tmp/recv)"
        expect_eq "$(report "/tmp/send$i" send frames)" "$count" "frames of sender $i"
    done
    wait "$receiver" || fail "nmrecv: $(cat /tmp/recv)"
    expect_eq "$(report /tmp/recv recv frames)" "$((count * $#))" "frames received and verified"
    cat /tmp/recv
}

load_vale
step "three senders, $count frames each"
together 1 2 3
step "one"
together 2
step "three again"
together 3 1 2
