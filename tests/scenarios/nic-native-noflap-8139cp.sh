#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# 8139cp, native: programs come and go under traffic; the link stays, and frames are lost at most while the chip is stopped.
#
#     rtl0 (host, programs) ==outside== rtl1 [ns B: pktgen]
#
# timeout: 150
# needs: nic
# shellcheck source=tests/scenarios/nicpair.sh
. "$(dirname "$0")/nicpair.sh"
# shellcheck source=tests/scenarios/native.sh
. "$(dirname "$0")/native.sh"

# Fresh devices come with the driver of before.
at_end() { native_undo; }

# held DIRECTION CMD...: a program has the rings of that direction meanwhile.
held() {
    local program
    background /tmp/held nmcount "netmap:$near/$1"
    program=$!
    eventually 5 grep -q ready /tmp/held
    shift
    "$@"
    kill "$program" || fail "the program did not survive"
    wait "$program" || fail "nmcount: $(cat /tmp/held)"
}

receive_often() {
    local cycle
    for ((cycle = 0; cycle < 10; cycle++)); do
        nmcount "netmap:$near/R" --frames 5 --seconds $((20 * slow)) >/tmp/cycle 2>&1 || fail "cycle $cycle: $(tail -n 1 /tmp/cycle)"
    done
}

transmit_often() {
    local cycle
    for ((cycle = 0; cycle < 10; cycle++)); do
        background /tmp/cycle nmcount "netmap:$near/T"
        eventually 5 grep -q ready /tmp/cycle
        kill $!
        wait $! || fail "cycle $cycle: $(cat /tmp/cycle)"
    done
}

no_flap 8139cp rtl "$cycles" 10000000 cp_start_xmit

# The chip stops as a whole: whoever has the other direction must come back with it.
step "reception changes hands while a program has transmission, and the other way round"
far=rtl1
stream_start "$far" "$(mac_of "$near")" 10000000
held T receive_often
held R transmit_often
stream_stop "$far"
counted=$(tail -n 1 /tmp/held | jq '[.flows[]] | add')
expect_ge "${counted:-0}" 20 "frames to the program that had reception"
ping_ok B 10.0.0.9
